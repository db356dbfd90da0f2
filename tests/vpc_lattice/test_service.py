"""Services, their listeners and their rules."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Annotations, Template
from aws_cdk.assertions import Match as Like

from constructs_lattice import (
    Action,
    ArgumentError,
    HeaderMatch,
    ListenerProtocol,
    Match,
    Method,
    Service,
    ServiceAssociation,
    ServiceNetwork,
)

ARN = "arn:aws-cn:vpc-lattice:cn-north-1:111111111111:service/svc-0123456789abcdef0"
GONE = Action.fixed_response(404)


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.fixture
def service(stack: cdk.Stack) -> Service:
    return Service(stack, "Orders")


def test_a_service_with_everything(stack: cdk.Stack) -> None:
    """Domain name and certificate are not dropped, nor is the timeout."""
    arn = "arn:aws:acm:eu-west-1:111111111111:certificate/0f1e2d3c"
    service = Service(
        stack,
        "Orders",
        service_name="orders",
        custom_domain_name="orders.example.com",
        certificate=acm.Certificate.from_certificate_arn(stack, "Certificate", arn),
        idle_timeout=cdk.Duration.minutes(5),
    )
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::Service",
        {
            "Name": "orders",
            "CustomDomainName": "orders.example.com",
            "CertificateArn": arn,
            "IdleTimeoutSeconds": 300,
            "DnsEntry": Like.absent(),
        },
    )
    assert stack.resolve(service.domain_name) == {"Fn::GetAtt": [_id(stack, service), "DnsEntry.DomainName"]}
    assert stack.resolve(service.hosted_zone_id) == {"Fn::GetAtt": [_id(stack, service), "DnsEntry.HostedZoneId"]}
    assert stack.resolve(service.service_id) == {"Fn::GetAtt": [_id(stack, service), "Id"]}


def _id(stack: cdk.Stack, service: Service) -> str:
    return stack.get_logical_id(service.resource)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"service_name": "a" * 41}, f"service_name must be 3 to 40 characters long, got '{'a' * 41}' (41)"),
        ({"service_name": "svc-orders"}, "service_name must not begin with 'svc-', which ids do, got 'svc-orders'"),
        ({"idle_timeout": cdk.Duration.seconds(59)}, "idle_timeout must be 60 to 600 seconds, got 59"),
        ({"idle_timeout": cdk.Duration.minutes(11)}, "idle_timeout must be 60 to 600 seconds, got 660"),
        ({"custom_domain_name": "x"}, "custom_domain_name must be 3 to 255 characters long, got 'x' (1)"),
        (
            {"custom_domain_name": "https://orders.example.com"},
            "custom_domain_name must be a domain name such as shop.example.com, got 'https://orders.example.com'",
        ),
    ],
)
def test_what_is_out_of_its_limits_is_refused(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    """CloudFormation's limits, which are tighter than the service's."""
    with pytest.raises(ArgumentError) as caught:
        Service(stack, "Orders", **arguments)
    assert str(caught.value) == f"Shop/Orders: {message}"
    assert stack.node.children == []


def test_a_certificate_needs_a_domain_name(stack: cdk.Stack) -> None:
    """It would be used for nothing."""
    arn = "arn:aws:acm:eu-west-1:111111111111:certificate/0f1e2d3c"
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", arn)
    with pytest.raises(ArgumentError) as caught:
        Service(stack, "Orders", certificate=certificate)
    assert str(caught.value) == (
        "Shop/Orders: a certificate is for a custom_domain_name, but there is none; give it, too"
    )


def test_services_that_exist_already(stack: cdk.Stack) -> None:
    """By ARN, by attributes, or as an L1 construct; what an import does not tell is said to be missing."""
    network = ServiceNetwork(stack, "Mesh")
    by_arn = Service.from_service_arn(stack, "ByArn", ARN)
    known = Service.from_service_attributes(
        stack, "Known", service_arn=ARN, domain_name="orders.example.on.aws", hosted_zone_id="Z0123"
    )
    assert (known.domain_name, known.hosted_zone_id) == ("orders.example.on.aws", "Z0123")
    with pytest.raises(ArgumentError) as caught:
        by_arn.domain_name  # noqa: B018
    assert str(caught.value) == (
        "Shop/ByArn: domain_name is not known of a service that is imported by its ARN; "
        "use Service.from_service_attributes"
    )
    ServiceAssociation(stack, "First", service_network=network, service=by_arn)
    ServiceAssociation(stack, "Second", service_network=network, service=vpclattice.CfnService(stack, "L1"))
    associations = Template.from_stack(stack).find_resources("AWS::VpcLattice::ServiceNetworkServiceAssociation")
    assert [each["Properties"]["ServiceIdentifier"] for each in associations.values()] == [ARN, {"Ref": "L1"}]


@pytest.mark.parametrize(("protocol", "port"), [(ListenerProtocol.HTTPS, 443), (ListenerProtocol.HTTP, 80)])
def test_a_listener_has_the_port_of_its_protocol(
    stack: cdk.Stack, service: Service, protocol: ListenerProtocol, port: int
) -> None:
    """Unless it is told another one."""
    listener = service.add_listener("Listener", protocol=protocol, default_action=GONE)
    assert service.listeners == {"Listener": listener}
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::Listener",
        {
            "Port": port,
            "Protocol": protocol,
            "DefaultAction": {"FixedResponse": {"StatusCode": 404}},
            "ServiceIdentifier": stack.resolve(service.service_arn),
            "Name": Like.absent(),
        },
    )


def test_two_listeners_without_names(stack: cdk.Stack, service: Service) -> None:
    """Do not get in each other's way."""
    service.add_listener("Https", default_action=GONE)
    service.add_listener("Http", protocol=ListenerProtocol.HTTP, default_action=GONE)
    Template.from_stack(stack).resource_count_is("AWS::VpcLattice::Listener", 2)


