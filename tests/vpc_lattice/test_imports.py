"""What exists already: by ARN, by id, by attributes, tokens included; ours and theirs are the same to each other."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Template

from constructs_lattice import (
    AccessLogSubscription,
    Action,
    ArgumentError,
    DomainVerification,
    Listener,
    ListenerProtocol,
    Match,
    ProtocolVersion,
    ResourceAssociation,
    ResourceConfiguration,
    ResourceGateway,
    Rule,
    Service,
    ServiceAssociation,
    ServiceNetwork,
    TargetGroup,
    TargetProtocol,
    VpcAssociation,
)

ID = "0123456789abcdef0"
SERVICE = f"service/svc-{ID}"
LISTENER = f"{SERVICE}/listener/listener-{ID}"
PATHS = {
    "service_network": f"servicenetwork/sn-{ID}",
    "service": SERVICE,
    "listener": LISTENER,
    "rule": f"{LISTENER}/rule/rule-{ID}",
    "target_group": f"targetgroup/tg-{ID}",
    "vpc_association": f"servicenetworkvpcassociation/snva-{ID}",
    "service_association": f"servicenetworkserviceassociation/snsa-{ID}",
    "resource_association": f"servicenetworkresourceassociation/snra-{ID}",
    "access_log_subscription": f"accesslogsubscription/als-{ID}",
    "resource_gateway": f"resourcegateway/rgw-{ID}",
    "resource_configuration": f"resourceconfiguration/rcfg-{ID}",
    "domain_verification": f"domainverification/dv-{ID}",
}
BY_ARN: dict[str, Callable[[cdk.Stack, str, str], Any]] = {
    "service_network": ServiceNetwork.from_service_network_arn,
    "service": Service.from_service_arn,
    "listener": Listener.from_listener_arn,
    "rule": Rule.from_rule_arn,
    "target_group": TargetGroup.from_target_group_arn,
    "vpc_association": VpcAssociation.from_vpc_association_arn,
    "service_association": ServiceAssociation.from_service_association_arn,
    "resource_association": ResourceAssociation.from_resource_association_arn,
    "access_log_subscription": AccessLogSubscription.from_access_log_subscription_arn,
    "resource_gateway": ResourceGateway.from_resource_gateway_arn,
    "resource_configuration": ResourceConfiguration.from_resource_configuration_arn,
    "domain_verification": DomainVerification.from_domain_verification_arn,
}
BY_ID: dict[str, Callable[[cdk.Stack, str, str], Any]] = {
    "service_network": ServiceNetwork.from_service_network_id,
    "service": Service.from_service_id,
    "target_group": TargetGroup.from_target_group_id,
    "vpc_association": VpcAssociation.from_vpc_association_id,
    "service_association": ServiceAssociation.from_service_association_id,
    "resource_association": ResourceAssociation.from_resource_association_id,
    "access_log_subscription": AccessLogSubscription.from_access_log_subscription_id,
    "resource_gateway": ResourceGateway.from_resource_gateway_id,
    "resource_configuration": ResourceConfiguration.from_resource_configuration_id,
    "domain_verification": DomainVerification.from_domain_verification_id,
}
THEIRS: dict[str, Callable[[Any], str]] = {
    "service_network": vpclattice.CfnServiceNetwork.arn_for_service_network,
    "service": vpclattice.CfnService.arn_for_service,
    "listener": vpclattice.CfnListener.arn_for_listener,
    "rule": vpclattice.CfnRule.arn_for_rule,
    "target_group": vpclattice.CfnTargetGroup.arn_for_target_group,
    "vpc_association": vpclattice.CfnServiceNetworkVpcAssociation.arn_for_service_network_vpc_association,
    "service_association": vpclattice.CfnServiceNetworkServiceAssociation.arn_for_service_network_service_association,
    "resource_association": (
        vpclattice.CfnServiceNetworkResourceAssociation.arn_for_service_network_resource_association
    ),
    "access_log_subscription": vpclattice.CfnAccessLogSubscription.arn_for_access_log_subscription,
    "resource_gateway": vpclattice.CfnResourceGateway.arn_for_resource_gateway,
    "resource_configuration": vpclattice.CfnResourceConfiguration.arn_for_resource_configuration,
    "domain_verification": vpclattice.CfnDomainVerification.arn_for_domain_verification,
}
WHAT = {
    "service_network": ("a service network", "sn"),
    "service": ("a service", "svc"),
    "target_group": ("a target group", "tg"),
    "vpc_association": ("an association of a VPC", "snva"),
    "service_association": ("an association of a service", "snsa"),
    "resource_association": ("an association of a resource", "snra"),
    "access_log_subscription": ("an access log subscription", "als"),
    "resource_gateway": ("a resource gateway", "rgw"),
    "resource_configuration": ("a resource configuration", "rcfg"),
    "domain_verification": ("a domain verification", "dv"),
    "listener": ("a listener", "listener"),
    "rule": ("a rule", "rule"),
}
GONE = Action.fixed_response(404)


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))


def arn_of(kind: str, partition: str = "aws", region: str = "eu-west-1", account: str = "222222222222") -> str:
    return f"arn:{partition}:vpc-lattice:{region}:{account}:{PATHS[kind]}"


@pytest.mark.parametrize(
    ("partition", "region"),
    [("aws", "eu-west-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1"), ("aws-eusc", "eusc-de-east-1")],
)
@pytest.mark.parametrize("kind", BY_ARN)
def test_an_arn_of_any_partition(stack: cdk.Stack, kind: str, partition: str, region: str) -> None:
    """It is taken as it is, aws-cdk-lib takes the reference, and id and environment are those in the ARN."""
    arn = arn_of(kind, partition, region)
    imported = BY_ARN[kind](stack, "Imported", arn)
    assert getattr(imported, f"{kind}_arn") == arn
    assert getattr(imported, f"{kind}_id") == arn.rpartition("/")[2]
    assert (imported.env.account, imported.env.region) == ("222222222222", region)
    assert THEIRS[kind](imported) == arn


@pytest.mark.parametrize("kind", BY_ARN)
def test_an_arn_that_only_the_deployment_knows(stack: cdk.Stack, kind: str) -> None:
    """CloudFormation takes it apart: for the id, and for the environment."""
    imported = BY_ARN[kind](stack, "Imported", cdk.Fn.import_value("Arn"))
    token = {"Fn::ImportValue": "Arn"}
    slashes = PATHS[kind].count("/")
    assert stack.resolve(THEIRS[kind](imported)) == token
    assert stack.resolve(getattr(imported, f"{kind}_id")) == {"Fn::Select": [slashes, {"Fn::Split": ["/", token]}]}
    assert stack.resolve([imported.env.account, imported.env.region]) == [
        {"Fn::Select": [part, {"Fn::Split": [":", token]}]} for part in (4, 3)
    ]


@pytest.mark.parametrize("kind", BY_ARN)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda arn: arn.rpartition("/")[2],
        lambda arn: arn[:-1],
        lambda arn: f"{arn}/",
        lambda arn: arn.replace("vpc-lattice", "elasticloadbalancing"),
        lambda arn: arn.replace("222222222222", ""),
        lambda arn: arn.upper(),
        lambda _: "",
    ],
    ids=["id", "short", "long", "other", "nobody", "upper", "empty"],
)
def test_a_malformed_arn_is_refused(stack: cdk.Stack, kind: str, spoil: Callable[[str], str]) -> None:
    """With nothing left behind, and with an example of a right one."""
    arn = spoil(arn_of(kind))
    with pytest.raises(ArgumentError) as caught:
        BY_ARN[kind](stack, "Imported", arn)
    assert str(caught.value) == (
        f"Shop/Imported: {kind}_arn must be the ARN of {WHAT[kind][0]}, arn:…:{PATHS[kind]}, got {arn!r}"
    )
    assert stack.node.children == []


@pytest.mark.parametrize("kind", BY_ARN)
def test_an_arn_of_something_else_is_refused(stack: cdk.Stack, kind: str) -> None:
    """However like it is."""
    for other in PATHS:
        if other != kind:
            with pytest.raises(ArgumentError):
                BY_ARN[kind](stack, "Imported", arn_of(other))


@pytest.mark.parametrize("kind", BY_ID)
def test_an_id_of_the_stack_s_own_account_and_region(stack: cdk.Stack, kind: str) -> None:
    """In the partition of the stack; a token is one, too."""
    id_ = PATHS[kind].rpartition("/")[2]
    imported = BY_ID[kind](stack, "Imported", id_)
    resource = PATHS[kind].partition("/")[0]
    assert stack.resolve(getattr(imported, f"{kind}_arn")) == {
        "Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":vpc-lattice:eu-west-1:111111111111:{resource}/{id_}"]]
    }
    token = BY_ID[kind](stack, "Token", cdk.Fn.import_value("Id"))
    assert stack.resolve(getattr(token, f"{kind}_arn"))["Fn::Join"][1][-1] == {"Fn::ImportValue": "Id"}


@pytest.mark.parametrize("kind", BY_ID)
@pytest.mark.parametrize("rest", ["", "1", "0123456789ABCDEF0", "0123456789abcdef01", "0123456789abcde-0"])
def test_a_malformed_id_is_refused(stack: cdk.Stack, kind: str, rest: str) -> None:
    """Seventeen letters and digits follow what ids of its kind begin with."""
    what, prefix = WHAT[kind]
    with pytest.raises(ArgumentError) as caught:
        BY_ID[kind](stack, "Imported", f"{prefix}-{rest}")
    assert str(caught.value) == (
        f"Shop/Imported: {kind}_id must be the id of {what} such as {prefix}-{ID}, got '{prefix}-{rest}'"
    )
    assert stack.node.children == []


def test_listeners_and_rules_by_the_ids_that_they_have_in_their_service(stack: cdk.Stack) -> None:
    """Of services and listeners of whatever kind; a default action is a rule, too."""
    service = Service.from_service_arn(stack, "Service", arn_of("service"))
    listener = Listener.from_listener_id(stack, "Listener", service=service, listener_id=f"listener-{ID}")
    assert listener.listener_arn == arn_of("listener")
    rule = Rule.from_rule_id(stack, "Rule", listener=listener, rule_id=f"rule-{ID}")
    assert rule.rule_arn == arn_of("rule")
    plain = vpclattice.CfnListener(stack, "L1", protocol="HTTP", default_action={"fixedResponse": {"statusCode": 404}})
    default = Rule.from_rule_id(stack, "Default", listener=plain, rule_id="default")
    assert stack.resolve(default.rule_arn) == {"Fn::Join": ["", [{"Ref": "L1"}, "/rule/default"]]}
    assert Rule.from_rule_arn(stack, "ByArn", f"{arn_of('listener')}/rule/default").rule_id == "default"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda stack, service: Listener.from_listener_id(stack, "X", service=service, listener_id="rule-1"),
            f"listener_id must be the id of a listener such as listener-{ID}, got 'rule-1'",
        ),
        (
            lambda stack, _: Rule.from_rule_id(
                stack, "X", listener=Listener.from_listener_arn(stack, "L", arn_of("listener")), rule_id="other"
            ),
            f"rule_id must be the id of a rule such as rule-{ID}, got 'other'",
        ),
    ],
)
def test_malformed_ids_within_a_service_are_refused(stack: cdk.Stack, make: Any, message: str) -> None:
    """As all others are."""
    service = Service.from_service_arn(stack, "Service", arn_of("service"))
    with pytest.raises(ArgumentError) as caught:
        make(stack, service)
    assert str(caught.value) == f"Shop/X: {message}"


def test_what_a_listener_speaks_can_be_told(stack: cdk.Stack) -> None:
    """Its rules are checked by it; a TLS listener has none."""
    tls = Listener.from_listener_attributes(
        stack, "Tls", listener_arn=arn_of("listener"), protocol=ListenerProtocol.TLS_PASSTHROUGH
    )
    assert tls.protocol is ListenerProtocol.TLS_PASSTHROUGH
    with pytest.raises(ArgumentError) as caught:
        tls.add_rule("Rule", match=Match.path_prefix("/"), action=GONE)
    assert str(caught.value) == (
        "Shop/Tls/Rule: a TLS listener reads no requests and has no rules; use its default_action"
    )


@pytest.mark.parametrize(
    ("speaks", "listener", "message"),
    [
        ({"protocol": TargetProtocol.TCP}, "HTTPS", "speaks TCP, which needs a TLS_PASSTHROUGH listener"),
        (
            {"protocol": TargetProtocol.HTTP, "protocol_version": ProtocolVersion.GRPC},
            "HTTP",
            "speaks GRPC, which needs an HTTPS listener",
        ),
        (
            {"protocol": None},
            "TLS_PASSTHROUGH",
            "invokes a function, but a TLS listener forwards to groups of TCP only",
        ),
    ],
)
def test_what_a_target_group_speaks_can_be_told(
    stack: cdk.Stack, speaks: dict[str, Any], listener: str, message: str
) -> None:
    """Its use is checked by it."""
    arn = arn_of("target_group")
    group = TargetGroup.from_target_group_attributes(stack, "Group", target_group_arn=arn, **speaks)
    service = Service.from_service_arn(stack, "Service", arn_of("service"))
    with pytest.raises(ArgumentError) as caught:
        Listener(stack, "L", service=service, default_action=Action.forward(group), protocol=ListenerProtocol(listener))
    assert str(caught.value) == f"Shop/L: target group Shop/Group {message}"


def test_a_service_tells_its_domain_name_when_it_is_told(stack: cdk.Stack) -> None:
    """It is then unique in a network, as that of one that is made here."""
    known = Service.from_service_attributes(
        stack,
        "Known",
        service_arn=arn_of("service"),
        domain_name="orders.example.on.aws",
        hosted_zone_id="Z0123",
        custom_domain_name="orders.example.com",
    )
    network = ServiceNetwork(stack, "Mesh")
    network.add_service("Known", known)
    with pytest.raises(ArgumentError) as caught:
        Service(stack, "Orders", custom_domain_name="orders.example.com", service_networks=[network])
    assert str(caught.value) == (
        "Shop/Orders/InMesh: service Shop/Known has the custom_domain_name 'orders.example.com' in the service "
        "network, got service Shop/Orders with the same; names are unique there"
    )


def test_what_is_made_here_has_references_too(stack: cdk.Stack) -> None:
    """Associations and subscriptions are what aws-cdk-lib knows by its references."""
    network, service = ServiceNetwork(stack, "Mesh"), Service(stack, "Orders")
    vpc = cdk.aws_ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id=f"vpc-{ID}", availability_zones=["eu-west-1a"])
    made: dict[str, Any] = {
        "vpc_association": network.add_vpc_association("Vpc", vpc=vpc),
        "service_association": network.add_service("Orders", service),
    }
    for kind, construct in made.items():
        arn = {"Fn::GetAtt": [stack.get_logical_id(construct.resource), "Arn"]}
        assert stack.resolve(THEIRS[kind](construct)) == arn
        assert stack.resolve(getattr(construct, f"{kind}_id"))["Fn::Select"][0] == 1
        assert (construct.env.account, construct.env.region) == ("111111111111", "eu-west-1")
    Template.from_stack(stack)
