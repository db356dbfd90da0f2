"""What files of guarantees say of a deployment: values that the templates leave open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from constructs_lattice.errors import GuaranteeError
from constructs_lattice.guarantees.check import Checker
from constructs_lattice.guarantees.entries import GuaranteesFile
from constructs_lattice.guarantees.prefix_lists import Content, prefix_lists_of
from constructs_lattice.templates import load
from constructs_lattice.templates.definition import Given

__all__ = ["Deployment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """The parameters and the accounts that stacks are deployed with, and what is in prefix lists."""

    parameters: Mapping[str, Given] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    prefix_lists: Mapping[str, Content] = field(default_factory=dict)

    @classmethod
    def of(cls, files: Iterable[GuaranteesFile]) -> Self:
        """What some files say together. Raises `GuaranteeError` when two of them contradict each other."""
        found: dict[str, dict[str, Any]] = {"parameters": {}, "accounts": {}, "prefix_lists": {}}
        for file in files:
            for kind, known in found.items():
                for name, value in getattr(file, kind).items():
                    if known.setdefault(name, value) != value:
                        raise GuaranteeError(
                            f"{kind}: {name} is {known[name]!r} in one file of guarantees and {value!r} in another; "
                            "check them one by one"
                        )
        return cls(**found)

    def checker(
        self, target: str | Path | Iterable[str | Path], *, parameters: Mapping[str, Given] | None = None
    ) -> Checker:
        """The checker of a target that is deployed like this. `parameters` take the place of what the files say.

        Raises `TemplateError` when the target cannot be read, or has no such parameter or stack.
        """
        application = load(target, parameters={**self.parameters, **(parameters or {})}, accounts=self.accounts)
        return Checker(application, prefix_lists=prefix_lists_of(self.prefix_lists))
