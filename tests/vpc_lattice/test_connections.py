"""Security groups of clients, associations and targets: wired to each other by the prefix lists of VPC Lattice."""

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk.assertions import Annotations, Match, Template

from constructs_lattice import (
    AlbTargetGroup,
    ArgumentError,
    EcsTarget,
    HealthCheck,
    InstanceTarget,
    InstanceTargetGroup,
    IpAddressType,
    IpTarget,
    IpTargetGroup,
    LatticePrefixLists,
    ServiceNetwork,
)

IPV4, IPV6 = "pl-0123456789abcdef0", "pl-63a5400a"
LISTS = LatticePrefixLists.of(ipv4=IPV4, ipv6=IPV6)
ENV = cdk.Environment(account="111111111111", region="eu-west-1")


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=ENV)


@pytest.fixture
def vpc(stack: cdk.Stack) -> ec2.Vpc:
    return ec2.Vpc(stack, "Vpc", nat_gateways=0)


def closed(scope: cdk.Stack, id_: str, vpc: ec2.IVpc) -> ec2.SecurityGroup:
    return ec2.SecurityGroup(scope, id_, vpc=vpc, allow_all_outbound=False)


def rules(stack: cdk.Stack, direction: str, group: ec2.ISecurityGroup) -> set[tuple[Any, ...]]:
    """The rules of a group: the other side, and the port."""
    side = "Source" if direction == "Ingress" else "Destination"
    found = Template.from_stack(stack).find_resources(
        f"AWS::EC2::SecurityGroup{direction}", {"Properties": {"GroupId": stack.resolve(group.security_group_id)}}
    )
    return {
        (_other(rule["Properties"], side), rule["Properties"]["FromPort"], rule["Properties"]["ToPort"])
        for rule in found.values()
    }


def _other(rule: dict[str, Any], side: str) -> str:
    group = rule.get(f"{side}SecurityGroupId")
    return str(rule[f"{side}PrefixListId"]) if group is None else json.dumps(group)


