"""What instances are told by DHCP: name servers, domain name, time servers, NetBIOS."""

import re
from collections.abc import Sequence
from enum import IntEnum
from ipaddress import ip_address
from typing import Any, Final
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import Annotations, CfnTag, Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk.interfaces import aws_ec2 as interfaces
from constructs import Construct

from constructs_lattice._checks import Place, check_count, check_list, check_pattern, check_range
from constructs_lattice._construct import LatticeResource
from constructs_lattice._tokens import is_list_token, is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.looked_up import is_pending

__all__ = ["DhcpOptions", "DhcpOptionsBase", "NetbiosNodeType"]

_AMAZON_PROVIDED_DNS = "AmazonProvidedDNS"
_ID = re.compile(r"dopt-[0-9a-f]{8,17}")
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_DOMAINS = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?( {_LABEL}(\.{_LABEL})*\.?)*")
_MOST_OF_A_FAMILY = 4
_LEASE_SECONDS = (140, 2_147_483_647)

# For each app, which construct associates each VPC.
_ASSOCIATED: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


class NetbiosNodeType(IntEnum):
    """How a NetBIOS name is resolved. https://www.rfc-editor.org/rfc/rfc2132#section-8.7"""

    BROADCAST = 1
    """B-node. VPCs carry no broadcasts."""

    POINT_TO_POINT = 2
    """P-node: the name servers are asked. AWS recommends it."""

    MIXED = 4
    """M-node: a broadcast first."""

    HYBRID = 8
    """H-node: the name servers first."""


@jsii.implements(interfaces.IDHCPOptionsRef)
class DhcpOptionsBase(LatticeResource):
    """A set of DHCP options, defined or imported."""

    _id: str

    @property
    def dhcp_options_id(self) -> str:
        """The id, such as `dopt-0123456789abcdef0`."""
        return self._id

    @property
    def dhcp_options_ref(self) -> interfaces.DHCPOptionsReference:
        """The reference by which constructs of the CDK know them."""
        return interfaces.DHCPOptionsReference(dhcp_options_id=self._id)

    def associate_with(self, id: str, vpc: ec2.IVpc) -> ec2.CfnVPCDHCPOptionsAssociation:
        """Let what is in a VPC have these options; `id` names the association. Running instances follow within hours.

        Raises `ArgumentError` when the VPC has others already: it can have one set only.
        """
        vpc_id = vpc.vpc_id
        associated = _ASSOCIATED.setdefault(self.node.root, {})
        where = Place(self, id)
        if vpc_id in associated and not is_pending(vpc):
            raise ArgumentError(
                f"{where}: the vpc has dhcp options already, by {associated[vpc_id]}, and can have one set only; "
                "associate it once"
            )
        association = ec2.CfnVPCDHCPOptionsAssociation(self, id, vpc_id=vpc_id, dhcp_options_id=self._id)
        associated[vpc_id] = str(where)
        return association


