"""What stacks get from each other: exports, outputs, values in the Parameter Store, the CDK's cross-region exports."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from constructs_lattice.templates.definition import OutputOf
from constructs_lattice.templates.facts import Undecided
from constructs_lattice.templates.intrinsics import NO_VALUE
from constructs_lattice.templates.problem import Problem
from constructs_lattice.templates.texts import applied, as_text
from constructs_lattice.templates.values import String, Unknown, Value, joined

if TYPE_CHECKING:
    from constructs_lattice.templates.resolution import Resolution
    from constructs_lattice.templates.scope import Scope

__all__ = ["Exchange"]

_DYNAMIC = re.compile(r"\{\{resolve:([^:}]+):([^}]*)\}\}")
_PARAMETER = "AWS::SSM::Parameter"
_WRITER = "Custom::CrossRegionExportWriter"
_READER = "Custom::CrossRegionExportReader"

_Text: TypeAlias = "String | None"
_Place: TypeAlias = tuple[str, str]


class Exchange:
    """The shelves, filled when something is first asked for: by account and region, then by name."""

    def __init__(self, resolution: "Resolution") -> None:
        self._resolution = resolution
        self._exports: dict[tuple[_Place, str], tuple[Scope, str]] | None = None
        self._stored: dict[tuple[_Place, str], tuple[Scope, str]] | None = None
        self._written: dict[tuple[_Place, str], Value] | None = None

    # Exports and outputs.

    def imported(self, scope: "Scope", name: _Text) -> Value:
        """What `Fn::ImportValue` gives: an export of a stack in the same account and region."""
        if not isinstance(name, str):
            return applied("Fn::ImportValue", name)
        if self._exports is None:
            self._exports = {}
            for other, output, export in self._all_exports():
                self._exports.setdefault((_place(other), export), (other, output))
        key = (_place(scope), name)
        if key in self._exports:
            other, output = self._exports[key]
            return other.output(output)
        return self._resolution.unknown(
            f"no stack here exports {name!r} in the region and account of {scope.name}", f"export:{_shown(key)}"
        )

    def _all_exports(self) -> Iterator[tuple["Scope", str, str]]:
        for other in self._resolution.scopes:
            for output, entry in other.template.outputs.items():
                if "Export" in entry and other.exists("Outputs", output) is not False:
                    export = other.export_name(output)
                    if isinstance(export, str):
                        yield other, output, export

    def stack_output(self, scope: "Scope", texts: dict[str, _Text]) -> Value:
        """What `Fn::GetStackOutput` gives: an output of a stack in any account and region."""
        stack, output = texts["StackName"], texts["OutputName"]
        region = texts.get("Region", scope.region)
        account = _account_of(texts.get("RoleArn"), scope)
        if not isinstance(stack, str) or not isinstance(output, str):
            return applied("Fn::GetStackOutput", stack, output, region, account)
        place = (str(account), str(region))
        for other in self._resolution.scopes:
            if other.definition.stack_name == stack and _place(other) == place:
                return self._output(other, output)
        symbol = f"output:{_shown((place, stack))}.{output}"
        return self._resolution.unknown(f"the stack {stack} in {region} is not here", symbol)

    def output_of(self, given: OutputOf) -> Value:
        """The output that a parameter is given."""
        other = next((each for each in self._resolution.scopes if each.name == given.stack), None)
        if other is None:
            raise Problem(f"there is no stack {given.stack!r} that could have the output {given.output!r}")
        return self._output(other, given.output)

    def _output(self, other: "Scope", output: str) -> Value:
        if output not in other.template.outputs:
            raise Problem(f"the stack {other.name} has no output {output!r}")
        if other.exists("Outputs", output) is False:
            return Unknown(f"the output {output} of {other.name} does not exist, its condition is false")
        return other.output(output)

    # The Parameter Store and secrets.

    def dynamic(self, scope: "Scope", text: str) -> Value:
        """A text with its dynamic references resolved.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
        """
        parts: list[String] = []
        position = 0
        for match in _DYNAMIC.finditer(text):
            found = as_text(self._referenced(scope, match[1], match[2]))
            missing = Unknown(f"{match[0]} is a list, not text")
            parts += [text[position : match.start()], missing if found is None else found]
            position = match.end()
        return joined([*parts, text[position:]])

    def _referenced(self, scope: "Scope", service: str, key: str) -> Value:
        if service == "ssm":
            name, _, version = key.partition(":")
            if not version:
                return self.stored(scope, name)
        reason = f"what {{{{resolve:{service}:{key}}}}} gives is known at the deployment only"
        return self._resolution.unknown(reason, f"{service}:{_shown((_place(scope), key))}")

    def stored(self, scope: "Scope", name: Value) -> Value:
        """The value of a parameter in the Parameter Store of the account and region of a stack."""
        if not isinstance(name, str):
            return applied("ssm", name)
        if self._stored is None:
            self._stored = {}
            for other, logical_id in self._resolution.of_type(_PARAMETER):
                stored = other.declared(logical_id, "Name")
                if isinstance(stored, str):
                    self._stored.setdefault((_place(other), stored), (other, logical_id))
        key = (_place(scope), name)
        if key in self._stored:
            other, logical_id = self._stored[key]
            if isinstance(other.exists("Resources", logical_id), Undecided):
                return Unknown(f"whether {other.id(logical_id)} exists is not known")
            value = other.declared(logical_id, "Value")
            return "" if value is NO_VALUE else value
        reason = f"the parameter {name} of the Parameter Store is not here"
        return self._resolution.unknown(reason, f"ssm:{_shown(key)}")

    # Custom resources.

    def custom(self, scope: "Scope", logical_id: str, name: str) -> Value:
        """An attribute of a custom resource: known if it is one of the CDK's cross-region exports."""
        kind = scope.template.resources[logical_id]["Type"]
        if kind == _READER:
            if self._written is None:
                self._written = dict(self._all_written())
            key = (_place(scope), name)
            if key in self._written:
                return self._written[key]
        reason = f"the attribute {name} of the custom resource {scope.id(logical_id)} is what its code returns"
        return self._resolution.unknown(reason, f"attribute:{scope.id(logical_id)}.{name}")

    def _all_written(self) -> Iterator[tuple[tuple[_Place, str], Value]]:
        for other, logical_id in self._resolution.of_type(_WRITER):
            written = other.declared(logical_id, "WriterProps")
            if isinstance(written, dict) and isinstance(written.get("exports"), dict):
                place = (_place(other)[0], str(written.get("region")))
                exports = written["exports"]
                assert isinstance(exports, dict)  # noqa: S101 - said above, which mypy does not see
                for name, value in exports.items():
                    yield (place, name), value


def _place(scope: "Scope") -> _Place:
    return str(scope.account), str(scope.region)


def _shown(key: tuple[_Place, str]) -> str:
    (account, region), name = key
    return f"{account}:{region}:{name}"


def _account_of(role: _Text, scope: "Scope") -> String:
    """The account of a role, which `Fn::GetStackOutput` takes for another account than the stack's own."""
    if role is None:
        return scope.account
    parts = role.split(":") if isinstance(role, str) else []
    return parts[4] if len(parts) > 4 else applied("account", role)  # noqa: PLR2004 - arn:partition:iam::account:…
