"""The intrinsic functions, as far as they make values.

What is *written* wrong, such as a list of one item for `Fn::Select`, is a `Problem`. What *comes out* wrong, such as an
index past the end, would fail the deployment; it is unknown.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import base64
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from constructs_lattice.templates.cidr import cut
from constructs_lattice.templates.facts import Undecided
from constructs_lattice.templates.json_value import to_json
from constructs_lattice.templates.problem import Problem
from constructs_lattice.templates.texts import Open, applied, as_text, split, symbolic
from constructs_lattice.templates.values import Reference, String, Unknown, Value, joined

if TYPE_CHECKING:
    from constructs_lattice.templates.scope import Scope

__all__ = ["FUNCTIONS", "NO_VALUE"]


NO_VALUE = Unknown("AWS::NoValue stands where a value is needed")
"""The property or the item is not there. Compared with `is`; it leaves the resolution only from where it is wrong."""

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_PAIR, _TRIPLE = 2, 3


def _items(argument: Any, fewest: int, most: int, what: str) -> list[Any]:
    """A list of as many items as a function takes."""
    if not isinstance(argument, list) or not fewest <= len(argument) <= most:
        got = f"a list of {len(argument)}" if isinstance(argument, list) else repr(argument)[:60]
        raise Problem(f"needs {what}, got {got}")
    return argument


def _ref(scope: "Scope", argument: Any) -> Value:
    if not isinstance(argument, str):
        raise Problem(f"needs the name of a parameter or a resource, got {repr(argument)[:60]}")
    return scope.ref(argument)


def _get_att(scope: "Scope", argument: Any) -> Value:
    if isinstance(argument, str):
        argument = argument.split(".", 1)
    resource, attribute = _items(argument, _PAIR, _PAIR, "a resource and an attribute")
    if not isinstance(resource, str):
        raise Problem(f"needs the logical id of a resource, got {repr(resource)[:60]}")
    name = as_text(scope.value(attribute))
    if not isinstance(name, str):
        return applied("Fn::GetAtt", resource, name)
    return scope.attribute(resource, name)


def _sub(scope: "Scope", argument: Any) -> Value:
    text, variables = argument, {}
    if isinstance(argument, list):
        text, variables = _items(argument, _PAIR, _PAIR, "a text and a mapping of variables")
    if not isinstance(text, str) or not isinstance(variables, dict):
        raise Problem(f"needs a text, or a text and a mapping of variables, got {repr(argument)[:60]}")
    parts: list[Any] = []
    position = 0
    for match in _VARIABLE.finditer(text):
        parts += [text[position : match.start()], _substituted(scope, match[1].strip(), variables)]
        position = match.end()
    return joined([*parts, text[position:]])


def _substituted(scope: "Scope", name: str, variables: dict[str, Any]) -> String:
    if name.startswith("!"):
        return f"${{{name[1:]}}}"
    if name in variables:
        value = scope.value(variables[name])
    elif "." in name:
        value = _get_att(scope, name)
    else:
        value = scope.ref(name)
    return _in_text(value, f"${{{name}}} in a text of Fn::Sub")


def _in_text(value: Value, what: str) -> String:
    text = as_text(value)
    return Unknown(f"{what} is a {type(value).__name__}, not text") if text is None else text


def _join(scope: "Scope", argument: Any) -> Value:
    delimiter, items = _items(argument, _PAIR, _PAIR, "a delimiter and a list")
    if not isinstance(delimiter, str):
        raise Problem(f"needs a delimiter that is text, got {repr(delimiter)[:60]}")
    values = scope.value(items)
    if not isinstance(values, list):
        if symbolic(values):
            return applied("Fn::Join", delimiter, values)
        raise Problem(f"needs a list to join, got {repr(values)[:60]}")
    parts: list[Any] = []
    for value in values:
        parts += [delimiter, _in_text(value, "an item of Fn::Join")]
    return joined(parts[1:])


def _split(scope: "Scope", argument: Any) -> Value:
    delimiter, text = _items(argument, _PAIR, _PAIR, "a delimiter and a text")
    if not isinstance(delimiter, str) or not delimiter:
        raise Problem(f"needs a delimiter that is text, got {repr(delimiter)[:60]}")
    value = as_text(scope.value(text))
    if value is None:
        return Unknown("what Fn::Split is to split is not text")
    if isinstance(value, Reference) and value.attribute.startswith("EndpointIds.") and delimiter == ":":
        # Each is `zone:endpoint`.
        return [applied("Fn::Split", value), value]
    pieces = split(delimiter, scope.resolution.written_out(value), scope.resolution.is_name)
    return [value] if len(pieces) == 1 and not isinstance(pieces, Open) else pieces


def _select(scope: "Scope", argument: Any) -> Value:
    chosen, items = _items(argument, _PAIR, _PAIR, "an index and a list")
    endpoint = _zonal_endpoint(scope, argument)
    if endpoint is not None:
        return endpoint
    index = _number(scope.value(chosen))
    values = _open(scope, items)
    if isinstance(values, list):
        return _item(index, values)
    if isinstance(index, int) and isinstance(values, Reference) and values.attribute:
        return Reference(values.resource, f"{values.attribute}.{index}")
    if isinstance(index, int) and isinstance(values, Unknown) and values.symbol.startswith("zones:"):
        return Unknown(values.reason, f"zone:{values.symbol.removeprefix('zones:')}:{index}")
    if symbolic(values):
        return applied("Fn::Select", index, values)
    raise Problem(f"needs a list to select from, got {repr(values)[:60]}")


def _zonal_endpoint(scope: "Scope", argument: Any) -> Reference | None:
    """The endpoint of a firewall in one zone, found in its `EndpointIds` by the zone, whatever their order is.

    `zone:endpoint,zone:endpoint` is split at the zone, and what follows at the comma.
    """
    match argument:
        case [
            0 | "0",
            {"Fn::Split": [",", {"Fn::Select": [1 | "1", {"Fn::Split": [zone, {"Fn::Join": [",", endpoints]}]}]}]},
        ] if isinstance(zone, str):
            found = scope.value(endpoints)
            if isinstance(found, Reference) and found.attribute == "EndpointIds":
                return Reference(found.resource, f"EndpointIds.{zone.removesuffix(':')}")
    return None


def _item(index: "int | Value", values: list[Value]) -> Value:
    if not isinstance(index, int):
        if values and all(each == values[0] for each in values) and not symbolic(values):
            return values[0]
        return applied("Fn::Select", index, values)
    if isinstance(values, Open) and index >= len(values) - 1:
        return applied("Fn::Select", index, values.rest)
    if not 0 <= index < len(values):
        return Unknown(f"Fn::Select asks for item {index} of a list of {len(values)}")
    return values[index]


def _open(scope: "Scope", node: Any) -> Value:
    """A list, of which the beginning is enough."""
    if isinstance(node, dict) and len(node) == 1:
        ((name, argument),) = node.items()
        if name in FUNCTIONS:
            return scope.call(name, argument, node)
    return scope.value(node)


def _number(value: Value) -> "int | Value":
    """A number, which may be written as text."""
    if isinstance(value, bool) or not isinstance(value, int | str | float):
        if symbolic(value):
            return value
        raise Problem(f"needs a number, got {repr(value)[:60]}")
    try:
        number = int(value)
    except (ValueError, OverflowError):
        raise Problem(f"needs a number, got {value!r}") from None
    if number != value and not isinstance(value, str):
        raise Problem(f"needs a whole number, got {value!r}")
    return number


def _cidr(scope: "Scope", argument: Any) -> Value:
    block, count, bits = _items(argument, _TRIPLE, _TRIPLE, "a block, a count and a number of host bits")
    where = scope.value(block)
    many, size = _number(scope.value(count)), _number(scope.value(bits))
    if not isinstance(where, str) or not isinstance(many, int) or not isinstance(size, int):
        if symbolic([where, many, size]):
            return applied("Fn::Cidr", where, many, size)
        raise Problem(f"needs a CIDR block, got {repr(where)[:60]}")
    blocks = cut(where, many, size)
    return Unknown(f"Fn::Cidr fails: {blocks}") if isinstance(blocks, str) else list(blocks)


def _if(scope: "Scope", argument: Any) -> Value:
    condition, then, otherwise = _items(argument, _TRIPLE, _TRIPLE, "a condition and two values")
    if not isinstance(condition, str):
        raise Problem(f"needs the name of a condition, got {repr(condition)[:60]}")
    holds = scope.condition(condition)
    if isinstance(holds, Undecided):
        one, other = scope.value(then), scope.value(otherwise)
        if one is other or (one == other and applied("", one).symbol):
            return one
        return Unknown(f"it hangs on the condition {condition} of {scope.name}: {holds.reason}")
    return scope.value(then if holds else otherwise)


def _import_value(scope: "Scope", argument: Any) -> Value:
    return scope.resolution.exchange.imported(scope, as_text(scope.value(argument)))


def _get_stack_output(scope: "Scope", argument: Any) -> Value:
    if not isinstance(argument, dict) or not {"StackName", "OutputName"} <= set(argument):
        raise Problem(f"needs a mapping with StackName and OutputName, got {repr(argument)[:60]}")
    texts = {name: as_text(scope.value(each)) for name, each in argument.items()}
    return scope.resolution.exchange.stack_output(scope, texts)


def _get_azs(scope: "Scope", argument: Any) -> Value:
    region = as_text(scope.value(argument))
    region = scope.region if region in ("", None) else region
    reason = f"the zones of {region} in the account {scope.account} are known to AWS only"
    return Unknown(reason, f"zones:{scope.account}:{region}")


def _base64(scope: "Scope", argument: Any) -> Value:
    text = as_text(scope.value(argument))
    if not isinstance(text, str):
        return applied("Fn::Base64", text)
    return base64.b64encode(text.encode(errors="replace")).decode()


def _length(scope: "Scope", argument: Any) -> Value:
    values = scope.value(argument)
    if isinstance(values, list):
        return len(values)
    if symbolic(values):
        return applied("Fn::Length", values)
    raise Problem(f"needs a list, got {repr(values)[:60]}")


def _to_json_string(scope: "Scope", argument: Any) -> Value:
    return to_json(scope.value(argument))


def _transform(_scope: "Scope", argument: Any) -> Value:
    name = argument.get("Name") if isinstance(argument, dict) else argument
    return Unknown(f"the macro {name} makes it")


def _find_in_map(scope: "Scope", argument: Any) -> Value:
    name, *keys = _items(argument, _TRIPLE, _TRIPLE + 1, "a mapping and two keys")
    default = keys.pop() if len(keys) > _PAIR else None
    if default is not None and not (isinstance(default, dict) and "DefaultValue" in default):
        raise Problem(f"needs a DefaultValue behind the keys, got {repr(default)[:60]}")
    path: list[Value] = [as_text(scope.value(key)) for key in keys]
    found = scope.mapped(as_text(scope.value(name)), path)
    if default is not None and found is NO_VALUE:
        return scope.value(default["DefaultValue"])
    if found is NO_VALUE:
        return Unknown(f"the mapping {name} has nothing for {', '.join(map(str, path))}")
    return found


FUNCTIONS: Mapping[str, Callable[["Scope", Any], Value]] = {
    "Ref": _ref,
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _get_azs,
    "Fn::GetAtt": _get_att,
    "Fn::GetStackOutput": _get_stack_output,
    "Fn::If": _if,
    "Fn::ImportValue": _import_value,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Fn::ToJsonString": _to_json_string,
    "Fn::Transform": _transform,
}
