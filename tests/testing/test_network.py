"""Assertions about a network: failures show what happened, and nothing else."""

import traceback
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from constructs_lattice import FlowLogs, Internet, Tier, Vpc
from constructs_lattice.testing import Network

CASE = Path(__file__).parents[1] / "reachability" / "cases" / "001-three-tier-chain" / "case.yaml"


def test_an_application_is_asked_about_its_constructs() -> None:
    """They are synthesized for it; tiers are ends as well."""
    app = cdk.App()
    stack = cdk.Stack(app, "Shop", env=cdk.Environment(region="eu-west-1", account="111111111111"))
    vpc = Vpc(
        stack,
        "Vpc",
        cidr="10.20.0.0/16",
        tiers=[Tier.public("web"), Tier.isolated("data")],
        flow_logs=FlowLogs.none(),
    )
    web = ec2.Instance(
        stack,
        "Web",
        vpc=vpc,
        vpc_subnets=vpc.tier("web").selection,
        instance_type=ec2.InstanceType("t3.micro"),
        machine_image=ec2.MachineImage.generic_linux({"eu-west-1": "ami-0123456789abcdef0"}),
        associate_public_ip_address=True,
    )
    web.connections.allow_from_any_ipv4(ec2.Port.tcp(443))
    network = Network.from_app(app)
    network.assert_reachable(Internet, to=web, port=443)
    network.assert_unreachable(Internet, to=web, port=22)
    network.assert_unreachable(Internet, to=vpc.tier("data"))
    network.assert_only_through(vpc.internet_gateway, Internet, to=web, port=443)


def test_a_failure_shows_the_way_of_a_packet() -> None:
    """Hop by hop, forward and back."""
    network = Network.from_target(CASE)
    with pytest.raises(AssertionError) as caught:
        network.assert_unreachable("Shop.Web", to="Shop.App", port=8080)
    assert str(caught.value).splitlines() == [
        "Shop.Web to Shop.App, tcp 8080: expected unreachable, got reachable",
        "packet: tcp 10.0.0.0:1024 to 10.0.10.0:8080",
        "-> Shop.Web: sends it, Shop.WebGroup lets it out",
        "-> Shop.PublicRouteTable: delivers it within the VPC",
        "-> Shop.App: takes it, Shop.AppFromWeb lets it in",
        "<- Shop.PrivateRouteTable: delivers it within the VPC",
        "<- Shop.Web: arrives",
    ]


def test_a_failure_shows_what_blocks() -> None:
    """By the rule that does, and how far packets get."""
    network = Network.from_target(CASE)
    with pytest.raises(AssertionError) as caught:
        network.assert_reachable("Shop.Web", to="Shop.Db", port=5432)
    assert str(caught.value).splitlines() == [
        "Shop.Web to Shop.Db, tcp 5432: expected reachable, got unreachable",
        "Shop.DataGroup: no inbound rule allows tcp 5432 [SG-1 ENI_SG_RULES_MISMATCH]",
        "-> Shop.PublicRouteTable: delivers it within the VPC",
        "-> Shop.Db: arrives",
    ]


def test_answers_have_to_cross_an_appliance_to_be_symmetric() -> None:
    """Where there is none, the assertion says so."""
    with pytest.raises(AssertionError) as caught:
        Network.from_target(CASE).assert_symmetric("Shop.Web", to="Shop.App", port=8080)
    assert str(caught.value).splitlines()[:2] == [
        "Shop.Web to Shop.App, tcp 8080, symmetric: expected reachable, got reachable",
        "Shop.App: a path crosses no appliance at all [FW-4]",
    ]


def test_the_frames_of_the_assertion_are_hidden() -> None:
    """Pytest leaves out frames with __tracebackhide__: the first one that it shows is the test's own."""
    with pytest.raises(AssertionError) as caught:
        Network.from_target(CASE).assert_reachable("Shop.Web", to="Shop.Db", port=5432)
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    assert len(frames) > 1
    assert all(frame.f_locals.get("__tracebackhide__") for frame in frames[1:])
