"""A perimeter: who may call AWS services through the endpoints of a VPC, and whose resources may be meant.

Plain data, made without the CDK: the statements of a policy, as JSON in which `${AWS::AccountId}` and its siblings
stand for what CloudFormation puts there. They follow AWS's guidance for data perimeters on the network:
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from constructs_lattice._checks import check_pattern
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.aws_owned import PARAMETERS_AND_DOCUMENTS, READ_BUCKETS, RESPONSE_BUCKETS, patch_buckets
from constructs_lattice.vpc.endpoint_services import holds_resources

__all__ = ["EVERYTHING", "Perimeter", "substituted"]

Json = dict[str, Any]

_ACCOUNT = re.compile(r"[0-9]{12}")
_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")


def _allowed(sid: str, actions: str | Sequence[str] = "*", resources: Sequence[str] = (), **condition: Json) -> Json:
    statement: Json = {"Sid": sid, "Effect": "Allow", "Principal": "*"}
    statement["Action"] = actions if isinstance(actions, str) else list(actions)
    statement["Resource"] = list(resources) or "*"
    return statement | ({"Condition": condition} if condition else {})


EVERYTHING = _allowed("FullAccess")
"""What lets everything through, as AWS does when there is no policy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Perimeter:
    """An organization, or the account of the stack together with other ones."""

    organization_id: str | None = None
    accounts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the ids."""
        where = "endpoint policy"
        rule = "be the id of an organization such as o-a1b2c3d4e5"
        check_pattern(where, "organization_id", self.organization_id, _ORGANIZATION, rule)
        for account in self.accounts:
            check_pattern(where, "accounts", account, _ACCOUNT, "hold account ids of twelve digits")
        if repeated := sorted({account for account in self.accounts if self.accounts.count(account) > 1}):
            raise ArgumentError(f"{where}: accounts names {repeated[0]!r} {self.accounts.count(repeated[0])} times")

    def statements(self, service: str, region: str | None) -> list[Json]:
        """What passes the endpoint of `service`, a short name, in a region that may be known to the deployment only."""
        whose = self._principals | (self._resources if holds_resources(service) else {})
        return [
            _allowed("TrustedPrincipals", StringEquals=whose),
            _allowed("AwsServices", Bool={"aws:PrincipalIsAWSService": "true"}),
            *self._exceptions(service.removesuffix("-fips"), region),
        ]

    @property
    def _principals(self) -> Json:
        return self._compared("aws:PrincipalAccount", "aws:PrincipalOrgID")

    @property
    def _resources(self) -> Json:
        return self._compared("aws:ResourceAccount", "aws:ResourceOrgID")

    def _compared(self, account_key: str, organization_key: str) -> Json:
        if self.organization_id is not None:
            return {organization_key: self.organization_id}
        return {account_key: ["${AWS::AccountId}", *self.accounts]}

    def _exceptions(self, service: str, region: str | None) -> list[Json]:
        """What else must pass, since something in the VPC would break without it."""
        match service:
            case "s3":
                return [
                    _allowed("AwsBuckets", "s3:GetObject", [*READ_BUCKETS, *patch_buckets(region or "")]),
                    _allowed("CloudFormationResponses", "s3:PutObject", RESPONSE_BUCKETS),
                ]
            case "ecr.api" | "ecr.dkr":
                # Whoever owns the repository says who may pull from it; add-ons of EKS, for one, are in AWS's own.
                return [_allowed("ImagesOfOthers", _PULL, StringEquals=self._principals)]
            case "lambda":
                return [_allowed("LayersOfOthers", "lambda:GetLayerVersion", StringEquals=self._principals)]
            case "ssm":
                return [_allowed("AwsDocuments", _READ, PARAMETERS_AND_DOCUMENTS, StringEquals=self._principals)]
            case "sts":
                # Who asks for a role with a token is nobody yet: no principal is in the request.
                return [_allowed("Federation", _FEDERATE, StringEquals=self._resources)]
            case _:
                return []


_PULL = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
)
_READ = (
    "ssm:CreateAssociation",
    "ssm:Describe*",
    "ssm:Get*",
    "ssm:List*",
    "ssm:SendCommand",
    "ssm:StartAutomationExecution",
    "ssm:StartChangeRequestExecution",
    "ssm:StartSession",
)
_FEDERATE = ("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")


def substituted(value: Any, substitute: Callable[[str], Any]) -> Any:
    """A copy of `value` in which `substitute` has replaced each string that refers to something by `${…}`."""
    if isinstance(value, str):
        return substitute(value) if "${" in value and not is_token(value) else value
    if isinstance(value, dict):
        return {key: substituted(item, substitute) for key, item in value.items()}
    if isinstance(value, list):
        return [substituted(item, substitute) for item in value]
    return value