def test_a_client_goes_out_to_the_lists_and_into_the_association(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """The association's group lets the client's in; addresses are named nowhere."""
    guard, client = closed(stack, "Guard", vpc), closed(stack, "Client", vpc)
    network = ServiceNetwork(stack, "Mesh")
    network.add_vpc_association("Vpc", vpc=vpc, security_groups=[guard], prefix_lists=LISTS)
    network.allow_client(client)
    network.allow_client(client, 8443)
    assert rules(stack, "Egress", client) == {(id_, port, port) for id_ in (IPV4, IPV6) for port in (443, 8443)}
    source = json.dumps(stack.resolve(client.security_group_id))
    assert rules(stack, "Ingress", guard) == {(source, 443, 443), (source, 8443, 8443)}
    assert rules(stack, "Ingress", client) == rules(stack, "Egress", guard) == set()
    assert "169.254" not in json.dumps(Template.from_stack(stack).to_json())


def test_a_client_that_lets_everything_out_is_left_alone(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """Over IPv4; what the CDK opens by default is not open for IPv6. Nobody is warned of that."""
    client = ec2.SecurityGroup(stack, "Client", vpc=vpc)
    both = ec2.SecurityGroup(stack, "Both", vpc=vpc, allow_all_ipv6_outbound=True)
    for each in (client, client, both):
        LISTS.allow_to(each)
    assert rules(stack, "Egress", client) == {(IPV6, 443, 443)}
    assert rules(stack, "Egress", both) == set()
    assert Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp(".*")) == []


def test_without_groups_the_association_filters_nothing(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """The client's own group has to let it out all the same."""
    client = closed(stack, "Client", vpc)
    network = ServiceNetwork(stack, "Mesh")
    network.add_vpc_association("Vpc", vpc=vpc, prefix_lists=LISTS).allow_client(client)
    assert rules(stack, "Egress", client) == {(IPV4, 443, 443), (IPV6, 443, 443)}
    Template.from_stack(stack).resource_count_is("AWS::EC2::SecurityGroupIngress", 0)


def test_the_association_is_that_of_the_clients_vpc(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """A network may have many."""
    other = ec2.Vpc(stack, "Other", nat_gateways=0)
    network = ServiceNetwork(stack, "Mesh")
    guards = [closed(stack, f"Guard{number}", each) for number, each in enumerate((vpc, other))]
    for guard, each in zip(guards, (vpc, other), strict=True):
        network.add_vpc_association(each.node.id, vpc=each, security_groups=[guard], prefix_lists=LISTS)
    network.allow_client(closed(stack, "Client", other))
    assert [len(rules(stack, "Ingress", guard)) for guard in guards] == [0, 1]


def test_a_client_of_another_stack(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """The rules are in its stack, which depends on that of the network, and not the other way round."""
    app = stack.node.root
    assert isinstance(app, cdk.App)
    web = cdk.Stack(app, "Web", env=ENV)
    guard = closed(stack, "Guard", vpc)
    network = ServiceNetwork(stack, "Mesh")
    network.add_vpc_association("Vpc", vpc=vpc, security_groups=[guard], prefix_lists=LISTS)
    network.allow_client(closed(web, "Client", vpc))
    Template.from_stack(web).resource_count_is("AWS::EC2::SecurityGroupIngress", 1)
    assert (stack.dependencies, web.dependencies) == ([], [stack])


def test_what_is_not_clear_is_refused(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """Which association, from which VPC, to which lists."""
    other, third = (ec2.Vpc(stack, name, nat_gateways=0) for name in ("Other", "Third"))
    network = ServiceNetwork(stack, "Mesh")
    imported = ec2.SecurityGroup.from_security_group_id(stack, "Imported", "sg-0123456789abcdef0")
    problems: list[tuple[Any, ec2.ISecurityGroup, str]] = [
        (
            network,
            imported,
            "Shop/Mesh: no association of the client's VPC is made here; add_vpc_association makes one",
        ),
        (
            network.add_vpc_association("Vpc", vpc=vpc),
            imported,
            "Shop/Mesh/Vpc: security groups are opened to VPC Lattice by its prefix lists; give prefix_lists",
        ),
        (
            network.add_vpc_association("Other", vpc=other, prefix_lists=LISTS),
            closed(stack, "Client", vpc),
            "Shop/Mesh/Other: clients must be in the vpc, but Shop/Client is in another one; make it there",
        ),
        (
            network,
            closed(stack, "Elsewhere", third),
            "Shop/Mesh: no association of the client's VPC is made here; add_vpc_association makes one",
        ),
        (
            network,
            imported,
            "Shop/Mesh: the client's VPC is not known, and may be that of Shop/Mesh/Vpc or Shop/Mesh/Other; use "
            "allow_client of its association",
        ),
    ]
    # The first two are about a network without, and with one association.
    assert _message(ServiceNetwork(stack, "Empty"), imported) == problems[0][2].replace("Mesh", "Empty")
    for target, client, message in problems[1:]:
        assert _message(target, client) == message


def _message(target: Any, client: ec2.ISecurityGroup) -> str:
    with pytest.raises(ArgumentError) as caught:
        target.allow_client(client)
    return str(caught.value)


def test_targets_take_requests_and_health_checks(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """On the ports that they have, and on that of the health checks; the group connects as others do."""
    servers, clients = closed(stack, "Servers", vpc), closed(stack, "Clients", vpc)
    group = IpTargetGroup(
        stack,
        "Group",
        vpc=vpc,
        port=8080,
        targets=[IpTarget(address="10.0.0.10"), IpTarget(address="10.0.0.11", port=9090)],
        health_check=HealthCheck(port=8081),
        security_groups=[servers],
        prefix_lists=LISTS,
    )
    expected = {(id_, port, port) for id_ in (IPV4, IPV6) for port in (8080, 8081, 9090)}
    assert rules(stack, "Ingress", servers) == expected
    assert group.prefix_lists is LISTS
    group.connections.allow_default_port_from(clients)
    assert group.connections.security_groups == [servers]


def test_a_group_connects_as_others_do(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """Its default port is that of its targets."""
    servers, clients = closed(stack, "Servers", vpc), closed(stack, "Clients", vpc)
    group = InstanceTargetGroup(
        stack, "Group", vpc=vpc, port=8080, targets=[InstanceTarget(instance_id="i-1")], security_groups=[servers]
    )
    group.connections.allow_default_port_from(clients)
    assert rules(stack, "Ingress", servers) == {(json.dumps(stack.resolve(clients.security_group_id)), 8080, 8080)}


def test_instances_that_register_themselves(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """Their groups become those of the target group, and are opened by its lists."""
    servers = closed(stack, "Servers", vpc)
    fleet = autoscaling.AutoScalingGroup(
        stack,
        "Fleet",
        vpc=vpc,
        instance_type=ec2.InstanceType("t4g.nano"),
        machine_image=ec2.MachineImage.latest_amazon_linux2023(),
        security_group=servers,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
    )
    group = InstanceTargetGroup(stack, "Group", vpc=vpc, health_check=HealthCheck(port=81), prefix_lists=LISTS)
    group.add_auto_scaling_group(fleet)
    assert rules(stack, "Ingress", servers) == {(id_, port, port) for id_ in (IPV4, IPV6) for port in (80, 81)}
    assert [each.node.path for each in group.connections.security_groups] == [servers.node.path]


def test_tasks_that_register_themselves(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """On the port of the container, not on that of the group."""
    tasks = ecs.FargateTaskDefinition(stack, "Tasks")
    tasks.add_container(
        "app",
        image=ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/httpd:2.4"),
        port_mappings=[ecs.PortMapping(name="web", container_port=8080)],
    )
    servers = closed(stack, "Servers", vpc)
    service = ecs.FargateService(
        stack,
        "Service",
        cluster=ecs.Cluster(stack, "Cluster", vpc=vpc),
        task_definition=tasks,
        security_groups=[servers],
    )
    group = IpTargetGroup(stack, "Group", vpc=vpc, prefix_lists=LISTS)
    EcsTarget(stack, "Target", service=service, group=group, port_name="web")
    assert rules(stack, "Ingress", servers) == {(IPV4, 8080, 8080), (IPV6, 8080, 8080)}
    assert [each.node.path for each in group.connections.security_groups] == [servers.node.path]


def test_a_load_balancer(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """Its own groups are those of the target group."""
    balancer = elbv2.ApplicationLoadBalancer(stack, "Balancer", vpc=vpc)
    group = AlbTargetGroup(stack, "Group", load_balancer=balancer, port=8080, prefix_lists=LISTS)
    (servers,) = balancer.connections.security_groups
    assert rules(stack, "Ingress", servers) == {(IPV4, 8080, 8080), (IPV6, 8080, 8080)}
    assert [each.node.path for each in group.connections.security_groups] == [servers.node.path]


def test_a_load_balancer_of_another_stack(stack: cdk.Stack) -> None:
    """The group's stack comes after the load balancer's, and names the list there, which is a parameter of its own."""
    app = stack.node.root
    assert isinstance(app, cdk.App)
    theirs = cdk.Stack(app, "Theirs", env=ENV)
    vpc = ec2.Vpc(theirs, "Vpc", nat_gateways=0)
    balancer = elbv2.ApplicationLoadBalancer(theirs, "Balancer", vpc=vpc)
    AlbTargetGroup(stack, "Group", load_balancer=balancer, prefix_lists=LatticePrefixLists.from_parameters(stack))
    (rule,) = Template.from_stack(stack).find_resources("AWS::EC2::SecurityGroupIngress").values()
    assert rule["Properties"]["SourcePrefixListId"] == {"Ref": "LatticePrefixList"}
    assert rule["Properties"]["FromPort"] == rule["Properties"]["ToPort"] == 80
    assert [each.node.id for each in stack.dependencies] == ["Theirs"]


def test_what_targets_cannot_have_is_refused(stack: cdk.Stack, vpc: ec2.Vpc) -> None:
    """A group of another VPC; addresses of IPv6 without their prefix list."""
    other = closed(stack, "Servers", ec2.Vpc(stack, "Other", nat_gateways=0))
    for make in (IpTargetGroup, InstanceTargetGroup):
        with pytest.raises(ArgumentError) as caught:
            make(stack, "Group", vpc=vpc, security_groups=[other])
        assert str(caught.value) == (
            "Shop/Group: security_groups must be in the vpc, but Shop/Servers is in another one; make it there"
        )
    with pytest.raises(ArgumentError) as caught:
        IpTargetGroup(
            stack,
            "Group",
            vpc=vpc,
            ip_address_type=IpAddressType.IPV6,
            prefix_lists=LatticePrefixLists.of(ipv4=IPV4),
        )
    assert str(caught.value) == "Shop/Group: prefix_lists has no ipv6, but the target group is of IPv6; add it"
