"""Who calls, and from where: what follows from the name of a function, an instance, tasks, or a role."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from pydantic import ValidationError

from constructs_lattice.errors import GuaranteeError
from constructs_lattice.guarantees import Caller, Checker, Request
from constructs_lattice.templates import load

pytestmark = pytest.mark.pure

TEMPLATE = Path(__file__).parent / "callers" / "template.yaml"
WAYS_IN = Path(__file__).parents[1] / "authorization" / "cases" / "111-ways-in" / "app.template.yaml"
IMPORTED = WAYS_IN.parents[1] / "112-imported-vpc" / "app.template.yaml"


@cache
def _checker() -> Checker:
    return Checker(load(TEMPLATE))


def _request(caller: Mapping[str, object]) -> Request:
    content = {"id": "call", "caller": caller, "request": {"service": "template.Api"}, "expect": {}}
    return Request.model_validate(content)


def _question(caller: Mapping[str, object]) -> str:
    return _checker().requests.question(_request(caller)).partition(": ")[0]


@pytest.mark.parametrize(
    "name", ["Function", "Instance", "Launched", "Fleet", "OldFleet", "Tasks", "Role"], ids=lambda each: each
)
def test_what_calls_has_a_role_and_a_vpc(name: str) -> None:
    """A role calls from where what has it is, as long as that is one VPC."""
    caller = {"from": f"template.{name}"}
    who = "template.Role" if name == "Role" else f"template.{name} as template.Role"
    assert _question(caller) == f"{who} from template.Vpc"
    assert _checker().requests.ask(_request(caller)).authorized == "allow"


def test_what_has_no_role_signs_nothing() -> None:
    """It is denied as any anonymous caller is."""
    caller = {"from": "template.Bare"}
    assert _question(caller) == "template.Bare as anonymous from template.Vpc"
    assert _checker().requests.ask(_request(caller)).denied_by == ("service",)


def test_a_role_by_its_arn_is_the_one_of_that_arn() -> None:
    """Of a role outside of the templates nobody knows the policies; the service refuses it, whatever they say."""
    caller = {"from": "template.Imported"}
    assert _question(caller) == "template.Imported as arn:aws:iam::222222222222:role/imported from template.Vpc"
    assert _checker().requests.ask(_request(caller)).denied_by == ("service",)


def test_what_is_said_wins_over_what_follows() -> None:
    """The VPC and the principal, each by itself; a principal may be what has the role."""
    assert _question({"from": "template.Function", "vpc": "template.Other"}) == (
        "template.Function as template.Role from template.Other"
    )
    assert _question({"from": "template.Function", "principal": "anonymous"}) == (
        "template.Function as anonymous from template.Vpc"
    )
    assert _question({"vpc": "template.Other", "principal": "template.Tasks"}) == "template.Tasks from template.Other"
    assert _question({"from": "template.Spare", "vpc": "onprem"}) == "template.Spare from onprem"
    assert _question({"from": "peered:template.Vpc"}) == "anonymous from peered:template.Vpc"


@pytest.mark.parametrize(
    ("caller", "message"),
    [
        (
            {"from": "template.Outside"},
            "guarantee 'call': template.Spare may call from several places; name template.Vpc or template.Other as vpc",
        ),
        (
            {"from": "template.Open"},
            "guarantee 'call': nobody knows the role of template.Open: parameter RoleArn of template has no value "
            "and no default; name a principal",
        ),
        (
            {"from": "template.Mixed"},
            "guarantee 'call': nobody knows the role of template.Mixed: template.Mixed may have several launch "
            "templates; name a principal",
        ),
        (
            {"from": "template.Elsewhere"},
            "guarantee 'call': nobody knows the role of template.Elsewhere: the templates do not have the task "
            "definition of template.Elsewhere; name a principal",
        ),
        (
            {"from": "template.Funktion"},
            "guarantee 'call': there is no resource 'template.Funktion', did you mean 'template.Function' or "
            "'template.Definition' or 'template.Subnet'?",
        ),
        (
            {"from": "anonymous"},
            "guarantee 'call': anonymous may call from several places; name template.Vpc or template.Other as vpc",
        ),
    ],
    ids=["a role of nobody", "a parameter", "several templates", "a task definition elsewhere", "a slip", "anonymous"],
)
def test_what_does_not_follow_has_to_be_said(caller: Mapping[str, object], message: str) -> None:
    """With what nobody knows, and the way out."""
    with pytest.raises(GuaranteeError) as caught:
        _checker().requests.ask(_request(caller))
    assert str(caught.value) == message


def test_a_caller_is_somewhere() -> None:
    """A principal alone could be anywhere."""
    with pytest.raises(ValidationError, match="a caller needs a vpc, or from: what calls"):
        Caller.model_validate({"principal": "template.Role"})


def test_permissions_follow_from_what_calls() -> None:
    """Those of a function count from where it is, those of a role from everywhere."""
    requests = _checker().requests
    for name in ("Function", "Role"):
        (permission,) = requests.permissions(Caller.model_validate({"from": f"template.{name}"})).permissions
        assert (permission.principal, permission.vpcs, permission.service) == (
            "template.Role",
            ("template.Vpc",),
            "template.Api",
        )
    assert requests.permissions(Caller.model_validate({"from": "template.Role", "vpc": "template.Other"})) == (
        requests.permissions(Caller.model_validate({"from": "template.Spare"}))
    )


def test_a_vpc_can_be_named_by_its_id() -> None:
    """If the templates connect it; clients in it are anonymous unless they say who they are."""
    checker = Checker(load(IMPORTED))
    imported = "vpc-0aaaaaaaaaaaaaaaa"

    def ask(caller: dict[str, str]) -> str:
        request = {"service": "app.Api", "protocol": "http", "path": "/by-vpc"}
        content = {"id": "call", "caller": caller, "request": request, "expect": {}}
        return checker.requests.ask(Request.model_validate(content)).authorized

    assert ask({"from": imported}) == "allow"
    assert ask({"from": "anonymous", "vpc": imported}) == "allow"
    assert ask({"from": f"peered:{imported}"}) == "deny"
    with pytest.raises(GuaranteeError) as caught:
        ask({"from": "vpc-0cccccccccccccccc"})
    assert str(caught.value) == (
        "guarantee 'call': caller: there is no vpc 'vpc-0cccccccccccccccc'; "
        "there is app.Own, vpc-0aaaaaaaaaaaaaaaa, vpc-0bbbbbbbbbbbbbbbb"
    )


def test_what_is_refused_everywhere_is_refused_from_every_vpc() -> None:
    """Where nobody says from which, and no request at all may be let through."""
    checker = Checker(load(IMPORTED))

    def result(caller: dict[str, str], expect: str, path: str = "*") -> tuple[str, object]:
        request = {"service": "app.Api", "protocol": "any", "method": "*", "path": path}
        content = {"id": "call", "caller": caller, "request": request, "expect": {"authorized": expect}}
        found = checker.check_one(Request.model_validate(content))
        return found.question.partition(":")[0], found.verdict

    assert result({"from": "anonymous"}, "deny") == ("anonymous from any VPC", {"authorized": "allow"})
    assert result({"from": "anonymous"}, "deny", "/other") == ("anonymous from any VPC", {"authorized": "deny"})
    own = {"from": "anonymous", "vpc": "vpc-0bbbbbbbbbbbbbbbb"}
    assert result(own, "deny", "/by-vpc") == ("anonymous from vpc-0bbbbbbbbbbbbbbbb", {"authorized": "deny"})
    with pytest.raises(GuaranteeError, match="anonymous may call from several places"):
        result({"from": "anonymous"}, "allow")


def test_members_of_security_groups_are_told_apart() -> None:
    """Of what calls the groups are known, and those of an association may name them."""
    checker = Checker(load(WAYS_IN))

    def levels(caller: dict[str, str]) -> tuple[str, tuple[str, ...]]:
        request = {"service": "app.Api", "protocol": "http"}
        content = {"id": "call", "caller": caller, "request": request, "expect": {}}
        decision = checker.requests.ask(Request.model_validate(content))
        return decision.authorized, decision.denied_by

    assert levels({"from": "app.Member"}) == ("allow", ())
    assert levels({"from": "app.Stranger"}) == ("deny", ("security-group",))
    assert levels({"from": "app.Default"}) == ("unknown", ())
    assert levels({"from": "app.Member", "vpc": "app.Own"}) == ("unknown", ())
