"""An example: its folder, and its cloud assembly."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["APPS", "ROOT", "Example"]

ROOT: Final = Path(__file__).parents[2]
"""Where the reference application is."""

APPS: Final = [ROOT, *sorted(path.parent for path in ROOT.glob("examples/*/app.py"))]
"""The folders of the reference application and of all examples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An application, and what it synthesizes to."""

    app: Path
    assembly: Path

    @staticmethod
    def name_of(app: Path) -> str:
        """The name of an application: that of its folder."""
        return "app" if app == ROOT else app.name

    @property
    def guarantees(self) -> Path:
        """Its file of guarantees; not all have one."""
        return self.app / "guarantees.yaml"
