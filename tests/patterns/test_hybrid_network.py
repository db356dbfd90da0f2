"""The hybrid pattern: segments are apart, shared ones and sites are for all, both ways."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from constructs_lattice import (
    ArgumentError,
    EndpointPolicy,
    FlowLogs,
    HybridNetwork,
    LatticeError,
    Segment,
    Site,
    Spoke,
    Tier,
    Zones,
)

PROD_A, PROD_B = Spoke(name="erp", cidr="10.1.0.0/16"), Spoke(name="crm", cidr="10.2.0.0/16")
DEV, SHARED = Spoke(name="lab", cidr="10.3.0.0/16"), Spoke(name="dns", cidr="10.4.0.0/16")
SEGMENTS = [Segment.of("prod", PROD_A, PROD_B), Segment.of("dev", DEV), Segment.shared("shared", SHARED)]
OFFICE = Site(name="office", ip_address="203.0.113.10", bgp_asn=65_010)


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Estate")


@pytest.fixture
def network(stack: cdk.Stack) -> HybridNetwork:
    return HybridNetwork(
        stack,
        "Network",
        segments=SEGMENTS,
        on_premises=["192.168.0.0/16"],
        sites=[OFFICE],
        zones=Zones.first(1),
        flow_logs=FlowLogs.none(),
    )


def _by_attachment(stack: cdk.Stack, network: HybridNetwork, type_: str) -> dict[str, set[str]]:
    """For each spoke and for the sites, the names of the gateway's tables that `type_` connects it with."""
    names = {"prod", "dev", "shared", "on-premises"}
    tables = {str(stack.resolve(network.route_table(name).route_table_id)): name for name in names}
    spokes = {str(stack.resolve(network.attachment(s).attachment_id)): s for s in ("erp", "crm", "lab", "dns")}
    found: dict[str, set[str]] = {}
    for each in Template.from_stack(stack).find_resources(f"AWS::EC2::TransitGatewayRouteTable{type_}").values():
        properties = each["Properties"]
        owner = spokes.get(str(properties["TransitGatewayAttachmentId"]), "sites")
        found.setdefault(owner, set()).add(tables[str(properties["TransitGatewayRouteTableId"])])
    return found


def test_every_attachment_has_its_segments_table(stack: cdk.Stack, network: HybridNetwork) -> None:
    """What comes from a spoke is routed by its segment's table, what comes from the sites by theirs."""
    assert _by_attachment(stack, network, "Association") == {
        "erp": {"prod"},
        "crm": {"prod"},
        "lab": {"dev"},
        "dns": {"shared"},
        "sites": {"on-premises"},
    }


def test_segments_know_themselves_the_shared_ones_and_the_sites(stack: cdk.Stack, network: HybridNetwork) -> None:
    """A table that does not learn a spoke cannot reach it: prod and dev stay apart, in both directions."""
    assert _by_attachment(stack, network, "Propagation") == {
        "erp": {"prod", "shared", "on-premises"},
        "crm": {"prod", "shared", "on-premises"},
        "lab": {"dev", "shared", "on-premises"},
        "dns": {"prod", "dev", "shared", "on-premises"},
        "sites": {"prod", "dev", "shared"},
    }


def test_spokes_route_to_what_they_reach(stack: cdk.Stack, network: HybridNetwork) -> None:
    """From every tier but the transit tier, to exactly the spokes that their segment reaches and on premises."""
    routes = [r["Properties"] for r in Template.from_stack(stack).find_resources("AWS::EC2::Route").values()]
    reached = {}
    for spoke in ("erp", "crm", "lab", "dns"):
        for tier in ("app", "data", "transit"):
            table = stack.resolve(network.vpc(spoke).subnet(tier, "a").route_table.route_table_id)
            destinations = {r["DestinationCidrBlock"] for r in routes if r["RouteTableId"] == table}
            reached[spoke, tier] = destinations
    site = "192.168.0.0/16"
    expected = {
        "erp": {"10.2.0.0/16", "10.4.0.0/16", site},
        "crm": {"10.1.0.0/16", "10.4.0.0/16", site},
        "lab": {"10.4.0.0/16", site},
        "dns": {"10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", site},
    }
    assert reached == {
        (spoke, tier): set() if tier == "transit" else destinations
        for spoke, destinations in expected.items()
        for tier in ("app", "data", "transit")
    }


def test_sites_are_connected_through_one_concentrator(stack: cdk.Stack, network: HybridNetwork) -> None:
    """A customer gateway and a connection each."""
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::VPNConcentrator", 1)
    template.has_resource_properties("AWS::EC2::CustomerGateway", {"IpAddress": "203.0.113.10", "BgpAsn": 65_010})
    assert network.vpn_concentrator is not None
    assert network.vpn_connections["office"].attachment is network.vpn_concentrator


