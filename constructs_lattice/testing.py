"""What our own tests use, for yours.

`readable_template` turns a synthesized template into text that a reviewer can read, for snapshot tests::

    def test_the_network(snapshot):
        app = cdk.App()
        stack = ShopStack(app, "Shop")
        assert readable_template(app.synth().get_stack_by_name("Shop").template) == snapshot

`Network` is asked who reaches whom::

    network = Network.from_app(app)
    network.assert_unreachable("internet", to=stack.vpc.tier("data"))
"""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from constructs_lattice.guarantees import Network

__all__ = ["Network", "readable_template"]

# What the CDK adds to every template, whatever is in it.
_BOOTSTRAP_PARAMETER = "BootstrapVersion"
_BOOTSTRAP_RULE = "CheckBootstrapVersion"
_METADATA_RESOURCE = "AWS::CDK::Metadata"
_METADATA_CONDITION = "CDKMetadataAvailable"
_NOISY_METADATA = {"aws:cdk:path", "aws:cdk:analytics:construct"}

_ASSET_HASH = re.compile(r"\b[0-9a-f]{64}\b")
_NEEDLESS_QUOTES = re.compile(r"(!\w+) '([A-Za-z][\w.:]*)'")


def readable_template(template: Mapping[str, Any]) -> str:
    """The template as YAML: `Type` first, intrinsics in short form, what the CDK adds to every template left out.

    The hashes of assets are replaced by a word, so that a new version of the CDK does not change the text. The same
    template gives the same text.
    """
    text = yaml.dump(_without_noise(template), Dumper=_Dumper, sort_keys=False, width=120, allow_unicode=True)
    return _NEEDLESS_QUOTES.sub(r"\1 \2", _ASSET_HASH.sub("<asset hash>", text))


def _without_noise(template: Mapping[str, Any]) -> dict[str, Any]:
    sections = {name: dict(section) if isinstance(section, Mapping) else section for name, section in template.items()}
    sections.get("Parameters", {}).pop(_BOOTSTRAP_PARAMETER, None)
    sections.get("Rules", {}).pop(_BOOTSTRAP_RULE, None)
    resources = sections.get("Resources", {})
    sections["Resources"] = {
        key: _readable_resource(resource)
        for key, resource in resources.items()
        if resource["Type"] != _METADATA_RESOURCE
    }
    sections.get("Conditions", {}).pop(_METADATA_CONDITION, None)
    return {name: _shortened(section) for name, section in sections.items() if section}


def _readable_resource(resource: Mapping[str, Any]) -> dict[str, Any]:
    metadata = {name: value for name, value in resource.get("Metadata", {}).items() if name not in _NOISY_METADATA}
    rest = {name: value for name, value in resource.items() if name not in ("Type", "Metadata")}
    return {"Type": resource["Type"], **rest, **({"Metadata": metadata} if metadata else {})}


class _Intrinsic:
    """A function of CloudFormation in its short form, such as `!GetAtt Vpc.CidrBlock`."""

    def __init__(self, tag: str, value: Any) -> None:
        self.tag = tag
        self.value = value


def _shortened(value: Any) -> Any:
    if isinstance(value, Mapping):
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref" or (name.startswith("Fn::") and name != "Fn::Transform"):
                return _intrinsic(name.removeprefix("Fn::"), argument)
        return {key: _shortened(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    return value


def _intrinsic(name: str, argument: Any) -> _Intrinsic:
    if name == "GetAtt" and isinstance(argument, list) and all(isinstance(part, str) for part in argument):
        return _Intrinsic("!GetAtt", ".".join(argument))
    # What the CDK joins out of strings and references reads better as a substitution.
    if name == "Join" and argument[0] == "" and (text := _as_substitution(argument[1])) is not None:
        return _Intrinsic("!Sub", text)
    return _Intrinsic(f"!{name}", _shortened(argument))


def _as_substitution(parts: Any) -> str | None:
    if not isinstance(parts, list):
        return None
    text = ""
    for part in parts:
        match part:
            case str():
                if "${" in part:
                    return None
                text += part
            case {"Ref": str(name)}:
                text += f"${{{name}}}"
            case {"Fn::GetAtt": [str(name), str(attribute)]}:
                text += f"${{{name}.{attribute}}}"
            case _:
                return None
    return text


class _Dumper(yaml.SafeDumper):
    """Lists are indented under their keys, and nothing is an alias of something else."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, False)  # noqa: FBT003

    def represent_dict(self, data: Any) -> Any:
        """A tag, or another pair of a key and a value, fits on one line."""
        return self.represent_mapping("tag:yaml.org,2002:map", data, flow_style=_is_pair(data))

    def represent_list(self, data: Any) -> Any:
        """What is alone in its list stays on the line of its key."""
        return self.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=_is_alone(data))

    def represent_intrinsic(self, intrinsic: _Intrinsic) -> Any:
        """A short form with its argument."""
        value = intrinsic.value
        if isinstance(value, list):
            return self.represent_sequence(intrinsic.tag, value, flow_style=_is_flat(value))
        if isinstance(value, dict):
            return self.represent_mapping(intrinsic.tag, value)
        if isinstance(value, _Intrinsic):
            # A short form cannot stand right behind another one: the inner one is written out.
            return self.represent_mapping(intrinsic.tag, {_long_form(value): value.value})
        return self.represent_scalar(intrinsic.tag, str(value))

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


_Dumper.add_representer(_Intrinsic, _Dumper.represent_intrinsic)
_Dumper.add_representer(dict, _Dumper.represent_dict)
_Dumper.add_representer(list, _Dumper.represent_list)


def _long_form(intrinsic: _Intrinsic) -> str:
    return "Ref" if intrinsic.tag == "!Ref" else f"Fn::{intrinsic.tag[1:]}"


def _is_pair(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"Key", "Value"}


def _is_alone(values: list[Any]) -> bool:
    return len(values) == 1 and (_is_pair(values[0]) or isinstance(values[0], str))


def _is_flat(values: list[Any]) -> bool:
    return all(
        isinstance(value, str | int) or (isinstance(value, _Intrinsic) and not isinstance(value.value, list | dict))
        for value in values
    )
