"""Rules that say who may send what they are for."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Annotations
from aws_cdk.assertions import Match as Like

from constructs_lattice import (
    Action,
    ArgumentError,
    Auth,
    HeaderMatch,
    Listener,
    ListenerProtocol,
    Match,
    Method,
    Service,
)
from tests.vpc_lattice.policies import arn_and, auth_statements, identity_statements

GONE = Action.fixed_response(404)
ARN = "arn:aws:vpc-lattice:eu-west-1:222222222222:service/svc-0123456789abcdef0"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.fixture
def web(stack: cdk.Stack) -> iam.Role:
    return iam.Role(stack, "Web", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))


def listener(stack: cdk.Stack, **arguments: Any) -> tuple[Service, Listener]:
    service = Service(stack, "Orders", auth=Auth.deny_all())
    return service, service.add_listener("Listener", default_action=GONE, **arguments)


def test_one_declaration_says_where_and_who(stack: cdk.Stack, web: iam.Role) -> None:
    """A prefix becomes a pattern, an exact value is equal, and the port is the listener's."""
    service, https = listener(stack)
    match = Match.path_prefix(
        "/orders/", method=Method.GET, headers=[HeaderMatch.exact("X-Stage", "beta", case_sensitive=True)]
    )
    https.add_rule("Orders", match=match, action=GONE, allow=[web])
    condition = {
        "NumericEquals": {"vpc-lattice-svcs:Port": "443"},
        "StringEquals": {
            "vpc-lattice-svcs:RequestMethod": "GET",
            "vpc-lattice-svcs:RequestHeader/x-stage": "beta",
        },
    }
    (theirs,), (own,) = identity_statements(stack), auth_statements(service)
    assert theirs["Condition"] == own["Condition"] == condition
    assert theirs["Resource"] == own["Resource"] == arn_and(stack, service, "/orders/*")
    assert own["Principal"] == {"AWS": stack.resolve(web.role_arn)}


def test_rules_of_one_caller_share_a_statement(stack: cdk.Stack, web: iam.Role) -> None:
    """As grants do."""
    service, https = listener(stack)
    for name, path in (("Orders", "/orders"), ("Carts", "/carts")):
        https.add_rule(name, match=Match.path_exact(path), action=GONE, allow=[web])
    (statement,) = auth_statements(service)
    assert statement["Resource"] == [arn_and(stack, service, path) for path in ("/carts", "/orders")]


def test_a_port_that_only_the_deployment_knows(stack: cdk.Stack, web: iam.Role) -> None:
    """It is in the condition as in the listener."""
    port = cdk.CfnParameter(stack, "Port", type="Number").value_as_number
    service, http = listener(stack, protocol=ListenerProtocol.HTTP, port=port)
    http.add_rule("Orders", match=Match.path_exact("/orders"), action=GONE, allow=[web])
    (statement,) = auth_statements(service)
    assert statement["Condition"] == {"NumericEquals": {"vpc-lattice-svcs:Port": {"Ref": "Port"}}}


def test_without_callers_nothing_is_written(stack: cdk.Stack) -> None:
    """Rules say where requests go, first of all."""
    _, https = listener(stack)
    https.add_rule("Orders", match=Match.path_prefix("/orders", case_sensitive=False), action=GONE)
    assert identity_statements(stack) == []


def test_a_match_that_a_policy_cannot_say_leaves_nothing_behind(stack: cdk.Stack, web: iam.Role) -> None:
    """It would be wider than the rule."""
    _, https = listener(stack)
    with pytest.raises(ArgumentError) as caught:
        https.add_rule("Orders", match=Match.path_prefix("/o", case_sensitive=False), action=GONE, allow=[web])
    assert str(caught.value) == (
        "Shop/Orders/Listener/Orders: a policy cannot compare the beginning of a path without regard to case, got "
        "'/o'; let case count in the match, or use grants.invoke with wider paths"
    )
    assert https.node.try_find_child("Orders") is None


def test_a_caller_that_cannot_be_named_leaves_nothing_behind(stack: cdk.Stack) -> None:
    """Its id and its priority are free again."""
    _, https = listener(stack)
    group = iam.Group(stack, "Group")
    with pytest.raises(ArgumentError) as caught:
        https.add_rule("Orders", match=Match.path_exact("/orders"), action=GONE, priority=5, allow=[group])
    assert str(caught.value) == (
        "Shop/Orders/Listener/Orders: no policy names a group, got Shop/Group; grant it to its users, or to a role"
    )
    https.add_rule("Orders", match=Match.path_exact("/orders"), action=GONE, priority=5)


@pytest.fixture
def jobs(stack: cdk.Stack) -> iam.Role:
    return iam.Role(stack, "Jobs", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))


