"""A cloud assembly: the directory that `cdk synth` writes.

https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructs_lattice.errors import TemplateError

__all__ = ["Stack", "load_assembly"]

_MANIFEST = "manifest.json"
_STACK = "aws:cloudformation:stack"
_ASSEMBLY = "cdk:cloud-assembly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """One stack of an assembly: its name, its template, and the file that holds it."""

    name: str
    template: Mapping[str, Any]
    template_path: Path

    @property
    def resources(self) -> Mapping[str, Mapping[str, Any]]:
        """The resources of the template, by logical id."""
        resources: Mapping[str, Mapping[str, Any]] = self.template.get("Resources", {})
        return resources


def load_assembly(directory: Path) -> list[Stack]:
    """All stacks of the assembly in `directory`, those of its stages included, in the order of the manifest.

    Raises `TemplateError` when a file is missing or broken.
    """
    return list(_stacks(directory))


def _stacks(directory: Path) -> Iterator[Stack]:
    manifest = _read(directory / _MANIFEST, "it is the first file of a cloud assembly; run cdk synth")
    for name, artifact in manifest.get("artifacts", {}).items():
        properties = artifact.get("properties", {})
        if artifact.get("type") == _ASSEMBLY:
            yield from _stacks(directory / properties["directoryName"])
        if artifact.get("type") == _STACK:
            path = directory / properties["templateFile"]
            template = _read(path, f"{directory / _MANIFEST} names it as the template of {name}; run cdk synth again")
            yield Stack(name=properties.get("stackName", name), template=template, template_path=path)


def _read(path: Path, way_out: str) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TemplateError(f"{path}: there is no such file; {way_out}") from None
    except NotADirectoryError:
        raise TemplateError(f"{path.parent} is not a directory; {way_out}") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise TemplateError(f"{path} is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise TemplateError(f"{path} must hold a JSON object, got {type(content).__name__}")
    return content
