"""The parts of a fragment, once Node has made them."""

import json
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from aws_cdk import CfnResource
from aws_cdk.cloudformation_include import CfnInclude
from constructs import Construct

__all__ = ["Parts"]


class Parts:
    """The L1 constructs that a fragment became, by their ids in it; fetched from Node when they are asked for."""

    def __init__(self, scope: Construct, template: Mapping[str, Any]) -> None:
        self._ids = frozenset(template["Resources"])
        self._made: dict[str, CfnResource] = {}
        self._refs: dict[str, str] = {}
        # Node takes the fragment from a file, reads it during this call, and has no further use for it.
        file = Path(_directory().name, "fragment.json")
        file.write_text(json.dumps(template), encoding="utf-8")
        # The id `Default` leaves no trace in logical ids, which come from the ids of the fragment.
        self._include = CfnInclude(scope, "Default", template_file=str(file), preserve_logical_ids=False)

    def __contains__(self, id: str) -> bool:
        """Whether the fragment has a part with that id."""
        return id in self._ids

    def get(self, id: str) -> Any:
        """The L1 construct with that id."""
        if id not in self._made:
            self._made[id] = self._include.get_resource(id)
        return self._made[id]

    def ref(self, id: str) -> str:
        """What `Ref` gives for the part with that id."""
        if id not in self._refs:
            self._refs[id] = self.get(id).ref
        return self._refs[id]


@cache
def _directory() -> tempfile.TemporaryDirectory[str]:
    """One for the whole process, gone when it ends: making one and removing it takes longer than filling it."""
    return tempfile.TemporaryDirectory()
