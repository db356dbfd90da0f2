"""How large an auth policy is when it is deployed: at least, and at most, where a template leaves values open.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/quotas.html
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aws_cdk import ConstructSelector
from aws_cdk import aws_iam as iam

from constructs_lattice._tokens import is_token
from constructs_lattice.vpc_lattice.regions import Region

if TYPE_CHECKING:
    from aws_cdk import Stack

    from constructs_lattice.vpc_lattice.identifiers import Identified

__all__ = ["MOST_BYTES", "PolicySize"]

MOST_BYTES = 10 * 1024
"""A quota that AWS does not raise, of the JSON without blanks."""

_LONGEST_NAME = 64  # of a role or a user
_RANDOM = "-123456789012"  # what CloudFormation puts after the names of a stack and a resource
_LONGEST_PART = 24  # to which CloudFormation shortens at most each of these two
_COMMERCIAL = re.compile(r"(?!cn-)[a-z]{2}-[a-z]+-\d+")
_SHOWN = 3
_MARK = "Token["  # of texts and of lists alike
_LONGEST_ARN = 128  # more than that of a role, the longest of the values below


@dataclass(frozen=True, slots=True)
class _Values:
    """What stands for what only the deployment knows: pseudo parameters, attributes such as `Role.Arn`, the rest."""

    pseudo: dict[str, str]
    open: str
    attributes: dict[str, str] = field(default_factory=dict)

    def know(self, attribute: list[str], service: str, resource: str) -> None:
        """Note the ARN that an attribute is: of a service and region, and of a resource."""
        self.attributes[".".join(attribute)] = _arn(self.pseudo, service, resource)

    def size(self, resolved: Any) -> int:
        """The bytes of a policy, or of a part of it, as the template has it."""
        return len(json.dumps(self._deployed(resolved), separators=(",", ":"), ensure_ascii=False).encode())

    def _deployed(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._deployed(each) for each in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (name, argument) = next(iter(value.items()))
            if name == "Ref" or name.startswith("Fn::"):
                return self._value(name, argument)
        return {key: self._deployed(each) for key, each in value.items()}

    def _value(self, function: str, argument: Any) -> str:
        """The value of an intrinsic function."""
        match function:
            case "Ref":
                return self.pseudo.get(argument, self.open)
            case "Fn::GetAtt":
                return self.attributes.get(".".join(argument), self.open)
            case "Fn::Join" if isinstance(argument[1], list):
                return str(argument[0]).join(str(self._deployed(each)) for each in argument[1])
            case _:
                return self.open


class PolicySize:
    """The size of a policy of one stack.

    What is known is the length of pseudo parameters, of the ARN that the policy belongs to, and of the ARNs of roles
    and users of the stack. Anything else, such as a parameter or the output of another stack, is nothing at least, and
    the ARN of a role with the longest name at most.
    """

    def __init__(self, stack: Stack, kind: Identified, own: Any) -> None:
        self._stack = stack
        name = Region.of(stack).name
        short, long = ("eu-west-1", "ap-northeast-1") if is_token(name) else (name, name)
        partition = "aws" if _COMMERCIAL.fullmatch(name) else "aws-us-gov"
        self._least = _Values(_pseudo("aws", short, "amazonaws.com"), "")
        pseudo = _pseudo(partition, long, "amazonaws.com.cn")
        self._most = _Values(pseudo, _arn(pseudo, "iam:", f"role/{'x' * _LONGEST_NAME}"))
        if isinstance(own, dict):
            for values in (self._least, self._most):
                values.know(own["Fn::GetAtt"], "vpc-lattice:AWS::Region", kind.example)

    @classmethod
    def is_certainly_fine(cls, document: dict[str, Any]) -> bool:
        """Whether a policy is small even if each token in it, which nobody has resolved yet, has the longest value."""
        text = json.dumps(document, ensure_ascii=False, default=lambda _: _MARK)
        return len(text.encode()) + text.count(_MARK) * _LONGEST_ARN <= MOST_BYTES

    def of(self, resolved: Any) -> int:
        """The bytes at most of a policy, or of a part of it, as the template has it."""
        return self._most.size(resolved)

    def problem(self, resolved: dict[str, Any]) -> str | None:
        """What is wrong with a policy that is certainly too large, and which of its statements are the largest."""
        if self._most.size(resolved) <= MOST_BYTES:
            return None
        # Most names are shorter than the longest, but to know them takes a look at the whole stack.
        self._know_names()
        if (size := self._least.size(resolved)) <= MOST_BYTES:
            return None
        return f"the auth policy has at least {size:,} bytes when it is deployed, {self._advice(self._least, resolved)}"

    def doubt(self, resolved: dict[str, Any]) -> str | None:
        """What may be wrong with a policy that is too large if what is left open is as long as it can be."""
        if (size := self._most.size(resolved)) <= MOST_BYTES:
            return None
        return (
            f"the auth policy can have {size:,} bytes when it is deployed, with the longest values for what the "
            f"template leaves open, {self._advice(self._most, resolved)}"
        )

    def _know_names(self) -> None:
        """Find out the ARNs of the roles and users of the stack."""
        for kind, type_ in (("role", "AWS::IAM::Role"), ("user", "AWS::IAM::User")):
            resources: list[Any] = ConstructSelector.resources_of_type(type_).select(self._stack)
            for each in resources:
                logical_id = self._stack.resolve(each.logical_id)
                name = each.role_name if isinstance(each, iam.CfnRole) else each.user_name
                least, most = (name, name) if name and not is_token(name) else self._made_names(logical_id)
                for values, its in ((self._least, least), (self._most, most)):
                    values.know([logical_id, "Arn"], "iam:", f"{kind}{each.path or '/'}{its}")

    def _made_names(self, logical_id: str) -> tuple[str, str]:
        """The shortest and the longest name that CloudFormation may make."""
        stack_name = self._stack.stack_name
        if is_token(stack_name):
            return _RANDOM, "x" * _LONGEST_NAME
        parts = f"{stack_name[:_LONGEST_PART]}-{logical_id[:_LONGEST_PART]}{_RANDOM}"
        return parts, f"{stack_name}-{logical_id}{_RANDOM}"[:_LONGEST_NAME]

    @staticmethod
    def _advice(values: _Values, resolved: dict[str, Any]) -> str:
        statements = resolved["Statement"]
        sizes = sorted(((values.size(each), -number) for number, each in enumerate(statements, 1)), reverse=True)
        largest = ", ".join(
            f"statement {-number} ({size:,} bytes, {_contents(statements[-number - 1])})"
            for size, number in sizes[:_SHOWN]
        )
        return (
            f"and {MOST_BYTES:,} is the most; the largest are {largest}; grants of the same requests share a "
            "statement, and paths can have wildcards"
        )


def _arn(pseudo: dict[str, str], service: str, resource: str) -> str:
    text = f"arn:AWS::Partition:{service}:AWS::AccountId:{resource}"
    for name, value in pseudo.items():
        text = text.replace(name, value)
    return text


def _pseudo(partition: str, region: str, suffix: str) -> dict[str, str]:
    return {
        "AWS::AccountId": "123456789012",
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::URLSuffix": suffix,
    }


def _contents(statement: dict[str, Any]) -> str:
    principal = statement.get("Principal", [])
    kinds = list(principal.values()) if isinstance(principal, dict) else [principal]
    principals = sum(len(_listed(each)) for each in kinds)
    return f"{_counted(principals, 'principal')}, {_counted(len(_listed(statement.get('Resource', []))), 'resource')}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