def test_a_port_is_taken_once(stack: cdk.Stack, service: Service) -> None:
    """The second listener is refused, and leaves nothing behind."""
    service.add_listener("Https", default_action=GONE)
    with pytest.raises(ArgumentError) as caught:
        service.add_listener("Http", protocol=ListenerProtocol.HTTP, port=443, default_action=GONE)
    assert str(caught.value) == "Shop/Orders/Http: port 443 is taken by listener 'Https'; choose another"
    Template.from_stack(stack).resource_count_is("AWS::VpcLattice::Listener", 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"port": 0}, "port must be 1 to 65,535, got 0"),
        (
            {"listener_name": "listener-x"},
            "listener_name must not begin with 'listener-', which ids do, got 'listener-x'",
        ),
    ],
)
def test_what_a_listener_cannot_be_is_refused(service: Service, arguments: dict[str, Any], message: str) -> None:
    """With nothing left behind."""
    with pytest.raises(ArgumentError) as caught:
        service.add_listener("Https", default_action=GONE, **arguments)
    assert str(caught.value) == f"Shop/Orders/Https: {message}"
    assert service.node.try_find_child("Https") is None


def test_quotas_that_aws_raises_are_warnings(stack: cdk.Stack, service: Service) -> None:
    """A third listener and an eleventh rule can be deployed, once the quota is raised."""
    for port in (443, 444, 445):
        listener = service.add_listener(f"Https{port}", port=port, default_action=GONE)
    for priority in range(1, 12):
        listener.add_rule(f"Rule{priority}", priority=priority, match=Match.path_exact(f"/{priority}"), action=GONE)
    warnings = [str(each.entry.data) for each in Annotations.from_stack(stack).find_warning("*", Like.any_value())]
    assert [warning.split(" [ack")[0] for warning in warnings] == [
        "more than 2 listeners; 2 a service is the quota, which AWS raises on request",
        "more than 10 rules; 10 a listener is the quota, which AWS raises on request",
    ]


def test_a_rule_says_what_it_matches(stack: cdk.Stack, service: Service) -> None:
    """Path, method and headers; whether case counts is always said, since the defaults disagree."""
    listener = service.add_listener("Https", default_action=GONE)
    headers = [
        HeaderMatch.exact("x-stage", "beta"),
        HeaderMatch.prefix("x-client", "mobile-", case_sensitive=True),
        HeaderMatch.contains("accept", "json"),
    ]
    rule = listener.add_rule(
        "Beta",
        priority=10,
        rule_name="beta",
        match=Match.path_prefix("/v2", method=Method.GET, headers=headers, case_sensitive=False),
        action=Action.fixed_response(500),
    )
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::Rule",
        {
            "Name": "beta",
            "Priority": 10,
            "ListenerIdentifier": stack.resolve(listener.listener_ref.listener_arn),
            "ServiceIdentifier": stack.resolve(service.service_arn),
            "Action": {"FixedResponse": {"StatusCode": 500}},
            "Match": {
                "HttpMatch": {
                    "Method": "GET",
                    "PathMatch": {"CaseSensitive": False, "Match": {"Prefix": "/v2"}},
                    "HeaderMatches": [
                        {"Name": "x-stage", "CaseSensitive": False, "Match": {"Exact": "beta"}},
                        {"Name": "x-client", "CaseSensitive": True, "Match": {"Prefix": "mobile-"}},
                        {"Name": "accept", "CaseSensitive": False, "Match": {"Contains": "json"}},
                    ],
                }
            },
        },
    )
    assert rule.rule_ref.rule_arn == rule.rule_arn


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        (Match.path_exact("/a"), {"PathMatch": {"CaseSensitive": True, "Match": {"Exact": "/a"}}}),
        (Match.method_is(Method.POST), {"Method": "POST"}),
        (
            Match.header_is(HeaderMatch.exact("x", "y")),
            {"HeaderMatches": [{"Name": "x", "CaseSensitive": False, "Match": {"Exact": "y"}}]},
        ),
    ],
)
def test_a_match_holds_what_was_said_and_nothing_else(
    stack: cdk.Stack, service: Service, match: Match, expected: dict[str, Any]
) -> None:
    """An empty condition would match everything, or nothing."""
    service.add_listener("Https", default_action=GONE).add_rule("Rule", priority=1, match=match, action=GONE)
    (rule,) = Template.from_stack(stack).find_resources("AWS::VpcLattice::Rule").values()
    assert rule["Properties"]["Match"] == {"HttpMatch": expected}


