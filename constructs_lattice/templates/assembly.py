"""A cloud assembly: the directory that `cdk synth` writes.

https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates.definition import StackDefinition
from constructs_lattice.templates.document import read_document
from constructs_lattice.templates.nesting import Shelf, with_nested
from constructs_lattice.templates.template import Template

__all__ = ["Stack", "load_assembly", "read_assembly"]

_MANIFEST = "manifest.json"
_STACK = "aws:cloudformation:stack"
_ASSEMBLY = "cdk:cloud-assembly"
_ASSETS = "cdk:asset-manifest"
_LOGICAL_ID = "aws:cdk:logicalId"
_ENVIRONMENT = re.compile(r"aws://([^/]+)/([^/]+)")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Artifact:
    """A stack as the manifest has it, with the files that are uploaded for the stacks beside it."""

    id: str
    name: str
    manifest: Path
    content: Mapping[str, Any]
    template: Path
    assets: Mapping[str, str]

    @property
    def wanted(self) -> str:
        """Who wants the template."""
        return f"{self.manifest} names it as the template of {self.id}; run cdk synth again"


def load_assembly(directory: Path) -> list[Stack]:
    """All stacks of the assembly in `directory`, those of its stages included, in the order of the manifest.

    Raises `TemplateError` when a file is missing or broken.
    """
    return [
        Stack(name=each.name, template=read_document(each.template, each.wanted), template_path=each.template)
        for each in _artifacts(directory)
    ]


def read_assembly(directory: Path, shelf: Shelf) -> list[StackDefinition]:
    """The stacks of an assembly, ready to be resolved. Raises `TemplateError` when a file is missing or broken."""
    artifacts = list(_artifacts(directory))
    names = [each.name for each in artifacts]
    return [_definition(each, each.name if names.count(each.name) == 1 else each.id, shelf) for each in artifacts]


def _definition(artifact: _Artifact, name: str, shelf: Shelf) -> StackDefinition:
    found = _ENVIRONMENT.fullmatch(str(artifact.content.get("environment")))
    account, region = found.groups() if found else ("unknown-account", "unknown-region")
    stack = StackDefinition(
        name=name,
        stack_name=artifact.name,
        template=shelf.template(artifact.template, artifact.wanted),
        account=None if account == "unknown-account" else account,
        region=None if region == "unknown-region" else region,
    )
    return with_nested(shelf, stack, assets=artifact.assets, paths=_paths(artifact, stack.template))


def _paths(artifact: _Artifact, template: Template) -> dict[str, str]:
    """The logical ids by construct path; the CDK's command line also puts the paths into the template."""
    if all(_has_path(resource) for resource in template.resources.values()):
        return {}
    metadata = artifact.content.get("metadata")
    file = artifact.content.get("additionalMetadataFile")
    if metadata is None and isinstance(file, str):
        metadata = read_document(artifact.manifest.parent / file, f"{artifact.manifest} names it; run cdk synth again")
    if not isinstance(metadata, dict):
        return {}
    return {
        path.removeprefix("/"): entry["data"]
        for path, entries in metadata.items()
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict) and entry.get("type") == _LOGICAL_ID and isinstance(entry.get("data"), str)
    }


def _has_path(resource: Mapping[str, Any]) -> bool:
    metadata = resource.get("Metadata") if isinstance(resource, dict) else None
    return isinstance(metadata, dict) and "aws:cdk:path" in metadata


def _artifacts(directory: Path, within: tuple[Path, ...] = ()) -> Iterator[_Artifact]:
    manifest = directory / _MANIFEST
    if directory.resolve() in within:
        raise TemplateError(f"{manifest}: the assembly holds itself")
    content = read_document(manifest, "it is the first file of a cloud assembly; run cdk synth")
    artifacts = _mapping(manifest, content, "artifacts")
    assets: dict[str, str] = {}
    for name in artifacts:
        artifact = _mapping(manifest, artifacts, name)
        if artifact.get("type") == _ASSETS:
            assets |= _assets(directory / _text(manifest, name, artifact, "file"))
    for name in artifacts:
        artifact = _mapping(manifest, artifacts, name)
        if artifact.get("type") == _ASSEMBLY:
            inner = directory / _text(manifest, name, artifact, "directoryName")
            yield from _artifacts(inner, (*within, directory.resolve()))
        if artifact.get("type") == _STACK:
            yield _Artifact(
                id=name,
                name=str(_mapping(manifest, artifact, "properties").get("stackName", name)),
                manifest=manifest,
                content=artifact,
                template=directory / _text(manifest, name, artifact, "templateFile"),
                assets=assets,
            )


def _assets(path: Path) -> dict[str, str]:
    """The files that an assets manifest uploads, by the names that they are uploaded under."""
    if not path.is_file():
        return {}
    files = _mapping(path, read_document(path), "files")
    found = {}
    for name in files:
        file = _mapping(path, files, name)
        source = _mapping(path, file, "source").get("path")
        for destination in _mapping(path, file, "destinations").values():
            key = destination.get("objectKey") if isinstance(destination, dict) else None
            if isinstance(key, str) and isinstance(source, str):
                found[key.rpartition("/")[2]] = source
    return found


def _mapping(path: Path, content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = content.get(key, {})
    if not isinstance(value, dict):
        raise TemplateError(f"{path}: {key} must be an object, got {type(value).__name__}")
    return value


def _text(path: Path, id: str, artifact: Mapping[str, Any], key: str) -> str:
    value = _mapping(path, artifact, "properties").get(key)
    if not isinstance(value, str):
        raise TemplateError(f"{path}: artifacts.{id}.properties.{key} must be text, got {value!r}; run cdk synth again")
    return value
