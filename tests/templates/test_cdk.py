"""Cloud assemblies as the CDK makes them: every kind of reference between stacks."""

from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ssm as ssm

from constructs_lattice.templates import Estate, Resource, Unknown, load


class _Nested(cdk.NestedStack):
    """A nested stack with a VPC in it."""

    def __init__(self, scope: cdk.Stack, id: str) -> None:
        super().__init__(scope, id)
        self.vpc = ec2.CfnVPC(self, "Vpc", cidr_block="10.1.0.0/16")


def _application(strength: str, output: Path) -> Estate:
    """Two VPCs, one of them nested, and stacks of the same region, of another one, and of a stage that use them."""
    app = cdk.App(outdir=str(output), context={"@aws-cdk/core:defaultCrossStackReferences": strength})
    ireland = cdk.Environment(account="111111111111", region="eu-west-1")
    virginia = cdk.Environment(account="111111111111", region="us-east-1")
    net = cdk.Stack(app, "Net", env=ireland, cross_region_references=True)
    vpc = ec2.CfnVPC(net, "Vpc", cidr_block="10.0.0.0/16")
    nested = _Nested(net, "Inner")
    ssm.StringParameter(net, "Stored", parameter_name="/net/vpc", string_value=vpc.ref)
    near = cdk.Stack(app, "Near", env=ireland)
    _group(near, "Plain", vpc.ref)
    _group(near, "Nested", nested.vpc.ref)
    _group(near, "Stored", ssm.StringParameter.value_for_string_parameter(near, "/net/vpc"))
    ec2.CfnSubnet(near, "Subnet", vpc_id=vpc.ref, cidr_block=cdk.Fn.select(1, cdk.Fn.cidr(vpc.attr_cidr_block, 4, "8")))
    far = cdk.Stack(app, "Far", env=virginia, cross_region_references=True)
    _group(far, "Plain", vpc.ref)
    stage = cdk.Stage(app, "Prod", env=virginia)
    ec2.CfnVPC(cdk.Stack(stage, "Net"), "Vpc", cidr_block="10.2.0.0/16")
    app.synth()
    ((_, estate),) = load(output).cases()
    return estate


def _group(stack: cdk.Stack, id: str, vpc_id: str) -> None:
    ec2.CfnSecurityGroup(stack, id, group_description=id, vpc_id=vpc_id)


@pytest.fixture(scope="module", params=["strong", "weak", "both"])
def estate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Estate:
    """The application with each strength of references between stacks."""
    return _application(request.param, tmp_path_factory.mktemp(request.param) / "cdk.out")


def _vpc_of(estate: Estate, name: str) -> Resource | None:
    return estate.identify(estate.find(name).get("VpcId"))


def test_every_reference_reaches_its_vpc(estate: Estate) -> None:
    """By export, by stack output, out of a nested stack, over the Parameter Store, and across regions."""
    vpc = estate.find("Net/Vpc")
    assert _vpc_of(estate, "Near/Plain") is vpc
    assert _vpc_of(estate, "Near/Stored") is vpc
    assert _vpc_of(estate, "Near/Subnet") is vpc
    assert _vpc_of(estate, "Far/Plain") is vpc
    assert _vpc_of(estate, "Near/Nested") is estate.find("Net/Inner/Vpc")


def test_what_a_stack_works_out_of_another_one_is_worked_out(estate: Estate) -> None:
    """The block of a subnet whose VPC is elsewhere."""
    assert estate.find("Near/Subnet").get("CidrBlock") == "10.0.1.0/24"


def test_stages_are_found_by_their_paths(estate: Estate) -> None:
    """And deployed where the stage is."""
    vpc = estate.find("Prod/Net/Vpc")
    assert (vpc.id.stack, vpc.deployment.region, vpc.get("CidrBlock")) == ("Prod-Net", "us-east-1", "10.2.0.0/16")


def test_an_application_without_a_place_has_symbols(tmp_path: Path) -> None:
    """Zones are those of the account and the region that it is deployed to."""
    app = cdk.App(outdir=str(tmp_path / "cdk.out"))
    ec2.Vpc(cdk.Stack(app, "Shop"), "Vpc", max_azs=2, nat_gateways=0)
    app.synth()
    ((_, estate),) = load(tmp_path / "cdk.out").cases()
    zones = {each.get("AvailabilityZone") for each in estate.of_type("AWS::EC2::Subnet")}
    assert {each.symbol for each in zones if isinstance(each, Unknown)} == {
        "zone:${AWS::AccountId}:${AWS::Region}:0",
        "zone:${AWS::AccountId}:${AWS::Region}:1",
    }
