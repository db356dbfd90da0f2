"""Guarantees about requests to VPC Lattice services."""

from pathlib import Path

import pytest

from constructs_lattice.errors import GuaranteeError
from constructs_lattice.guarantees import Checker, read_guarantees
from constructs_lattice.guarantees.entries import Request
from constructs_lattice.templates import load

pytestmark = pytest.mark.pure

CASES = Path(__file__).parents[1] / "authorization" / "cases"
OPEN = CASES / "001-open-service" / "case.yaml"


@pytest.mark.parametrize("folder", sorted(CASES.iterdir()), ids=lambda folder: folder.name)
def test_the_guarantees_of_the_cases_hold(folder: Path) -> None:
    """All samples, and all cases of our own."""
    path = folder / "case.yaml"
    results = Checker(load(path)).check(read_guarantees(path).guarantees)
    assert [each.id for each in results if not each.holds] == []


def request(**changes: object) -> Request:
    """A guarantee about the open service, with changes."""
    content = {
        "id": "get",
        "caller": {"vpc": "App.Vpc"},
        "request": {"service": "App.Hello", "protocol": "http"},
        "expect": {"authorized": "allow"},
    }
    return Request.model_validate(content | changes)


def test_a_broken_guarantee_says_what_it_is() -> None:
    """The verdict is the object that guarantees write."""
    routed = {"authorized": "allow", "fixed_response": 404}
    result = Checker(load(OPEN)).check_one(request(kind="both", expect=routed, why="nothing is there yet"))
    assert result.as_data() == {
        "id": "get",
        "expect": {"authorized": "allow", "fixed_response": 404},
        "verdict": {"authorized": "allow", "routed_to": [{"target_group": "App.HelloTargets", "weight": 100}]},
        "holds": False,
        "reasons": [
            {"rule": "LAT-1", "resource": "App.Mesh", "text": "App.MeshVpc connects App.Vpc to it"},
            {"rule": "LAT-3", "resource": "App.MeshVpc", "text": "TCP 80 from App.Vpc is let in"},
            {"rule": "LAT-7", "resource": "anonymous", "text": "an anonymous caller has no identity policies"},
            {"rule": "LAT-5", "resource": "App.Mesh", "text": "the auth type is NONE, so nobody is asked"},
            {"rule": "LAT-5", "resource": "App.Hello", "text": "the auth type is NONE, so nobody is asked"},
            {
                "rule": "LAT-11",
                "resource": "the default action of App.HelloListener",
                "text": "forwards to App.HelloTargets (100)",
            },
        ],
        "hops": [],
        "assumptions": [
            "ASSUME-LAT-2: the client's own security groups, network ACLs, routes and names let the request out"
        ],
    }
    assert result.question == "anonymous from App.Vpc: GET / of App.Hello"


def test_only_what_is_asked_for_is_answered() -> None:
    """`authorize` says nothing of routing."""
    assert Checker(load(OPEN)).check_one(request()).verdict == {"authorized": "allow"}


def test_unknown_holds_where_it_is_accepted() -> None:
    """And nowhere else."""
    path = CASES / "007-organization" / "case.yaml"
    content = {
        "caller": {"vpc": "Org.Vpc", "principal": "Org.Analyst"},
        "request": {"service": "Org.Reports"},
    }
    checker = Checker(load(path))
    assert checker.check_one(request(**content)).holds is False
    assert checker.check_one(request(**content, accept_unknown=True)).holds is True


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"request": {"service": "App.Hallo"}},
            "guarantee 'get': there is no resource 'App.Hallo', did you mean 'App.Hello'",
        ),
        (
            {"caller": {"vpc": "App.Mesh"}},
            "guarantee 'get': caller: there is no vpc 'App.Mesh'; there is App.Vpc",
        ),
        (
            {"request": {"service": "App.Hello", "path": "x"}},
            "guarantee 'get': request: path must begin with /, got 'x'",
        ),
        (
            {"expect": {"authorized": "allow", "routed_to": [{"target_group": "App.Targets"}]}},
            "guarantee 'get': there is no resource 'App.Targets', did you mean 'App.HelloTargets'",
        ),
    ],
)
def test_names_that_are_not_there(changes: dict[str, object], message: str) -> None:
    """With the guarantee that they are in, and the nearest first."""
    with pytest.raises(GuaranteeError) as caught:
        Checker(load(OPEN)).check([request(**changes)])
    assert str(caught.value).startswith(message)
