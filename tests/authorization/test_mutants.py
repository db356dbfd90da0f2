"""Seeded bugs: each of them is caught by a case.

A mutant changes one thing that is easy to get wrong. All cases are asked again; at least one must be answered wrong.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from constructs_lattice.authorization import (
    Caller,
    Expectation,
    Request,
    across,
    admission,
    condition,
    entrance,
    keys,
    policies,
    principals,
    question,
    routing,
    statement,
)
from constructs_lattice.authorization.authorizer import Authorizer
from constructs_lattice.authorization.caller import LocationKind
from constructs_lattice.authorization.reason import Level
from constructs_lattice.authorization.statement import Effect
from constructs_lattice.authorization.truth import NO, YES, Truth
from constructs_lattice.model.lattice import Forward, Lattice, StringMatchKind
from tests.authorization.estates import authorizers

pytestmark = pytest.mark.pure

CASES = Path(__file__).parent / "cases"
MUTANTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {}


def mutant(make: Callable[[pytest.MonkeyPatch], None]) -> Callable[[pytest.MonkeyPatch], None]:
    """Register a bug under its name."""
    MUTANTS[make.__name__] = make
    return make


@cache
def _loaded() -> list[tuple[list[tuple[str, Lattice]], list[Any]]]:
    found = []
    for folder in sorted(CASES.iterdir()):
        guarantees = yaml.safe_load((folder / "case.yaml").read_text())["guarantees"]
        lattices = [(assumed, each.lattice) for assumed, each in authorizers(folder / "case.yaml")]
        found.append((lattices, guarantees))
    return found


def _wrong() -> Iterator[str]:
    """The cases that are not answered right."""
    for lattices, guarantees in _loaded():
        for guarantee in guarantees:
            caller, request = Caller.parse(guarantee["caller"]), Request.parse(guarantee["request"])
            found = across([(name, Authorizer(lattice=each).authorize(caller, request)) for name, each in lattices])
            if Expectation.parse(guarantee["expect"]).holds(found) is not True:
                yield guarantee["id"]


def _patched(patch: pytest.MonkeyPatch, place: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Replace something by what is made of it."""
    patch.setattr(place, name, make(getattr(place, name)))


@mutant
def permission_of_the_service_is_enough(patch: pytest.MonkeyPatch) -> None:
    """LAT-6: in one account other services take the union of identity and resource policies."""
    passed = policies._verdict(Level.IDENTITY, "", "", YES, "")
    patch.setattr(policies.Policies, "of_identity", lambda *_, **__: passed)


@mutant
def iam_without_a_policy_is_open(patch: pytest.MonkeyPatch) -> None:
    """LAT-5: AWS_IAM without a policy denies everybody."""

    def made(original: Any) -> Any:
        def of(self: Any, level: Any, resource: Any, context: Any) -> Any:
            found = original(self, level, resource, context)
            return found if self._attached_to(resource) else replace(found, truth=YES)

        return of

    _patched(patch, policies.Policies, "_asked", made)


@mutant
def a_policy_with_auth_type_none_counts(patch: pytest.MonkeyPatch) -> None:
    """LAT-5: a level with NONE is not asked."""
    patch.setattr(policies.Policies, "_auth_policy", policies.Policies._asked)


@mutant
def an_allow_beats_a_deny(patch: pytest.MonkeyPatch) -> None:
    """LAT-6: an explicit deny overrides any allow."""
    _patched(
        patch,
        policies,
        "_found",
        lambda original: (
            lambda attached, effect, context: (NO, "") if effect is Effect.DENY else original(attached, effect, context)
        ),
    )


@mutant
def an_absent_key_fails_negated_operators(patch: pytest.MonkeyPatch) -> None:
    """LAT-7: `StringNotEquals` matches where the key is absent."""
    patch.setattr(condition.Condition, "_without_key", lambda *_: NO)


@mutant
def for_all_values_needs_the_key(patch: pytest.MonkeyPatch) -> None:
    """`ForAllValues` is true without the key."""
    _patched(
        patch,
        condition.Condition,
        "_without_key",
        lambda original: (
            lambda self, operator: NO if self.for_each is condition.SetOperator.FOR_ALL else original(self, operator)
        ),
    )


@mutant
def if_exists_is_ignored(patch: pytest.MonkeyPatch) -> None:
    """`IfExists` passes where the key is absent."""
    _patched(
        patch,
        condition.Condition,
        "_without_key",
        lambda original: lambda self, operator: original(replace(self, if_exists=False), operator),
    )


@mutant
def principal_star_is_for_signed_callers(patch: pytest.MonkeyPatch) -> None:
    """LAT-7: `*` includes anonymous callers."""
    _patched(
        patch,
        principals.PrincipalElement,
        "covers",
        lambda original: lambda self, signer: NO if signer.is_anonymous else original(self, signer),
    )


@mutant
def an_account_covers_anonymous_callers(patch: pytest.MonkeyPatch) -> None:
    """LAT-7: anonymous callers are of no account."""
    _patched(
        patch,
        principals,
        "_lists",
        lambda original: lambda kind, entry, signer: YES if signer.is_anonymous else original(kind, entry, signer),
    )


@mutant
def a_bare_arn_covers_paths(patch: pytest.MonkeyPatch) -> None:
    """LAT-8: the resource of a request is the ARN with the path."""
    _patched(
        patch,
        keys,
        "compose",
        lambda original: lambda pieces: original(list(pieces)[:1]),
    )


