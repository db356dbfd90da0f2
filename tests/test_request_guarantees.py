"""Guarantees about requests in an application: what is broken fails the synthesis."""

import json
from pathlib import Path

import aws_cdk as cdk
import pytest

from constructs_lattice import Anonymous, GuaranteeError, Guarantees
from constructs_lattice.authorization import Level, Protocol
from tests.shops import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """The shop, in an application of its own."""
    return Shop(cdk.App(outdir=str(tmp_path / "cdk.out")))


def _violations(shop: Shop) -> list[dict[str, object]]:
    app = shop.node.root
    assert isinstance(app, cdk.App)
    report = json.loads((Path(app.outdir) / "validation-report.json").read_text())
    ours = [each for each in report["pluginReports"] if each["pluginName"] == "constructs-lattice"]
    return [violation for each in ours for violation in each["violations"]]


def test_what_holds_lets_the_synthesis_through(shop: Shop) -> None:
    """Requests are authorized and routed as stated, others are refused."""
    guarantees = Guarantees.of(shop)
    guarantees.authorize(shop.web, to=shop.orders, path="/orders/17", routed_to={shop.blue: 90, shop.green: 10})
    guarantees.authorize(Anonymous, to=shop.orders, path="/status", fixed_response=404, why="monitors ask for it")
    guarantees.refuse(shop.web, to=shop.orders, method="DELETE", path="/orders/17")
    guarantees.refuse(shop.batch, to=shop.orders, method="GET", path="/orders/17", denied_by=Level.SERVICE)
    guarantees.refuse(shop.batch, to=shop.orders, path="/orders/17", why="with any method")
    guarantees.refuse(Anonymous, to=shop.orders, path="/orders/17", vpc=shop.vpc)
    shop.node.root.synth()  # type: ignore[attr-defined]  # the root is the app
    assert _violations(shop) == []


def test_what_does_not_hold_fails_the_synthesis(shop: Shop) -> None:
    """The report names the guarantee, what it is there for, and every level; it blames who refuses."""
    Guarantees.of(shop).authorize(shop.batch, to=shop.orders, path="/orders/17", why="the nightly report needs it")
    with pytest.raises(RuntimeError, match="the nightly report needs it"):
        shop.node.root.synth()  # type: ignore[attr-defined]  # the root is the app
    (violation,) = _violations(shop)
    assert violation["ruleName"] == "authorize Shop/Batch to Shop/Orders, GET /orders/17"
    assert "expected authorized allow, got authorized deny, denied_by network" in str(violation["description"])
    assert "service              refuses" in str(violation["description"])
    assert "Shop/Network/Resource" in json.dumps(violation["violatingConstructs"])


def test_one_guarantee_is_stated_once(shop: Shop) -> None:
    """Its id has all that makes it different from others."""
    guarantees = Guarantees.of(shop)
    guarantees.refuse(
        shop.web,
        to=shop.orders,
        method="GET",
        path="/",
        vpc=shop.vpc,
        headers={"x-stage": "beta"},
        query={"env": ["a", "b"]},
    )
    guarantees.refuse(shop.web, to=shop.orders)
    guarantees.refuse(shop.web, to=shop.orders, method="PUT")
    guarantees.refuse(
        shop.web,
        to=shop.orders,
        path="/",
        port=8443,
        service_network=shop.network,
        principal_org="o-acme123456",
        principal_tags={"team": "web"},
    )
    guarantees.refuse(shop.web, to=shop.orders, protocol=Protocol.TLS)
    assert [each.removeprefix("refuse Shop/Web to Shop/Orders, ") for each in guarantees._plugin.rule_ids] == [
        "GET / from Shop/Vpc with x-stage=beta, ?env=a,b",
        "any request",
        "PUT any path",
        "any method / over any 8443 through Shop/Network with tag team=web, organization=o-acme123456",
        "a connection over tls",
    ]
    with pytest.raises(GuaranteeError) as caught:
        guarantees.refuse(shop.web, to=shop.orders)
    assert str(caught.value) == (
        "guarantee 'refuse Shop/Web to Shop/Orders, any request' is there already; say it once"
    )


def test_a_guarantee_about_nothing_fails_the_synthesis(shop: Shop) -> None:
    """With the nearest name, never silently."""
    Guarantees.of(shop).refuse(Anonymous, to="Shop/Order")
    with pytest.raises(RuntimeError):
        shop.node.root.synth()  # type: ignore[attr-defined]  # the root is the app
    (violation,) = _violations(shop)
    assert "there is no resource 'Shop/Order', did you mean 'Shop/Orders'" in str(violation["description"])
