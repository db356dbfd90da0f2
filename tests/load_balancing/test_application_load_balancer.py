"""Application Load Balancers: what they are made of, and what they refuse."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template

from constructs_lattice import ApplicationLoadBalancer, ArgumentError, Scheme, Vpc, Zones

_CERTIFICATE = "arn:aws:acm:eu-west-1:111111111111:certificate/0f1e2d3c"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Edge", env=cdk.Environment(region="eu-west-1"))


@pytest.fixture
def vpc(stack: cdk.Stack) -> Vpc:
    return Vpc(stack, "Vpc", cidr="10.20.0.0/16")


def test_it_is_internal_and_in_private_subnets_unless_told_otherwise(stack: cdk.Stack, vpc: Vpc) -> None:
    """The default scheme is internal, where AWS's own default faces the internet."""
    ApplicationLoadBalancer(stack, "Web", vpc=vpc)
    Template.from_stack(stack).has_resource_properties(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {
            "Scheme": "internal",
            "Subnets": [stack.resolve(subnet.subnet_id) for subnet in vpc.tier("private").subnets],
        },
    )


def test_an_internet_facing_one_waits_for_the_way_to_the_internet(stack: cdk.Stack, vpc: Vpc) -> None:
    """It sits in the public subnets and depends on their routes to the internet gateway."""
    ApplicationLoadBalancer(stack, "Web", vpc=vpc, scheme=Scheme.INTERNET_FACING)
    template = Template.from_stack(stack)
    template.has_resource(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {
            "Properties": {
                "Scheme": "internet-facing",
                "Subnets": [stack.resolve(subnet.subnet_id) for subnet in vpc.tier("public").subnets],
            },
            "DependsOn": Match.array_with([Match.string_like_regexp("^VpcPublicZoneADefaultRoute")]),
        },
    )


def test_malformed_headers_are_refused(stack: cdk.Stack, vpc: Vpc) -> None:
    """Header fields that are not valid are dropped."""
    ApplicationLoadBalancer(stack, "Web", vpc=vpc)
    Template.from_stack(stack).has_resource_properties(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {
            "LoadBalancerAttributes": Match.array_with(
                [{"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"}]
            )
        },
    )


def test_an_https_listener_speaks_tls_1_2_and_newer_and_answers_404(stack: cdk.Stack, vpc: Vpc) -> None:
    """A listener with a certificate is HTTPS on 443, and complete without targets."""
    balancer = ApplicationLoadBalancer(stack, "Web", vpc=vpc)
    balancer.add_listener("Https", certificates=[elbv2.ListenerCertificate.from_arn(_CERTIFICATE)])
    Template.from_stack(stack).has_resource_properties(
        "AWS::ElasticLoadBalancingV2::Listener",
        {
            "Port": 443,
            "Protocol": "HTTPS",
            "Certificates": [{"CertificateArn": _CERTIFICATE}],
            "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "DefaultActions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
        },
    )


@pytest.mark.parametrize(
    ("scheme", "source"), [(Scheme.INTERNAL, "10.20.0.0/16"), (Scheme.INTERNET_FACING, "0.0.0.0/0")]
)
def test_who_may_connect_follows_from_the_scheme(stack: cdk.Stack, vpc: Vpc, scheme: Scheme, source: str) -> None:
    """An internal one admits the VPC's own addresses, an internet-facing one everybody."""
    ApplicationLoadBalancer(stack, "Web", vpc=vpc, scheme=scheme).add_listener("Http")
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::SecurityGroup",
        {
            "SecurityGroupIngress": [
                {
                    "CidrIp": source,
                    "IpProtocol": "tcp",
                    "FromPort": 80,
                    "ToPort": 80,
                    "Description": f"from {source}:80",
                }
            ]
        },
    )


def test_clients_can_be_named(stack: cdk.Stack, vpc: Vpc) -> None:
    """With clients given, nobody else is admitted."""
    balancer = ApplicationLoadBalancer(stack, "Web", vpc=vpc, scheme=Scheme.INTERNET_FACING)
    balancer.add_listener("Http", clients=[ec2.Peer.ipv4("198.51.100.0/24")])
    groups = Template.from_stack(stack).find_resources("AWS::EC2::SecurityGroup")
    (group,) = groups.values()
    assert [rule["CidrIp"] for rule in group["Properties"]["SecurityGroupIngress"]] == ["198.51.100.0/24"]


def test_a_redirect_sends_clients_to_https_for_good(stack: cdk.Stack, vpc: Vpc) -> None:
    """HTTP is answered with a permanent redirect to HTTPS."""
    ApplicationLoadBalancer(stack, "Web", vpc=vpc).add_redirect("HttpRedirect")
    Template.from_stack(stack).has_resource_properties(
        "AWS::ElasticLoadBalancingV2::Listener",
        {
            "Port": 80,
            "DefaultActions": [
                {
                    "Type": "redirect",
                    "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"},
                }
            ],
        },
    )


def test_access_logs_go_to_the_bucket(stack: cdk.Stack, vpc: Vpc) -> None:
    """The bucket is named in the attributes, and its policy lets the logs in."""
    ApplicationLoadBalancer(stack, "Web", vpc=vpc, access_logs=s3.Bucket(stack, "Logs"))
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::S3::BucketPolicy", 1)
    template.has_resource_properties(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {"LoadBalancerAttributes": Match.array_with([{"Key": "access_logs.s3.enabled", "Value": "true"}])},
    )


