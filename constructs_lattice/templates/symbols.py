"""Values as strings that are known in parts: the ARNs and ids of resources, spelled out as far as they are known.

`!GetAtt Orders.Arn`, `!Ref Orders` and `!Sub arn:aws:vpc-lattice:…:service/${Orders.Id}` come to the same string.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonvpclattice.html
"""

import json
import re
import string

from constructs_lattice.model.policies import Json
from constructs_lattice.model.symbolic import Generated, SymbolicText, compose
from constructs_lattice.model.unknown import Unknown as ModelUnknown
from constructs_lattice.templates.estate import Deployment, Estate, Resource
from constructs_lattice.templates.partitions import partition_of
from constructs_lattice.templates.texts import as_text
from constructs_lattice.templates.values import Reference, Text, Unknown, Value

__all__ = ["Symbols", "unknown_of"]

_ALPHANUMERIC = frozenset(string.ascii_letters + string.digits)
_OF_NAMES = _ALPHANUMERIC | frozenset("+=,.@-_")
_LONGEST_PREFIX = 51
_SUFFIX = range(10, 14)

_LATTICE = {
    "AWS::VpcLattice::Service": ("service/", "svc-"),
    "AWS::VpcLattice::ServiceNetwork": ("servicenetwork/", "sn-"),
    "AWS::VpcLattice::TargetGroup": ("targetgroup/", "tg-"),
}
_IAM = {
    "AWS::IAM::Role": ("role", "RoleName", ("Arn",)),
    "AWS::IAM::User": ("user", "UserName", ("Arn",)),
    "AWS::IAM::Group": ("group", "GroupName", ("Arn",)),
    "AWS::IAM::ManagedPolicy": ("policy", "ManagedPolicyName", ("", "PolicyArn")),
}
"""How their ARNs begin, the property that names them, and what gives the ARN; `Ref` gives the name otherwise."""

_EC2 = {
    "AWS::EC2::VPC": ("vpc-", ("", "VpcId")),
    "AWS::EC2::SecurityGroup": ("sg-", ("", "Id", "GroupId")),
    "AWS::EC2::PrefixList": ("pl-", ("", "PrefixListId")),
}
_LOWER_CASE = frozenset(string.ascii_lowercase)
_PSEUDO = {
    name: Generated(name=name, kind=name, alphabet=alphabet, least=least, most=most)
    for name, alphabet, least, most in (
        ("AWS::AccountId", frozenset(string.digits), 12, 12),
        ("AWS::Region", _LOWER_CASE | frozenset(string.digits + "-"), 9, 20),
        ("AWS::Partition", _LOWER_CASE | frozenset("-"), 3, 12),
    )
}
"""What stands for these in stacks that do not say where they are deployed."""

_DEFAULT_GROUP = "DefaultSecurityGroup"
_MARK = re.compile("\ue000(\\d+)\ue001")


def unknown_of(unknown: Unknown) -> ModelUnknown:
    """The same, as the model has it."""
    return ModelUnknown(unknown.reason, unknown.symbol)


