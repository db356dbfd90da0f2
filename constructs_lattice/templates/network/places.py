"""Where interfaces are placed, and the addresses that they have or may have there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address

from constructs_lattice.errors import TemplateError
from constructs_lattice.model.block import Block
from constructs_lattice.model.ranges import EMPTY, Ranges, union
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import Interface, InterfaceKind, Subnet, Vpc
from constructs_lattice.templates.network.reader import Reader, items, mappings, within
from constructs_lattice.templates.values import Value

__all__ = ["Places"]

_IPV4, _IPV6 = 4, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The subnets of a network, and what launching in them brings."""

    vpcs: Mapping[str, Vpc]
    subnets: Mapping[str, Subnet]
    public: Mapping[str, bool | Unknown]
    assigns_ipv6: Mapping[str, bool | Unknown]

    @classmethod
    def read(cls, reader: Reader, vpcs: Mapping[str, Vpc], subnets: Mapping[str, Subnet]) -> Places:
        """The places of some templates."""
        said = {str(each.id): each for each in reader.of_type("AWS::EC2::Subnet")}
        return cls(
            vpcs=vpcs,
            subnets=subnets,
            public={id_: reader.boolean(each.get("MapPublicIpOnLaunch"), default=False) for id_, each in said.items()},
            assigns_ipv6={
                id_: reader.boolean(each.get("Ipv6Native"), default=False) is True
                or reader.boolean(each.get("AssignIpv6AddressOnCreation"), default=False)
                for id_, each in said.items()
            },
        )

    def put(
        self,
        *,
        id: str,
        owner: str,
        kind: InterfaceKind,
        subnet: str,
        groups: tuple[str, ...] | None,
        unknown_groups: tuple[Unknown, ...] = (),
    ) -> Interface | None:
        """An interface with any address of a subnet, as instances get them; none outside of the templates."""
        home = self.subnets.get(subnet)
        if home is None:
            return None
        if groups == () and not unknown_groups:
            groups = (self.vpcs[home.vpc].default_security_group,)  # SG-10
        made = Interface(id=id, owners=(owner,), kind=kind, subnet=subnet, groups=groups, unknown_groups=unknown_groups)
        made = self.speaking(made, frozenset({_IPV4}))
        match self.assigns_ipv6.get(subnet, False):
            case True:
                return self.speaking(made, frozenset({_IPV4, _IPV6}))
            case Unknown() as unknown if self.ranges(subnet, _IPV6):
                return replace(made, doubts=(*made.doubts, unknown))
        return made

    def ranges(self, subnet: str, version: int) -> Ranges:
        """All addresses of a subnet, as far as they are known."""
        return union(block.ranges for block in self.subnets[subnet].blocks if block.version == version)

    def speaking(self, interface: Interface, versions: frozenset[int] | Unknown) -> Interface:
        """An interface with any address of its subnet in these versions of IP; in doubt, of IPv4."""
        doubts = [] if not isinstance(versions, Unknown) else [versions] if self.ranges(interface.subnet, _IPV6) else []
        spoken = frozenset({_IPV4}) if isinstance(versions, Unknown) else versions
        unknown = self.subnets[interface.subnet].unknown_blocks
        doubts += [Unknown(f"an address of it is not known: {each.reason}") for v, each in unknown if v in spoken]
        return replace(
            interface,
            ipv4=self.ranges(interface.subnet, _IPV4) if _IPV4 in spoken else EMPTY,
            ipv6=self.ranges(interface.subnet, _IPV6) if _IPV6 in spoken else EMPTY,
            doubts=tuple(doubts),
        )

    def addressed(self, interface: Interface, said: dict[str, Value], where: Value = None) -> Interface:
        """An interface with the addresses that are said: a private one, more of them, and those of IPv6."""
        primary = said.get("PrivateIpAddress") if where is None else where
        more: list[Ranges] = []
        for each in mappings(said.get("PrivateIpAddresses")):
            address = each.get("PrivateIpAddress")
            if each.get("Primary") in (True, "true"):
                primary = address
            elif (ranges := _host(interface, address)) is not None:
                more.append(ranges)
        if (known := _host(interface, primary)) is not None:
            interface = replace(interface, ipv4=known, settled=interface.settled | {_IPV4})
        return self._with_ipv6(replace(interface, secondary=union(more)), said)

    def _with_ipv6(self, interface: Interface, said: dict[str, Value]) -> Interface:
        """IPv6 addresses that are asked for, by number or by name."""
        count = said.get("Ipv6AddressCount")
        listed = [within(each, "Ipv6Address") or each for each in items(said.get("Ipv6Addresses"))]
        if isinstance(count, Unknown) and not listed:
            return replace(interface, doubts=(*interface.doubts, count))
        if count in (None, 0, "0") and not listed:
            return interface
        known = [ranges for each in listed if (ranges := _host(interface, each)) is not None]
        if known:
            return replace(interface, ipv6=union(known), settled=interface.settled | {_IPV6})
        unknown = [each for v, each in self.subnets[interface.subnet].unknown_blocks if v == _IPV6]
        doubts = [Unknown(f"an address of it is not known: {each.reason}") for each in unknown]
        ranges = self.ranges(interface.subnet, _IPV6)
        return replace(interface, ipv6=ranges, doubts=(*interface.doubts, *doubts))

    def launched_public(self, reader: Reader, subnet: str, said: Iterable[Value]) -> bool | Unknown:
        """RT-4: whether an instance is launched with a public address: as it says, else as its subnet does."""
        value = next((each for each in said if each is not None), None)
        return self.public.get(subnet, False) if value is None else reader.boolean(value, default=False)


def _host(interface: Interface, value: Value) -> Ranges | None:
    """One address; none where it is not known. Raises `TemplateError` for a text that is none."""
    if not isinstance(value, str):
        return None
    try:
        return Block.of(str(ip_address(value.strip()))).ranges
    except ValueError:
        raise TemplateError(f"{interface.owners[0]}: {value!r} is not an address") from None