def test_a_priority_is_taken_once(service: Service) -> None:
    """By value, not by position."""
    listener = service.add_listener("Https", default_action=GONE)
    listener.add_rule("First", priority=7, match=Match.path_exact("/a"), action=GONE)
    with pytest.raises(ArgumentError) as caught:
        listener.add_rule("Second", priority=7, match=Match.path_exact("/b"), action=GONE)
    assert str(caught.value) == "Shop/Orders/Https/Second: priority 7 is taken by rule 'First'; choose another"
    assert listener.node.try_find_child("Second") is None


@pytest.mark.parametrize("priority", [0, 2001])
def test_priorities_are_1_to_2000(service: Service, priority: int) -> None:
    """As CloudFormation takes them."""
    listener = service.add_listener("Https", default_action=GONE)
    with pytest.raises(ArgumentError) as caught:
        listener.add_rule("Rule", priority=priority, match=Match.path_exact("/a"), action=GONE)
    assert str(caught.value) == f"Shop/Orders/Https/Rule: priority must be 1 to 2,000, got {priority}"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Match.path_exact("a"), "match: path must begin with / and hold the characters of a URL only, got 'a'"),
        (
            lambda: Match.path_prefix("/" + "a" * 128),
            f"match: path must be 1 to 128 characters long, got '/{'a' * 128}' (129)",
        ),
        (
            lambda: Match.method_is(Method.PATCH),
            "match: method must be one of CONNECT, DELETE, GET, HEAD, OPTIONS, POST, PUT, TRACE, which CloudFormation "
            "takes, got 'PATCH'; match a path or a header instead",
        ),
        (
            lambda: Match.path_exact("/", headers=[HeaderMatch.exact("x", "y")] * 6),
            "match: there must be 0 to 5 headers, got 6",
        ),
        (Match.header_is, "match: header_is needs at least one header"),
        (
            lambda: HeaderMatch.exact("x" * 41, "y"),
            f"header match: name must be 1 to 40 characters long, got '{'x' * 41}' (41)",
        ),
        (lambda: HeaderMatch.exact("x", ""), "header match 'x': value must be 1 to 128 characters long, got '' (0)"),
        (lambda: Action.fixed_response(200), "fixed_response: status_code must be 404 or 500, got 200"),
    ],
)
def test_values_out_of_their_limits_are_refused(make: Any, message: str) -> None:
    """Where they are made, before any construct."""
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


def zone(stack: cdk.Stack, name: str) -> route53.IHostedZone:
    return route53.HostedZone.from_hosted_zone_attributes(stack, "Zone", hosted_zone_id="Z0123", zone_name=name)


@pytest.mark.parametrize("name", ["example.com", "Example.com."])
def test_a_domain_name_of_one_s_own_is_found_over_ipv4_and_ipv6(stack: cdk.Stack, name: str) -> None:
    """Aliases of the name that VPC Lattice gives."""
    service = Service(stack, "Orders", custom_domain_name="orders.example.com", hosted_zone=zone(stack, name))
    assert service.custom_domain_name == "orders.example.com"
    template = Template.from_stack(stack)
    for type_ in ("A", "AAAA"):
        template.has_resource_properties(
            "AWS::Route53::RecordSet",
            {
                "Type": type_,
                "Name": "orders.example.com",
                "HostedZoneId": "Z0123",
                "AliasTarget": {
                    "DNSName": stack.resolve(service.domain_name),
                    "HostedZoneId": stack.resolve(service.hosted_zone_id),
                },
            },
        )
    template.resource_count_is("AWS::Route53::RecordSet", 2)


