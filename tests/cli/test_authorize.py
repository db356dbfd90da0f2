"""`lattice authorize` and `permissions`: answers, their formats, and bad input."""

import json
from pathlib import Path

import pytest
import yaml

from constructs_lattice.cli.__main__ import main

pytestmark = pytest.mark.pure

CASES = Path(__file__).parents[1] / "authorization" / "cases"
SHOP = str(CASES / "003-three-layers" / "case.yaml")
CANARY = str(CASES / "011-weighted-target-groups" / "case.yaml")
GATE = str(CASES / "012-fixed-responses" / "case.yaml")
ORG = str(CASES / "007-organization" / "case.yaml")
SAMPLES = [folder for folder in sorted(CASES.iterdir()) if folder.name < "100"]


def _lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(arguments) == 0
    return capsys.readouterr().out.splitlines()


def test_an_allowed_request_is_told_level_by_level(capsys: pytest.CaptureFixture[str]) -> None:
    """With the target groups that it is routed to. A role calls from the only VPC there is."""
    lines = _lines(capsys, "authorize", SHOP, "--from", "Shop.WebRole", "--to", "Shop.Orders", "--path", "/orders/17")
    assert lines == [
        "Shop.WebRole from Shop.Vpc: GET /orders/17 of Shop.Orders",
        "allow",
        "  network-association  passes   Shop.Mesh: Shop.MeshVpc connects Shop.Vpc to it [LAT-1]",
        "  security-group       passes   Shop.MeshVpc: TCP 443 from Shop.Vpc is let in [LAT-3]",
        "  identity             passes   Shop.WebRole: statement 0 of Shop.WebRole policy invoke-orders allows it "
        "[LAT-6]",
        "  network              passes   Shop.Mesh: statement AnyoneInThisAccount of Shop.MeshPolicy allows it [LAT-6]",
        "  service              passes   Shop.Orders: statement 0 of Shop.OrdersPolicy allows it [LAT-6]",
        "routed by the default action of Shop.OrdersHttps",
        "  Shop.OrdersTargets  100",
        "assuming",
        "  ASSUME-LAT-2: the client's own security groups, network ACLs, routes and names let the request out",
        "  ASSUME-LIMITS: service control policies, session policies and the like do not restrict the caller",
    ]


def test_a_denied_request_names_everybody_who_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    """It is not routed. Who calls from a VPC and says nothing more is anonymous."""
    lines = _lines(capsys, "authorize", SHOP, "--from", "Shop.Vpc", "--to", "Shop.Orders", "--path", "/orders/17")
    assert lines[:2] == ["anonymous from Shop.Vpc: GET /orders/17 of Shop.Orders", "deny: network, service"]
    assert not any(line.startswith("routed") for line in lines)


def test_who_signs_can_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    """By `--principal`, which wins over what `--from` signs as."""
    arguments = ["authorize", SHOP, "--from", "Shop.Vpc", "--principal", "Shop.BareRole", "--to", "Shop.Orders"]
    assert _lines(capsys, *arguments)[:2] == ["Shop.BareRole from Shop.Vpc: GET / of Shop.Orders", "deny: identity"]


def test_a_port_without_a_listener_is_refused_by_no_level(capsys: pytest.CaptureFixture[str]) -> None:
    """The listener is named instead."""
    arguments = ["authorize", SHOP, "--from", "Shop.WebRole", "--to", "Shop.Orders", "--protocol", "http"]
    lines = _lines(capsys, *arguments)
    assert lines[1] == "deny: listener"
    assert lines[-1] == (
        "  listener             refuses  Shop.Orders: no listener has the port and the protocol of the request [LAT-11]"
    )


def _sample_requests() -> list[object]:
    return [
        pytest.param(folder / "case.yaml", each, id=f"{folder.name}-{each['id']}")
        for folder in SAMPLES
        for each in yaml.safe_load((folder / "case.yaml").read_text())["guarantees"]
    ]