@mutant
def a_connection_is_an_invocation(patch: pytest.MonkeyPatch) -> None:
    """LAT-8: what passes through is a Connect."""
    patch.setattr(keys, "CONNECT", keys.INVOKE)


@mutant
def associations_carry_peered_clients(patch: pytest.MonkeyPatch) -> None:
    """LAT-1: only endpoints do."""
    _patched(
        patch,
        question,
        "entrances",
        lambda original: (
            lambda lattice, view, location, *more: original(
                lattice, view, replace(location, kind=LocationKind.VPC), *more
            )
        ),
    )


@mutant
def a_connected_vpc_is_enough(patch: pytest.MonkeyPatch) -> None:
    """LAT-1: the service has to be in the network as well."""
    patch.setattr(question, "contains", lambda *_: YES)


@mutant
def a_vpc_has_several_associations(patch: pytest.MonkeyPatch) -> None:
    """LAT-1: it can have one, and nobody knows which."""
    patch.setattr(entrance, "_has_one", lambda *_: YES)


@mutant
def the_source_is_always_the_client(patch: pytest.MonkeyPatch) -> None:
    """LAT-6: through an endpoint in another VPC, it is not known."""
    patch.setattr(question.Question, "_is_direct", lambda _: True)


@mutant
def no_group_lets_nobody_in(patch: pytest.MonkeyPatch) -> None:
    """LAT-3: an association without security groups has no filter."""
    patch.setattr(
        entrance,
        "_admits",
        lambda lattice, each, location, client, port: admission.Admission(
            lattice=lattice, kind=location.kind, client=client, port=port
        ).through(each.groups),
    )


@mutant
def groups_filter_every_port(patch: pytest.MonkeyPatch) -> None:
    """LAT-3: rules have ports."""
    patch.setattr(admission.Admission, "_is_for_port", lambda *_: YES)


@mutant
def boundaries_are_ignored(patch: pytest.MonkeyPatch) -> None:
    """A permissions boundary limits what the identity policies allow."""
    _patched(
        patch,
        policies.Policies,
        "_attached_to_identity",
        lambda original: lambda self, identity: (original(self, identity)[0], []),
    )


@mutant
def not_resource_is_resource(patch: pytest.MonkeyPatch) -> None:
    """NotResource is about everything else."""
    _patched(
        patch,
        statement.Statement,
        "_is_about_resource",
        lambda original: (
            lambda self, context: original(replace(self, resources=replace(self.resources, is_negated=False)), context)
        ),
    )


@mutant
def variables_are_literal(patch: pytest.MonkeyPatch) -> None:
    """`${aws:PrincipalTag/Team}` is the tag of the caller."""
    _patched(
        patch,
        statement,
        "readings",
        lambda original: lambda text, _, **options: original(text, None, **options),
    )


@mutant
def session_tags_are_ignored(patch: pytest.MonkeyPatch) -> None:
    """They replace the tags of the role."""
    _patched(
        patch,
        keys,
        "_principal_tags",
        lambda original: lambda principal: original(replace(principal, session_tags={})),
    )


@mutant
def the_owner_of_the_vpc_is_its_stack(patch: pytest.MonkeyPatch) -> None:
    """A guarantee may say who owns it."""
    _patched(
        patch,
        keys,
        "_about_connection",
        lambda original: lambda caller, *others: original(replace(caller, source_account=None), *others),
    )


@mutant
def rules_are_tried_as_they_are_written(patch: pytest.MonkeyPatch) -> None:
    """LAT-11: the lowest priority comes first."""
    patch.setattr(
        routing,
        "_tried",
        lambda listener, request, hidden: ((rule, routing._matches(rule, request, hidden)) for rule in listener.rules),
    )


@mutant
def an_exact_path_is_a_prefix(patch: pytest.MonkeyPatch) -> None:
    """LAT-11: it matches itself only."""
    _patched(
        patch,
        routing,
        "_path_is",
        lambda original: (
            lambda _, text, request, folds_case: original(StringMatchKind.PREFIX, text, request, folds_case=folds_case)
        ),
    )


@mutant
def one_condition_of_a_rule_is_enough(patch: pytest.MonkeyPatch) -> None:
    """LAT-11: all have to be met."""

    def made(rule: Any, request: Any, hidden: Any) -> Truth:
        found = list(routing._tests(rule, rule.match, request, hidden))
        return YES if not found or any(each.is_yes for each in found) else NO

    patch.setattr(routing, "_matches", made)


@mutant
def the_first_group_gets_everything(patch: pytest.MonkeyPatch) -> None:
    """LAT-11: requests are distributed by weight."""
    _patched(
        patch,
        routing,
        "_settled",
        lambda original: (
            lambda action: original(
                replace(action, target_groups=action.target_groups[:1]) if isinstance(action, Forward) else action
            )
        ),
    )


def test_without_a_mutant_everything_is_right() -> None:
    """Or the mutants would prove nothing."""
    assert list(_wrong()) == []


@pytest.mark.parametrize("name", list(MUTANTS))
def test_a_mutant_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At least one case is answered wrong."""
    MUTANTS[name](monkeypatch)
    assert next(_wrong(), None) is not None
