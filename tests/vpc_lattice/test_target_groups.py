"""Target groups: a class for each type, which has that type's options and no others."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Match, Template

from constructs_lattice import (
    Action,
    AlbTargetGroup,
    ApplicationLoadBalancer,
    ArgumentError,
    EventStructureVersion,
    FlowLogs,
    HealthCheck,
    InstanceTarget,
    InstanceTargetGroup,
    IpAddressType,
    IpamPool,
    IpProtocol,
    IpTarget,
    IpTargetGroup,
    LambdaTargetGroup,
    LatticePrefixLists,
    ListenerProtocol,
    ProtocolVersion,
    Scheme,
    Service,
    TargetGroup,
    TargetProtocol,
    Tier,
    Vpc,
    Weighted,
)

ARN = "arn:aws:vpc-lattice:eu-west-1:111111111111:targetgroup/tg-0123456789abcdef0"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.fixture
def vpc(stack: cdk.Stack) -> Vpc:
    return Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated()], flow_logs=FlowLogs.none())


@pytest.fixture
def function(stack: cdk.Stack) -> lambda_.Function:
    code = lambda_.Code.from_inline("def handle(event, context): pass")
    return lambda_.Function(stack, "Fn", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.handle", code=code)


def test_addresses(stack: cdk.Stack, vpc: Vpc) -> None:
    """With their ports, and a health check."""
    IpTargetGroup(
        stack,
        "Web",
        vpc=vpc,
        port=8080,
        protocol=TargetProtocol.HTTPS,
        targets=[IpTarget(address="10.20.0.5"), IpTarget(address="10.20.0.6", port=8081)],
        health_check=HealthCheck(
            path="/healthz",
            interval=cdk.Duration.seconds(10),
            timeout=cdk.Duration.seconds(3),
            healthy_threshold=2,
            unhealthy_threshold=3,
            codes="200-299",
            port=9090,
            protocol=TargetProtocol.HTTP,
            protocol_version=ProtocolVersion.HTTP2,
        ),
    )
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::TargetGroup",
        {
            "Type": "IP",
            "Name": Match.absent(),
            "Targets": [{"Id": "10.20.0.5", "Port": Match.absent()}, {"Id": "10.20.0.6", "Port": 8081}],
            "Config": {
                "Port": 8080,
                "Protocol": "HTTPS",
                "ProtocolVersion": "HTTP1",
                "IpAddressType": "IPV4",
                "VpcIdentifier": stack.resolve(vpc.vpc_id),
                "HealthCheck": {
                    "Enabled": True,
                    "Path": "/healthz",
                    "HealthCheckIntervalSeconds": 10,
                    "HealthCheckTimeoutSeconds": 3,
                    "HealthyThresholdCount": 2,
                    "UnhealthyThresholdCount": 3,
                    "Matcher": {"HttpCode": "200-299"},
                    "Port": 9090,
                    "Protocol": "HTTP",
                    "ProtocolVersion": "HTTP2",
                },
            },
        },
    )


def test_an_empty_group_is_for_others_to_fill(stack: cdk.Stack) -> None:
    """ECS and Auto Scaling register their own; a check can be switched off; IPv6 has its type."""
    vpc = Vpc(stack, "Dual", cidr="10.21.0.0/16", tiers=[Tier.isolated()], ip_protocol=IpProtocol.DUAL_STACK)
    IpTargetGroup(stack, "Web", vpc=vpc, ip_address_type=IpAddressType.IPV6, health_check=HealthCheck.disabled())
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::TargetGroup",
        {
            "Targets": Match.absent(),
            "Config": Match.object_like({"Port": 80, "IpAddressType": "IPV6", "HealthCheck": {"Enabled": False}}),
        },
    )


def test_instances(stack: cdk.Stack, vpc: Vpc) -> None:
    """By their ids; there is no type of address."""
    InstanceTargetGroup(stack, "Web", vpc=vpc, targets=[InstanceTarget(instance_id="i-0123456789abcdef0", port=81)])
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::TargetGroup",
        {
            "Type": "INSTANCE",
            "Targets": [{"Id": "i-0123456789abcdef0", "Port": 81}],
            "Config": {
                "Port": 80,
                "Protocol": "HTTP",
                "ProtocolVersion": "HTTP1",
                "VpcIdentifier": stack.resolve(vpc.vpc_id),
                "IpAddressType": Match.absent(),
            },
        },
    )


def test_a_load_balancer(stack: cdk.Stack, vpc: Vpc) -> None:
    """One, without a health check, registered after it listens."""
    balancer = ApplicationLoadBalancer(stack, "Balancer", vpc=vpc)
    balancer.add_listener("Http")
    AlbTargetGroup(stack, "Web", load_balancer=balancer.resource)
    Template.from_stack(stack).has_resource(
        "AWS::VpcLattice::TargetGroup",
        {
            "Properties": {
                "Type": "ALB",
                "Targets": [{"Id": stack.resolve(balancer.resource.load_balancer_arn), "Port": 80}],
                "Config": {
                    "Port": 80,
                    "Protocol": "HTTP",
                    "ProtocolVersion": "HTTP1",
                    "VpcIdentifier": stack.resolve(vpc.vpc_id),
                    "HealthCheck": Match.absent(),
                },
            },
            "DependsOn": Match.array_with([Match.string_like_regexp("^BalancerHttp")]),
        },
    )


def test_a_load_balancer_without_its_vpc(stack: cdk.Stack, vpc: Vpc) -> None:
    """An import may not tell it: then it has to be given."""
    balancer = elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        stack,
        "Imported",
        load_balancer_arn="arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/web/0123456789abcdef",
        security_group_id="sg-0123456789abcdef0",
    )
    with pytest.raises(ArgumentError) as caught:
        AlbTargetGroup(stack, "Web", load_balancer=balancer)
    assert str(caught.value) == "Shop/Web: the load balancer was imported without its vpc; give it as vpc"
    AlbTargetGroup(stack, "Web", load_balancer=balancer, vpc=vpc, protocol=TargetProtocol.HTTPS)
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::TargetGroup", {"Config": Match.object_like({"Port": 443, "Protocol": "HTTPS"})}
    )


def test_a_function(stack: cdk.Stack, function: lambda_.Function) -> None:
    """One, with nothing but the form of its event; VPC Lattice may call it for this group, and for no other."""
    group = LambdaTargetGroup(stack, "Orders", function=function)
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::VpcLattice::TargetGroup",
        {
            "Type": "LAMBDA",
            "Targets": [{"Id": stack.resolve(function.function_arn)}],
            "Config": {"LambdaEventStructureVersion": "V2"},
        },
    )
    template.has_resource_properties(
        "AWS::Lambda::Permission",
        {
            "Principal": "vpc-lattice.amazonaws.com",
            "FunctionName": stack.resolve(function.function_arn),
            "SourceArn": stack.resolve(group.target_group_arn),
        },
    )


def test_an_alias_of_a_function(stack: cdk.Stack, function: lambda_.Function) -> None:
    """It is the alias that is called, and permitted."""
    alias = lambda_.Alias(stack, "Live", alias_name="live", version=function.current_version)
    LambdaTargetGroup(stack, "Orders", function=alias, event_structure_version=EventStructureVersion.V1)
    template = Template.from_stack(stack)
    live = stack.resolve(alias.function_arn)
    template.has_resource_properties("AWS::VpcLattice::TargetGroup", {"Targets": [{"Id": live}]})
    template.has_resource_properties("AWS::Lambda::Permission", {"FunctionName": live})


def test_the_version_latest_cannot_be_permitted(stack: cdk.Stack, function: lambda_.Function) -> None:
    """Lambda takes no policy for it, so that the deployment would fail."""
    with pytest.raises(ArgumentError) as caught:
        LambdaTargetGroup(stack, "Orders", function=function.latest_version)
    assert str(caught.value) == (
        "Shop/Orders: function must not be the version $LATEST, which nobody can be permitted to call by that name; "
        "give the function itself"
    )


def test_weights(stack: cdk.Stack, vpc: Vpc) -> None:
    """A group without a weight of its own has 100."""
    blue, green = (IpTargetGroup(stack, name, vpc=vpc) for name in ("Blue", "Green"))
    assert vpclattice.CfnTargetGroup.arn_for_target_group(blue) == blue.target_group_arn
    service = Service(stack, "Orders")
    service.add_listener("Https", default_action=Action.forward(blue, Weighted(group=green, weight=0)))
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::Listener",
        {
            "DefaultAction": {
                "Forward": {
                    "TargetGroups": [
                        {"TargetGroupIdentifier": stack.resolve(blue.target_group_arn), "Weight": 100},
                        {"TargetGroupIdentifier": stack.resolve(green.target_group_arn), "Weight": 0},
                    ]
                }
            }
        },
    )


def test_groups_that_exist_already(stack: cdk.Stack) -> None:
    """By ARN, tokens included, or as an L1 construct."""
    imported = TargetGroup.from_target_group_arn(stack, "Imported", ARN)
    token = TargetGroup.from_target_group_arn(stack, "Token", cdk.Fn.import_value("Group"))
    plain = vpclattice.CfnTargetGroup(stack, "L1", type="IP")
    Service(stack, "Orders").add_listener("Https", default_action=Action.forward(imported, token, plain))
    (listener,) = Template.from_stack(stack).find_resources("AWS::VpcLattice::Listener").values()
    groups = listener["Properties"]["DefaultAction"]["Forward"]["TargetGroups"]
    assert [group["TargetGroupIdentifier"] for group in groups] == [
        ARN,
        {"Fn::ImportValue": "Group"},
        {"Ref": "L1"},
    ]


def test_a_group_belongs_to_one_service(stack: cdk.Stack, vpc: Vpc) -> None:
    """Several listeners and rules of it may share it; another service may not."""
    group = IpTargetGroup(stack, "Web", vpc=vpc)
    orders, catalog = Service(stack, "Orders"), Service(stack, "Catalog")
    orders.add_listener("Https", default_action=Action.forward(group))
    orders.add_listener("Http", protocol=ListenerProtocol.HTTP, default_action=Action.forward(group))
    with pytest.raises(ArgumentError) as caught:
        catalog.add_listener("Https", default_action=Action.forward(group))
    assert str(caught.value) == (
        "Shop/Catalog/Https: target group Shop/Web belongs to service Shop/Orders, got Shop/Catalog; "
        "a target group is for one service, make another one"
    )


@pytest.mark.parametrize("version", [ProtocolVersion.HTTP2, ProtocolVersion.GRPC])
def test_new_versions_need_an_https_listener(stack: cdk.Stack, vpc: Vpc, version: ProtocolVersion) -> None:
    """VPC Lattice refuses them behind HTTP."""
    group = IpTargetGroup(stack, "Web", vpc=vpc, protocol_version=version)
    service = Service(stack, "Orders")
    with pytest.raises(ArgumentError) as caught:
        service.add_listener("Http", protocol=ListenerProtocol.HTTP, default_action=Action.forward(group))
    assert str(caught.value) == (
        f"Shop/Orders/Http: target group Shop/Web speaks {version}, which needs an HTTPS listener"
    )
    service.add_listener("Https", default_action=Action.forward(group))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"port": 65_536}, "Shop/Web: port must be 1 to 65,535, got 65536"),
        (
            {"target_group_name": "tg-web"},
            "Shop/Web: target_group_name must not begin with 'tg-', which ids do, got 'tg-web'",
        ),
        (
            {"targets": [IpTarget(address="10.20.0.5")] * 101},
            "Shop/Web: there must be 0 to 100 targets, got 101",
        ),
        (
            {"targets": [IpTarget(address="2001:db8::5")]},
            "Shop/Web: targets must be IPV4 addresses, got '2001:db8::5'",
        ),
    ],
)
def test_what_a_group_cannot_be_is_refused(stack: cdk.Stack, vpc: Vpc, arguments: dict[str, Any], message: str) -> None:
    """With nothing left behind."""
    with pytest.raises(ArgumentError) as caught:
        IpTargetGroup(stack, "Web", vpc=vpc, **arguments)
    assert str(caught.value) == message
    assert stack.node.try_find_child("Web") is None


@pytest.mark.parametrize("option", ["port", "protocol", "vpc", "health_check"])
def test_a_function_has_no_option_of_the_others(stack: cdk.Stack, function: lambda_.Function, option: str) -> None:
    """What a type cannot have does not exist on its class."""
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{option}'"):
        LambdaTargetGroup(stack, "Orders", function=function, **{option: None})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: IpTarget(address="web"), "target: address must be an IP address, got 'web'"),
        (lambda: IpTarget(address="10.0.0.1", port=0), "target 10.0.0.1: port must be 1 to 65,535, got 0"),
        (lambda: InstanceTarget(instance_id="i-1", port=0), "target i-1: port must be 1 to 65,535, got 0"),
        (
            lambda: HealthCheck(interval=cdk.Duration.seconds(4)),
            "health check: interval must be 5 to 300 seconds, got 4",
        ),
        (
            lambda: HealthCheck(timeout=cdk.Duration.seconds(121)),
            "health check: timeout must be 1 to 120 seconds, got 121",
        ),
        (lambda: HealthCheck(healthy_threshold=1), "health check: healthy_threshold must be 2 to 10, got 1"),
        (lambda: HealthCheck(unhealthy_threshold=11), "health check: unhealthy_threshold must be 2 to 10, got 11"),
        (lambda: HealthCheck(codes="500"), "health check: codes must be 200 to 499, got 500"),
        (
            lambda: HealthCheck(codes="2xx"),
            "health check: codes must be status codes such as '200', '200,204' or '200-299', got '2xx'",
        ),
        (
            lambda: HealthCheck(protocol_version=ProtocolVersion.GRPC),
            "health check: protocol_version must be HTTP1 or HTTP2, got GRPC",
        ),
        (Action.forward, "forward: there must be 1 to 10 target groups, got 0"),
    ],
)
def test_values_out_of_their_limits_are_refused(make: Any, message: str) -> None:
    """Where they are made, before any construct."""
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


def test_forwards_that_go_nowhere_are_refused(stack: cdk.Stack, vpc: Vpc) -> None:
    """A group twice, all weights 0, and a weight out of its limits."""
    group = IpTargetGroup(stack, "Web", vpc=vpc)
    for make, message in (
        (lambda: Action.forward(group, group), "forward: a target group is there twice; add up its weights"),
        (
            lambda: Action.forward(Weighted(group=group, weight=0)),
            "forward: all weights are 0, so no request would go anywhere; give one a weight",
        ),
        (lambda: Weighted(group=group, weight=1000), "forward: weight must be 0 to 999, got 1000"),
    ):
        with pytest.raises(ArgumentError) as caught:
            make()
        assert str(caught.value) == message


def test_any_vpc_will_do(stack: cdk.Stack) -> None:
    """One that is made elsewhere is as good as ours."""
    IpTargetGroup(stack, "Web", vpc=ec2.Vpc.from_vpc_attributes(stack, "V", vpc_id="vpc-1", availability_zones=["x"]))
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::TargetGroup", {"Config": Match.object_like({"VpcIdentifier": "vpc-1"})}
    )


def auto_scaling_group(stack: cdk.Stack, vpc: Vpc) -> autoscaling.AutoScalingGroup:
    return autoscaling.AutoScalingGroup(
        stack,
        "Fleet",
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        instance_type=ec2.InstanceType("t4g.micro"),
        machine_image=ec2.MachineImage.latest_amazon_linux2023(cpu_type=ec2.AmazonLinuxCpuType.ARM_64),
    )


def test_instances_of_an_auto_scaling_group_register_themselves(stack: cdk.Stack, vpc: Vpc) -> None:
    """With as many target groups as it is added to; security groups admit requests and health checks."""
    web = InstanceTargetGroup(stack, "Web", vpc=vpc, health_check=HealthCheck(port=9090))
    admin = InstanceTargetGroup(stack, "Admin", vpc=vpc, port=8080)
    fleet = auto_scaling_group(stack, vpc)
    web.add_auto_scaling_group(fleet, LatticePrefixLists.of(ipv4="pl-0123456789abcdef0"))
    admin.add_auto_scaling_group(fleet)
    with pytest.raises(ArgumentError) as caught:
        web.add_auto_scaling_group(fleet)
    assert str(caught.value) == "Shop/Web: Auto Scaling group Shop/Fleet is registered already"
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::AutoScaling::AutoScalingGroup",
        {
            "TrafficSources": [
                {"Identifier": stack.resolve(web.target_group_arn), "Type": "vpc-lattice"},
                {"Identifier": stack.resolve(admin.target_group_arn), "Type": "vpc-lattice"},
            ]
        },
    )
    rules = template.find_resources("AWS::EC2::SecurityGroupIngress").values()
    opened = [(rule["Properties"]["SourcePrefixListId"], rule["Properties"]["FromPort"]) for rule in rules]
    assert sorted(opened) == [("pl-0123456789abcdef0", 80), ("pl-0123456789abcdef0", 9090)]


def test_an_auto_scaling_group_of_others_is_left_alone(stack: cdk.Stack, vpc: Vpc) -> None:
    """Its traffic sources are in somebody else's template."""
    fleet: Any = autoscaling.AutoScalingGroup.from_auto_scaling_group_name(stack, "Fleet", "fleet")
    with pytest.raises(ArgumentError) as caught:
        InstanceTargetGroup(stack, "Web", vpc=vpc).add_auto_scaling_group(fleet)
    assert str(caught.value) == (
        "Shop/Web: Auto Scaling group Shop/Fleet is imported, so its traffic sources are not this app's to change; "
        "attach the target group where it is defined"
    )


