"""VPC Block Public Access: one setting for an account and region, and what is excluded from it."""

from typing import Any, cast

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Annotations, Match, Template

from constructs_lattice import (
    ArgumentError,
    FlowLogs,
    InternetGatewayBlockMode,
    InternetGatewayExclusionMode,
    Tier,
    Vpc,
    VpcBlockPublicAccessExclusion,
    VpcBlockPublicAccessOptions,
    Zones,
)

EXCLUSION = "AWS::EC2::VPCBlockPublicAccessExclusion"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


@pytest.fixture
def vpc(stack: cdk.Stack) -> Vpc:
    tiers = [Tier.public("web"), Tier.isolated("data")]
    return Vpc(stack, "Vpc", cidr="10.20.0.0/16", tiers=tiers, zones=Zones.first(2), flow_logs=FlowLogs.none())


def _resources(stack: cdk.Stack, type_: str) -> dict[str, Any]:
    return dict(Template.from_stack(stack).find_resources(type_))


def test_both_directions_are_blocked_by_default(stack: cdk.Stack) -> None:
    """Or only what comes in."""
    other = cdk.Stack(cast("cdk.App", stack.node.root), "Other")
    assert VpcBlockPublicAccessOptions(stack, "Options").mode is InternetGatewayBlockMode.BIDIRECTIONAL
    VpcBlockPublicAccessOptions(other, "Options", mode=InternetGatewayBlockMode.INGRESS)
    for each, mode in ((stack, "block-bidirectional"), (other, "block-ingress")):
        (options,) = _resources(each, "AWS::EC2::VPCBlockPublicAccessOptions").values()
        assert options["Properties"] == {"InternetGatewayBlockMode": mode}


def test_it_is_one_setting_for_an_account_and_region() -> None:
    """Two stacks that go to the same place would undo each other; one that goes elsewhere has its own."""
    app = cdk.App()
    stacks = {
        region: [
            cdk.Stack(app, f"{region}-{n}", env=cdk.Environment(account="111111111111", region=region)) for n in (1, 2)
        ]
        for region in ("eu-west-1", "eu-west-2")
    }
    for first, second in stacks.values():
        VpcBlockPublicAccessOptions(first, "Options")
        with pytest.raises(ArgumentError) as caught:
            VpcBlockPublicAccessOptions(second, "Options")
        assert str(caught.value) == (
            f"{second.node.id}/Options: block public access is set by {first.node.id}/Options already, and is one "
            "setting for an account and region; set it once"
        )
        assert second.node.children == []


def test_a_whole_vpc_is_excluded(stack: cdk.Stack, vpc: Vpc) -> None:
    """In both directions by default."""
    exclusion = VpcBlockPublicAccessExclusion(stack, "Exclusion", vpc=vpc)
    (resource,) = _resources(stack, EXCLUSION).values()
    assert resource["Properties"] == {
        "InternetGatewayExclusionMode": "allow-bidirectional",
        "VpcId": stack.resolve(vpc.vpc_id),
        "Tags": [{"Key": "Name", "Value": "Shop/Exclusion"}],
    }
    assert len(exclusion.resources) == 1


def test_the_subnets_of_a_tier_are_excluded(stack: cdk.Stack, vpc: Vpc) -> None:
    """One exclusion for each, whose logical id tells tier and zone."""
    web = vpc.tier("web").selection
    mode = InternetGatewayExclusionMode.EGRESS
    assert VpcBlockPublicAccessExclusion(stack, "Web", vpc=vpc, subnets=web, mode=mode).mode is mode
    found = _resources(stack, EXCLUSION)
    assert {id_[:7]: each["Properties"]["SubnetId"] for id_, each in found.items()} == {
        f"Webweb{zone}": stack.resolve(vpc.subnet("web", zone).subnet_id) for zone in "ab"
    }
    assert {each["Properties"]["InternetGatewayExclusionMode"] for each in found.values()} == {"allow-egress"}
    assert not any("VpcId" in each["Properties"] for each in found.values())


