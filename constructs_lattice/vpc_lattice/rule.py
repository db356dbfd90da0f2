"""Rules of listeners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk import aws_vpclattice as vpclattice
from aws_cdk.interfaces import aws_vpclattice as interfaces

from constructs_lattice._checks import Place
from constructs_lattice._construct import LatticeResource, name_tag
from constructs_lattice.errors import ArgumentError
from constructs_lattice.vpc_lattice.identifiers import Identified, Imported, id_of
from constructs_lattice.vpc_lattice.names import Named, check_name
from constructs_lattice.vpc_lattice.protocols import ListenerProtocol
from constructs_lattice.vpc_lattice.quotas import Quota
from constructs_lattice.vpc_lattice.regions import Region
from constructs_lattice.vpc_lattice.rule_callers import RuleCallers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from constructs_lattice.vpc_lattice.action import Action
    from constructs_lattice.vpc_lattice.caller import Grantee
    from constructs_lattice.vpc_lattice.listener import ListenerBase
    from constructs_lattice.vpc_lattice.match import Match

__all__ = ["Rule", "RuleBase"]


@jsii.implements(interfaces.IRuleRef)
class RuleBase(LatticeResource):
    """A rule, defined or imported."""

    @property
    def rule_arn(self) -> str:
        """The ARN."""
        raise NotImplementedError

    @property
    def rule_id(self) -> str:
        """The id, such as `rule-0123456789abcdef0`."""
        return id_of(self.rule_arn, 5)

    @property
    def rule_ref(self) -> interfaces.RuleReference:
        """The reference by which constructs of the CDK know it."""
        return interfaces.RuleReference(rule_arn=self.rule_arn)


class Rule(RuleBase):
    """A rule: requests that match take its action. Rules are tried from the lowest priority number up.

    Made by `Listener.add_rule`.

    Without a `priority` of its own, a rule gets one that follows from its match, its id and its name, and from nothing
    else: no change of another rule moves it. A rule comes before all those whose match contains its own. Two rules that
    come to the same number are an error, which names a free one.

    Args:
        scope: The construct that this rule is part of.
        id: The id within `scope`.
        listener: The listener.
        match: Which requests it is for.
        action: What happens to them.
        priority: 1 to 2000, another one for each rule of the listener. By default 21 to 1980, the lower the more
            specific the match is. Two rules cannot swap their priorities in one deployment.
        rule_name: Its name: 3 to 63 lower-case letters, digits and single hyphens. Made by CloudFormation by default.
        allow: Who may send the requests that match, on the listener's port: as `service.grants.invoke` lets them, with
            the match in the words of a policy. That holds also for requests that another rule takes first: a warning
            says so where that one allows others only. Nobody more than before by default.

    Raises:
        ArgumentError: The priority or the name is out of its limits, no priority follows from the match, the listener
            passes TLS through, the action forwards to a target group that the listener cannot reach or that belongs to
            another service, or a policy cannot say what `allow` and `match` say together.

    https://docs.aws.amazon.com/vpc-lattice/latest/ug/listener-rules.html
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        listener: ListenerBase,
        match: Match,
        action: Action,
        priority: int | None = None,
        rule_name: str | None = None,
        allow: Sequence[Grantee] = (),
    ) -> None:
        where = Place(scope, id)
        ledger, priorities = listener.ledger, listener.priorities
        Region.of(scope).check(where)
        check_name(where, "rule_name", rule_name, Named.RULE)
        if listener.protocol is ListenerProtocol.TLS_PASSTHROUGH:
            raise ArgumentError(f"{where}: a TLS listener reads no requests and has no rules; use its default_action")
        number = priorities.choose(where, id, match, rule_name, priority)
        action.check(where, listener.protocol)
        ledger.check_groups(where, action.groups)
        callers = RuleCallers.of(where, listener, match, allow)
        super().__init__(scope, id)
        self._listener = listener
        self._action = action
        self._priority = number
        self._resource = vpclattice.CfnRule(
            self,
            "Resource",
            listener_identifier=listener.listener_arn,
            service_identifier=ledger.arn,
            name=rule_name,
            priority=number,
            match=match.rendered(),
            action=action.rendered(),
            tags=[name_tag(self)],
        )
        if allowed := callers.permit(where):
            listener.allowing.add(self, id, number, match, allowed)
        priorities.take(id, number, match, given=priority is not None, rule_name=rule_name)
        Quota.RULES.warn(self, len(priorities) - 1, len(priorities))
        ledger.add_groups(self, action.groups)

    @staticmethod
    def from_rule_arn(scope: Construct, id: str, rule_arn: str) -> RuleBase:
        """A rule that exists already. Raises `ArgumentError` for anything else than the ARN of one."""
        Identified.RULE.check_arn(Place(scope, id), "rule_arn", rule_arn)
        return _ImportedRule(scope, id, rule_arn=rule_arn)

    @staticmethod
    def from_rule_id(scope: Construct, id: str, *, listener: interfaces.IListenerRef, rule_id: str) -> RuleBase:
        """A rule of a listener, such as `rule-0123456789abcdef0`, or `default` for its default action.

        Raises `ArgumentError` for anything else than the id of one.
        """
        Identified.RULE.check_id(Place(scope, id), "rule_id", rule_id)
        return _ImportedRule(scope, id, rule_arn=f"{listener.listener_ref.listener_arn}/rule/{rule_id}")

    @property
    def resource(self) -> vpclattice.CfnRule:
        """The rule itself, as CloudFormation knows it."""
        return self._resource

    @property
    def rule_arn(self) -> str:
        """The ARN."""
        return self._resource.attr_arn

    @property
    def listener(self) -> ListenerBase:
        """The listener that it belongs to."""
        return self._listener

    @property
    def action(self) -> Action:
        """What happens to the requests that match."""
        return self._action

    @property
    def priority(self) -> int:
        """The priority, given or derived."""
        return self._priority


class _ImportedRule(Imported, RuleBase):
    def __init__(self, scope: Construct, id: str, *, rule_arn: str) -> None:
        super().__init__(scope, id)
        self._arn = rule_arn

    @property
    def rule_arn(self) -> str:
        return self._arn
