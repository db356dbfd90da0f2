"""What a `Nat` needs of the tiers of its VPC."""

from collections.abc import Sequence

from constructs_lattice._checks import Place
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.ip_protocol import IpProtocol
from constructs_lattice.vpc.nat import Nat
from constructs_lattice.vpc.route_tables import RouteTables
from constructs_lattice.vpc.tier import Role, Tier

__all__ = ["check_nat"]


def check_nat(where: Place, nat: Nat, tiers: Sequence[Tier], zones: tuple[str, ...], default: IpProtocol) -> None:
    """Raise `ArgumentError` unless `nat` and the tiers go together; `default` is what tiers speak by themselves."""
    public, private = ([tier for tier in tiers if tier.role is role] for role in (Role.PUBLIC, Role.PRIVATE))
    lost = [tier for tier in private if _speaks(tier, default).has_ipv4]
    if lost and nat.is_none:
        raise ArgumentError(
            f"{where}: tier {lost[0].name!r} is private, which leads out through NAT, but nat is Nat.none(); "
            "ask for Nat.per_zone() or make the tier isolated"
        )
    if nat.needs_public_tier and not public:
        raise ArgumentError(
            f"{where}: NAT gateways live in a public tier, but there is none; add Tier.public() or ask for Nat.none()"
        )
    if not nat.is_none and not private:
        raise ArgumentError(
            f"{where}: NAT gateways serve private tiers, but there is none; add Tier.private() or ask for Nat.none()"
        )
    _check_home(where, nat, tiers, public, default)
    _check_private_tiers(where, nat, private, default)
    if nat.zone is not None and nat.zone not in zones:
        raise ArgumentError(f"{where}: nat is for zone {nat.zone!r}; the vpc's zones are {', '.join(zones)}")
    own = nat.allocation_ids or nat.zone_addresses
    if own and set(own) != set(zones):
        given, needed = (", ".join(sorted(keys)) for keys in (own, zones))
        raise ArgumentError(f"{where}: nat needs an allocation id for each of the zones {needed}, got them for {given}")


def _check_home(where: Place, nat: Nat, tiers: Sequence[Tier], public: Sequence[Tier], default: IpProtocol) -> None:
    """The tier that the gateways are in: there, of the right role, and with IPv4 addresses."""
    if nat.is_private:
        named = next((tier for tier in tiers if tier.name == nat.tier), None)
        if named is None or named.role in (Role.PUBLIC, Role.PRIVATE):
            got = "no such tier" if named is None else f"a {named.role} one"
            raise ArgumentError(
                f"{where}: private NAT gateways live in a tier whose routes lead to other networks, got {nat.tier!r}, "
                f"{got}; name an isolated or a transit tier"
            )
        home = named
    elif nat.needs_public_tier:
        home = public[0]
    else:
        return
    if not _speaks(home, default).has_ipv4:
        raise ArgumentError(
            f"{where}: NAT translates to IPv4 addresses, but tier {home.name!r} speaks IPv6 only; give it "
            "ip_protocol=IpProtocol.DUAL_STACK"
        )


def _check_private_tiers(where: Place, nat: Nat, private: Sequence[Tier], default: IpProtocol) -> None:
    for tier in private:
        if nat.is_per_zone and tier.route_tables is RouteTables.SHARED:
            raise ArgumentError(
                f"{where}: tier {tier.name!r} shares one route table, but each zone has its own NAT gateway; ask for "
                "Nat.single() or Nat.regional(), or for route tables per zone"
            )
        if nat.is_instance and not _speaks(tier, default).has_ipv4:
            raise ArgumentError(
                f"{where}: tier {tier.name!r} speaks IPv6 only and reaches IPv4 destinations by NAT64, which an "
                "instance does not do; ask for Nat.single()"
            )


def _speaks(tier: Tier, default: IpProtocol) -> IpProtocol:
    return tier.ip_protocol or default
