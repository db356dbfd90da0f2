"""A dashboard with all services of a network, and all their target groups."""

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Annotations, Match, Template

from constructs_lattice import (
    Action,
    IpTargetGroup,
    Listener,
    ListenerProtocol,
    NetworkDashboard,
    Service,
    ServiceNetwork,
    TargetProtocol,
    Weighted,
)

ID = "0123456789abcdef0"
ARN = f"arn:aws:vpc-lattice:eu-west-1:222222222222:service/svc-{ID}"
GONE = Action.fixed_response(404)


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(account="111111111111", region="eu-west-1"))


@pytest.fixture
def network(stack: cdk.Stack) -> ServiceNetwork:
    return ServiceNetwork(stack, "Mesh")


@pytest.fixture
def vpc(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(stack, "Vpc", vpc_id=f"vpc-{ID}", availability_zones=["eu-west-1a"])


def widgets(stack: cdk.Stack) -> list[dict[str, Any]]:
    """The widgets of the only dashboard; what only the deployment knows is a name of it."""
    (dashboard,) = Template.from_stack(stack).find_resources("AWS::CloudWatch::Dashboard").values()
    body = dashboard["Properties"]["DashboardBody"]
    parts = body["Fn::Join"][1] if isinstance(body, dict) else [body]
    text = "".join(part if isinstance(part, str) else next(iter(str(v) for v in part.values())) for part in parts)
    found: list[dict[str, Any]] = json.loads(text.replace("'", ""))["widgets"]
    return found


def titles(stack: cdk.Stack) -> list[str]:
    return [each["properties"].get("title") or each["properties"]["markdown"] for each in widgets(stack)]


def names(widget: dict[str, Any]) -> list[tuple[str, str]]:
    """The metrics of a widget, and their labels."""
    metrics = (each for each in widget["properties"].get("metrics", []) if isinstance(each[0], str))
    return [(each[1], each[-1]["label"]) for each in metrics if each[-1].get("visible", True)]


OF_SERVICE = ["answers", "failures", "latency, ms"]
OF_TARGETS = ["requests to targets", "latency of targets, p99 in ms", "connections to targets that fail"]


def test_a_service_has_two_rows(stack: cdk.Stack, network: ServiceNetwork, vpc: ec2.IVpc) -> None:
    """What callers see, and what its target groups do, whether they come before the dashboard or after it."""
    before = Service(stack, "Before", service_networks=[network])
    web = IpTargetGroup(stack, "Web", vpc=vpc)
    before.add_listener("Https", default_action=Action.forward(web))
    NetworkDashboard(stack, "Dashboard", service_network=network)
    after = Service(stack, "After", service_networks=[network])
    blue, green = (IpTargetGroup(stack, name, vpc=vpc) for name in ("Blue", "Green"))
    https = after.add_listener("Https", default_action=Action.forward(blue))
    assert https.protocol is not None
    after.add_listener("Other", port=444, default_action=Action.forward(blue, Weighted(group=green, weight=0)))
    assert titles(stack) == [
        "# Shop/Mesh",
        "## Shop/Before",
        *OF_SERVICE,
        *OF_TARGETS,
        "## Shop/After",
        *OF_SERVICE,
        *OF_TARGETS,
    ]
    found = widgets(stack)
    assert names(found[2]) == [(f"HTTPCode_{code.upper()}_Count", code) for code in ("2xx", "3xx", "4xx", "5xx")]
    assert names(found[4]) == [("RequestTime", each) for each in ("p50", "p90", "p99")]
    assert names(found[5]) == [("TotalRequestCount", "Shop/Web")]
    assert names(found[-3]) == [("TotalRequestCount", "Shop/Blue"), ("TotalRequestCount", "Shop/Green")]
    assert names(found[-2]) == [("RequestTime", "Shop/Blue"), ("RequestTime", "Shop/Green")]
    assert names(found[-1])[:3] == [
        ("ConnectionErrorCount", "Shop/Blue, errors"),
        ("ConnectionTimeoutCount", "Shop/Blue, timeouts"),
        ("TLSConnectionErrorCount", "Shop/Blue, TLS"),
    ]


def test_failures_are_a_share_of_the_requests(stack: cdk.Stack, network: ServiceNetwork) -> None:
    """And timeouts a number."""
    Service(stack, "Orders", service_networks=[network])
    NetworkDashboard(stack, "Dashboard", service_network=network)
    failures = next(each for each in widgets(stack) if each["properties"].get("title") == "failures")
    share, *rest = failures["properties"]["metrics"]
    assert share[0]["expression"] == "IF(requests >= 1, 100 * FILL(errors, 0) / requests, 0)"
    assert ("RequestTimeoutCount", "timeouts") in [(each[1], each[-1].get("label")) for each in rest]


def test_targets_of_tcp_have_connections(stack: cdk.Stack, network: ServiceNetwork, vpc: ec2.IVpc) -> None:
    """Where the others have requests."""
    NetworkDashboard(stack, "Dashboard", service_network=network)
    group = IpTargetGroup(stack, "Tcp", vpc=vpc, protocol=TargetProtocol.TCP)
    name = "vault.example.com"
    service = Service(stack, "Vault", service_networks=[network], custom_domain_name=name)
    service.add_listener("Tls", protocol=ListenerProtocol.TLS_PASSTHROUGH, default_action=Action.forward(group))
    service.grants.connect(vpc)
    requests, latency, failures = widgets(stack)[-3:]
    assert names(requests) == [("TotalConnectionCount", "Shop/Tcp, connections")]
    assert names(latency) == []
    assert len(names(failures)) == 3


def test_what_exists_already_is_on_it_when_it_is_named(stack: cdk.Stack) -> None:
    """Nobody else knows what others associate with a network; its account is that of its ARN."""
    network = ServiceNetwork.from_service_network_id(stack, "Mesh", f"sn-{ID}")
    theirs = Service.from_service_arn(stack, "Theirs", ARN)
    dashboard = NetworkDashboard(stack, "Dashboard", service_network=network, services=[theirs], dashboard_name="mesh")
    dashboard.add_service(theirs)
    assert titles(stack) == ["# Shop/Mesh", "## Shop/Theirs", *OF_SERVICE]
    metric = widgets(stack)[2]["properties"]["metrics"][0]
    assert metric[2:4] == ["Service", f"svc-{ID}"]
    assert metric[4]["accountId"] == "222222222222"
    Template.from_stack(stack).has_resource_properties("AWS::CloudWatch::Dashboard", {"DashboardName": "mesh"})


def test_only_those_that_are_named(stack: cdk.Stack, network: ServiceNetwork) -> None:
    """Others that join the network are left out."""
    orders = Service(stack, "Orders", service_networks=[network])
    NetworkDashboard(stack, "Dashboard", service_network=network, services=[orders])
    Service(stack, "Carts", service_networks=[network])
    assert [each for each in titles(stack) if each.startswith("##")] == ["## Shop/Orders"]


def test_services_and_groups_that_are_not_ours(stack: cdk.Stack, network: ServiceNetwork) -> None:
    """L1 constructs have metrics as well; target groups of theirs get their row when they are known."""
    plain = vpclattice.CfnService(stack, "L1")
    network.add_service("L1", plain)
    NetworkDashboard(stack, "Dashboard", service_network=network)
    group = vpclattice.CfnTargetGroup(stack, "Group", type="IP")
    Listener(stack, "Https", service=plain, default_action=Action.forward(group))
    assert titles(stack) == ["# Shop/Mesh", "## Shop/L1", *OF_SERVICE, *OF_TARGETS]
    assert names(widgets(stack)[-3]) == [("TotalRequestCount", "Shop/Group")]


def test_answers_from_the_logs_come_first(stack: cdk.Stack, network: ServiceNetwork) -> None:
    """Who is denied, what fails, what is slow."""
    group = logs.LogGroup.from_log_group_name(stack, "Logs", "mesh")
    NetworkDashboard(stack, "Dashboard", service_network=network, log_group=group)
    assert titles(stack) == ["# Shop/Mesh", "denied, by whom", "failures, by reason", "slowest requests"]
    slowest = widgets(stack)[-1]["properties"]
    assert slowest["query"].startswith("SOURCE mesh | fields @timestamp, duration")
    assert slowest["query"].endswith("| sort duration desc| limit 100")


def test_a_service_in_another_stack_is_on_a_dashboard_that_comes_after_it() -> None:
    """The references cross the stacks."""
    app = cdk.App()
    mesh, orders, board = (cdk.Stack(app, name) for name in ("Mesh", "Orders", "Board"))
    network = ServiceNetwork(mesh, "Network")
    Service(orders, "Service", service_networks=[network])
    NetworkDashboard(board, "Dashboard", service_network=network)
    assert "## Orders/Service" in titles(board)
    Template.from_stack(orders).has_output("*", {"Export": {"Name": Match.string_like_regexp("Orders:.*Id.*")}})


def test_too_many_widgets_are_an_error(stack: cdk.Stack, network: ServiceNetwork) -> None:
    """CloudWatch takes 500; it is said once."""
    dashboard = NetworkDashboard(stack, "Dashboard", service_network=network)
    text = cdk.aws_cloudwatch.TextWidget(markdown="x")
    dashboard.add_row(*[text] * 499)
    assert Annotations.from_stack(stack).find_error("*", Match.any_value()) == []
    dashboard.add_row(text)
    dashboard.add_row(text)
    (error,) = Annotations.from_stack(stack).find_error("*", Match.any_value())
    assert (error.id, error.entry.data) == (
        "/Shop/Dashboard",
        "a dashboard has 500 widgets at most; make several, and name the services of each",
    )
