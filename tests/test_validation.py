"""Guarantees in an application: what is broken fails the synthesis, in the CDK's own report."""

import json
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from constructs import RootConstruct

from constructs_lattice import FlowLogs, GuaranteeError, Guarantees, Internet, Tier, Vpc


class Shop(cdk.Stack):
    """A VPC with a public and an isolated tier, and an instance in each."""

    def __init__(self, scope: cdk.App, id: str = "Shop") -> None:
        super().__init__(scope, id, env=cdk.Environment(region="eu-west-1", account="111111111111"))
        self.vpc = Vpc(
            self,
            "Vpc",
            cidr="10.20.0.0/16",
            tiers=[Tier.public("web"), Tier.isolated("data")],
            flow_logs=FlowLogs.none(),
            gateway_endpoints=[],
        )
        self.web, self.data = (self._instance(tier, public=tier == "web") for tier in ("web", "data"))

    def _instance(self, tier: str, *, public: bool) -> ec2.Instance:
        return ec2.Instance(
            self,
            tier.title(),
            vpc=self.vpc,
            vpc_subnets=self.vpc.tier(tier).selection,
            instance_type=ec2.InstanceType("t3.micro"),
            machine_image=ec2.MachineImage.generic_linux({"eu-west-1": "ami-0123456789abcdef0"}),
            associate_public_ip_address=public,
        )


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """The shop, in an application of its own."""
    return Shop(cdk.App(outdir=str(tmp_path / "cdk.out")))


def _synth(shop: Shop) -> None:
    app = shop.node.root
    assert isinstance(app, cdk.App)
    app.synth()


def _violations(shop: Shop) -> list[dict[str, object]]:
    """What the CDK's report says of the guarantees."""
    report = json.loads((Path(str(shop.node.root.outdir)) / "validation-report.json").read_text())  # type: ignore[attr-defined]
    ours = [each for each in report["pluginReports"] if each["pluginName"] == "constructs-lattice"]
    return [violation for each in ours for violation in each["violations"]]


def test_what_holds_lets_the_synthesis_through(shop: Shop) -> None:
    """Constructs, tiers and names are ends alike; the rule lets the web tier in, and nobody else."""
    shop.data.connections.allow_from(shop.web, ec2.Port.tcp(5432))
    shop.web.connections.allow_from_any_ipv4(ec2.Port.tcp(443))
    guarantees = Guarantees.of(shop)
    guarantees.allow(Internet, to=shop.web, port=443)
    guarantees.allow(shop.web, to=shop.data, port=5432, why="orders are kept there")
    guarantees.deny(Internet, to=shop.vpc.tier("data"))
    guarantees.deny(shop.data, to="Shop/Web", port=22)
    _synth(shop)
    assert _violations(shop) == []


def test_a_guarantee_may_ask_for_symmetry(shop: Shop) -> None:
    """Where there is no appliance, it is broken."""
    shop.data.connections.allow_from(shop.web, ec2.Port.tcp(5432))
    Guarantees.of(shop).allow(shop.web, to=shop.data, port=5432, symmetric=True)
    with pytest.raises(RuntimeError, match="a path crosses no appliance at all"):
        _synth(shop)


def test_what_does_not_hold_fails_the_synthesis(shop: Shop) -> None:
    """The report names the guarantee, the way of the packets, and the resources on it."""
    shop.data.connections.allow_from_any_ipv4(ec2.Port.tcp(22))
    Guarantees.of(shop).deny(shop.web, to=shop.data, port=22, why="nobody logs in")
    with pytest.raises(RuntimeError, match="nobody logs in"):
        _synth(shop)
    (violation,) = _violations(shop)
    assert violation["ruleName"] == "deny Shop/Web to Shop/Data, tcp 22"
    assert "Shop/Web to Shop/Data, tcp 22: expected unreachable, got reachable" in str(violation["description"])
    assert "meant: nobody logs in" in str(violation["description"])
    assert "Shop/Data/Resource" in json.dumps(violation["violatingConstructs"])


def test_a_guarantee_about_nothing_fails_the_synthesis(shop: Shop) -> None:
    """With the nearest name, never silently."""
    Guarantees.of(shop).deny(Internet, to="Shop/Date")
    with pytest.raises(RuntimeError):
        _synth(shop)
    (violation,) = _violations(shop)
    assert "there is no resource 'Shop/Date'" in str(violation["description"])


