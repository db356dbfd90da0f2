"""What is deployed: templates, each under a name, in a region of an account, with values for its parameters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from constructs_lattice.templates.template import Template

__all__ = ["Given", "OutputOf", "StackDefinition"]


@dataclass(frozen=True, slots=True)
class OutputOf:
    """The value of a parameter that is the output of another stack."""

    stack: str
    output: str


Given: TypeAlias = "str | int | float | bool | list[str | int | float | bool] | OutputOf"
"""What can be given as the value of a parameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackDefinition:
    """One stack that is deployed, and the nested stacks in it.

    `name` is unique among all that are loaded together; `stack_name` is what CloudFormation calls it, empty for a
    nested stack, whose name only the deployment gives. `nested` are those whose template is at hand, by logical id;
    `construct_paths` are the paths in the CDK application, by logical id. `assumption` is what was assumed to find the
    template, in words.
    """

    name: str
    stack_name: str
    template: Template
    region: str | None = None
    account: str | None = None
    parameters: Mapping[str, Given] = field(default_factory=dict)
    nested: Mapping[str, "StackDefinition"] = field(default_factory=dict)
    construct_paths: Mapping[str, str] = field(default_factory=dict)
    assumption: str = ""

    def everything(self) -> Iterator["StackDefinition"]:
        """This stack and all that are nested in it."""
        yield self
        for each in self.nested.values():
            yield from each.everything()