def test_targets_replace_the_404_without_a_warning(stack: cdk.Stack, vpc: Vpc) -> None:
    """Adding targets without a condition is what the default answer is there for."""
    listener = ApplicationLoadBalancer(stack, "Web", vpc=vpc).add_listener("Http")
    group = elbv2.ApplicationTargetGroup(stack, "App", vpc=vpc, port=8080, target_type=elbv2.TargetType.IP)
    listener.add_target_groups("App", target_groups=[group])
    assert cdk.assertions.Annotations.from_stack(stack).find_warning("*", Match.any_value()) == []
    Template.from_stack(stack).has_resource_properties(
        "AWS::ElasticLoadBalancingV2::Listener", {"DefaultActions": [{"Type": "forward"}]}
    )


def test_it_works_in_a_foreign_vpc(stack: cdk.Stack) -> None:
    """Any `ec2.IVpc` will do, one that is looked up included."""
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    other = cdk.Stack(cdk.App(), "Other", env=env)
    looked_up = ec2.Vpc.from_lookup(other, "Vpc", vpc_id="vpc-0123456789abcdef0")
    ApplicationLoadBalancer(other, "Web", vpc=looked_up, scheme=Scheme.INTERNET_FACING).add_listener("Http")
    plain = ec2.Vpc(stack, "Plain", availability_zones=["eu-west-1a", "eu-west-1b"])
    ApplicationLoadBalancer(stack, "Web", vpc=plain).add_listener("Http")
    for each in (stack, other):
        Template.from_stack(each).resource_count_is("AWS::ElasticLoadBalancingV2::Listener", 1)


def test_a_subnet_list_that_only_the_deployment_knows_passes(stack: cdk.Stack) -> None:
    """The number of zones cannot be judged when they are a token."""
    zones = cdk.Fn.split(",", cdk.Fn.import_value("Zones"))
    subnets = cdk.Fn.split(",", cdk.Fn.import_value("Subnets"))
    imported = ec2.Vpc.from_vpc_attributes(
        stack,
        "Imported",
        vpc_id="vpc-1",
        vpc_cidr_block="10.0.0.0/16",
        availability_zones=zones,
        private_subnet_ids=subnets,
    )
    ApplicationLoadBalancer(stack, "Web", vpc=imported)
    Template.from_stack(stack).resource_count_is("AWS::ElasticLoadBalancingV2::LoadBalancer", 1)


def test_public_subnets_are_needed_to_face_the_internet(stack: cdk.Stack, vpc: Vpc) -> None:
    """An internet-facing load balancer in private subnets would be reached by nobody."""
    with pytest.raises(ArgumentError) as caught:
        ApplicationLoadBalancer(
            stack, "Web", vpc=vpc, scheme=Scheme.INTERNET_FACING, subnets=vpc.tier("private").selection
        )
    assert str(caught.value) == (
        "Edge/Web: an internet-facing load balancer needs public subnets, got none; "
        "choose a public tier or Scheme.INTERNAL"
    )
    assert stack.node.try_find_child("Web") is None


def test_one_zone_is_too_few(stack: cdk.Stack) -> None:
    """AWS wants subnets in at least two zones."""
    small = Vpc(stack, "Small", cidr="10.30.0.0/16", zones=Zones.first(1))
    with pytest.raises(ArgumentError) as caught:
        ApplicationLoadBalancer(stack, "Web", vpc=small)
    assert str(caught.value) == (
        "Edge/Web: this load balancer needs subnets in at least 2 zones, got 1; give the vpc more zones"
    )


def test_access_logs_need_a_region() -> None:
    """The bucket policy names an account of AWS that depends on the region."""
    stack = cdk.Stack(cdk.App(), "Edge")
    with pytest.raises(ArgumentError) as caught:
        ApplicationLoadBalancer(
            stack, "Web", vpc=Vpc(stack, "Vpc", cidr="10.20.0.0/16"), access_logs=s3.Bucket(stack, "Logs")
        )
    assert str(caught.value) == "Edge/Web: access_logs need a stack whose region is known; give the stack an env"


def test_a_port_can_be_taken_once(stack: cdk.Stack, vpc: Vpc) -> None:
    """The second listener on a port is refused, and leaves nothing behind."""
    balancer = ApplicationLoadBalancer(stack, "Web", vpc=vpc)
    balancer.add_listener("Http")
    with pytest.raises(ArgumentError) as caught:
        balancer.add_redirect("Redirect")
    assert str(caught.value) == "Edge/Web/Redirect: port 80 is taken by listener 'Http'; choose another"
    Template.from_stack(stack).resource_count_is("AWS::ElasticLoadBalancingV2::Listener", 1)


@pytest.mark.parametrize("port", [0, 65_536])
def test_a_port_out_of_range_is_refused(stack: cdk.Stack, vpc: Vpc, port: int) -> None:
    """Ports are 1 to 65,535."""
    balancer = ApplicationLoadBalancer(stack, "Web", vpc=vpc)
    with pytest.raises(ArgumentError) as caught:
        balancer.add_listener("Http", port=port)
    assert str(caught.value) == f"Edge/Web/Http: port must be 1 to 65,535, got {port}"


def test_no_clients_at_all_are_refused(stack: cdk.Stack, vpc: Vpc) -> None:
    """An empty list of clients is an oversight, and leaves no listener behind."""
    balancer = ApplicationLoadBalancer(stack, "Web", vpc=vpc)
    with pytest.raises(ArgumentError) as caught:
        balancer.add_listener("Http", clients=[])
    assert str(caught.value) == (
        "Edge/Web/Http: clients is empty, so nobody could connect; leave it out for the default"
    )
    Template.from_stack(stack).resource_count_is("AWS::ElasticLoadBalancingV2::Listener", 0)
