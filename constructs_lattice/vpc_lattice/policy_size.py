"""How large an auth policy is when it is deployed: what a template leaves open counts with the longest value.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/quotas.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from aws_cdk import ConstructSelector
from aws_cdk import aws_iam as iam

from constructs_lattice._tokens import is_token
from constructs_lattice.vpc_lattice.regions import Region

if TYPE_CHECKING:
    from aws_cdk import Stack

__all__ = ["MOST_BYTES", "PolicySize"]

MOST_BYTES = 10 * 1024
"""A quota that AWS does not raise, of the JSON without blanks."""

_LONGEST_NAME = 64  # of a role or a user
_RANDOM = "-123456789012-"  # what CloudFormation puts between and after the names of a stack and a resource
_COMMERCIAL = re.compile(r"(?!cn-)[a-z]{2}-[a-z]+-\d+")
_SHOWN = 3


class PolicySize:
    """The size of a policy of one stack: of what only the deployment knows, the longest value is taken.

    That is known of pseudo parameters, of the ARN that the policy belongs to, and of the ARNs of roles and users of
    the stack. Anything else, such as a parameter or the output of another stack, is taken to be the ARN of a role.
    """

    def __init__(self, stack: Stack, own: Any) -> None:
        region = Region.of(stack).name
        self._stack = stack
        self._pseudo = {
            "AWS::AccountId": "123456789012",
            "AWS::Partition": "aws" if _COMMERCIAL.fullmatch(region) else "aws-us-gov",
            "AWS::Region": "ap-northeast-1" if is_token(region) else region,
            "AWS::URLSuffix": "amazonaws.com.cn",
        }
        # Services have the longer ARN of the two that have policies.
        longest = self._text("arn:AWS::Partition:vpc-lattice:AWS::Region:AWS::AccountId:service/svc-0123456789abcdef0")
        self._attributes = {".".join(own["Fn::GetAtt"]): longest} if isinstance(own, dict) else {}
        self._open = self._text("arn:AWS::Partition:iam::AWS::AccountId:role/") + "x" * _LONGEST_NAME

    def of(self, resolved: Any) -> int:
        """The bytes of a policy, or of a part of it, as the template has it."""
        return len(json.dumps(self._deployed(resolved), separators=(",", ":"), ensure_ascii=False).encode())

    def problem(self, resolved: dict[str, Any]) -> str | None:
        """What is wrong with a policy that is too large, and which of its statements are the largest."""
        if self.of(resolved) <= MOST_BYTES:
            return None
        # Most names are shorter than the longest, but to know them takes a look at the whole stack.
        self._attributes |= self._named()
        if (size := self.of(resolved)) <= MOST_BYTES:
            return None
        return (
            f"the auth policy can have {size:,} bytes when it is deployed, and {MOST_BYTES:,} is the most; the largest "
            f"are {self._largest(resolved['Statement'])}; grants of the same requests share a statement, and paths can "
            "have wildcards"
        )

    def _deployed(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._deployed(each) for each in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (name, argument) = next(iter(value.items()))
            if name == "Ref" or name.startswith("Fn::"):
                return self._longest(name, argument)
        return {key: self._deployed(each) for key, each in value.items()}

    def _longest(self, function: str, argument: Any) -> str:
        """The longest value of an intrinsic function."""
        match function:
            case "Ref":
                return self._pseudo.get(argument, self._open)
            case "Fn::GetAtt":
                return self._attributes.get(".".join(argument), self._open)
            case "Fn::Join" if isinstance(argument[1], list):
                return str(argument[0]).join(str(self._deployed(each)) for each in argument[1])
            case _:
                return self._open

    def _named(self) -> dict[str, str]:
        """The ARNs of the roles and users of the stack."""
        found = {}
        for kind, type_ in (("role", "AWS::IAM::Role"), ("user", "AWS::IAM::User")):
            resources: list[Any] = ConstructSelector.resources_of_type(type_).select(self._stack)
            for each in resources:
                logical_id = self._stack.resolve(each.logical_id)
                name = each.role_name if isinstance(each, iam.CfnRole) else each.user_name
                if name is None or is_token(name):
                    name = self._made_name(logical_id)
                arn = f"arn:AWS::Partition:iam::AWS::AccountId:{kind}{each.path or '/'}{name}"
                found[f"{logical_id}.Arn"] = self._text(arn)
        return found

    def _made_name(self, logical_id: str) -> str:
        stack_name = self._stack.stack_name
        if is_token(stack_name):
            return "x" * _LONGEST_NAME
        return f"{stack_name}{logical_id}{_RANDOM}"[:_LONGEST_NAME]

    def _text(self, text: str) -> str:
        for name, value in self._pseudo.items():
            text = text.replace(name, value)
        return text

    def _largest(self, statements: list[Any]) -> str:
        sizes = sorted(((self.of(each), -number) for number, each in enumerate(statements, 1)), reverse=True)
        return ", ".join(
            f"statement {-number} ({size:,} bytes, {_contents(statements[-number - 1])})"
            for size, number in sizes[:_SHOWN]
        )


def _contents(statement: dict[str, Any]) -> str:
    principal = statement.get("Principal", [])
    kinds = list(principal.values()) if isinstance(principal, dict) else [principal]
    principals = sum(len(_listed(each)) for each in kinds)
    return f"{_counted(principals, 'principal')}, {_counted(len(_listed(statement.get('Resource', []))), 'resource')}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
