"""Where an entity is and whose it is, as far as that is known.

Of two that are associated, one has to be one's own, and both are in one region. The CDK would carry the ARN of what is
made in another region over by custom resources, and the deployment would fail all the same.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/sharing.html#sharing-perms
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Stack

from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.identifiers import Imported
from constructs_lattice.vpc_lattice.regions import Region

if TYPE_CHECKING:
    from constructs import Construct, IConstruct

__all__ = ["Entity", "check_here", "check_one_is_own", "check_own"]

_REGION, _ACCOUNT = 3, 4

Entity = tuple[str, "IConstruct", str]
"""What it is, the construct, and its ARN; of a VPC its id."""


def check_here(where: object, scope: Construct, *entities: Entity) -> None:
    """Raise `ArgumentError` when one of the entities is in another region than the stack."""
    own = Region.of(scope).name
    for what, construct, arn in entities:
        region = _region(construct, arn)
        if not is_token((own, region)) and region != own:
            raise ArgumentError(
                f"{where}: {what} {construct.node.path} is in {region}, and the stack in {own}, but all that VPC "
                "Lattice connects is in one region; make another one here"
            )


def check_own(where: object, scope: Construct, what: str, arn: str) -> None:
    """Raise `ArgumentError` when the entity with that ARN belongs to another account than the stack's."""
    owner = _foreign_owner(scope, arn)
    if owner is not None:
        raise ArgumentError(
            f"{where}: {what} belongs to account {owner}, and only its owner can share it; share it in a stack there"
        )


def check_one_is_own(where: object, scope: Construct, first: Entity, second: Entity) -> None:
    """Raise `ArgumentError` when both entities belong to other accounts than the stack's."""
    if is_token((first[2], second[2])):
        return
    owners = [_foreign_owner(scope, arn) for _, _, arn in (first, second)]
    if None not in owners:
        raise ArgumentError(
            f"{where}: {first[0]} {first[1].node.path} belongs to account {owners[0]} and {second[0]} "
            f"{second[1].node.path} to account {owners[1]}, and what is shared cannot be associated with what is "
            "shared; associate them in a stack of one of their owners"
        )


def _region(construct: IConstruct, arn: str) -> str:
    if arn.startswith("arn:") and not is_token(region := arn.split(":")[_REGION]):
        return region
    # Of what is imported by an ARN that only the deployment knows, nothing is known.
    return arn if isinstance(construct, Imported) else Region.of(construct).name


def _foreign_owner(scope: Construct, arn: str) -> str | None:
    """The account in the ARN, if it is another one than the stack's, and both are known."""
    if is_token(arn):
        return None
    owner = arn.split(":")[_ACCOUNT]
    own: str = Stack.of(scope).account
    return None if is_token(own) or owner in ("", own) else owner