def test_ipv6_needs_a_vpc_that_has_it(stack: cdk.Stack, vpc: Vpc) -> None:
    """Of other VPCs, it is not known."""
    with pytest.raises(ArgumentError) as caught:
        IpTargetGroup(stack, "Six", vpc=vpc, ip_address_type=IpAddressType.IPV6)
    assert str(caught.value) == "Shop/Six: IPV6 needs a vpc with IPv6 addresses; give it some, or use IPV4"
    assert stack.node.try_find_child("Six") is None


def test_addresses_of_every_block_of_the_vpc(stack: cdk.Stack) -> None:
    """Not of the first one only."""
    vpc = Vpc(
        stack,
        "Two",
        cidr="10.20.0.0/16",
        secondary_cidrs=["10.30.0.0/16"],
        tiers=[Tier.isolated()],
        flow_logs=FlowLogs.none(),
    )
    IpTargetGroup(stack, "Web", vpc=vpc, targets=[IpTarget(address="10.20.0.5"), IpTarget(address="10.30.0.5")])
    with pytest.raises(ArgumentError) as caught:
        IpTargetGroup(stack, "Other", vpc=vpc, targets=[IpTarget(address="10.40.0.5")])
    assert str(caught.value) == (
        "Shop/Other: targets must be addresses of the vpc, which is 10.20.0.0/16 and 10.30.0.0/16, got '10.40.0.5'; "
        "put others behind a load balancer"
    )


