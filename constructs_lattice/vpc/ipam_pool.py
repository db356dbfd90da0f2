"""Addresses from a pool of the Amazon VPC IP Address Manager."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network

from constructs_lattice._checks import check_pattern, check_whole
from constructs_lattice.addressing.block import LONGEST_PREFIX, SHORTEST_PREFIX
from constructs_lattice.errors import AddressError

__all__ = ["IpamPool"]

_POOL_ID = re.compile(r"ipam-pool-[0-9a-f]{8,17}")


@dataclass(frozen=True, slots=True, kw_only=True)
class IpamPool:
    """An IPv4 block that an IPAM pool gives a VPC at the deployment.

    - `pool_id`: the pool, such as `ipam-pool-0123456789abcdef0`.
    - `netmask`: the prefix length of the block, 16 to 28. It must be said: the tiers are planned in a block of that
      size, by their places in it.

    Raises `ArgumentError` for an id that is none, and `AddressError` for a netmask that no VPC can have.

    https://docs.aws.amazon.com/vpc/latest/ipam/create-vpc-ipam.html
    """

    pool_id: str
    netmask: int

    def __post_init__(self) -> None:
        """Check the id and the netmask."""
        rule = "be the id of an IPAM pool such as ipam-pool-0123456789abcdef0"
        check_pattern("ipam pool", "pool_id", self.pool_id, _POOL_ID, rule)
        check_whole("ipam pool", "netmask", self.netmask)
        if not SHORTEST_PREFIX <= self.netmask <= LONGEST_PREFIX:
            raise AddressError(
                f"ipam pool: netmask must be {SHORTEST_PREFIX} to {LONGEST_PREFIX}, as for any vpc, got {self.netmask}"
            )

    @property
    def block(self) -> IPv4Network:
        """What stands for the block in plans and locks: one of its size that begins at 0.0.0.0."""
        return IPv4Network((0, self.netmask))
