"""The controller's permissions, against what AWS says of its actions."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import cfnlint  # type: ignore[import-untyped]
import pytest
from aws_cdk import aws_iam as iam

from constructs_lattice import ControllerFeature
from constructs_lattice.gateway_api.controller_policy import base_statements, feature_statements

OWN = "arn:aws:vpc-lattice:eu-west-1:111111111111"


def resolved(statements: list[iam.PolicyStatement]) -> list[dict[str, Any]]:
    """The statements as a stack of a known account and region writes them; its partition is always aws here."""
    env = cdk.Environment(account="111111111111", region="eu-west-1")
    stack = cdk.Stack(cdk.App(), "Shop", env=env)
    text = json.dumps(stack.resolve([each.to_json() for each in statements]))
    for pseudo, value in (("AWS::Partition", "aws"), ("AWS::Region", "eu-west-1"), ("AWS::AccountId", "111111111111")):
        text = text.replace(json.dumps({"Ref": pseudo}), json.dumps(value))
    return [_joined(each) for each in json.loads(text)]


def _joined(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"Fn::Join"}:
            separator, parts = value["Fn::Join"]
            return separator.join(parts)
        return {key: _joined(item) for key, item in value.items()}
    return [_joined(item) for item in value] if isinstance(value, list) else value


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@cache
def specification() -> dict[str, Any]:
    """The service authorization reference, as it comes with cfn-lint."""
    file = Path(cfnlint.__file__).parent / "data" / "AdditionalSpecs" / "Policies.json"
    found: dict[str, Any] = json.loads(file.read_text())
    return found


EVERYTHING = [
    *base_statements(tagging_api=True),
    *(statement for feature in ControllerFeature for statement in feature_statements(feature)),
]


def test_every_action_exists() -> None:
    """A misspelt one would be a permission that is missing."""
    for statement in resolved(EVERYTHING):
        for action in listed(statement["Action"]):
            service, name = action.split(":")
            assert name.lower() in specification()[service]["Actions"], action


def test_every_action_is_permitted_on_the_resources_that_it_has() -> None:
    """Every resource of a statement is of a type that an action of it has; the rest is permitted on everything."""
    for statement in resolved(EVERYTHING):
        types: set[str] = set()
        for action in listed(statement["Action"]):
            service, name = action.split(":")
            types |= {
                f"{service}:{each}" for each in specification()[service]["Actions"][name.lower()].get("Resources", [])
            }
        resources = listed(statement["Resource"])
        if resources == ["*"]:
            continue
        for resource in resources:
            assert any(_is_of_type(resource, each) for each in types), (resource, types)


def test_every_resource_that_an_action_needs_is_permitted() -> None:
    """An association takes a permission on each of its ends."""
    statements = {each["Sid"]: listed(each["Resource"]) for each in resolved(EVERYTHING)}
    assert statements["ServiceAssociations"] == [
        f"{OWN}:servicenetworkserviceassociation/*",
        f"{OWN}:service/*",
        "arn:aws:vpc-lattice:eu-west-1:*:servicenetwork/*",
    ]
    assert statements["VpcAssociations"] == [
        f"{OWN}:servicenetworkvpcassociation/*",
        "arn:aws:vpc-lattice:eu-west-1:*:servicenetwork/*",
    ]
    assert statements["AccessLogs"] == [
        f"{OWN}:accesslogsubscription/*",
        f"{OWN}:service/*",
        f"{OWN}:servicenetwork/*",
    ]


def _is_of_type(resource: str, type_: str) -> bool:
    service, name = type_.split(":")
    formats = specification()[service]["Resources"].get(name.lower(), {}).get("ARNFormats", [])
    return any(re.fullmatch(re.sub(r"\$\{\w+\}", "[^:]*", each), resource) for each in formats)


def test_nothing_but_lists_is_permitted_on_everything() -> None:
    """What changes VPC Lattice is of the account and the region; the rest has no resources."""
    wild = {
        action
        for statement in resolved(EVERYTHING)
        if statement["Resource"] == "*"
        for action in listed(statement["Action"])
    }
    assert {
        each for each in wild if each.startswith("vpc-lattice:") and not each.startswith("vpc-lattice:List")
    } == set()
    assert not any("*" in action for statement in resolved(EVERYTHING) for action in listed(statement["Action"]))


def test_service_linked_roles_are_those_of_their_services() -> None:
    """And no others."""
    found = [each for each in resolved(EVERYTHING) if each["Action"] == "iam:CreateServiceLinkedRole"]
    assert [(each["Resource"], each["Condition"]) for each in found] == [
        (
            f"arn:aws:iam::111111111111:role/aws-service-role/{service}/{role}",
            {"StringEquals": {"iam:AWSServiceName": service}},
        )
        for service, role in (
            ("vpc-lattice.amazonaws.com", "AWSServiceRoleForVpcLattice"),
            ("delivery.logs.amazonaws.com", "AWSServiceRoleForLogDelivery"),
        )
    ]


def test_the_tagging_api_may_be_left_out() -> None:
    """Private clusters cannot reach it."""
    with_it, without = (
        {each["Sid"] for each in resolved(base_statements(tagging_api=tagging_api))} for tagging_api in (True, False)
    )
    assert with_it - without == {"TaggingApi"}


@pytest.mark.parametrize(
    ("feature", "sid", "resources", "expected"),
    [
        (ControllerFeature.ACCESS_LOGS_TO_S3, "AccessLogsToS3", [], ["arn:aws:s3:::*"]),
        (ControllerFeature.ACCESS_LOGS_TO_S3, "AccessLogsToS3", ["arn:aws:s3:::logs"], ["arn:aws:s3:::logs"]),
        (
            ControllerFeature.ACCESS_LOGS_TO_FIREHOSE,
            "AccessLogsToFirehose",
            [],
            ["arn:aws:firehose:eu-west-1:111111111111:deliverystream/*"],
        ),
        (
            ControllerFeature.ACCESS_LOGS_TO_FIREHOSE,
            "AccessLogsToFirehose",
            ["arn:aws:firehose:eu-west-1:111111111111:deliverystream/logs"],
            ["arn:aws:firehose:eu-west-1:111111111111:deliverystream/logs"],
        ),
    ],
)
def test_destinations_of_access_logs_are_named(
    feature: ControllerFeature, sid: str, resources: list[str], expected: list[str]
) -> None:
    """Buckets and delivery streams that are known, or all of the account."""
    found = {each["Sid"]: listed(each["Resource"]) for each in resolved(feature_statements(feature, resources))}
    assert found[sid] == expected