@pytest.mark.parametrize(
    ("address", "ip_address_type"),
    [
        ("127.0.0.1", IpAddressType.IPV4),
        ("169.254.1.1", IpAddressType.IPV4),
        ("224.0.0.1", IpAddressType.IPV4),
        ("::1", IpAddressType.IPV6),
        ("fe80::1", IpAddressType.IPV6),
    ],
)
def test_addresses_that_no_vpc_gives_out(stack: cdk.Stack, address: str, ip_address_type: IpAddressType) -> None:
    """Whatever the VPC's blocks are."""
    vpc = ec2.Vpc(stack, "Theirs")
    with pytest.raises(ArgumentError) as caught:
        IpTargetGroup(stack, "Web", vpc=vpc, ip_address_type=ip_address_type, targets=[IpTarget(address=address)])
    assert str(caught.value) == f"Shop/Web: targets must be addresses that the vpc gives out, got {address!r}"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("8.8.8.8", "targets must be private addresses of the vpc, got '8.8.8.8'"),
        (
            "10.21.0.1",
            "targets must be addresses of the vpc, which is 10.20.0.0/16, got '10.21.0.1'; "
            "put others behind a load balancer",
        ),
    ],
)
def test_addresses_are_the_vpc_s_own(stack: cdk.Stack, vpc: Vpc, address: str, message: str) -> None:
    """Where its block is known; public ones never are."""
    with pytest.raises(ArgumentError) as caught:
        IpTargetGroup(stack, "Web", vpc=vpc, targets=[IpTarget(address=address)])
    assert str(caught.value) == f"Shop/Web: {message}"


