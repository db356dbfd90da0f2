"""How bugs are sown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import pytest

from constructs_lattice.model.network import Network
from constructs_lattice.templates.network import read_network
from tests.lab import analyst

__all__ = ["MUTANTS", "each_of", "misreading", "mutant"]

Sow = Callable[[pytest.MonkeyPatch], None]
Change = Callable[[Network], Network]

MUTANTS: dict[str, Sow] = {}
"""How to sow each bug, by its name. What it is, its docstring says."""

_T = TypeVar("_T")


def mutant(sow: Sow) -> Sow:
    """A bug in the analyser."""
    MUTANTS[sow.__name__.strip("_").replace("_", "-")] = sow
    return sow


def misreading(change: Change) -> Change:
    """A bug in the reading of templates: another network comes out of it."""

    def sow(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(analyst, "read_network", lambda estate: change(read_network(estate)))

    sow.__name__, sow.__doc__ = change.__name__, change.__doc__
    mutant(sow)
    return change


def each_of(values: Mapping[str, _T], change: Callable[[_T], _T]) -> dict[str, _T]:
    """All of them, changed."""
    return {id_: change(each) for id_, each in values.items()}
