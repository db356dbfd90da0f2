"""Ids and ARNs of what exists already, as CloudFormation writes them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_VpcLattice.html
"""

from __future__ import annotations

import re
from enum import Enum

from aws_cdk import ArnFormat, Fn
from aws_cdk.interfaces import ResourceEnvironment
from constructs import Construct

from constructs_lattice._checks import check_pattern
from constructs_lattice._construct import LatticeResource, stack_of
from constructs_lattice._tokens import is_token

__all__ = ["Identified", "Imported", "home_of", "id_of"]

_EXAMPLE = "0123456789abcdef0"


class Identified(Enum):
    """What can be imported: what it is called, the type in its ARN, and what its id begins with."""

    SERVICE_NETWORK = ("a service network", "servicenetwork", "sn")
    SERVICE = ("a service", "service", "svc")
    TARGET_GROUP = ("a target group", "targetgroup", "tg")
    VPC_ASSOCIATION = ("an association of a VPC", "servicenetworkvpcassociation", "snva")
    SERVICE_ASSOCIATION = ("an association of a service", "servicenetworkserviceassociation", "snsa")
    RESOURCE_ASSOCIATION = ("an association of a resource", "servicenetworkresourceassociation", "snra")
    RESOURCE_GATEWAY = ("a resource gateway", "resourcegateway", "rgw")
    RESOURCE_CONFIGURATION = ("a resource configuration", "resourceconfiguration", "rcfg")
    DOMAIN_VERIFICATION = ("a domain verification", "domainverification", "dv")
    ACCESS_LOG_SUBSCRIPTION = ("an access log subscription", "accesslogsubscription", "als")
    LISTENER = ("a listener", "listener", "listener")
    RULE = ("a rule", "rule", "rule")

    @property
    def example(self) -> str:
        """How such an ARN ends; all are equally long."""
        _, resource, prefix = self.value
        return f"{resource}/{prefix}-{_EXAMPLE}"

    def check_arn(self, where: object, argument: str, arn: str) -> None:
        """Raise `ArgumentError` unless `arn` is a token, or the ARN of such a thing in any partition."""
        whole = [*_PARENTS.get(self, ()), self]
        path = "/".join(f"{each.value[1]}/{_id_pattern(each)}" for each in whole)
        example = "/".join(each.example for each in whole)
        pattern = re.compile(rf"arn:[a-z0-9-]+:vpc-lattice:[a-zA-Z0-9-]+:[0-9]{{12}}:{path}")
        check_pattern(where, argument, arn, pattern, f"be the ARN of {self.value[0]}, arn:…:{example}")

    def check_id(self, where: object, argument: str, id: str) -> None:
        """Raise `ArgumentError` unless `id` is a token, or the id of such a thing."""
        what, _, prefix = self.value
        rule = f"be the id of {what} such as {prefix}-{_EXAMPLE}"
        check_pattern(where, argument, id, re.compile(_id_pattern(self)), rule)

    def arn_of(self, scope: Construct, id: str) -> str:
        """The ARN of what has that id in the account and region of the stack."""
        _, resource, _ = self.value
        return stack_of(scope).format_arn(
            service="vpc-lattice", resource=resource, resource_name=id, arn_format=ArnFormat.SLASH_RESOURCE_NAME
        )


# Ids of these are part of the ARNs of what belongs to them.
_PARENTS = {
    Identified.LISTENER: (Identified.SERVICE,),
    Identified.RULE: (Identified.SERVICE, Identified.LISTENER),
}


def _id_pattern(identified: Identified) -> str:
    *_, prefix = identified.value
    # The rule of a listener's default action has a name for an id.
    return rf"({prefix}-[0-9a-z]{{17}}{'|default' if identified is Identified.RULE else ''})"


def id_of(arn: str, slashes: int = 1) -> str:
    """The id in an ARN, which may be a token: what follows that many slashes."""
    # Partition, region and account may be tokens, but have no slashes.
    if arn.startswith("arn:") or not is_token(arn):
        return arn.split("/")[slashes]
    return Fn.select(slashes, Fn.split("/", arn))


def home_of(arn: str, construct: object) -> str | None:
    """The account and the region of what has that ARN; of the construct, if only the deployment knows the ARN."""
    if not is_token(arn):
        region, account = arn.split(":")[3:5]
        return f"{account}/{region}"
    if not isinstance(construct, LatticeResource):
        return None
    env = construct.env
    return None if is_token((env.account, env.region)) else f"{env.account}/{env.region}"


class Imported:
    """Mixin of what is imported: it is in the account and the region of its ARN, not in those of the stack."""

    _arn: str

    @property
    def env(self) -> ResourceEnvironment:
        """The account and the region that it is in."""
        if is_token(self._arn):
            region, account = (Fn.select(part, Fn.split(":", self._arn)) for part in (3, 4))
        else:
            region, account = self._arn.split(":")[3:5]
        return ResourceEnvironment(account=account, region=region)
