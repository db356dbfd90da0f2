"""Loading what is asked about in these tests."""

from pathlib import Path

from constructs_lattice.authorization import Authorizer, Caller, Decision, Request, across
from constructs_lattice.templates import load
from constructs_lattice.templates.read_lattice import read_lattice


def authorizers(path: Path) -> list[tuple[str, Authorizer]]:
    """One authorizer for each case of what is deployed, with what is assumed in it."""
    return [(case.assumed, Authorizer(lattice=read_lattice(case.estate))) for case in load(path).cases()]


def answer(path: Path, caller: Caller, request: Request) -> Decision:
    """What all cases come to."""
    return across([(assumed, each.authorize(caller, request)) for assumed, each in authorizers(path)])