def test_addresses_may_be_in_any_block_of_the_vpc(stack: cdk.Stack) -> None:
    """Secondary ones, too; and what IPAM will give, nobody knows."""
    tiers, none = [Tier.isolated()], FlowLogs.none()
    vpc = Vpc(stack, "V", cidr="10.20.0.0/16", secondary_cidrs=["100.64.0.0/16"], tiers=tiers, flow_logs=none)
    IpTargetGroup(stack, "Pods", vpc=vpc, targets=[IpTarget(address="100.64.7.7")])
    with pytest.raises(ArgumentError) as caught:
        IpTargetGroup(stack, "Web", vpc=vpc, targets=[IpTarget(address="10.21.0.1")])
    assert str(caught.value) == (
        "Shop/Web: targets must be addresses of the vpc, which is 10.20.0.0/16 and 100.64.0.0/16, got '10.21.0.1'; "
        "put others behind a load balancer"
    )
    pool = IpamPool(pool_id="ipam-pool-0123456789abcdef0", netmask=16)
    pooled = Vpc(stack, "Pooled", cidr=pool, tiers=tiers, flow_logs=none)
    IpTargetGroup(stack, "Any", vpc=pooled, targets=[IpTarget(address="10.99.0.1")])


def test_addresses_of_a_vpc_whose_blocks_are_not_known(stack: cdk.Stack) -> None:
    """It may have secondary ones."""
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "V", vpc_id="vpc-0123456789abcdef0", vpc_cidr_block="10.20.0.0/16", availability_zones=["eu-west-1a"]
    )
    targets = [IpTarget(address="100.64.0.1"), IpTarget(address=cdk.Fn.import_value("Address"))]
    IpTargetGroup(stack, "Web", vpc=vpc, targets=targets)
    six = [IpTarget(address="2600:1f18::5")]
    group = IpTargetGroup(stack, "Six", vpc=vpc, ip_address_type=IpAddressType.IPV6, targets=six)
    assert group.ip_address_type is IpAddressType.IPV6
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::TargetGroup", {"Targets": [{"Id": "2600:1f18::5"}]}
    )