def test_an_application_has_one_set_of_guarantees(shop: Shop) -> None:
    """Wherever it is asked for."""
    assert Guarantees.of(shop) is Guarantees.of(shop.node.root)
    Guarantees.of(shop).deny(Internet, to=shop.data)
    with pytest.raises(GuaranteeError) as caught:
        Guarantees.of(shop.vpc).deny(Internet, to=shop.data)
    assert str(caught.value) == "guarantee 'deny internet to Shop/Data, any' is there already; say it once"


def test_guarantees_need_an_application() -> None:
    """A stack of no application is validated by nobody."""
    with pytest.raises(GuaranteeError) as caught:
        Guarantees.of(RootConstruct("Alone"))
    assert str(caught.value) == "Alone: guarantees are for an app, but it is part of none"


def test_a_file_of_guarantees_is_checked_as_well(shop: Shop, tmp_path: Path) -> None:
    """As the command line does."""
    file = tmp_path / "guarantees.yaml"
    file.write_text("guarantees:\n  - {id: closed, from: internet, to: Shop/Web, port: 22, expect: reachable}\n")
    Guarantees.of(shop).add_file(file)
    with pytest.raises(RuntimeError):
        _synth(shop)
    (violation,) = _violations(shop)
    assert violation["ruleName"] == "closed"


def test_a_file_tells_what_the_stacks_are_deployed_with(shop: Shop, tmp_path: Path) -> None:
    """What hangs on a parameter is decided by its value; two files agree on it."""
    block = cdk.CfnParameter(shop, "Office").value_as_string
    shop.web.connections.allow_from(ec2.Peer.ipv4(block), ec2.Port.tcp(22))
    guarantees = Guarantees.of(shop)
    for name, port in (("one", 22), ("two", 23)):
        expect = "reachable" if port == 22 else "unreachable"
        entry = f"{{id: {name}, from: 'ip:203.0.113.7', to: Shop/Web, port: {port}, expect: {expect}}}"
        file = tmp_path / f"{name}.yaml"
        file.write_text(f"parameters: {{Shop.Office: 203.0.113.0/24}}\nguarantees:\n  - {entry}\n")
        guarantees.add_file(file)
    _synth(shop)
    assert _violations(shop) == []
    other = tmp_path / "other.yaml"
    other.write_text("parameters: {Shop.Office: 198.51.100.0/24}\n")
    with pytest.raises(GuaranteeError) as caught:
        guarantees.add_file(other)
    assert str(caught.value) == (
        "parameters: Shop.Office is '203.0.113.0/24' in one file of guarantees and '198.51.100.0/24' in another; "
        "check them one by one"
    )


def test_an_end_is_a_name_or_a_construct(shop: Shop) -> None:
    """Anything else is a mistake."""
    with pytest.raises(TypeError) as caught:
        Guarantees.of(shop).deny(Internet, to=7)
    assert str(caught.value) == "a guarantee is about names, constructs and tiers, got int"


def test_prefix_lists_can_be_told(shop: Shop, tmp_path: Path) -> None:
    """What is in those that are only known by their ids; by a call, or by a file."""
    list_id = "pl-0aaaaaaaaaaaaaaaa"
    shop.data.connections.allow_from(ec2.Peer.prefix_list(list_id), ec2.Port.tcp(5432))
    guarantees = Guarantees.of(shop)
    guarantees.allow(shop.web, to=shop.data, port=5432)
    guarantees.add_prefix_list(list_id, "10.20.0.0/16")
    _synth(shop)
    assert _violations(shop) == []
    file = tmp_path / "guarantees.yaml"
    file.write_text(f"prefix_lists: {{{list_id}: 10.99.0.0/16}}\n")
    with pytest.raises(GuaranteeError) as caught:
        guarantees.add_file(file)
    assert str(caught.value) == (
        f"prefix_lists: {list_id} is '10.20.0.0/16' in one file of guarantees and '10.99.0.0/16' in another; "
        "check them one by one"
    )
    with pytest.raises(GuaranteeError) as caught:
        guarantees.add_prefix_list("10.20.0.0/16", list_id)
    assert str(caught.value) == "add_prefix_list: the id of a prefix list begins with pl-, got '10.20.0.0/16'"