def test_the_domain_name_of_the_zone_itself_will_do(stack: cdk.Stack) -> None:
    """An alias can be at the top of a zone; names that only the deployment knows pass."""
    Service(stack, "Top", custom_domain_name="example.com", hosted_zone=zone(stack, "example.com"))
    token = cdk.Fn.import_value("Name")
    other = route53.HostedZone(stack, "Other", zone_name="example.org")
    Service(stack, "Token", custom_domain_name=token, hosted_zone=other)
    Template.from_stack(stack).resource_count_is("AWS::Route53::RecordSet", 4)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (None, "a hosted_zone is for a custom_domain_name, but there is none; give it, too"),
        (
            "orders.myexample.com",
            "custom_domain_name must be in the hosted zone 'example.com', got 'orders.myexample.com'; "
            "give the zone that it is in",
        ),
    ],
)
def test_a_zone_without_the_name_is_refused(stack: cdk.Stack, name: str | None, message: str) -> None:
    """The records would be found by nobody."""
    hosted_zone = zone(stack, "example.com")
    with pytest.raises(ArgumentError) as caught:
        Service(stack, "Orders", custom_domain_name=name, hosted_zone=hosted_zone)
    assert str(caught.value) == f"Shop/Orders: {message}"
    assert stack.node.try_find_child("Orders") is None


def test_a_service_stands_alone_by_default(stack: cdk.Stack, service: Service) -> None:
    """In no network, until it is associated with one."""
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::VpcLattice::Service", 1)
    template.resource_count_is("AWS::VpcLattice::ServiceNetworkServiceAssociation", 0)
    assert service.custom_domain_name is None


def test_a_domain_name_is_there_once_in_a_network(stack: cdk.Stack) -> None:
    """VPC Lattice tells services apart by it; another network may have it again."""
    mesh, other = ServiceNetwork(stack, "Mesh"), ServiceNetwork(stack, "Other")
    Service(stack, "Orders", custom_domain_name="orders.example.com", service_networks=[mesh])
    Service(stack, "Token", custom_domain_name=cdk.Fn.import_value("Name"), service_networks=[mesh])
    with pytest.raises(ArgumentError) as caught:
        Service(stack, "Again", custom_domain_name="Orders.example.com", service_networks=[mesh])
    assert str(caught.value) == (
        "Shop/Again/InMesh: service Shop/Orders has the custom_domain_name 'orders.example.com' in the service "
        "network, got service Shop/Again with the same; names are unique there"
    )
    assert stack.node.try_find_child("Again") is None
    Service(stack, "Again", custom_domain_name="orders.example.com", service_networks=[other])


def test_a_service_is_in_a_network_once(stack: cdk.Stack) -> None:
    """A second association would fail at deployment, whoever makes it."""
    mesh = ServiceNetwork(stack, "Mesh")
    service = Service(stack, "Orders", service_networks=[mesh])
    with pytest.raises(ArgumentError) as caught:
        mesh.add_service("Orders", service)
    assert str(caught.value) == (
        "Shop/Mesh/Orders: service Shop/Orders is in the service network already; leave out one association"
    )
    mesh.add_service("Imported", Service.from_service_arn(stack, "Imported", ARN))
    with pytest.raises(ArgumentError) as caught:
        mesh.add_service("Again", Service.from_service_arn(stack, "Again", ARN))
    assert str(caught.value) == (
        "Shop/Mesh/Again: service Shop/Again is in the service network already; leave out one association"
    )


def test_https_for_a_name_of_one_s_own_needs_a_certificate(stack: cdk.Stack) -> None:
    """A warning: requests for the name that VPC Lattice gives do get through."""
    arn = "arn:aws:acm:eu-west-1:111111111111:certificate/0f1e2d3c"
    certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", arn)
    Service(stack, "Good", custom_domain_name="good.example.com", certificate=certificate).add_listener(
        "Https", default_action=GONE
    )
    Service(stack, "Plain").add_listener("Https", default_action=GONE)
    bare = Service(stack, "Bare", custom_domain_name="bare.example.com")
    bare.add_listener("Http", protocol=ListenerProtocol.HTTP, default_action=GONE)
    bare.add_listener("Https", default_action=GONE)
    (warning,) = Annotations.from_stack(stack).find_warning("*", Like.any_value())
    assert warning.id == "/Shop/Bare/Https"
    assert str(warning.entry.data) == (
        "HTTPS requests for the custom_domain_name fail without a certificate; give the service one "
        "[ack: constructs-lattice:latticeNoCertificate]"
    )