def test_a_load_balancer_is_internal(stack: cdk.Stack) -> None:
    """One that faces the internet is refused."""
    vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.public()], flow_logs=FlowLogs.none())
    balancer = ApplicationLoadBalancer(stack, "Balancer", vpc=vpc, scheme=Scheme.INTERNET_FACING)
    with pytest.raises(ArgumentError) as caught:
        AlbTargetGroup(stack, "Web", load_balancer=balancer.resource)
    assert str(caught.value) == (
        "Shop/Web: load balancer Shop/Balancer/Resource faces the internet, and VPC Lattice takes internal ones only; "
        "make it internal"
    )


def test_a_load_balancer_has_two_groups_at_most(stack: cdk.Stack, vpc: Vpc) -> None:
    """Each for another service."""
    balancer = ApplicationLoadBalancer(stack, "Balancer", vpc=vpc)
    for name in ("First", "Second"):
        AlbTargetGroup(stack, name, load_balancer=balancer.resource)
    with pytest.raises(ArgumentError) as caught:
        AlbTargetGroup(stack, "Third", load_balancer=balancer.resource)
    assert str(caught.value) == (
        "Shop/Third: load balancer Shop/Balancer/Resource has 2 target groups at most, and has Shop/First and "
        "Shop/Second already; make another load balancer"
    )


