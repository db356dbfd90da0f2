"""The parts of a fragment, once Node has made them."""

import json
import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from aws_cdk import CfnResource
from aws_cdk.cloudformation_include import CfnInclude
from constructs import Construct

__all__ = ["Parts"]

# Whether jsii tells Node the lines of Python that lead to a call.
_SEND_STACKS = "JSII_HOST_STACK_TRACES"

# The context by which constructs are told to record no lines. With CDK_DEBUG they do all the same.
_NO_STACKS = "aws:cdk:disable-creation-stack-traces"


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
        home = Construct(scope, "Default")
        if os.environ.get(_SEND_STACKS, "").lower() not in ("1", "true", "yes"):
            # Node would look for the user's lines in its own stack, once for each part, and find none.
            home.node.set_context(_NO_STACKS, value=True)
        self._include = CfnInclude(home, "Default", template_file=str(file), preserve_logical_ids=False)

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
