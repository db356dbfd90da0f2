"""Target groups of one Lambda function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs_lattice._checks import Place
from constructs_lattice._construct import stack_of
from constructs_lattice._tokens import is_token
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.names import Named, check_name
from constructs_lattice.vpc_lattice.protocols import EventStructureVersion
from constructs_lattice.vpc_lattice.target_group import TargetGroup

if TYPE_CHECKING:
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

__all__ = ["LambdaTargetGroup"]

_LATEST = ":$LATEST"


class LambdaTargetGroup(TargetGroup):
    """A target group of one Lambda function, which VPC Lattice is permitted to call.

    Requests and answers have at most 6 MB. There is no port, no protocol, no VPC and no health check.

    Args:
        scope: The construct that this target group is part of.
        id: The id within `scope`.
        function: The function, a version of it or an alias, in the stack's own account and region.
        event_structure_version: The form of the event that it gets. V2 by default.
        target_group_name: Its name: 3 to 128 lower-case letters, digits and single hyphens. Made by CloudFormation by
            default, which is better: almost every change replaces a target group.

    Raises:
        ArgumentError: The name is out of its limits or taken, or the function is in another account or region, or is
            the version `$LATEST`.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        function: lambda_.IFunction,
        event_structure_version: EventStructureVersion = EventStructureVersion.V2,
        target_group_name: str | None = None,
    ) -> None:
        where, function_arn = Place(scope, id), function.function_arn
        check_name(where, "target_group_name", target_group_name, Named.TARGET_GROUP)
        if function_arn.endswith(_LATEST):
            raise ArgumentError(
                f"{where}: function must not be the version $LATEST, which nobody can be permitted to call by that "
                "name; give the function itself"
            )
        _check_home(where, scope, function_arn)
        super().__init__(scope, id)
        self._define(
            "LAMBDA",
            target_group_name,
            {"lambdaEventStructureVersion": event_structure_version},
            [(function_arn, None)],
        )
        self._permit(function_arn)

    def _permit(self, function_arn: str) -> None:
        from aws_cdk import aws_lambda as lambda_  # noqa: PLC0415 - loaded by who has a function only

        lambda_.CfnPermission(
            self,
            "Invoke",
            action="lambda:InvokeFunction",
            function_name=function_arn,
            principal="vpc-lattice.amazonaws.com",
            source_arn=self._arn,
        )


def _check_home(where: object, scope: Construct, function_arn: str) -> None:
    if is_token(function_arn):
        return
    stack = stack_of(scope)
    own = f"{stack.account}/{stack.region}"
    region, account = function_arn.split(":")[3:5]
    if not is_token(own) and own != f"{account}/{region}":
        raise ArgumentError(
            f"{where}: function must be in the account and the region of the stack, {own}, got one in "
            f"{account}/{region}"
        )