def test_a_load_balancer_is_in_the_vpc_of_its_group(stack: cdk.Stack) -> None:
    """Two VPCs that are known to differ are refused."""
    one, other = (
        ec2.Vpc.from_vpc_attributes(
            stack,
            name,
            vpc_id=f"vpc-{name}",
            availability_zones=["eu-west-1a", "eu-west-1b"],
            private_subnet_ids=["subnet-1", "subnet-2"],
        )
        for name in ("01234567", "89abcdef")
    )
    balancer = elbv2.ApplicationLoadBalancer(stack, "Balancer", vpc=one)
    with pytest.raises(ArgumentError) as caught:
        AlbTargetGroup(stack, "Web", load_balancer=balancer, vpc=other)
    assert str(caught.value) == (
        "Shop/Web: vpc must be the load balancer's, which is vpc-01234567, got vpc-89abcdef; leave it out"
    )
    AlbTargetGroup(stack, "Web", load_balancer=balancer, vpc=one)


@pytest.mark.parametrize("arguments", [{"port": 8080}, {"protocol": TargetProtocol.HTTPS, "port": 80}])
def test_a_load_balancer_listens_where_its_group_sends(stack: cdk.Stack, vpc: Vpc, arguments: dict[str, Any]) -> None:
    """Asked at synthesis: listeners may come after the group."""
    balancer = ApplicationLoadBalancer(stack, "Balancer", vpc=vpc)
    AlbTargetGroup(stack, "Web", load_balancer=balancer.resource, **arguments)
    balancer.add_listener("Http")
    with pytest.raises(RuntimeError) as caught:
        Template.from_stack(stack)
    protocol, port = arguments.get("protocol", "HTTP"), arguments["port"]
    assert (
        f"[Shop/Web] load balancer Shop/Balancer/Resource must listen for {protocol} on {port}, as this target group "
        "does, but listens for HTTP on 80"
    ) in str(caught.value)


def test_connections_pass_through_to_a_load_balancer_that_decrypts(stack: cdk.Stack, vpc: Vpc) -> None:
    """A group of TCP leads to its listener of HTTPS."""
    balancer = ApplicationLoadBalancer(stack, "Balancer", vpc=vpc)
    arn = "arn:aws:acm:eu-west-1:111111111111:certificate/0f1e2d3c"
    balancer.add_listener("Https", certificates=[elbv2.ListenerCertificate.from_arn(arn)])
    AlbTargetGroup(stack, "Web", load_balancer=balancer.resource, protocol=TargetProtocol.TCP)
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::TargetGroup",
        {"Config": {"Port": 443, "Protocol": "TCP", "VpcIdentifier": stack.resolve(vpc.vpc_id)}},
    )
