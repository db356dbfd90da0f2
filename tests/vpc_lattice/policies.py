"""The policies of a template, as tests read them."""

from typing import Any

import aws_cdk as cdk
from aws_cdk.assertions import Template

from constructs_lattice import Service, ServiceNetwork


def auth_statements(level: Service | ServiceNetwork) -> list[dict[str, Any]]:
    """The statements of the auth policy of a service or a service network; none when it has no policy."""
    stack = cdk.Stack.of(level)
    arn = stack.resolve(level.resource.attr_arn)
    policies = Template.from_stack(stack).find_resources(
        "AWS::VpcLattice::AuthPolicy", {"Properties": {"ResourceIdentifier": arn}}
    )
    return [each for policy in policies.values() for each in policy["Properties"]["Policy"]["Statement"]]


def identity_statements(stack: cdk.Stack) -> list[dict[str, Any]]:
    """The statements of all identity policies of a stack."""
    policies = Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
    return [each for policy in policies for each in policy["Properties"]["PolicyDocument"]["Statement"]]


def arn_and(stack: cdk.Stack, service: Service, path: str) -> dict[str, Any]:
    """The resource of a statement, as a template has it: a service and a path."""
    return {"Fn::Join": ["", [stack.resolve(service.resource.attr_arn), path]]}
