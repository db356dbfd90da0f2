"""What may pass an endpoint of a VPC."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from aws_cdk import Aws, Fn, Stack
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc.perimeter import EVERYTHING, Perimeter, substituted

__all__ = ["EndpointPolicy", "check_size", "known_region"]

_WHERE = "endpoint policy"
_VERSION = "2012-10-17"
_MOST_CHARACTERS = 20_480


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointPolicy:
    """Who may call an AWS service through an endpoint of a VPC, and whose resources may be meant.

    A policy gives nobody a permission: it bounds what the permissions of callers are good for on this way.
    `same_account`, the default of a `Vpc`, and its siblings `accounts` and `organization` are perimeters. These pass:

    - principals of the accounts. For the services that hold data, among them S3, DynamoDB, KMS, SQS and Secrets
      Manager, only with resources of the accounts;
    - AWS services that call by themselves (`aws:PrincipalIsAWSService`);
    - on S3, by anybody, credentials or none: reading the layers of images in ECR, the packages of Amazon Linux and what
      the agents of Systems Manager, CloudWatch and CodeDeploy need, and telling CloudFormation how a custom resource or
      a wait condition went. The buckets of Patch Manager have names that depend on the region, so they are there if the
      stack's region is known at synthesis;
    - on ECR: pulling from whatever registry lets its principals pull, but pushing to those of the accounts only;
    - on Systems Manager: AWS's public parameters, documents and runbooks; on Lambda: the layers of others;
    - on STS: requests for roles of the accounts by web identities and SAML, which have no principal.

    Everything else is refused: a bucket or a secret of another account, the role of another account, credentials of
    another account. `also` lets more through.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """

    perimeter: Perimeter | None = None
    statements: tuple[iam.PolicyStatement, ...] = ()

    def __post_init__(self) -> None:
        """Check that each statement says for whom it is."""
        for number, statement in enumerate(self.statements, start=1):
            if not statement.has_principal:
                raise ArgumentError(
                    f"{_WHERE}: statement {number} has no principal; the policy of an endpoint says for whom each "
                    "statement is, such as iam.AnyPrincipal()"
                )

    @classmethod
    def same_account(cls, *, also: Sequence[iam.PolicyStatement] = ()) -> Self:
        """Principals and resources of the stack's own account, and what the class says; `also` lets more through."""
        return cls(perimeter=Perimeter(), statements=tuple(also))

    @classmethod
    def accounts(cls, accounts: Sequence[str], *, also: Sequence[iam.PolicyStatement] = ()) -> Self:
        """Principals and resources of the stack's own account and of these; otherwise like `same_account`.

        Raises `ArgumentError` for an id that is none, and when there is none at all.
        """
        if not accounts:
            raise ArgumentError(f"{_WHERE}: accounts must name at least one, got none; ask for same_account()")
        return cls(perimeter=Perimeter(accounts=tuple(accounts)), statements=tuple(also))

    @classmethod
    def organization(cls, organization_id: str, *, also: Sequence[iam.PolicyStatement] = ()) -> Self:
        """Principals and resources of all accounts of an organization; otherwise like `same_account`.

        Raises `ArgumentError` for an id that is none.
        """
        return cls(perimeter=Perimeter(organization_id=organization_id), statements=tuple(also))

    @classmethod
    def of(cls, *policy: iam.PolicyStatement | iam.PolicyDocument) -> Self:
        """What these statements, or those of these documents, say, and nothing else.

        Raises `ArgumentError` without any statement, and for one without a principal.
        """
        statements = tuple(statement for each in policy for statement in _statements(each))
        if not statements:
            raise ArgumentError(
                f"{_WHERE}: a policy of one's own must hold at least one statement, got none; ask for full_access()"
            )
        return cls(statements=statements)

    @classmethod
    def full_access(cls) -> Self:
        """Everything passes, as with an endpoint that has no policy."""
        return cls()

    @property
    def is_full_access(self) -> bool:
        """Whether it lets everything through."""
        return self.perimeter is None and not self.statements

    def plain_document(self, service: str, region: str | None) -> dict[str, Any]:
        """The document for `service`, a short name, as a template holds it; without the statements of one's own."""
        return {"Version": _VERSION, "Statement": substituted(self._plain(service, region), _as_intrinsic)}

    def document_statements(self, service: str, region: str | None) -> list[iam.PolicyStatement]:
        """All statements for `service`, made anew each time."""
        plain = substituted(self._plain(service, region), _as_token)
        return [
            *(iam.PolicyStatement.from_json(statement) for statement in plain),
            *(statement.copy() for statement in self.statements),
        ]

    def _plain(self, service: str, region: str | None) -> list[dict[str, Any]]:
        if self.perimeter is not None:
            return self.perimeter.statements(service, region)
        return [EVERYTHING] if self.is_full_access else []


def _statements(policy: iam.PolicyStatement | iam.PolicyDocument) -> list[iam.PolicyStatement]:
    if isinstance(policy, iam.PolicyStatement):
        return [policy]
    document = policy.to_json() or {}
    return [iam.PolicyStatement.from_json(statement) for statement in document.get("Statement", [])]


_REGION_WORD = "RegionWord"


def _as_intrinsic(text: str) -> Any:
    """What a template says for a text that refers to something."""
    if text == "${AWS::AccountId}":
        return {"Ref": "AWS::AccountId"}
    if _REGION_WORD not in text:
        return {"Fn::Sub": text}
    word = {"Fn::Join": ["", {"Fn::Split": ["-", {"Ref": "AWS::Region"}]}]}
    return {"Fn::Sub": [text, {_REGION_WORD: word}]}


def _as_token(text: str) -> str:
    """The same as a token."""
    if text == "${AWS::AccountId}":
        return Aws.ACCOUNT_ID
    if _REGION_WORD not in text:
        return Fn.sub(text)
    return Fn.sub(text, {_REGION_WORD: Fn.join("", Fn.split("-", Aws.REGION))})


def check_size(scope: IConstruct, where: str, statements: Sequence[iam.PolicyStatement]) -> None:
    """Raise if the document is longer than AWS takes it; what only the deployment knows is not counted."""
    text = json.dumps(Stack.of(scope).resolve(iam.PolicyDocument(statements=statements)))
    if len(text) > _MOST_CHARACTERS:
        raise ArgumentError(
            f"{where}: its policy must be up to {_MOST_CHARACTERS:,} characters long, got {len(text):,}; say less in it"
        )


def known_region(construct: IConstruct) -> str | None:
    """The region of a construct's stack, if it is known at synthesis."""
    region = Stack.of(construct).region
    return None if is_token(region) else region
