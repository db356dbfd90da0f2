"""One template, checked for its shape: sections, resources with a type, outputs with a value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates.document import read_document
from constructs_lattice.templates.marked import line_of

__all__ = ["LOOP", "MACRO", "Template", "make_template", "read_template"]

_SECTIONS = ("Parameters", "Mappings", "Conditions", "Resources", "Outputs")
_LOOPING = ("Conditions", "Resources", "Outputs")
_LANGUAGE = "AWS::LanguageExtensions"

LOOP = "Fn::ForEach::"
"""How the key begins that makes entries in a loop."""

MACRO = "Fn::Transform"
"""The key of a macro that runs over what is beside it."""

_METADATA = "AWS::CDK::Metadata"
"""What the CDK says of itself: it exists in some regions only, which makes no difference."""

_NETWORK = (
    "AWS::CloudFormation::Stack",
    "AWS::EC2::",
    "AWS::ElasticLoadBalancing",
    "AWS::IAM::",
    "AWS::NetworkFirewall::",
    "AWS::RAM::",
    "AWS::VpcLattice::",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The sections of a template, each a mapping by logical id, and the macros that CloudFormation runs over it.

    `conditions_in_use` are those on which more than metadata hangs, `network_conditions` those on which resources hang
    that carry traffic or permit it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
    """

    path: Path
    parameters: Mapping[str, Mapping[str, Any]]
    mappings: Mapping[str, Mapping[str, Any]]
    conditions: Mapping[str, Any]
    resources: Mapping[str, Mapping[str, Any]]
    outputs: Mapping[str, Mapping[str, Any]]
    macros: tuple[str, ...]
    has_loops: bool
    conditions_in_use: tuple[str, ...] = ()
    network_conditions: tuple[str, ...] = ()

    def where(self, node: object = None) -> str:
        """The file, and the line on which `node` begins if it is known."""
        line = line_of(node)
        return f"{self.path}:{line}" if line else str(self.path)


def read_template(path: Path, way_out: str = "") -> Template:
    """Read one template. Raises `TemplateError` when it cannot be read, or is not shaped like a template."""
    return make_template(path, read_document(path, way_out))


def make_template(path: Path, content: Mapping[str, Any]) -> Template:
    """A template of what a file holds. Raises `TemplateError` when it is not shaped like one."""
    sections = {name: _section(path, content, name) for name in _SECTIONS}
    macros = _macros(path, content.get("Transform"))
    for name, entries in sections.items():
        if MACRO in entries:
            macros += _macros(path, entries[MACRO])
            sections[name] = {key: entry for key, entry in entries.items() if key != MACRO}
    template = Template(
        path=path,
        macros=macros,
        has_loops=_LANGUAGE in macros and any(_holds_loop(sections[name]) for name in _LOOPING),
        conditions_in_use=_conditions_in_use(sections, lambda kind: kind != _METADATA),
        network_conditions=_conditions_in_use(sections, lambda kind: kind.startswith(_NETWORK)),
        **{name.lower(): section for name, section in sections.items()},
    )
    _check_all(template, sections)
    return template


def _check_all(template: Template, sections: Mapping[str, Mapping[str, Any]]) -> None:
    for section in _LOOPING:
        loop = next((name for name in sections[section] if name.startswith(LOOP)), None)
        if loop and not template.has_loops:
            raise TemplateError(f"{template.path}: {section}.{loop} needs Transform: {_LANGUAGE}")
    for section, required, kind in (
        ("Parameters", "Type", str),
        ("Resources", "Type", str),
        ("Outputs", "Value", None),
    ):
        for name, entry in sections[section].items():
            if not name.startswith(LOOP):
                _check(template, f"{section}.{name}", entry, required, kind)
    for name, resource in template.resources.items():
        if not name.startswith(LOOP):
            _check_resource(template, f"Resources.{name}", resource)


def _section(path: Path, content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = content.get(name)
    if section is None:
        return {}
    if not isinstance(section, dict):
        raise TemplateError(f"{path}: {name} must be a mapping, got {_kind(section)}")
    return section


def _macros(path: Path, transform: Any) -> tuple[str, ...]:
    """The names of the macros. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-section-structure.html"""
    listed = transform if isinstance(transform, list) else [] if transform is None else [transform]
    names = []
    for each in listed:
        name = each.get("Name") if isinstance(each, dict) else each
        if not isinstance(name, str):
            raise TemplateError(f"{path}: Transform must name macros, got {_kind(name)}")
        names.append(name)
    return tuple(names)


def _holds_loop(node: Any) -> bool:
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if any(key.startswith(LOOP) for key in each):
                return True
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return False


def _conditions_in_use(sections: Mapping[str, Mapping[str, Any]], is_meant: Callable[[str], bool]) -> tuple[str, ...]:
    """The conditions on which resources of some types hang, or values that they and outputs may have.

    Whether an output is there makes no difference: who asks for one that is not cannot be deployed.
    """
    if not sections["Conditions"]:
        return ()
    resources = [each for each in sections["Resources"].values() if is_meant(_type_of(each))]
    names = {each["Condition"]: None for each in resources if isinstance(each.get("Condition"), str)}
    waiting: list[Any] = [*resources, *sections["Outputs"].values()]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            branch = node.get("Fn::If")
            if isinstance(branch, list) and branch and isinstance(branch[0], str):
                names[branch[0]] = None
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return tuple(sorted(name for name in names if name in sections["Conditions"]))


def _type_of(resource: Any) -> str:
    kind = resource.get("Type") if isinstance(resource, dict) else None
    return kind if isinstance(kind, str) else _METADATA


def _check(template: Template, name: str, entry: Any, required: str, kind: type | None) -> None:
    if not isinstance(entry, dict):
        raise TemplateError(f"{template.where()}: {name} must be a mapping, got {_kind(entry)}")
    if required not in entry:
        raise TemplateError(f"{template.where(entry)}: {name} has no {required}")
    if kind and not isinstance(entry[required], kind):
        raise TemplateError(f"{template.where(entry)}: {name}.{required} must be text, got {_kind(entry[required])}")


def _check_resource(template: Template, name: str, resource: Mapping[str, Any]) -> None:
    where = template.where(resource)
    properties = resource.get("Properties")
    if properties is not None and not isinstance(properties, dict):
        raise TemplateError(f"{where}: {name}.Properties must be a mapping, got {_kind(properties)}")
    condition = resource.get("Condition", "")
    if not isinstance(condition, str):
        raise TemplateError(f"{where}: {name}.Condition must be the name of a condition, got {_kind(condition)}")


def _kind(value: object) -> str:
    """What something is, in words of JSON."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return f"the text {value[:40]!r}"
        case list():
            return "a list"
        case _:
            return "a mapping"