class DhcpOptions(DhcpOptionsBase):
    """A set of DHCP options for VPCs. EC2 changes none: with another value it is replaced, and associated anew.

    Args:
        scope: The construct that these options are part of.
        id: The id within `scope`.
        domain_name: What completes names without a dot: one domain name. Several, separated by spaces, are understood
            by some Linux systems only. By default that of EC2 in the region.
        domain_name_servers: IP addresses of name servers, at most four of each family; `AmazonProvidedDNS`, the
            default, is one of the first four.
        ntp_servers: IP addresses of time servers, at most four of each family. By default the Amazon Time Sync Service.
        netbios_name_servers: IPv4 addresses of NetBIOS name servers, four at most. None by default.
        netbios_node_type: How NetBIOS names are resolved. With servers, they are asked by default.
        ipv6_address_preferred_lease_time: How long an IPv6 address is preferred, 140 seconds or more. 140 seconds by
            default.

    Raises:
        ArgumentError: An address is none, there are too many, or a node type is given without NetBIOS servers.

    https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html
    """

    AMAZON_PROVIDED_DNS: Final = _AMAZON_PROVIDED_DNS
    """The Route 53 Resolver of the VPC."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        domain_name: str | None = None,
        domain_name_servers: Sequence[str] = (_AMAZON_PROVIDED_DNS,),
        ntp_servers: Sequence[str] = (),
        netbios_name_servers: Sequence[str] = (),
        netbios_node_type: NetbiosNodeType | None = None,
        ipv6_address_preferred_lease_time: Duration | None = None,
    ) -> None:
        where = Place(scope, id)
        check_pattern(where, "domain_name", domain_name, _DOMAINS, "be a domain name such as 'corp.example.com'")
        _check_name_servers(where, domain_name_servers)
        _check_addresses(where, "ntp_servers", ntp_servers)
        _check_addresses(where, "netbios_name_servers", netbios_name_servers, ipv4_only=True)
        if netbios_node_type is not None and not netbios_name_servers:
            raise ArgumentError(
                f"{where}: netbios_node_type says how netbios_name_servers are asked, but there are none; leave it out"
            )
        lease = _seconds(where, ipv6_address_preferred_lease_time)
        node_type = netbios_node_type or NetbiosNodeType.POINT_TO_POINT
        super().__init__(scope, id)
        self._resource = ec2.CfnDHCPOptions(
            self,
            "Resource",
            domain_name=domain_name,
            domain_name_servers=list(domain_name_servers),
            ntp_servers=list(ntp_servers) or None,
            netbios_name_servers=list(netbios_name_servers) or None,
            netbios_node_type=int(node_type) if netbios_name_servers else None,
            ipv6_address_preferred_lease_time=lease,
            tags=[CfnTag(key="Name", value=self.node.path)],
        )
        self._id = self._resource.attr_dhcp_options_id
        self._warn(domain_name, domain_name_servers)

    @staticmethod
    def from_dhcp_options_id(scope: Construct, id: str, dhcp_options_id: str) -> DhcpOptionsBase:
        """A set of options that exists already. Raises `ArgumentError` for an id that is none."""
        rule = "be the id of DHCP options such as dopt-0123456789abcdef0"
        check_pattern(Place(scope, id), "dhcp_options_id", dhcp_options_id, _ID, rule)
        return _ImportedDhcpOptions(scope, id, dhcp_options_id=dhcp_options_id)

    @property
    def resource(self) -> ec2.CfnDHCPOptions:
        """The options themselves, as CloudFormation knows them."""
        return self._resource

    def _warn(self, domain_name: str | None, servers: Sequence[str]) -> None:
        """Of what EC2 takes, and some systems do not understand."""
        if domain_name is not None and " " in domain_name and not is_token(domain_name):
            Annotations.of(self).add_warning_v2(
                "constructs-lattice:dhcp-options-domain-names",
                "several domain names are one single name for Windows and for some Linux systems",
            )
        if _AMAZON_PROVIDED_DNS in servers and len(servers) > 1:
            Annotations.of(self).add_warning_v2(
                "constructs-lattice:dhcp-options-name-servers",
                "with name servers of your own besides AmazonProvidedDNS, which of them answers is not defined; "
                "forward by rules of the Route 53 Resolver instead",
            )


class _ImportedDhcpOptions(DhcpOptionsBase):
    def __init__(self, scope: Construct, id: str, *, dhcp_options_id: str) -> None:
        super().__init__(scope, id)
        self._id = dhcp_options_id


def _check_name_servers(where: Place, servers: Sequence[str]) -> None:
    if not servers:
        raise ArgumentError(
            f"{where}: without domain_name_servers nothing in the vpc resolves a name; leave them out for "
            "AmazonProvidedDNS"
        )
    _check_addresses(where, "domain_name_servers", servers, also=_AMAZON_PROVIDED_DNS)


def _check_addresses(
    where: Place, name: str, addresses: Sequence[str], *, also: str = "", ipv4_only: bool = False
) -> None:
    """Raise unless `addresses` are distinct IP addresses, or `also`, and four of each family at most."""
    check_list(where, name, addresses)
    if is_list_token(addresses):
        return
    versions = []
    for address in (each for each in addresses if not is_token(each)):
        if addresses.count(address) > 1:
            raise ArgumentError(f"{where}: {name} names {address!r} {addresses.count(address)} times")
        versions.append(4 if also and address == also else _version(where, name, address, also, ipv4_only))
    check_count(where, f"IPv4 addresses in {name}", versions.count(4), 0, _MOST_OF_A_FAMILY)
    check_count(where, f"IPv6 addresses in {name}", versions.count(6), 0, _MOST_OF_A_FAMILY)


def _version(where: Place, name: str, address: str, also: str, ipv4_only: bool) -> int:  # noqa: FBT001
    kind = "IPv4 addresses" if ipv4_only else "IP addresses"
    way_out = f"{kind} such as '10.0.0.2'" + (f" or {also!r}" if also else "")
    try:
        parsed = ip_address(address)
    except ValueError:
        parsed = None
    if parsed is None or "%" in address or (ipv4_only and parsed.version != 4):  # noqa: PLR2004 - the version of IP
        raise ArgumentError(f"{where}: {name} must hold {way_out}, got {address!r}")
    return parsed.version


def _seconds(where: Place, lease_time: Duration | None) -> float | None:
    if lease_time is None:
        return None
    seconds = lease_time.to_seconds(integral=False)
    if not is_token(seconds) and seconds != int(seconds):
        raise ArgumentError(f"{where}: ipv6_address_preferred_lease_time must be whole seconds, got {seconds}")
    check_range(where, "ipv6_address_preferred_lease_time", seconds, *_LEASE_SECONDS, unit="seconds")
    return seconds
