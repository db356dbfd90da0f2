"""Domain verifications, which write their own records."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.assertions import Template

from constructs_lattice import ArgumentError, DomainVerification
from tests.vpc_lattice.vpcs import small_vpc

ARN = "arn:aws:vpc-lattice:eu-west-1:111111111111:domainverification/dv-0123456789abcdef0"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop", env=cdk.Environment(region="eu-west-1"))


def test_a_verification_alone(stack: cdk.Stack) -> None:
    """The record is made elsewhere, from what the verification tells."""
    verification = DomainVerification(stack, "Domain", domain_name="example.com")
    id_ = stack.get_logical_id(verification.resource)
    Template.from_stack(stack).has_resource_properties(
        "AWS::VpcLattice::DomainVerification",
        {"DomainName": "example.com", "Tags": [{"Key": "Name", "Value": "Shop/Domain"}]},
    )
    assert verification.domain_name == "example.com"
    assert stack.resolve([verification.domain_verification_id, verification.status]) == [
        {"Fn::GetAtt": [id_, "Id"]},
        {"Fn::GetAtt": [id_, "Status"]},
    ]
    assert stack.resolve(verification.txt_record_value) == {"Fn::GetAtt": [id_, "TxtMethodConfig.value"]}


def test_the_record_is_written_into_the_zone(stack: cdk.Stack) -> None:
    """Below the domain that is verified, whatever zone it is in."""
    zone = route53.PublicHostedZone(stack, "Zone", zone_name="example.com")
    verification = DomainVerification(stack, "Domain", domain_name="shop.example.com", hosted_zone=zone)
    id_ = stack.get_logical_id(verification.resource)
    label = {"Fn::Select": [0, {"Fn::Split": [".", {"Fn::GetAtt": [id_, "TxtMethodConfig.name"]}]}]}
    Template.from_stack(stack).has_resource_properties(
        "AWS::Route53::RecordSet",
        {
            "HostedZoneId": stack.resolve(zone.hosted_zone_id),
            "Name": {"Fn::Join": ["", [label, ".shop.example.com"]]},
            "Type": "TXT",
            "TTL": "300",
            "ResourceRecords": [{"Fn::Join": ["", ['"', {"Fn::GetAtt": [id_, "TxtMethodConfig.value"]}, '"']]}],
        },
    )


def test_a_zone_of_another_domain_is_refused(stack: cdk.Stack) -> None:
    """The record would not be found."""
    zone = route53.PublicHostedZone(stack, "Zone", zone_name="example.org")
    with pytest.raises(ArgumentError) as caught:
        DomainVerification(stack, "Domain", domain_name="example.com", hosted_zone=zone)
    assert str(caught.value) == (
        "Shop/Domain: domain_name must be in the hosted zone 'example.org', got 'example.com'; "
        "give the zone that it is in"
    )
    assert stack.node.try_find_child("Domain") is None


def test_a_private_zone_is_refused(stack: cdk.Stack) -> None:
    """VPC Lattice looks for the record from outside."""
    zone = route53.PrivateHostedZone(stack, "Zone", zone_name="example.com", vpc=small_vpc(stack, "Vpc"))
    with pytest.raises(ArgumentError) as caught:
        DomainVerification(stack, "Domain", domain_name="example.com", hosted_zone=zone)
    assert str(caught.value) == (
        "Shop/Domain: hosted_zone must be public, since VPC Lattice reads the record in public DNS, got Shop/Zone; "
        "give the public one"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ab", "must be 3 to 255 characters long, got 'ab' (2)"),
        ("example.com/shop", "must be a domain name such as shop.example.com, got 'example.com/shop'"),
    ],
)
def test_a_name_out_of_its_limits_is_refused(stack: cdk.Stack, name: str, message: str) -> None:
    """Three characters at least, and nothing but parts and dots."""
    with pytest.raises(ArgumentError) as caught:
        DomainVerification(stack, "Domain", domain_name=name)
    assert str(caught.value) == f"Shop/Domain: domain_name {message}"


def test_verifications_are_imported(stack: cdk.Stack) -> None:
    """By ARN or id, with or without their domain; a token is an ARN, too."""
    by_arn = DomainVerification.from_domain_verification_arn(stack, "Arn", ARN)
    assert (by_arn.domain_verification_arn, by_arn.domain_verification_id, by_arn.domain_name) == (
        ARN,
        "dv-0123456789abcdef0",
        None,
    )
    by_id = DomainVerification.from_domain_verification_id(
        stack, "Id", "dv-0123456789abcdef0", domain_name="example.com"
    )
    assert (by_id.domain_verification_id, by_id.domain_name) == ("dv-0123456789abcdef0", "example.com")
    token = DomainVerification.from_domain_verification_arn(stack, "Token", cdk.Fn.import_value("Domain"))
    assert stack.resolve(token.domain_verification_id) == {
        "Fn::Select": [1, {"Fn::Split": ["/", {"Fn::ImportValue": "Domain"}]}]
    }


def test_ours_is_what_aws_cdk_lib_knows_by_its_reference(stack: cdk.Stack) -> None:
    """It takes ours where it wants an IDomainVerificationRef."""
    verification = DomainVerification(stack, "Domain", domain_name="example.com")
    arn = vpclattice.CfnDomainVerification.arn_for_domain_verification(verification)
    assert stack.resolve(arn) == {"Fn::GetAtt": [stack.get_logical_id(verification.resource), "Arn"]}
