"""Whether what passes within a VPC must be encrypted, and what is excluded from that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from constructs_lattice.errors import ArgumentError

__all__ = ["EncryptionControl", "EncryptionExclusion", "EncryptionMode"]


class EncryptionMode(StrEnum):
    """Whether cleartext is found only, or kept out."""

    MONITOR = "monitor"
    ENFORCE = "enforce"


class EncryptionExclusion(StrEnum):
    """What may be in a VPC that enforces encryption, though AWS does not encrypt what passes it. Nothing else may."""

    INTERNET_GATEWAY = "InternetGateway"
    EGRESS_ONLY_INTERNET_GATEWAY = "EgressOnlyInternetGateway"
    NAT_GATEWAY = "NatGateway"
    VIRTUAL_PRIVATE_GATEWAY = "VirtualPrivateGateway"
    VPC_PEERING = "VpcPeering"
    """Peering with a VPC that does not enforce encryption, or has exclusions, or is in another region."""

    VPC_LATTICE = "VpcLattice"
    LAMBDA = "Lambda"
    """Functions whose interfaces are in the VPC."""

    ELASTIC_FILE_SYSTEM = "ElasticFileSystem"

    @property
    def words(self) -> str:
        """As it is called in messages."""
        return _WORDS[self]


_WORDS = {
    EncryptionExclusion.INTERNET_GATEWAY: "internet gateway",
    EncryptionExclusion.EGRESS_ONLY_INTERNET_GATEWAY: "egress-only internet gateway",
    EncryptionExclusion.NAT_GATEWAY: "NAT gateway",
    EncryptionExclusion.VIRTUAL_PRIVATE_GATEWAY: "virtual private gateway",
    EncryptionExclusion.VPC_PEERING: "peering",
    EncryptionExclusion.VPC_LATTICE: "association with VPC Lattice",
    EncryptionExclusion.LAMBDA: "Lambda functions",
    EncryptionExclusion.ELASTIC_FILE_SYSTEM: "file systems",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionControl:
    """VPC Encryption Control: `EncryptionControl.monitor()` or `EncryptionControl.enforce(excluding=[…])`.

    An existing VPC must be monitored first; a new one can enforce from the start. A Transit Gateway that such a VPC is
    attached to needs encryption support of its own. Gateway Load Balancers and AWS Network Firewall cannot be where it
    is enforced. Of functions and file systems in the VPC nothing is known here: they have to be excluded, too.

    Raises `ArgumentError` when something is excluded twice.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html
    """

    mode: EncryptionMode
    exclusions: tuple[EncryptionExclusion, ...] = ()

    def __post_init__(self) -> None:
        """Check the exclusions."""
        for exclusion in self.exclusions:
            if (count := self.exclusions.count(exclusion)) > 1:
                raise ArgumentError(f"encryption control: {exclusion.name} is excluded {count} times; say it once")

    @classmethod
    def monitor(cls) -> Self:
        """Find what is not encrypted, in flow logs with the field `encryption-status`, and let it pass."""
        return cls(mode=EncryptionMode.MONITOR)

    @classmethod
    def enforce(cls, *, excluding: Sequence[EncryptionExclusion] = ()) -> Self:
        """Keep out of the VPC what does not encrypt, but what is excluded: you encrypt what passes that."""
        return cls(mode=EncryptionMode.ENFORCE, exclusions=tuple(excluding))

    @property
    def is_enforced(self) -> bool:
        """Whether cleartext is kept out."""
        return self.mode is EncryptionMode.ENFORCE

    def check_admits(self, where: object, needed: Iterable[EncryptionExclusion]) -> None:
        """Raise `ArgumentError` when encryption is enforced, and something of `needed` is not excluded."""
        missing = [each for each in needed if self.is_enforced and each not in self.exclusions]
        if missing:
            words = " and ".join(each.words for each in missing)
            names = ", ".join(f"EncryptionExclusion.{each.name}" for each in missing)
            raise ArgumentError(
                f"{where}: the vpc enforces encryption, which its {words} cannot; give enforce(excluding=[{names}]) or "
                "monitor()"
            )

    def properties(self, suffix: str) -> dict[str, str]:
        """As CloudFormation takes it; `suffix` ends the names of the exclusions."""
        states = {
            f"{each}{suffix}": "enable" if each in self.exclusions else "disable"
            for each in EncryptionExclusion
            if self.is_enforced
        }
        return {"Mode": str(self.mode)} | states