def _options(guarantee: dict[str, dict[str, object]]) -> list[str]:
    """The options that ask the same as a guarantee."""
    caller, request = dict(guarantee["caller"]), dict(guarantee["request"])
    options = ["--from", str(caller.pop("vpc")), "--to", str(request.pop("service"))]
    for key, value in (request.pop("headers", None) or {}).items():  # type: ignore[attr-defined]  # YAML
        options += ["--header", f"{key}={value}"]
    for key, value in (request.pop("query", None) or {}).items():  # type: ignore[attr-defined]  # YAML
        for each in value if isinstance(value, list) else [value]:
            options += ["--query", f"{key}={each}"]
    for key, value in (caller.pop("principal_tags", None) or {}).items():  # type: ignore[attr-defined]  # YAML
        options += ["--principal-tag", f"{key}={value}"]
    for name, value in (caller | request).items():
        options += [f"--{name.replace('_', '-')}", str(value)]
    return options


@pytest.mark.parametrize(("path", "guarantee"), _sample_requests())
def test_the_samples_are_answered_in_their_own_shape(
    path: Path, guarantee: dict[str, dict[str, object]], capsys: pytest.CaptureFixture[str]
) -> None:
    """`--format json` has the keys of `expect`, with the same values, whatever a guarantee can say about a request."""
    assert main(["authorize", str(path), *_options(guarantee), "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    expected = dict(guarantee["expect"])
    if answer["authorized"] == "unknown" and guarantee.get("accept_unknown"):
        return
    routed = expected.pop("routed_to", None)
    assert {name: answer[name] for name in expected} == expected
    if routed is not None:
        shares = [(each["target_group"], each["weight"]) for each in routed]  # type: ignore[attr-defined]  # YAML
        whole = sum(weight for _, weight in shares)
        actual = sum(each["weight"] for each in answer["routed_to"])
        assert {group: weight / whole for group, weight in shares if weight} == {
            each["target_group"]: each["weight"] / actual for each in answer["routed_to"]
        }


def test_json_has_the_levels_next_to_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    """All of them, with what they say and why."""
    arguments = ["authorize", SHOP, "--from", "Shop.BareRole", "--to", "Shop.Orders", "--format", "json"]
    assert main(arguments) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"authorized", "denied_by", "service_network", "levels", "assumptions"}
    assert {each["level"]: each["says"] for each in answer["levels"]} == {
        "network-association": "passes",
        "security-group": "passes",
        "identity": "refuses",
        "network": "passes",
        "service": "passes",
    }
    assert answer["levels"][0]["reasons"] == [
        {"rule": "LAT-1", "resource": "Shop.Mesh", "text": "Shop.MeshVpc connects Shop.Vpc to it"}
    ]


def test_what_a_principal_may_call_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """A role counts from all VPCs; a service narrows it down."""
    table = [
        "who           from      may call     port       method  path  with",
        "Shop.WebRole  Shop.Vpc  Shop.Orders  https 443  any     any",
    ]
    assert _lines(capsys, "permissions", SHOP, "--from", "Shop.WebRole") == table
    assert _lines(capsys, "permissions", SHOP, "--from", "Shop.WebRole", "--to", "Shop.Orders") == table
    assert _lines(capsys, "permissions", SHOP, "--from", "Shop.BareRole") == ["nothing may be called"]


def test_who_may_call_a_service_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """It says that nobody else may, where that is so."""
    assert _lines(capsys, "permissions", SHOP, "--to", "Shop.Orders") == [
        "who           from      may call     port       method  path  with",
        "Shop.WebRole  Shop.Vpc  Shop.Orders  https 443  any     any",
        "nobody else may call it",
    ]


def test_what_nobody_knows_stands_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """With all reasons; what is said of the caller may settle it."""
    assert _lines(capsys, "permissions", ORG, "--from", "Org.Analyst") == [
        "unknown: Org.Analyst from Org.Vpc: any method any path of Org.Reports (https 443)",
        "  because nobody says which organization the account of Org.Analyst is in",
    ]
    settled = _lines(capsys, "permissions", ORG, "--from", "Org.Analyst", "--principal-org", "o-acme123456")
    assert settled[1:] == ["Org.Analyst  Org.Vpc  Org.Reports  https 443  any     any"]


def test_permissions_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """One object; `others` where a service is asked about."""
    assert main(["permissions", SHOP, "--to", "Shop.Orders", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "permissions": [
            {
                "principal": "Shop.WebRole",
                "vpcs": ["Shop.Vpc"],
                "service": "Shop.Orders",
                "service_network": "Shop.Mesh",
                "ports": ["https 443"],
                "methods": [],
                "paths": [],
                "conditions": [],
                "authorized": "allow",
                "reasons": [],
            }
        ],
        "others": [],
    }


BAD = {
    "no such caller": (
        ["authorize", SHOP, "--from", "Shop.Vpcc", "--to", "Shop.Orders"],
        "error: guarantee 'authorize': there is no resource 'Shop.Vpcc', did you mean 'Shop.Vpc' or 'Shop.MeshVpc'?\n",
    ),
    "no such service": (
        ["authorize", SHOP, "--from", "Shop.Vpc", "--to", "Shop.Order"],
        "error: guarantee 'authorize': there is no resource 'Shop.Order', did you mean 'Shop.Orders' or ",
    ),
    "no such principal": (
        ["authorize", SHOP, "--from", "Shop.Vpc", "--principal", "Shop.WebRoll", "--to", "Shop.Orders"],
        "error: guarantee 'authorize': there is no resource 'Shop.WebRoll', did you mean 'Shop.WebRole'",
    ),
    "something that is no service": (
        ["authorize", SHOP, "--from", "Shop.Vpc", "--to", "Shop.Vpc"],
        "error: guarantee 'authorize': request: there is no service 'Shop.Vpc'; there is Shop.Orders\n",
    ),
    "something that calls nothing": (
        ["authorize", SHOP, "--from", "Shop.Mesh", "--to", "Shop.Orders"],
        "error: guarantee 'authorize': nobody knows the role of Shop.Mesh: Shop.Mesh is nothing that has a role to "
        "sign with; name a principal\n",
    ),
    "no such service network": (
        ["authorize", SHOP, "--from", "Shop.Vpc", "--to", "Shop.Orders", "--service-network", "Shop.Mash"],
        "error: guarantee 'authorize': there is no resource 'Shop.Mash', did you mean 'Shop.Mesh'",
    ),
    "a header without a value": (
        ["authorize", SHOP, "--from", "Shop.Vpc", "--to", "Shop.Orders", "--header", "x-stage"],
        "error: --header: write key=value, got 'x-stage'\n",
    ),
    "a path that is none": (
        ["authorize", SHOP, "--from", "Shop.Vpc", "--to", "Shop.Orders", "--path", "orders"],
        "error: guarantee 'authorize': request: path must begin with /, got 'orders'\n",
    ),
    "a header of what is passed through": (
        ["authorize", SHOP, "--from", "Shop.Vpc", "--to", "Shop.Orders", "--protocol", "tls", "--header", "a=b"],
        "error: guarantee 'authorize': request: tls is passed through unread, so it cannot have headers; leave it "
        "out\n",
    ),
    "permissions of nobody": (
        ["permissions", SHOP],
        "error: name who calls with --from, or the service with --to\n",
    ),
    "permissions on premises": (
        ["permissions", SHOP, "--from", "onprem"],
        "error: --from: caller: vpc must be a VPC for many requests at once, got 'onprem'\n",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), BAD.values(), ids=BAD)
def test_bad_input_is_exit_code_two(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With one sentence, and the nearest name."""
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith(message)