def test_without_sites_there_is_no_vpn(stack: cdk.Stack) -> None:
    """And no table for what would come from them; other segments can be added by hand."""
    network = HybridNetwork(stack, "Network", segments=SEGMENTS[:1], zones=Zones.first(1))
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::EC2::VPNConcentrator", 0)
    template.resource_count_is("AWS::EC2::TransitGatewayRouteTable", 1)
    assert network.vpn_concentrator is None
    network.transit_gateway.add_route_table("more")


def test_the_endpoints_of_all_spokes_have_the_policy_that_was_given(stack: cdk.Stack) -> None:
    """Spokes that read each other's accounts do so within an organization."""
    HybridNetwork(
        stack,
        "Network",
        segments=SEGMENTS,
        zones=Zones.first(1),
        flow_logs=FlowLogs.none(),
        endpoint_policy=EndpointPolicy.organization("o-a1b2c3d4e5"),
    )
    endpoints = Template.from_stack(stack).find_resources("AWS::EC2::VPCEndpoint").values()
    trusted = {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:ResourceOrgID": "o-a1b2c3d4e5"}
    conditions = [each["Properties"]["PolicyDocument"]["Statement"][0]["Condition"] for each in endpoints]
    assert conditions == [{"StringEquals": trusted}] * 8  # S3 and DynamoDB for four spokes


def test_names_that_are_not_there_are_refused(network: HybridNetwork) -> None:
    """The message lists those that are."""
    with pytest.raises(ArgumentError) as caught:
        network.vpc("web")
    assert str(caught.value) == "Estate/Network: there is no spoke 'web'; there are 'erp', 'crm', 'lab', 'dns'"
    with pytest.raises(ArgumentError) as caught:
        network.route_table("test")
    assert str(caught.value) == (
        "Estate/Network: there is no segment 'test'; there are 'prod', 'dev', 'shared', 'on-premises'"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"segments": []}, "Estate/Network: there must be 1 to 19 segments, got 0"),
        (
            {"segments": [Segment.of("prod", PROD_A), Segment.of("prod", DEV)]},
            "Estate/Network: there are 2 segments 'prod'; names must be distinct",
        ),
        (
            {"segments": [Segment.of("prod", PROD_A), Segment.of("dev", PROD_A)]},
            "Estate/Network: there are 2 spokes 'erp'; names must be distinct",
        ),
        (
            {"segments": [Segment.of("on-premises", PROD_A)]},
            "Estate/Network: a segment cannot be called 'on-premises'; that is what the sites are",
        ),
        (
            {"segments": [Segment.of("Prod", PROD_A)]},
            "Estate/Network: segment: name must be 1 to 32 lower-case letters, digits and hyphens, "
            "beginning with a letter, got 'Prod'",
        ),
        (
            {"segments": [Segment.of("prod", PROD_A, Spoke(name="web", cidr="10.1.128.0/20"))]},
            "Estate/Network: 10.1.128.0/20 of spoke 'web' overlaps 10.1.0.0/16 of spoke 'erp'; "
            "give one of them another block",
        ),
        (
            {"segments": SEGMENTS, "on_premises": ["10.0.0.0/8"]},
            "Estate/Network: 10.1.0.0/16 of spoke 'erp' overlaps 10.0.0.0/8 of on premises; "
            "give one of them another block",
        ),
        (
            {"segments": SEGMENTS, "sites": [OFFICE, OFFICE]},
            "Estate/Network: there are 2 sites 'office'; names must be distinct",
        ),
    ],
)
def test_what_no_estate_can_be_is_refused(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    """Before the first VPC is made, naming both owners of an address."""
    with pytest.raises(LatticeError) as caught:
        HybridNetwork(stack, "Network", **arguments)
    assert str(caught.value) == message
    assert stack.node.children == []


def test_a_spoke_has_one_transit_tier() -> None:
    """It is where the attachment goes."""
    with pytest.raises(ArgumentError) as caught:
        Spoke(name="erp", cidr="10.1.0.0/16", tiers=[Tier.isolated("app")])
    assert str(caught.value) == "spoke 'erp': there must be 1 to 1 transit tiers, got 0"


def test_a_spokes_block_is_read_strictly() -> None:
    """As any VPC's."""
    with pytest.raises(LatticeError) as caught:
        Spoke(name="erp", cidr="10.1.0.0/8")
    assert str(caught.value) == (
        "spoke 'erp': '10.1.0.0/8' has bits set behind its prefix length, did you mean 10.0.0.0/8?"
    )