class Symbols:
    """The strings of one estate."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    def text(self, value: Value) -> SymbolicText:
        """A string. What is no string is unknown."""
        match as_text(value):
            case str() as known:
                return known
            case Reference() as reference:
                return self._referenced(reference)
            case Unknown() as unknown:
                return _PSEUDO.get(unknown.symbol) or unknown_of(unknown)
            case Text(parts=parts):
                return compose(self.text(part) for part in parts)
            case None:
                return ModelUnknown("it is not given" if value is None else "it is no text")

    def json(self, value: Value) -> Json:
        """A document, which may also be a text that holds one."""
        if isinstance(value, str | Text):
            return self._parsed(value)
        return self._json(value)

    def account(self, deployment: Deployment) -> SymbolicText:
        """The account of a stack."""
        return self.text(deployment.account)

    def region(self, deployment: Deployment) -> SymbolicText:
        """The region of a stack."""
        return self.text(deployment.region)

    def partition(self, deployment: Deployment) -> SymbolicText:
        """The partition of a stack's region."""
        region = deployment.region
        return partition_of(region) if isinstance(region, str) else _PSEUDO["AWS::Partition"]

    def id_of(self, resource: Resource) -> SymbolicText:
        """The id of a resource of VPC Lattice or EC2, such as `svc-…`."""
        prefix = _LATTICE[resource.type][1] if resource.type in _LATTICE else _EC2[resource.type][0]
        return compose((prefix, Generated(name=f"{resource.id}.Id", kind=prefix)))

    def default_group_of(self, vpc: Resource) -> SymbolicText:
        """The id of the default security group of a VPC."""
        return compose(("sg-", Generated(name=f"{vpc.id}.{_DEFAULT_GROUP}", kind="sg-")))

    def arn_of(self, resource: Resource) -> SymbolicText:
        """The ARN of a resource of VPC Lattice or IAM."""
        where = resource.deployment
        account, partition = self.account(where), self.partition(where)
        if resource.type in _LATTICE:
            kind = _LATTICE[resource.type][0]
            region = self.region(where)
            return compose(("arn:", partition, ":vpc-lattice:", region, ":", account, ":", kind, self.id_of(resource)))
        kind = _IAM[resource.type][0]
        path = self.text(resource.declared.get("Path", "/"))
        return compose(("arn:", partition, ":iam::", account, ":", kind, path, self.name_of(resource)))

    def name_of(self, resource: Resource) -> SymbolicText:
        """The name of a resource of IAM. CloudFormation makes one up that ends like `-abcdefghijk1`.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html
        """
        kind, property_, _ = _IAM[resource.type]
        given = resource.declared.get(property_)
        if given is not None:
            return self.text(given)
        prefix = Generated(
            name=f"{resource.id}.Prefix", kind=f"{kind} prefix", alphabet=_OF_NAMES, least=1, most=_LONGEST_PREFIX
        )
        suffix = Generated(
            name=f"{resource.id}.Suffix", kind=kind, alphabet=_ALPHANUMERIC, least=_SUFFIX.start, most=_SUFFIX.stop - 1
        )
        return compose((prefix, "-", suffix))

    def _referenced(self, reference: Reference) -> SymbolicText:
        resource = self._estate.resources.get(reference.resource)
        if resource is not None:
            kind, attribute = resource.type, reference.attribute
            if kind in _LATTICE and attribute in ("", "Arn", "Id"):
                return self.id_of(resource) if attribute == "Id" else self.arn_of(resource)
            if kind in _IAM and (attribute == "" or attribute in _IAM[kind][2]):
                return self.arn_of(resource) if attribute in _IAM[kind][2] else self.name_of(resource)
            if kind in _EC2 and attribute in _EC2[kind][1]:
                return self.id_of(resource)
            if kind == "AWS::EC2::VPC" and attribute == _DEFAULT_GROUP:
                return self.default_group_of(resource)
        return ModelUnknown(f"only the deployment shows what {reference} is", str(reference))

    def _json(self, value: Value) -> Json:
        match value:
            case list():
                return [self._json(each) for each in value]
            case dict():
                return {key: self._json(each) for key, each in value.items()}
            case None | bool() | int() | float():
                return value
            case _:
                return self.text(value)

    def _parsed(self, value: str | Text) -> Json:
        """Read a document out of a text. What is not known stands for itself where a string is, and nowhere else."""
        parts = value.parts if isinstance(value, Text) else (value,)
        unknown = [part for part in parts if not isinstance(part, str)]
        marks = iter(range(len(unknown)))
        written = "".join(part if isinstance(part, str) else f"\ue000{next(marks)}\ue001" for part in parts)
        try:
            found: Value = json.loads(written)
        except ValueError as error:
            return ModelUnknown(f"it is a text that is no JSON: {error}")
        return self._marked(found, [self.text(part) for part in unknown])

    def _marked(self, value: Value, unknown: list[SymbolicText]) -> Json:
        match value:
            case list():
                return [self._marked(each, unknown) for each in value]
            case dict():
                return {key: self._marked(each, unknown) for key, each in value.items()}
            case str():
                pieces: list[str] = _MARK.split(value)
                return compose(unknown[int(each)] if index % 2 else each for index, each in enumerate(pieces))
            case _:
                return self._json(value)
