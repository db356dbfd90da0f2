"""VPC Encryption Control: what a VPC has that does not encrypt must be excluded, wherever that can be known."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk.assertions import Annotations, Match, Template

from constructs_lattice import (
    ArgumentError,
    EncryptionControl,
    EncryptionExclusion,
    FlowLogs,
    IngressInspection,
    IpProtocol,
    Nat,
    NetworkLoadBalancer,
    ServiceNetwork,
    Tier,
    TransitGateway,
    Vpc,
    VpcAssociation,
    VpcEncryptionControl,
    VpcPeering,
    Zones,
)

ENFORCED = EncryptionControl.enforce()
INTERNET = [EncryptionExclusion.INTERNET_GATEWAY, EncryptionExclusion.NAT_GATEWAY]


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


def _vpc(stack: cdk.Stack, id: str = "Vpc", number: int = 20, **arguments: Any) -> Vpc:
    defaults: dict[str, Any] = {"tiers": [Tier.isolated()], "encryption_control": ENFORCED, "zones": Zones.first(1)}
    return Vpc(stack, id, cidr=f"10.{number}.0.0/16", flow_logs=FlowLogs.none(), **(defaults | arguments))


def _control(stack: cdk.Stack) -> Any:
    (vpc,) = Template.from_stack(stack).find_resources("AWS::EC2::VPC").values()
    return vpc["Properties"].get("VpcEncryptionControl")


def test_nothing_is_controlled_by_default(stack: cdk.Stack) -> None:
    """It costs money, and existing VPCs would change."""
    assert _vpc(stack, encryption_control=None).encryption_control is None
    assert _control(stack) is None


def test_encryption_can_be_monitored(stack: cdk.Stack) -> None:
    """In any VPC: nothing is kept out, so nothing is excluded."""
    tiers = [Tier.public(), Tier.private(), Tier.firewall()]
    _vpc(stack, tiers=tiers, encryption_control=EncryptionControl.monitor())
    assert _control(stack) == {"Mode": "monitor"}


def test_encryption_can_be_enforced(stack: cdk.Stack) -> None:
    """From the start, with a word for each of the eight exclusions: one that is taken back is switched off."""
    control = EncryptionControl.enforce(excluding=INTERNET)
    assert _vpc(stack, tiers=[Tier.public(), Tier.private()], encryption_control=control).encryption_control is control
    assert _control(stack) == {
        "Mode": "enforce",
        "InternetGatewayExclusion": "enable",
        "EgressOnlyInternetGatewayExclusion": "disable",
        "NatGatewayExclusion": "enable",
        "VirtualPrivateGatewayExclusion": "disable",
        "VpcPeeringExclusion": "disable",
        "VpcLatticeExclusion": "disable",
        "LambdaExclusion": "disable",
        "ElasticFileSystemExclusion": "disable",
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"tiers": [Tier.public()]},
            "the vpc enforces encryption, which its internet gateway cannot; give "
            "enforce(excluding=[EncryptionExclusion.INTERNET_GATEWAY]) or monitor()",
        ),
        (
            {"tiers": [Tier.private()], "nat": Nat.regional(), "ip_protocol": IpProtocol.DUAL_STACK},
            "the vpc enforces encryption, which its internet gateway and egress-only internet gateway and NAT gateway "
            "cannot; give enforce(excluding=[EncryptionExclusion.INTERNET_GATEWAY, "
            "EncryptionExclusion.EGRESS_ONLY_INTERNET_GATEWAY, EncryptionExclusion.NAT_GATEWAY]) or monitor()",
        ),
        (
            {"tiers": [Tier.isolated("routable"), Tier.private()], "nat": Nat.private("routable")},
            "the vpc enforces encryption, which its NAT gateway cannot; give "
            "enforce(excluding=[EncryptionExclusion.NAT_GATEWAY]) or monitor()",
        ),
        (
            {"tiers": [Tier.isolated(), Tier.firewall("inspection")]},
            "the vpc enforces encryption, where AWS supports no firewall endpoints, but tier 'inspection' is for them; "
            "use EncryptionControl.monitor()",
        ),
    ],
)
def test_a_gateway_that_does_not_encrypt_is_excluded(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    """Or the VPC is refused, with nothing left behind."""
    with pytest.raises(ArgumentError) as caught:
        _vpc(stack, **arguments)
    assert str(caught.value) == f"Shop/Vpc: {message}"
    assert stack.node.children == []


@pytest.mark.parametrize(
    "arguments",
    [{}, {"tiers": [Tier.isolated(), Tier.private()], "nat": Nat.through_hub()}],
    ids=["isolated", "through the hub"],
)
def test_what_encrypts_needs_no_exclusion(stack: cdk.Stack, arguments: dict[str, Any]) -> None:
    """What passes a Transit Gateway can be encrypted."""
    assert _vpc(stack, **arguments).encryption_control is ENFORCED


def test_an_exclusion_is_said_once() -> None:
    """Twice is a mistake in writing."""
    with pytest.raises(ArgumentError) as caught:
        EncryptionControl.enforce(excluding=[EncryptionExclusion.LAMBDA, EncryptionExclusion.LAMBDA])
    assert str(caught.value) == "encryption control: LAMBDA is excluded 2 times; say it once"


def test_peering_is_excluded_unless_both_sides_enforce(stack: cdk.Stack) -> None:
    """And have no exclusion at all."""
    one, other = _vpc(stack, "One"), _vpc(stack, "Other", 21)
    VpcPeering(stack, "Fine", requester=one, accepter=other)
    open_ = _vpc(stack, "Open", 22, encryption_control=None)
    lambdas = _vpc(
        stack, "Lambdas", 23, encryption_control=EncryptionControl.enforce(excluding=[EncryptionExclusion.LAMBDA])
    )
    for requester, accepter in ((one, open_), (open_, one), (one, lambdas)):
        with pytest.raises(ArgumentError) as caught:
            VpcPeering(stack, "Peering", requester=requester, accepter=accepter)
        assert str(caught.value) == (
            "Shop/Peering: the vpc enforces encryption, which its peering cannot; give "
            "enforce(excluding=[EncryptionExclusion.VPC_PEERING]) or monitor()"
        )
    peered = EncryptionControl.enforce(excluding=[EncryptionExclusion.VPC_PEERING])
    VpcPeering(stack, "Excluded", requester=_vpc(stack, "Peered", 24, encryption_control=peered), accepter=open_)


def test_a_transit_gateway_needs_encryption_support(stack: cdk.Stack) -> None:
    """Which no template can give it when it is made: a warning."""
    hub = TransitGateway(stack, "Hub")
    hub.add_vpc_attachment("Open", vpc=_vpc(stack, "Open", 21, encryption_control=EncryptionControl.monitor()))
    hub.add_vpc_attachment("Sealed", vpc=_vpc(stack))
    found = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("must have encryption support"))
    assert [each.id for each in found] == ["/Shop/Hub/Sealed"]


def test_vpc_lattice_is_excluded(stack: cdk.Stack) -> None:
    """Before a VPC that enforces encryption is associated."""
    network = ServiceNetwork(stack, "Mesh")
    with pytest.raises(ArgumentError) as caught:
        VpcAssociation(stack, "Association", service_network=network, vpc=_vpc(stack))
    assert str(caught.value) == (
        "Shop/Association: the vpc enforces encryption, which its association with VPC Lattice cannot; give "
        "enforce(excluding=[EncryptionExclusion.VPC_LATTICE]) or monitor()"
    )
    control = EncryptionControl.enforce(excluding=[EncryptionExclusion.VPC_LATTICE])
    VpcAssociation(stack, "Fine", service_network=network, vpc=_vpc(stack, "Other", 21, encryption_control=control))


def test_a_virtual_private_gateway_is_excluded(stack: cdk.Stack) -> None:
    """The VPC is as it was before."""
    vpc = _vpc(stack)
    with pytest.raises(ArgumentError) as caught:
        vpc.enable_vpn_gateway(type="ipsec.1")
    assert str(caught.value) == (
        "Shop/Vpc: the vpc enforces encryption, which its virtual private gateway cannot; give "
        "enforce(excluding=[EncryptionExclusion.VIRTUAL_PRIVATE_GATEWAY]) or monitor()"
    )
    assert vpc.vpn_gateway_id is None


def test_a_network_load_balancer_does_not_end_tls(stack: cdk.Stack) -> None:
    """Its targets do."""
    vpc = _vpc(stack)
    targets = elbv2.NetworkTargetGroup(stack, "Targets", vpc=vpc, port=443)
    balancer = NetworkLoadBalancer(stack, "Balancer", vpc=vpc)
    balancer.add_listener("Tcp", port=443, target_groups=[targets])
    certificate = elbv2.ListenerCertificate.from_arn("arn:aws:acm:eu-west-1:111111111111:certificate/a")
    with pytest.raises(ArgumentError) as caught:
        balancer.add_listener(
            "Tls", port=8443, target_groups=[targets], protocol=elbv2.Protocol.TLS, certificates=[certificate]
        )
    assert str(caught.value) == (
        "Shop/Balancer/Tls: the vpc enforces encryption, where a Network Load Balancer cannot end TLS; listen for TCP, "
        "and let the targets end it"
    )


def test_nothing_is_inspected_where_encryption_is_enforced(stack: cdk.Stack) -> None:
    """Whatever tier the endpoints would be in."""
    control = EncryptionControl.enforce(excluding=[EncryptionExclusion.INTERNET_GATEWAY])
    vpc = _vpc(stack, tiers=[Tier.public(), Tier.isolated()], encryption_control=control)
    with pytest.raises(ArgumentError) as caught:
        IngressInspection(stack, "Inspection", vpc=vpc, endpoints={"a": "vpce-0aaa"}, firewall_tier="isolated")
    assert str(caught.value) == (
        "Shop/Inspection: the vpc enforces encryption, where AWS supports no firewall endpoints; use "
        "EncryptionControl.monitor()"
    )


def _theirs(stack: cdk.Stack, **subnets: Any) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack, "Theirs", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"], **subnets
    )


def test_a_vpc_from_elsewhere_is_controlled_by_a_construct(stack: cdk.Stack) -> None:
    """Monitored first."""
    VpcEncryptionControl(stack, "Control", vpc=_theirs(stack))
    (control,) = Template.from_stack(stack).find_resources("AWS::EC2::VPCEncryptionControl").values()
    assert control["Properties"] == {
        "VpcId": "vpc-0123456789abcdef0",
        "Mode": "monitor",
        "Tags": [{"Key": "Name", "Value": "Shop/Control"}],
    }


def test_a_vpc_from_elsewhere_can_enforce(stack: cdk.Stack) -> None:
    """With the names that this type has for the exclusions."""
    control = EncryptionControl.enforce(excluding=[EncryptionExclusion.INTERNET_GATEWAY])
    vpc = _theirs(stack, public_subnet_ids=["subnet-0123456789abcdef0"])
    VpcEncryptionControl(stack, "Control", vpc=vpc, control=control)
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::VPCEncryptionControl",
        {
            "Mode": "enforce",
            "InternetGatewayExclusionInput": "enable",
            "VpcPeeringExclusionInput": "disable",
        },
    )


def test_a_vpc_from_elsewhere_with_public_subnets_has_an_internet_gateway(stack: cdk.Stack) -> None:
    """That much is known of it; of one that is looked up, only once it was."""
    vpc = _theirs(stack, public_subnet_ids=["subnet-0123456789abcdef0"])
    with pytest.raises(ArgumentError) as caught:
        VpcEncryptionControl(stack, "Control", vpc=vpc, control=ENFORCED)
    assert str(caught.value) == (
        "Shop/Control: the vpc enforces encryption, which its internet gateway cannot; give "
        "enforce(excluding=[EncryptionExclusion.INTERNET_GATEWAY]) or monitor()"
    )
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    other = cdk.Stack(cdk.App(), "Other", env=env)
    for name in ("one", "two"):
        looked_up = ec2.Vpc.from_lookup(other, name, vpc_name=name)
        VpcEncryptionControl(other, f"{name}-control", vpc=looked_up, control=ENFORCED)


def test_a_vpc_has_one_control(stack: cdk.Stack) -> None:
    """And a `Vpc` has its own."""
    theirs = _theirs(stack)
    VpcEncryptionControl(stack, "Control", vpc=theirs)
    with pytest.raises(ArgumentError) as caught:
        VpcEncryptionControl(stack, "Again", vpc=theirs)
    assert str(caught.value) == (
        "Shop/Again: the vpc has an encryption control already, by Shop/Control, and can have one only; take one of "
        "them back"
    )
    with pytest.raises(ArgumentError) as caught:
        VpcEncryptionControl(stack, "Ours", vpc=_vpc(stack))
    assert str(caught.value) == (
        "Shop/Ours: a Vpc says by itself whether it enforces encryption, so that it does from the start; give it "
        "encryption_control"
    )