def warnings(stack: cdk.Stack) -> list[tuple[str, object]]:
    found = Annotations.from_stack(stack).find_warning("*", Like.any_value())
    return [(each.id, each.entry.data) for each in found]


WIDER = (
    "rule 'Orders' lets Shop/Web send also those requests that match rule 'Admin', which takes them first and does not "
    "allow it; auth policies know no order of rules, so give the two matches without a request in common, or the same "
    "callers [ack: constructs-lattice:latticeRuleAllowsMore]"
)


@pytest.mark.parametrize("order", [("Orders", "Admin"), ("Admin", "Orders")])
def test_a_rule_that_allows_what_another_takes_first(
    stack: cdk.Stack, web: iam.Role, jobs: iam.Role, order: tuple[str, str]
) -> None:
    """A policy knows no order of rules: a warning says so, at the one that lets them, whichever is made first."""
    _, https = listener(stack)
    rules = {"Orders": ("/orders", [web]), "Admin": ("/orders/admin", [jobs])}
    for name in order:
        path, callers = rules[name]
        https.add_rule(name, match=Match.path_prefix(path), action=GONE, allow=callers)
    assert warnings(stack) == [("/Shop/Orders/Listener/Orders", WIDER)]


def test_a_rule_that_allows_more_can_be_meant(stack: cdk.Stack, web: iam.Role, jobs: iam.Role) -> None:
    """The warning is acknowledged at the rule."""
    _, https = listener(stack)
    https.add_rule("Admin", match=Match.path_prefix("/orders/admin"), action=GONE, allow=[jobs])
    orders = https.add_rule("Orders", match=Match.path_prefix("/orders"), action=GONE, allow=[web])
    cdk.Annotations.of(orders).acknowledge_warning("constructs-lattice:latticeRuleAllowsMore")
    assert warnings(stack) == []


def test_rules_that_allow_no_more_than_those_before_them(stack: cdk.Stack, web: iam.Role, jobs: iam.Role) -> None:
    """Other requests, the same callers, nobody allowed before, or an order that only the deployment knows."""
    _, https = listener(stack)
    https.add_rule("Admin", match=Match.path_prefix("/orders/admin"), action=GONE, allow=[jobs, web])
    https.add_rule("Orders", match=Match.path_prefix("/orders"), action=GONE, allow=[web])
    https.add_rule("Carts", match=Match.path_prefix("/carts", method=Method.GET), action=GONE, allow=[web])
    https.add_rule("ToCarts", match=Match.path_prefix("/carts", method=Method.PUT), action=GONE, allow=[jobs])
    https.add_rule("Canary", match=Match.path_prefix("/new/canary"), action=GONE)
    https.add_rule("New", match=Match.path_prefix("/new"), action=GONE, allow=[web])
    number: Any = cdk.CfnParameter(stack, "Priority", type="Number").value_as_number
    https.add_rule("Late", match=Match.path_prefix("/new/1"), action=GONE, allow=[jobs], priority=number)
    path = cdk.CfnParameter(stack, "Path").value_as_string
    https.add_rule("Open", match=Match.path_prefix(path), action=GONE, allow=[jobs], priority=5)
    assert warnings(stack) == []


def test_where_nobody_is_asked_nobody_is_allowed(stack: cdk.Stack, web: iam.Role) -> None:
    """Everybody is: the declaration would not be true."""
    https = Service(stack, "Open", auth=Auth.none()).add_listener("Https", default_action=GONE)
    with pytest.raises(ArgumentError) as caught:
        https.add_rule("Orders", match=Match.path_exact("/orders"), action=GONE, allow=[web])
    assert str(caught.value) == (
        "Shop/Open/Https/Orders: allow has no effect, since the service has Auth.none() and asks nobody; give it "
        "Auth.iam()"
    )


def test_of_a_service_that_is_not_ours_the_policy_cannot_be_written(stack: cdk.Stack, web: iam.Role) -> None:
    """Neither of an imported listener, nor of an imported service, nor of an L1 construct."""
    listeners = [
        Listener.from_listener_arn(stack, "Imported", f"{ARN}/listener/listener-0123456789abcdef0"),
        Listener(stack, "OfImported", service=Service.from_service_arn(stack, "Theirs", ARN), default_action=GONE),
        Listener(stack, "OfL1", service=vpclattice.CfnService(stack, "Raw"), default_action=GONE),
    ]
    for each in listeners:
        with pytest.raises(ArgumentError) as caught:
            each.add_rule("Orders", match=Match.path_exact("/orders"), action=GONE, allow=[web])
        assert str(caught.value) == (
            f"{each.node.path}/Orders: allow writes the auth policy of the service, which is not a Service of this "
            "app; let its owner allow it"
        )