def test_any_vpc_can_be_excluded(stack: cdk.Stack) -> None:
    """Several that are looked up have one id until they are found, and are not mistaken for each other."""
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    other = cdk.Stack(cast("cdk.App", stack.node.root), "Other", env=env)
    for name in ("one", "two"):
        theirs = ec2.Vpc.from_lookup(other, name, vpc_name=name)
        VpcBlockPublicAccessExclusion(other, f"{name}-exclusion", vpc=theirs)
    assert len(_resources(other, EXCLUSION)) == 2


def test_a_vpc_is_excluded_as_a_whole_or_in_parts(stack: cdk.Stack, vpc: Vpc) -> None:
    """Whichever is said first."""
    web, data = (vpc.tier(name).selection for name in ("web", "data"))
    VpcBlockPublicAccessExclusion(stack, "Web", vpc=vpc, subnets=web)
    VpcBlockPublicAccessExclusion(stack, "Data", vpc=vpc, subnets=data)
    for subnets, what, by in (
        (None, "subnets of the vpc are excluded", "Web"),
        (data, "a subnet is excluded", "Data"),
    ):
        with pytest.raises(ArgumentError) as caught:
            VpcBlockPublicAccessExclusion(stack, "Again", vpc=vpc, subnets=subnets)
        assert str(caught.value) == f"Shop/Again: {what} already, by Shop/{by}; take one of them back"
    other = Vpc(stack, "Other", cidr="10.21.0.0/16", tiers=[Tier.public()], flow_logs=FlowLogs.none())
    VpcBlockPublicAccessExclusion(stack, "Whole", vpc=other)
    for subnets in (None, other.tier("public").selection):
        with pytest.raises(ArgumentError) as caught:
            VpcBlockPublicAccessExclusion(stack, "Part", vpc=other, subnets=subnets)
        assert str(caught.value) == (
            "Shop/Part: the vpc is excluded as a whole already, by Shop/Whole, with all its subnets; take one of them "
            "back"
        )


@pytest.mark.parametrize("options_first", [True, False])
def test_what_is_excluded_is_excluded_before_the_rest_is_blocked(
    stack: cdk.Stack, vpc: Vpc, options_first: bool
) -> None:
    """In one stack, whichever is declared first: nothing is cut off in between."""
    if options_first:
        VpcBlockPublicAccessOptions(stack, "Options")
    VpcBlockPublicAccessExclusion(stack, "Exclusion", vpc=vpc)
    if not options_first:
        VpcBlockPublicAccessOptions(stack, "Options")
    (options,) = _resources(stack, "AWS::EC2::VPCBlockPublicAccessOptions").values()
    assert options["DependsOn"] == list(_resources(stack, EXCLUSION))


def test_an_exclusion_without_effect_is_a_warning(stack: cdk.Stack, vpc: Vpc) -> None:
    """Egress is allowed where only ingress is blocked."""
    VpcBlockPublicAccessExclusion(stack, "Exclusion", vpc=vpc, mode=InternetGatewayExclusionMode.EGRESS)
    VpcBlockPublicAccessOptions(stack, "Options", mode=InternetGatewayBlockMode.INGRESS)
    Annotations.from_stack(stack).has_warning(
        "/Shop/Exclusion",
        Match.string_like_regexp("allow-egress means nothing here: Shop/Options blocks only what comes in"),
    )


def test_more_exclusions_than_the_quota_are_a_warning(stack: cdk.Stack) -> None:
    """AWS raises it on request."""
    for number in range(51):
        vpc_id = f"vpc-0123456789abcde{number:02x}"
        theirs = ec2.Vpc.from_vpc_attributes(stack, f"V{number}", vpc_id=vpc_id, availability_zones=["eu-west-1a"])
        VpcBlockPublicAccessExclusion(stack, f"Exclusion{number}", vpc=theirs)
    warnings = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("more than 50 exclusions"))
    assert [each.id for each in warnings] == ["/Shop/Exclusion50"]
