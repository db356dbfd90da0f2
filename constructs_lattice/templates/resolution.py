"""All stacks resolved together, under the facts of one case."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates.arns import ARNS, Place, is_identifier, written_out
from constructs_lattice.templates.blocks import Blocks
from constructs_lattice.templates.definition import StackDefinition
from constructs_lattice.templates.estate import Deployment, Estate, Resource
from constructs_lattice.templates.exchange import Exchange
from constructs_lattice.templates.facts import Facts, Undecided
from constructs_lattice.templates.scope import Scope
from constructs_lattice.templates.template import LOOP
from constructs_lattice.templates.values import Reference, ResourceId, String, Text, Unknown, joined

__all__ = ["Resolution"]

_PLAIN = {"ec2", "lambda", "vpc-lattice"}
"""The services whose identifiers are letters, digits and hyphens."""

_T = TypeVar("_T")


class Resolution:
    """The stacks, what nobody knows of them, and what is being resolved at the moment."""

    def __init__(self, definitions: Sequence[StackDefinition], facts: Facts) -> None:
        self.facts = facts
        self.exchange = Exchange(self)
        self.blocks = Blocks(self)
        self._busy: dict[str, None] = {}
        self._allowed: dict[str, tuple[str, ...]] = {}
        self._keys: dict[str, tuple[Unknown, tuple[str, ...]]] = {}
        scopes = [Scope(self, each, None, "") for each in definitions]
        self.scopes = [inner for each in scopes for inner in each.everything()]
        self._by_name = {each.name: each for each in self.scopes}
        for each in self.scopes:
            each.write_out()

    def scope_of(self, resource: ResourceId) -> Scope:
        """The stack of a resource."""
        return self._by_name[resource.stack]

    def of_type(self, type: str) -> Iterator[tuple[Scope, str]]:
        """The resources of a type that are not known to be absent."""
        for scope in self.scopes:
            for logical_id, resource in scope.template.resources.items():
                if (
                    not logical_id.startswith(LOOP)
                    and resource["Type"] == type
                    and scope.exists("Resources", logical_id) is not False
                ):
                    yield scope, logical_id

    def written_out(self, text: String) -> String:
        """A text with the ARNs in it written out."""
        if isinstance(text, Text):
            return joined(self.written_out(part) for part in text.parts)
        if not isinstance(text, Reference):
            return text
        scope, name = self.scope_of(text.resource), text.resource.logical_id
        kind = scope.template.resources[name]["Type"]
        return written_out(text, kind, lambda each: scope.get(name, each), Place(scope.region, scope.account))

    def is_name(self, reference: Reference) -> bool:
        """Whether a reference is to an identifier that has no punctuation in it."""
        kind = self.scope_of(reference.resource).template.resources[reference.resource.logical_id]["Type"]
        return is_identifier(kind, reference.attribute) and ARNS[kind].service in _PLAIN

    # What nobody knows.

    def unknown(self, reason: str, symbol: str, allowed: tuple[str, ...] = ()) -> str | Unknown:
        """Something that nobody knows, or the literal that it is in this case."""
        if symbol in self.facts.equal:
            return self.facts.equal[symbol]
        if allowed:
            self._allowed[symbol] = allowed
        return Unknown(reason, symbol)

    def looked_up(self, found: Unknown, key: Unknown, keys: tuple[str, ...]) -> Unknown:
        """Remember that something is not known because a key is not known."""
        if found.symbol and key.symbol:
            self._keys[found.symbol] = (key, keys)
        return found

    def is_literal(self, unknown: Unknown, literal: str) -> bool | Undecided:
        """Whether something that nobody knows is a literal."""
        if unknown.symbol in self._keys:
            key, keys = self._keys[unknown.symbol]
            answers = (self.is_literal(key, each) for each in keys)
            undecided = next((each for each in answers if isinstance(each, Undecided)), None)
            return undecided or Undecided(symbol="", literal=literal, reason=unknown.reason)
        if literal in self.facts.unlike.get(unknown.symbol, ()):
            return False
        if unknown.symbol in self.facts.equal:
            return self.facts.equal[unknown.symbol] == literal
        allowed = self._allowed.get(unknown.symbol, ())
        if allowed and literal not in allowed:
            return False
        return Undecided(symbol=unknown.symbol, literal=literal, reason=unknown.reason, allowed=allowed)

    # What is being resolved.

    def once(self, what: str, path: Path, resolve: Callable[[], _T]) -> _T:
        """Resolve something that must not need itself."""
        if what in self._busy:
            chain = [*self._busy]
            chain = [*chain[chain.index(what) :], what]
            raise TemplateError(f"{path}: circular reference: {' → '.join(chain)}")
        self._busy[what] = None
        try:
            return resolve()
        finally:
            del self._busy[what]

    # The result.

    def undecided(self, *, only_network: bool) -> Iterator[Undecided]:
        """What the conditions that are in use hang on, in the network at least, and nothing decides."""
        for scope in self.scopes:
            if scope.existence is False:
                continue
            template = scope.template
            for name in template.network_conditions if only_network else template.conditions_in_use:
                holds = scope.condition(name)
                if isinstance(holds, Undecided) and holds.symbol:
                    yield holds

    def estate(self) -> Estate:
        """All resources, resolved."""
        deployments: list[Deployment] = []
        resources: dict[ResourceId, Resource] = {}
        assumptions = [*self.facts.words()]
        for scope in self.scopes:
            if scope.existence is False:
                continue
            deployment = scope.deployment()
            deployments.append(deployment)
            for logical_id in scope.template.resources:
                if (resource := self._resource(scope, logical_id, deployment)) is not None:
                    resources[resource.id] = resource
            scope.check()
            assumptions += scope.assumptions()
        return Estate(
            deployments=tuple(deployments),
            resources=resources,
            placeholders=self.blocks.placeholders,
            assumptions=tuple(assumptions),
        )

    def _resource(self, scope: Scope, logical_id: str, deployment: Deployment) -> Resource | None:
        """A resource, or None if it does not exist."""
        exists = scope.exists("Resources", logical_id)
        if exists is False:
            return None
        name, entry = scope.id(logical_id), scope.template.resources[logical_id]
        undecided = next((each for each in (scope.existence, exists) if isinstance(each, Undecided)), None)
        reason = f"whether {name} exists is not known: {undecided.reason}" if undecided else scope.doubt(logical_id)
        return Resource(
            id=name,
            type=entry["Type"],
            properties=scope.properties(logical_id),
            deployment=deployment,
            path=scope.construct_path(logical_id),
            where=scope.template.where(entry),
            doubt=Unknown(reason) if reason else None,
        )
