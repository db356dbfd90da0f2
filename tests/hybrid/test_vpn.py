"""Customer gateways, VPN concentrators and VPN connections."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Annotations, Match, Template

from constructs_lattice import (
    ArgumentError,
    CustomerGateway,
    LatticeError,
    TransitGateway,
    Tunnel,
    VpnConcentrator,
    VpnConnection,
)


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Hub")


@pytest.fixture
def hub(stack: cdk.Stack) -> TransitGateway:
    return TransitGateway(stack, "Gateway")


@pytest.fixture
def office(stack: cdk.Stack) -> CustomerGateway:
    return CustomerGateway(stack, "Office", ip_address="203.0.113.10", bgp_asn=65_010, device_name="berlin")


def test_a_customer_gateway(stack: cdk.Stack, office: CustomerGateway) -> None:
    """An address and a number."""
    assert office.customer_gateway_id == office.resource.ref
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::CustomerGateway",
        {"IpAddress": "203.0.113.10", "BgpAsn": 65_010, "DeviceName": "berlin", "BgpAsnExtended": Match.absent()},
    )


def test_a_large_number_has_a_property_of_its_own(stack: cdk.Stack) -> None:
    """AWS takes numbers beyond 31 bits elsewhere."""
    CustomerGateway(stack, "Office", ip_address="203.0.113.10", bgp_asn=4_200_000_000)
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::CustomerGateway", {"BgpAsn": Match.absent(), "BgpAsnExtended": 4_200_000_000}
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"ip_address": "office.example"}, "Hub/Office: ip_address must be an IPv4 address, got 'office.example'"),
        (
            {"ip_address": "127.0.0.1"},
            "Hub/Office: ip_address must be reachable from the internet, got '127.0.0.1'",
        ),
        ({"bgp_asn": 0}, "Hub/Office: bgp_asn must be 1 to 4,294,967,294, got 0"),
        ({"device_name": ""}, "Hub/Office: device_name must be 1 to 255 characters long, got '' (0)"),
    ],
)
def test_what_a_customer_gateway_cannot_be_is_refused(
    stack: cdk.Stack, arguments: dict[str, Any], message: str
) -> None:
    """With nothing left behind."""
    with pytest.raises(ArgumentError) as caught:
        CustomerGateway(stack, "Office", **{"ip_address": "203.0.113.10", **arguments})
    assert str(caught.value) == message
    assert stack.node.children == []


def test_an_address_that_only_the_deployment_knows_passes(stack: cdk.Stack) -> None:
    """Such as a parameter."""
    parameter = cdk.CfnParameter(stack, "Address")
    CustomerGateway(stack, "Office", ip_address=parameter.value_as_string)
    Template.from_stack(stack).has_resource_properties("AWS::EC2::CustomerGateway", {"IpAddress": {"Ref": "Address"}})


def test_a_concentrator_is_routed_in_one_deployment(stack: cdk.Stack, hub: TransitGateway) -> None:
    """CloudFormation knows its attachment: associated, propagated, and the target of static routes."""
    onprem, prod = hub.add_route_table("on-premises"), hub.add_route_table("prod")
    vpn = VpnConcentrator(stack, "Vpn", transit_gateway=hub, route_table=onprem, propagate_to=[prod])
    prod.add_route("192.168.0.0/16", vpn)
    template = Template.from_stack(stack)
    attachment = {"Fn::GetAtt": [stack.get_logical_id(vpn.resource), "TransitGatewayAttachmentId"]}
    for type_ in ("RouteTableAssociation", "RouteTablePropagation", "Route"):
        template.has_resource_properties(f"AWS::EC2::TransitGateway{type_}", {"TransitGatewayAttachmentId": attachment})


def test_a_connection_through_a_concentrator(stack: cdk.Stack, hub: TransitGateway, office: CustomerGateway) -> None:
    """IKEv2 only, tunnels as was said, logs of their own, no key in the template."""
    concentrator = VpnConcentrator(stack, "Vpn", transit_gateway=hub)
    tunnels = [Tunnel(inside_cidr="169.254.10.0/30", starts_from_aws=True), Tunnel()]
    vpn = VpnConnection(stack, "OfficeVpn", customer_gateway=office, gateway=concentrator, tunnels=tunnels)
    assert vpn.attachment is concentrator
    assert vpn.vpn_connection_id == vpn.resource.ref
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::EC2::VPNConnection",
        {
            "VpnConcentratorId": stack.resolve(concentrator.vpn_concentrator_id),
            "TransitGatewayId": Match.absent(),
            "StaticRoutesOnly": False,
            "VpnTunnelOptionsSpecifications": [
                {
                    "IKEVersions": [{"Value": "ikev2"}],
                    "TunnelInsideCidr": "169.254.10.0/30",
                    "StartupAction": "start",
                    "DPDTimeoutAction": "restart",
                    "PreSharedKey": Match.absent(),
                    "LogOptions": {"CloudwatchLogOptions": Match.object_like({"LogEnabled": True})},
                },
                {"IKEVersions": [{"Value": "ikev2"}], "StartupAction": Match.absent(), "LogOptions": Match.any_value()},
            ],
        },
    )
    template.has_resource_properties("AWS::Logs::LogGroup", {"RetentionInDays": 90})


def test_the_log_groups_arn_has_no_asterisk(stack: cdk.Stack, hub: TransitGateway, office: CustomerGateway) -> None:
    """The one that a log group gives ends in `:*`, which a connection refuses."""
    VpnConnection(
        stack, "OfficeVpn", customer_gateway=office, gateway=VpnConcentrator(stack, "Vpn", transit_gateway=hub)
    )
    (connection,) = Template.from_stack(stack).find_resources("AWS::EC2::VPNConnection").values()
    options = connection["Properties"]["VpnTunnelOptionsSpecifications"][0]["LogOptions"]["CloudwatchLogOptions"]
    *_, last = options["LogGroupArn"]["Fn::Join"][1]
    assert last == {"Ref": next(iter(Template.from_stack(stack).find_resources("AWS::Logs::LogGroup")))}


def test_a_connection_straight_to_a_gateway_takes_two_deployments(
    stack: cdk.Stack, hub: TransitGateway, office: CustomerGateway
) -> None:
    """Before its attachment is known, it warns and cannot be routed; after that, it is like any other."""
    first = VpnConnection(stack, "First", customer_gateway=office, gateway=hub)
    with pytest.raises(ArgumentError) as caught:
        first.attachment.associate_with(hub.add_route_table("on-premises"))
    assert str(caught.value) == (
        "Hub/First: the attachment of a vpn connection to a transit gateway is known after its first deployment only; "
        "deploy, then give its id as attachment_id, or use a VpnConcentrator"
    )
    known = "tgw-attach-0123456789abcdef0"
    second = VpnConnection(stack, "Second", customer_gateway=office, gateway=hub, attachment_id=known)
    second.attachment.associate_with(hub.add_route_table("offices"))
    warnings = Annotations.from_stack(stack).find_warning("/Hub/First", Match.any_value())
    assert [str(each.entry.data).split(" [ack")[0] for each in warnings] == [
        "the attachment of this vpn connection is in no route table, so it carries no traffic yet; "
        "deploy, then give its id as attachment_id, or use a VpnConcentrator"
    ]
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::TransitGatewayRouteTableAssociation", {"TransitGatewayAttachmentId": known}
    )


def test_a_customer_gateway_that_exists_already(stack: cdk.Stack, hub: TransitGateway) -> None:
    """By its id; static routes are possible straight to a gateway."""
    office = CustomerGateway.from_customer_gateway_id(stack, "Office", "cgw-0123456789abcdef0")
    VpnConnection(stack, "Vpn", customer_gateway=office, gateway=hub, static_routes_only=True)
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::VPNConnection", {"CustomerGatewayId": "cgw-0123456789abcdef0", "StaticRoutesOnly": True}
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"tunnels": [Tunnel()]}, "Hub/Vpn: a vpn connection has 2 tunnels, got 1"),
        (
            {"tunnels": [Tunnel(inside_cidr="169.254.10.0/30")] * 2},
            "Hub/Vpn: both tunnels have inside_cidr 169.254.10.0/30; give each a block of its own",
        ),
        (
            {"static_routes_only": True},
            "Hub/Vpn: connections of a VpnConcentrator route with BGP; leave out static_routes_only",
        ),
        (
            {"attachment_id": "tgw-attach-1"},
            "Hub/Vpn: the attachment is the VpnConcentrator's own; leave out attachment_id",
        ),
    ],
)
def test_what_a_connection_cannot_be_is_refused(
    stack: cdk.Stack, hub: TransitGateway, office: CustomerGateway, arguments: dict[str, Any], message: str
) -> None:
    """With nothing left behind."""
    concentrator = VpnConcentrator(stack, "Concentrator", transit_gateway=hub)
    with pytest.raises(ArgumentError) as caught:
        VpnConnection(stack, "Vpn", customer_gateway=office, gateway=concentrator, **arguments)
    assert str(caught.value) == message
    assert stack.node.try_find_child("Vpn") is None


@pytest.mark.parametrize(
    ("cidr", "message"),
    [
        ("169.254.10.0/29", "tunnel: inside_cidr must be a /30 inside 169.254.0.0/16, got 169.254.10.0/29"),
        ("10.0.0.0/30", "tunnel: inside_cidr must be a /30 inside 169.254.0.0/16, got 10.0.0.0/30"),
        ("169.254.5.0/30", "tunnel: inside_cidr 169.254.5.0/30 is reserved by AWS; choose another /30"),
        ("169.254.169.252/30", "tunnel: inside_cidr 169.254.169.252/30 is reserved by AWS; choose another /30"),
        (
            "169.254.10.1/30",
            "tunnel: '169.254.10.1/30' has bits set behind its prefix length, did you mean 169.254.10.0/30?",
        ),
    ],
)
def test_the_inside_of_a_tunnel_is_checked(cidr: str, message: str) -> None:
    """A /30 of the link-local range that AWS does not keep for itself."""
    with pytest.raises(LatticeError) as caught:
        Tunnel(inside_cidr=cidr)
    assert str(caught.value) == message
