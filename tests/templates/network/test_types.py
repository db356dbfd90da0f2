"""The types of resources that are known: all that AWS has, each in one list."""

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]  # cfn-lint has no types

from constructs_lattice.templates.network.types import READ, WITHOUT_EFFECT, is_strange

SERVICES = (
    "AWS::EC2::",
    "AWS::NetworkFirewall::",
    "AWS::NetworkManager::",
    "AWS::DirectConnect::",
    "AWS::GlobalAccelerator::",
    "AWS::ElasticLoadBalancing",
    "AWS::VpcLattice::",
)

pytestmark = pytest.mark.pure


def test_every_type_of_network_resources_is_known() -> None:
    """A new one is looked at by somebody, who says what it does to reachability."""
    types = {each for each in PROVIDER_SCHEMA_MANAGER.get_resource_types("us-east-1") if each.startswith(SERVICES)}
    assert {each for each in types if is_strange(each)} == set()


def test_a_type_is_in_one_list() -> None:
    """It is read, or has no effect."""
    assert set() == READ & WITHOUT_EFFECT


def test_what_nobody_has_heard_of_is_strange() -> None:
    """If it belongs to a network; other services are none of our business."""
    assert is_strange("AWS::EC2::Wormhole")
    assert not is_strange("AWS::S3::Bucket")
    assert not is_strange("AWS::EC2::VPC")
