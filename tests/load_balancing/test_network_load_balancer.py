"""Network Load Balancers: what they are made of, and what they refuse."""

from collections.abc import Sequence

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template

from constructs_lattice import ArgumentError, NetworkLoadBalancer, Scheme, Vpc

_CERTIFICATE = "arn:aws:acm:eu-west-1:111111111111:certificate/0f1e2d3c"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Edge", env=cdk.Environment(region="eu-west-1"))


@pytest.fixture
def vpc(stack: cdk.Stack) -> Vpc:
    return Vpc(stack, "Vpc", cidr="10.20.0.0/16")


@pytest.fixture
def targets(stack: cdk.Stack, vpc: Vpc) -> list[elbv2.NetworkTargetGroup]:
    return [elbv2.NetworkTargetGroup(stack, "Targets", vpc=vpc, port=5432)]


@pytest.fixture
def balancer(stack: cdk.Stack, vpc: Vpc) -> NetworkLoadBalancer:
    return NetworkLoadBalancer(stack, "Db", vpc=vpc)


def test_it_always_has_a_security_group(stack: cdk.Stack, vpc: Vpc) -> None:
    """One that is made without can never get one."""
    balancer = NetworkLoadBalancer(stack, "Db", vpc=vpc)
    Template.from_stack(stack).has_resource_properties(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {
            "Type": "network",
            "Scheme": "internal",
            "SecurityGroups": [stack.resolve(balancer.security_group.security_group_id)],
            "LoadBalancerAttributes": Match.array_with(
                [{"Key": "load_balancing.cross_zone.enabled", "Value": "false"}]
            ),
        },
    )


@pytest.mark.parametrize(
    ("protocol", "opened"),
    [
        (elbv2.Protocol.TCP, ["tcp"]),
        (elbv2.Protocol.UDP, ["udp"]),
        (elbv2.Protocol.TCP_UDP, ["tcp", "udp"]),
    ],
)
def test_a_listener_opens_what_it_listens_on(
    stack: cdk.Stack, vpc: Vpc, protocol: elbv2.Protocol, opened: Sequence[str]
) -> None:
    """The security group admits the listener's own transport protocols, from the VPC."""
    group = elbv2.NetworkTargetGroup(stack, "Targets", vpc=vpc, port=53, protocol=protocol)
    NetworkLoadBalancer(stack, "Dns", vpc=vpc).add_listener("Dns", port=53, protocol=protocol, target_groups=[group])
    groups = Template.from_stack(stack).find_resources("AWS::EC2::SecurityGroup")
    rules = [rule for each in groups.values() for rule in each["Properties"].get("SecurityGroupIngress", [])]
    assert [(rule["IpProtocol"], rule["FromPort"], rule["CidrIp"]) for rule in rules] == [
        (transport, 53, "10.20.0.0/16") for transport in opened
    ]


def test_tls_and_access_logs(stack: cdk.Stack, vpc: Vpc, targets: list[elbv2.NetworkTargetGroup]) -> None:
    """A TLS listener has its certificate and a modern policy; its access logs go to the bucket."""
    balancer = NetworkLoadBalancer(
        stack, "Db", vpc=vpc, scheme=Scheme.INTERNET_FACING, access_logs=s3.Bucket(stack, "Logs"), cross_zone=True
    )
    balancer.add_listener(
        "Tls",
        port=443,
        protocol=elbv2.Protocol.TLS,
        certificates=[elbv2.ListenerCertificate.from_arn(_CERTIFICATE)],
        target_groups=targets,
    )
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::ElasticLoadBalancingV2::Listener",
        {"Protocol": "TLS", "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"},
    )
    template.has_resource_properties(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {"LoadBalancerAttributes": Match.array_with([{"Key": "access_logs.s3.enabled", "Value": "true"}])},
    )


def test_it_is_a_peer_for_connections(stack: cdk.Stack, vpc: Vpc) -> None:
    """A load balancer can be handed to `connections` like any other CDK construct."""
    balancer = NetworkLoadBalancer(stack, "Db", vpc=vpc)
    ec2.SecurityGroup(stack, "Target", vpc=vpc).connections.allow_from(balancer, ec2.Port.tcp(5432))
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::SecurityGroupIngress",
        {"SourceSecurityGroupId": stack.resolve(balancer.security_group.security_group_id), "FromPort": 5432},
    )


def test_tcp_and_udp_may_share_a_number(stack: cdk.Stack, vpc: Vpc) -> None:
    """A TCP and a UDP listener on one port are two listeners; TCP_UDP is both at once."""
    balancer = NetworkLoadBalancer(stack, "Dns", vpc=vpc)
    for transport in (elbv2.Protocol.TCP, elbv2.Protocol.UDP):
        group = elbv2.NetworkTargetGroup(stack, transport.name, vpc=vpc, port=53, protocol=transport)
        balancer.add_listener(f"{transport.name}Listener", port=53, protocol=transport, target_groups=[group])
    with pytest.raises(ArgumentError) as caught:
        balancer.add_listener("Both", port=53, protocol=elbv2.Protocol.TCP_UDP, target_groups=[])
    assert str(caught.value) == "Edge/Dns/Both: port 53 is taken by listener 'TCPListener'; choose another"


@pytest.mark.parametrize(
    ("protocol", "certificates", "message"),
    [
        (elbv2.Protocol.HTTP, 0, "protocol must be TCP, TLS, UDP or TCP_UDP, got HTTP"),
        (elbv2.Protocol.TLS, 0, "a TLS listener has 0 certificates; give it one"),
        (elbv2.Protocol.UDP, 1, "a UDP listener has 1 certificates; leave them out or ask for TLS"),
    ],
)
def test_protocols_and_certificates_must_agree(
    balancer: NetworkLoadBalancer, protocol: elbv2.Protocol, certificates: int, message: str
) -> None:
    """What AWS would refuse at deploy time is refused here."""
    with pytest.raises(ArgumentError) as caught:
        balancer.add_listener(
            "Bad",
            port=443,
            protocol=protocol,
            certificates=[elbv2.ListenerCertificate.from_arn(_CERTIFICATE)] * certificates,
            target_groups=[],
        )
    assert str(caught.value) == f"Edge/Db/Bad: {message}"


def test_public_subnets_are_needed_to_face_the_internet(stack: cdk.Stack, vpc: Vpc) -> None:
    """An internet-facing load balancer in private subnets would be reached by nobody."""
    with pytest.raises(ArgumentError) as caught:
        NetworkLoadBalancer(stack, "Db", vpc=vpc, scheme=Scheme.INTERNET_FACING, subnets=vpc.tier("isolated").selection)
    assert str(caught.value) == (
        "Edge/Db: an internet-facing load balancer needs public subnets, got none; "
        "choose a public tier or Scheme.INTERNAL"
    )
