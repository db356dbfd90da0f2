"""Asking the policy of an endpoint whether a request passes, as IAM would be asked.

It knows what our policies say: `Allow` statements with actions and resources that may hold `*`, and conditions that
compare strings or booleans. Whatever else it meets is an error.
"""

import json
from fnmatch import fnmatchcase
from typing import Any

import aws_cdk as cdk
from aws_cdk.assertions import Template

OWN, OTHER, ECR = "111122223333", "444455556666", "999900001111"
ORGANIZATION = "o-a1b2c3d4e5"
REGION = "eu-west-1"
_PSEUDO = {"AWS::AccountId": OWN, "AWS::Partition": "aws", "AWS::Region": REGION}


def policies(stack: cdk.Stack) -> dict[str, Any]:
    """The policies of a stack's endpoints by service, as they are once deployed; None where there is no policy."""
    endpoints = Template.from_stack(stack).find_resources("AWS::EC2::VPCEndpoint").values()
    return {
        _deployed(each["Properties"]["ServiceName"]).removeprefix(f"com.amazonaws.{REGION}."): _deployed(
            each["Properties"].get("PolicyDocument")
        )
        for each in endpoints
    }


def passes(
    policy: Any, action: str, resource: str, *, principal: str | None, owner: str, is_service: bool = False
) -> bool:
    """Whether a principal of an account, or nobody, may do something with a resource that an account owns."""
    context = {"aws:ResourceAccount": owner, "aws:PrincipalIsAWSService": str(is_service).lower()}
    if principal is not None:
        context["aws:PrincipalAccount"] = principal
    for account, key in ((principal, "aws:PrincipalOrgID"), (owner, "aws:ResourceOrgID")):
        if account in (OWN, OTHER):
            context[key] = ORGANIZATION
    return any(_allows(statement, action, resource, context) for statement in policy["Statement"])


def _allows(statement: dict[str, Any], action: str, resource: str, context: dict[str, str]) -> bool:
    assert statement["Effect"] == "Allow"
    assert statement["Principal"] == "*"
    return (
        any(fnmatchcase(action, pattern) for pattern in _listed(statement["Action"]))
        and any(fnmatchcase(resource, pattern) for pattern in _listed(statement["Resource"]))
        and all(
            context.get(key) in _listed(values)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in _known(operator, keys).items()
        )
    )


def _known(operator: str, keys: dict[str, Any]) -> dict[str, Any]:
    assert operator in ("StringEquals", "Bool")
    return keys


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _deployed(value: Any) -> Any:
    """What CloudFormation makes of a value."""
    match value:
        case {"Ref": str(name)}:
            value = _PSEUDO[name]
        case {"Fn::Split": [str(by), whole]}:
            value = _deployed(whole).split(by)
        case {"Fn::Join": [str(by), parts]}:
            value = by.join(_deployed(parts))
        case {"Fn::Sub": [str(text), dict(words)]}:
            value = _filled(text, _PSEUDO | {name: _deployed(word) for name, word in words.items()})
        case {"Fn::Sub": str(text)}:
            value = _filled(text, _PSEUDO)
        case dict():
            value = {key: _deployed(item) for key, item in value.items()}
        case list():
            value = [_deployed(item) for item in value]
    return value


def _filled(text: str, words: dict[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(f"${{{name}}}", word)
    assert "${" not in text, json.dumps(text)
    return text
