"""A hybrid network: VPCs in segments around a Transit Gateway, connected with sites on premises."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from constructs_lattice._checks import Place, check_count
from constructs_lattice._construct import LatticeConstruct
from constructs_lattice.addressing import AddressLock
from constructs_lattice.errors import ArgumentError
from constructs_lattice.hybrid import CustomerGateway, VpnConcentrator, VpnConnection
from constructs_lattice.patterns.estate import ON_PREMISES, Segment, Site, Spoke, check_estate
from constructs_lattice.transit_gateway import TransitGateway, TransitGatewayRouteTable, VpcAttachment
from constructs_lattice.vpc import EndpointPolicy, FlowLogs, Role, Vpc, Zones

__all__ = ["HybridNetwork"]

_Part = TypeVar("_Part")


class HybridNetwork(LatticeConstruct):
    """VPCs in segments around a Transit Gateway, connected with sites on premises by VPN.

    Each segment has a route table of the gateway. It knows the segment's own spokes, those of the shared segments, and
    the sites; nothing else, so that other segments cannot be reached. The sites have a route table, too, which knows
    all spokes. Both directions are made together: the spokes' own route tables lead to the gateway for exactly what the
    segment reaches.

    The sites are connected through one VPN concentrator, with BGP.

    Everything made can be had and extended: `transit_gateway`, `route_table(segment)`, `vpc(spoke)`,
    `attachment(spoke)`, `vpn_concentrator` and `vpn_connections`.

    Args:
        scope: The construct that this network is part of.
        id: The id within `scope`.
        segments: The segments and their spokes, at least one.
        on_premises: The IPv4 blocks of the networks on premises.
        sites: The places on premises that are connected by VPN. None by default.
        amazon_side_asn: The private autonomous system number of the gateway. 64512 by default.
        zones: The Availability Zones of all spokes; the first three of the account by default.
        flow_logs: Where the records of each spoke's traffic go. By default a log group that keeps them for three
            months.
        endpoint_policy: What may pass the spokes' endpoints for S3 and DynamoDB. By default the account's principals
            and resources, and what containers and agents need.
        lock: What remembers the spokes' addresses. Their plans are made anew each time by default.

    Raises:
        ArgumentError: A name is there twice, or there is no segment.
        AddressError: A block is malformed, or overlaps another one, in AWS or on premises.

    https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-isolated-shared.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        segments: Sequence[Segment],
        on_premises: Sequence[str] = (),
        sites: Sequence[Site] = (),
        amazon_side_asn: int = 64_512,
        zones: Zones | None = None,
        flow_logs: FlowLogs | None = None,
        endpoint_policy: EndpointPolicy | None = None,
        lock: AddressLock | None = None,
    ) -> None:
        where = Place(scope, id)
        check_count(where, "segments", len(segments), 1, 19)  # a gateway has 20 route tables, one is for the sites
        check_estate(where, segments, on_premises, sites)
        super().__init__(scope, id)
        self._transit_gateway = TransitGateway(self, "TransitGateway", amazon_side_asn=amazon_side_asn)
        names = [segment.name for segment in segments] + ([ON_PREMISES] if on_premises or sites else [])
        self._tables = {name: self._transit_gateway.add_route_table(name) for name in names}
        self._vpcs: dict[str, Vpc] = {}
        self._attachments: dict[str, VpcAttachment] = {}
        for segment in segments:
            for spoke in segment.spokes:
                vpc = Vpc(
                    self,
                    spoke.name,
                    cidr=spoke.cidr,
                    tiers=spoke.tiers,
                    zones=zones,
                    flow_logs=flow_logs,
                    endpoint_policy=endpoint_policy,
                    lock=lock,
                )
                self._add_spoke(spoke, vpc)
                self._connect(spoke, segment, segments, on_premises)
        self._vpn_concentrator: VpnConcentrator | None = None
        self._vpn_connections: dict[str, VpnConnection] = {}
        if sites:
            self._connect_sites(sites, segments)

    @property
    def transit_gateway(self) -> TransitGateway:
        """The gateway."""
        return self._transit_gateway

    @property
    def vpn_concentrator(self) -> VpnConcentrator | None:
        """What connects the sites with the gateway, if there are any."""
        return self._vpn_concentrator

    @property
    def vpn_connections(self) -> Mapping[str, VpnConnection]:
        """The VPN connections, by the name of the site."""
        return dict(self._vpn_connections)

    def route_table(self, segment: str) -> TransitGatewayRouteTable:
        """The gateway's route table of a segment, or of `on-premises`. Raises `ArgumentError` for any other name."""
        return self._find("segment", self._tables, segment)

    def vpc(self, spoke: str) -> Vpc:
        """The VPC of a spoke. Raises `ArgumentError` when there is no such spoke."""
        return self._find("spoke", self._vpcs, spoke)

    def attachment(self, spoke: str) -> VpcAttachment:
        """The attachment of a spoke to the gateway. Raises `ArgumentError` when there is no such spoke."""
        return self._find("spoke", self._attachments, spoke)

    def _find(self, kind: str, known: Mapping[str, _Part], name: str) -> _Part:
        if name not in known:
            names = ", ".join(repr(each) for each in known)
            raise ArgumentError(f"{self.node.path}: there is no {kind} {name!r}; there are {names}")
        return known[name]

    def _add_spoke(self, spoke: Spoke, vpc: Vpc) -> None:
        self._vpcs[spoke.name] = vpc
        self._attachments[spoke.name] = self._transit_gateway.add_vpc_attachment(f"{spoke.name}-vpc", vpc=vpc)

    def _connect(self, spoke: Spoke, segment: Segment, segments: Sequence[Segment], on_premises: Sequence[str]) -> None:
        """Route between the spoke and what its segment reaches: in the gateway, and in the VPC for the way there."""
        attachment = self._attachments[spoke.name]
        attachment.associate_with(self._tables[segment.name])
        reached = [other for other in segments if segment.reaches(other)]
        attachment.propagate_to(*(self._tables[other.name] for other in reached))
        if ON_PREMISES in self._tables:
            attachment.propagate_to(self._tables[ON_PREMISES])
        peers = [peer.cidr for other in reached for peer in other.spokes if peer.name != spoke.name]
        for tier in self._vpcs[spoke.name].tiers:
            if tier.role is not Role.TRANSIT:
                attachment.add_routes([*peers, *on_premises], from_=ec2.SubnetSelection(subnet_group_name=tier.name))

    def _connect_sites(self, sites: Sequence[Site], segments: Sequence[Segment]) -> None:
        concentrator = self._vpn_concentrator = VpnConcentrator(
            self,
            "VpnConcentrator",
            transit_gateway=self._transit_gateway,
            route_table=self._tables[ON_PREMISES],
            propagate_to=[self._tables[segment.name] for segment in segments],
        )
        for site in sites:
            device = CustomerGateway(
                self, f"{site.name}-device", ip_address=site.ip_address, bgp_asn=site.bgp_asn, device_name=site.name
            )
            self._vpn_connections[site.name] = VpnConnection(
                self, f"{site.name}-vpn", customer_gateway=device, gateway=concentrator, tunnels=site.tunnels
            )
