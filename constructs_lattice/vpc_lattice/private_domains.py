"""Private DNS: for which custom domain names of resources a VPC gets a private hosted zone.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/resource-configuration.html#custom-domain-name-resource-consumers
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from constructs_lattice._checks import check_count, check_pattern, check_text
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.domain_names import DOMAIN

__all__ = ["PrivateDnsPreference", "PrivateDomains"]

_MOST_DOMAINS = 10
_LONGEST = 255


class PrivateDnsPreference(StrEnum):
    """Which custom domain names get a private hosted zone."""

    VERIFIED_DOMAINS_ONLY = "VERIFIED_DOMAINS_ONLY"
    ALL_DOMAINS = "ALL_DOMAINS"
    VERIFIED_DOMAINS_AND_SPECIFIED_DOMAINS = "VERIFIED_DOMAINS_AND_SPECIFIED_DOMAINS"
    SPECIFIED_DOMAINS_ONLY = "SPECIFIED_DOMAINS_ONLY"

    @property
    def takes_domains(self) -> bool:
        """Whether domains are named."""
        return self.value.startswith("SPECIFIED") or self.value.endswith("SPECIFIED_DOMAINS")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateDomains:
    """For which custom domain names of resources a VPC gets a private hosted zone, which VPC Lattice manages.

    All traffic from the VPC to such a name goes through VPC Lattice from then on. AWS recommends `verified`:
    their owners have proved that they are theirs. What is said when the association or the endpoint is made stays;
    another endpoint takes its place when this changes.

    A service network has the last word: a resource that was added to it without private DNS gets no zone.

    Raises `ArgumentError` for domains where the preference takes none, and for other than 1 to 10 where it takes some.
    """

    preference: PrivateDnsPreference
    domains: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the domains."""
        if not self.preference.takes_domains:
            if self.domains:
                raise ArgumentError(
                    f"private domains: {self.preference} takes no domains, got {', '.join(self.domains)}; "
                    "use PrivateDomains.specified or PrivateDomains.verified_and_specified"
                )
            return
        check_count("private domains", "domains", len(self.domains), 1, _MOST_DOMAINS)
        for domain in self.domains:
            check_text("private domains", "domain", domain, 1, _LONGEST)
            check_pattern(
                "private domains", "domain", domain, DOMAIN, "be a name such as my.example.com or *.example.com"
            )
            if self.domains.count(domain) > 1 and not is_token(domain):
                raise ArgumentError(f"private domains: domain {domain!r} is there {self.domains.count(domain)} times")

    @classmethod
    def verified(cls) -> Self:
        """The names that their owners have verified by a `DomainVerification`."""
        return cls(preference=PrivateDnsPreference.VERIFIED_DOMAINS_ONLY)

    @classmethod
    def all(cls) -> Self:
        """All names, whoever owns them."""
        return cls(preference=PrivateDnsPreference.ALL_DOMAINS)

    @classmethod
    def specified(cls, *domains: str) -> Self:
        """These names, verified or not, such as `my.example.com` or `*.example.com`."""
        return cls(preference=PrivateDnsPreference.SPECIFIED_DOMAINS_ONLY, domains=domains)

    @classmethod
    def verified_and_specified(cls, *domains: str) -> Self:
        """The names that are verified, and these."""
        return cls(preference=PrivateDnsPreference.VERIFIED_DOMAINS_AND_SPECIFIED_DOMAINS, domains=domains)

    def options(self) -> dict[str, Any]:
        """The fields by which the L1 constructs of associations and of endpoints know it."""
        return {
            "private_dns_preference": self.preference,
            "private_dns_specified_domains": list(self.domains) or None,
        }
