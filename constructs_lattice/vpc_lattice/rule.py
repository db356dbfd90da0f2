"""Rules of listeners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk import CfnTag
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.interfaces import aws_vpclattice as interfaces

from constructs_lattice._checks import Place, check_range
from constructs_lattice._construct import LatticeResource
from constructs_lattice.vpc_lattice.names import Named, check_name

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lattice.vpc_lattice.action import Action
    from constructs_lattice.vpc_lattice.listener import Listener
    from constructs_lattice.vpc_lattice.match import Match

__all__ = ["Rule"]

_PRIORITIES = (1, 2000)


@jsii.implements(interfaces.IRuleRef)
class Rule(LatticeResource):
    """A rule: requests that match take its action. Rules are tried from the lowest priority number up.

    Made by `Listener.add_rule`.

    Args:
        scope: The construct that this rule is part of.
        id: The id within `scope`.
        listener: The listener.
        match: Which requests it is for.
        action: What happens to them.
        priority: 1 to 2000, another one for each rule of the listener. Leave gaps: two rules cannot swap their
            priorities in one deployment.
        rule_name: Its name: 3 to 63 lower-case letters, digits and single hyphens. Made by CloudFormation by default.

    Raises:
        ArgumentError: The priority or the name is out of its limits, or the action forwards to a target group that the
            listener cannot reach.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/listener-rules.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        listener: Listener,
        match: Match,
        action: Action,
        priority: int,
        rule_name: str | None = None,
    ) -> None:
        where = Place(scope, id)
        check_range(where, "priority", priority, *_PRIORITIES)
        check_name(where, "rule_name", rule_name, Named.RULE)
        service = listener.service
        service_arn = service.service_ref.service_arn
        action.check(where, service_arn, service.node.path, secure=listener.protocol == "HTTPS")
        super().__init__(scope, id)
        self._resource = vpclattice.CfnRule(
            self,
            "Resource",
            listener_identifier=listener.listener_arn,
            service_identifier=service_arn,
            name=rule_name,
            priority=priority,
            match=match.for_rule(),
            action=action.for_rule(),
            tags=[CfnTag(key="Name", value=self.node.path)],
        )
        action.bind(service_arn, service.node.path)

    @property
    def resource(self) -> vpclattice.CfnRule:
        """The rule itself, as CloudFormation knows it."""
        return self._resource

    @property
    def rule_arn(self) -> str:
        """The ARN."""
        return self._resource.attr_arn

    @property
    def rule_ref(self) -> interfaces.RuleReference:
        """The reference by which constructs of the CDK know it."""
        return interfaces.RuleReference(rule_arn=self.rule_arn)
