"""The listeners of services, with their rules and actions.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-vpclattice-listener.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-vpclattice-rule.html
"""

from collections.abc import Iterator

from constructs_lattice.model.lattice import (
    Action,
    FixedResponse,
    Forward,
    HeaderMatch,
    HttpMatch,
    Listener,
    ListenerProtocol,
    PathMatch,
    Rule,
    StringMatch,
    StringMatchKind,
    WeightedTargetGroup,
)
from constructs_lattice.model.symbolic import SymbolicText, parts_of
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.templates.estate import Estate, Resource
from constructs_lattice.templates.symbols import Symbols, unknown_of
from constructs_lattice.templates.values import Reference, Text, Value

__all__ = ["ListenerReader"]

_DEFAULT_PORTS = {ListenerProtocol.HTTP: 80, ListenerProtocol.HTTPS: 443}
_ONLY_WEIGHT = 100
_DECIDED = {"true": True, "false": False}


class ListenerReader:
    """Finds the listeners of services and the rules of listeners, and reads them."""

    def __init__(self, estate: Estate, symbols: Symbols) -> None:
        self._estate = estate
        self._symbols = symbols

    def of_service(self, service: Resource) -> Iterator[Listener]:
        """The listeners of a service, and those of which nobody knows whether they are."""
        own = (self._symbols.arn_of(service), self._symbols.id_of(service))
        for each in self._estate.of_type("AWS::VpcLattice::Listener"):
            identifier = self._symbols.text(each.declared.get("ServiceIdentifier"))
            if identifier in own:
                yield self._listener(each, None)
            elif (doubt := _doubt_in(identifier)) is not None:
                yield self._listener(each, doubt)

    def _listener(self, resource: Resource, doubt: Unknown | None) -> Listener:
        protocol = self._protocol(resource)
        return Listener(
            id=str(resource.id),
            protocol=protocol,
            port=self._port(resource, protocol),
            default_action=self._action(resource, resource.declared.get("DefaultAction")),
            rules=tuple(self._rules(resource)),
            doubt=doubt or (unknown_of(resource.doubt) if resource.doubt else None),
        )

    def _protocol(self, resource: Resource) -> ListenerProtocol | Unknown:
        text = self._symbols.text(resource.declared.get("Protocol"))
        if text in tuple(ListenerProtocol):
            return ListenerProtocol(str(text))
        return text if isinstance(text, Unknown) else Unknown(f"{resource.id} has the protocol {text}")

    def _port(self, resource: Resource, protocol: ListenerProtocol | Unknown) -> int | Unknown:
        value = resource.declared.get("Port")
        if value is not None:
            return self._number(value, f"the port of {resource.id}")
        if isinstance(protocol, Unknown):
            return protocol
        default = _DEFAULT_PORTS.get(protocol)
        return default or Unknown(f"{resource.id} has no port, and {protocol} no default that is documented")

    def _number(self, value: Value, what: str) -> int | Unknown:
        text = self._symbols.text(value)
        if isinstance(text, str) and text.isdecimal():
            return int(text)
        return text if isinstance(text, Unknown) else Unknown(f"{what} is {text}")

    def _rules(self, listener: Resource) -> Iterator[Rule]:
        for each in self._estate.of_type("AWS::VpcLattice::Rule"):
            value = each.declared.get("ListenerIdentifier")
            existence = unknown_of(each.doubt) if each.doubt else None
            if _is_of(value, listener):
                yield self._rule(each, existence)
            elif (doubt := _doubt_in(self._symbols.text(value))) is not None and not _refers(value):
                yield self._rule(each, doubt)

    def _rule(self, resource: Resource, doubt: Unknown | None) -> Rule:
        return Rule(
            id=str(resource.id),
            priority=self._number(resource.declared.get("Priority"), f"the priority of {resource.id}"),
            match=self._match(resource.declared.get("Match")),
            action=self._action(resource, resource.declared.get("Action")),
            doubt=doubt,
        )

    def _match(self, value: Value) -> HttpMatch:
        content = value.get("HttpMatch") if isinstance(value, dict) else value
        if not isinstance(content, dict):
            return HttpMatch(doubts=(self._unknown(content, "the match of a rule"),))
        doubts: list[Unknown] = []
        headers: list[HeaderMatch] = []
        listed = content.get("HeaderMatches") or []
        for each in listed if isinstance(listed, list) else [listed]:
            if isinstance(each, dict):
                headers.append(
                    HeaderMatch(
                        name=self._symbols.text(each.get("Name")),
                        match=self._string_match(each.get("Match")),
                        case_sensitive=self._flag(each.get("CaseSensitive", False)),
                    )
                )
            else:
                doubts.append(self._unknown(each, "a header match"))
        method = content.get("Method")
        return HttpMatch(
            method=None if method is None else self._symbols.text(method),
            path=self._path(content.get("PathMatch")),
            headers=tuple(headers),
            doubts=tuple(doubts),
        )

    def _path(self, value: Value) -> PathMatch | None:
        if value is None:
            return None
        if not isinstance(value, dict):
            return PathMatch(match=self._unknown(value, "a path match"))
        stated = value.get("CaseSensitive")
        return PathMatch(
            match=self._string_match(value.get("Match")),
            case_sensitive=None if stated is None else self._flag(stated),
        )

    def _string_match(self, value: Value) -> StringMatch | Unknown:
        if isinstance(value, dict):
            found = [kind for kind in StringMatchKind if value.get(kind) is not None]
            if len(found) == 1:
                return StringMatch(kind=found[0], text=self._symbols.text(value[found[0]]))
        return self._unknown(value, "what a match compares with")

    def _flag(self, value: Value) -> bool | Unknown:
        text = self._symbols.text(value)
        decided = _DECIDED.get(text.lower()) if isinstance(text, str) else None
        return self._unknown(value, "a flag") if decided is None else decided

    def _action(self, resource: Resource, value: Value) -> Action:
        if not isinstance(value, dict):
            return self._unknown(value, f"an action of {resource.id}")
        if isinstance(fixed := value.get("FixedResponse"), dict):
            status = self._number(fixed.get("StatusCode"), f"the status code of {resource.id}")
            return status if isinstance(status, Unknown) else FixedResponse(status_code=status)
        forward = value.get("Forward")
        groups = forward.get("TargetGroups") if isinstance(forward, dict) else forward
        if not isinstance(groups, list) or not all(isinstance(each, dict) for each in groups) or not groups:
            return self._unknown(groups, f"the target groups of {resource.id}")
        return Forward(
            target_groups=tuple(
                self._weighted(resource, each, is_only=len(groups) == 1) for each in groups if isinstance(each, dict)
            )
        )

    def _weighted(self, resource: Resource, value: dict[str, Value], *, is_only: bool) -> WeightedTargetGroup:
        identifier = value.get("TargetGroupIdentifier")
        found = self._estate.identify(identifier)
        weight = value.get("Weight", _ONLY_WEIGHT if is_only else None)
        return WeightedTargetGroup(
            target_group=str(found.id) if found else str(self._symbols.text(identifier)),
            weight=Unknown(f"{resource.id} forwards to several target groups without their weights")
            if weight is None
            else self._number(weight, f"a weight of {resource.id}"),
        )

    def _unknown(self, value: Value, what: str) -> Unknown:
        text = self._symbols.text(value)
        return text if isinstance(text, Unknown) else Unknown(f"{what} is {text}")


def _is_of(value: Value, listener: Resource) -> bool:
    """Whether a value names a listener: a reference to it, or an ARN that ends with one."""
    last = value.parts[-1] if isinstance(value, Text) else value
    return isinstance(last, Reference) and last.resource == listener.id and last.attribute in ("", "Arn", "Id")


def _refers(value: Value) -> bool:
    last = value.parts[-1] if isinstance(value, Text) else value
    return isinstance(last, Reference)


def _doubt_in(text: SymbolicText) -> Unknown | None:
    """Why nobody knows which resource an ARN or an id is of: its end says it."""
    last = parts_of(text)[-1:]
    return last[0] if last and isinstance(last[0], Unknown) else None
