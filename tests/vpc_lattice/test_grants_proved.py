"""Grants, read back out of the template by what decides about requests: exactly what was granted may be sent."""

from urllib.parse import parse_qs

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lattice import (
    Action,
    Auth,
    FlowLogs,
    HeaderMatch,
    Match,
    Method,
    Service,
    ServiceNetwork,
    Tier,
    Vpc,
)
from constructs_lattice.authorization import Answer, Authorizer, Caller, Request
from constructs_lattice.templates import load
from constructs_lattice.templates.read_lattice import read_lattice

ENV = cdk.Environment(account="111111111111", region="eu-west-1")
NETWORKS = {
    "iam": Auth.iam(),
    "same account": Auth.same_account(),
    "authenticated": Auth.authenticated(),
    "none": Auth.none(),
}


class Mesh:
    """A service with grants of every kind, in a network, and who asks."""

    def __init__(self, auth: Auth) -> None:
        self.app = cdk.App()
        stack = cdk.Stack(self.app, "Shop", env=ENV)
        vpc = Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=[Tier.isolated()], flow_logs=FlowLogs.none())
        network = ServiceNetwork(stack, "Mesh", auth=auth)
        network.add_vpc_association("Vpc", vpc=vpc)
        roles = {
            name: iam.Role(stack, name, assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
            for name in ("Web", "Beta", "Other")
        }
        orders = Service(stack, "Orders", service_networks=[network], auth=Auth.iam())
        https = orders.add_listener("Https", default_action=Action.fixed_response(404))
        orders.grants.invoke(roles["Web"], methods=[Method.GET, Method.PATCH], paths=["/orders", "/orders/*"])
        orders.grants.invoke(iam.AnyPrincipal(), methods=[Method.GET], paths=["/status"])
        # Two grants, which are not one of either value.
        for stage in ("dev", "test"):
            orders.grants.invoke(roles["Web"], paths=["/stages"], query={"stage": stage})
        orders.grants.invoke(roles["Web"], paths=["/search"], query={"q": ["a*", "b"], "lang": "*"})
        https.add_rule(
            "Beta",
            match=Match.path_prefix("/beta/", headers=[HeaderMatch.exact("x-stage", "Beta")]),
            action=Action.fixed_response(500),
            allow=[roles["Beta"]],
        )
        # A caller that may call everything, as far as its own policy goes.
        roles["Other"].add_to_policy(iam.PolicyStatement(actions=["vpc-lattice-svcs:*"], resources=["*"]))

    def ask(self) -> "Asked":
        """Read the templates."""
        ((_, estate),) = load(self.app.synth().directory).cases()
        return Asked(
            Authorizer(lattice=read_lattice(estate)),
            str(estate.of_type("AWS::EC2::VPC")[0].id),
            str(estate.find("Shop/Orders").id),
            {name: str(estate.find(f"Shop/{name}").id) for name in ("Web", "Beta", "Other")},
        )


class Asked:
    """Whether requests are allowed."""

    def __init__(self, authorizer: Authorizer, vpc: str, service: str, roles: dict[str, str]) -> None:
        self._authorizer = authorizer
        self._vpc = vpc
        self._service = service
        self._roles = roles

    def __call__(self, who: str, method: str, path: str, **headers: str) -> Answer:
        caller = Caller(vpc=self._vpc, principal=self._roles.get(who, who))
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        path, _, search = path.partition("?")
        query = {key: tuple(values) for key, values in parse_qs(search, keep_blank_values=True).items()}
        request = Request(service=self._service, method=method, path=path, query=query, headers=sent)
        return self._authorizer.authorize(caller, request).authorized


@pytest.mark.parametrize("name", NETWORKS)
def test_what_was_granted_may_be_sent_and_nothing_else(name: str) -> None:
    """Whatever the network lets in from the beginning."""
    asked = Mesh(NETWORKS[name]).ask()
    allow, deny = Answer.ALLOW, Answer.DENY
    assert [
        asked("Web", "GET", "/orders"),
        asked("Web", "PATCH", "/orders/1/items"),
        asked("Beta", "POST", "/beta/1", x_stage="beta"),
        asked("anonymous", "GET", "/status"),
        asked("Web", "POST", "/stages?stage=dev"),
        asked("Web", "POST", "/stages?stage=test&stage=test&more=1"),
        asked("Web", "GET", "/search?q=apple&q=b&lang="),
    ] == [allow] * 7
    assert [
        asked("Web", "POST", "/orders"),
        asked("Web", "GET", "/ordersandmore"),
        asked("Web", "GET", "/beta/1", x_stage="beta"),
        asked("Beta", "GET", "/orders"),
        asked("Beta", "GET", "/beta/1", x_stage="alpha"),
        asked("Beta", "GET", "/beta/1"),
        asked("Other", "GET", "/orders"),
        asked("anonymous", "GET", "/orders"),
        asked("anonymous", "POST", "/status"),
        asked("anonymous", "GET", "/status/1"),
        asked("Web", "GET", "/stages"),
        asked("Web", "GET", "/stages?stage="),
        asked("Web", "GET", "/stages?stage=dev&stage=prod"),
        asked("Web", "GET", "/stages?stage=dev&stage=test"),
        asked("Web", "GET", "/stages?stage=dev&stage="),
        asked("Web", "GET", "/search?q=apple"),
        asked("Web", "GET", "/search?q=apple&q=c&lang=en"),
    ] == [deny] * 17
