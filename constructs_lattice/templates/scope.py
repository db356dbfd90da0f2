"""One deployed stack while it is being resolved: its parameters, conditions, resources and outputs.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates import attributes, conditions, loops, parameters, pseudo
from constructs_lattice.templates.blocks import CHOSEN
from constructs_lattice.templates.definition import StackDefinition
from constructs_lattice.templates.dependencies import Uses
from constructs_lattice.templates.estate import Deployment
from constructs_lattice.templates.facts import Undecided
from constructs_lattice.templates.intrinsics import FUNCTIONS, NO_VALUE
from constructs_lattice.templates.macros import adds_resources, rewriting
from constructs_lattice.templates.nearest import did_you_mean
from constructs_lattice.templates.nesting import STACK
from constructs_lattice.templates.problem import Problem
from constructs_lattice.templates.template import MACRO
from constructs_lattice.templates.texts import Open, applied, is_too_large
from constructs_lattice.templates.values import Reference, ResourceId, Text, Unknown, Value

if TYPE_CHECKING:
    from constructs_lattice.templates.resolution import Resolution

__all__ = ["Scope"]

_T = TypeVar("_T")


class Scope:
    """A stack in one `Resolution`. Everything is resolved when it is asked for, and once."""

    def __init__(self, resolution: "Resolution", definition: StackDefinition, parent: "Scope | None", id: str) -> None:
        self.resolution = resolution
        self.definition = definition
        self.template = definition.template
        self.name = definition.name
        self.parent = parent
        self.nested = {name: Scope(resolution, each, self, name) for name, each in definition.nested.items()}
        self.region: str | Unknown = self._place("AWS::Region", "region", definition.region)
        self.account: str | Unknown = self._place("AWS::AccountId", "account", definition.account)
        self._id = id
        self._parameters: dict[str, Value] = {}
        self._conditions: dict[str, bool | Undecided] = {}
        self._properties: dict[tuple[str, str], Value] = {}
        self._outputs: dict[str, Value] = {}
        self._existence: dict[tuple[str, str], bool | Undecided] = {}
        self._uses = Uses()
        self._doubts: dict[str, str] = {}

    def _place(self, symbol: str, word: str, given: str | None) -> str | Unknown:
        if given is not None:
            return given
        return self.resolution.unknown(f"the {word} of {self.name} is not given", symbol)

    def everything(self) -> "list[Scope]":
        """This stack and all that are nested in it."""
        return [self, *(inner for each in self.nested.values() for inner in each.everything())]

    def write_out(self) -> None:
        """Write the loops of the template out."""
        if self.template.has_loops:
            try:
                self.template, self._doubts = loops.write_out(self)
            except Problem as problem:
                where = f"{self.template.path}:{problem.line}" if problem.line else self.template.where()
                raise TemplateError(f"{where}: {''.join(problem.path)}: {problem.text}") from None

    # What is asked for by name.

    def parameter(self, name: str) -> Value:
        """The value of a parameter."""
        if name not in self._parameters:
            self._parameters[name] = self._once(f"Parameters.{name}", lambda: parameters.value(self, name))
        return self._parameters[name]

    def handed(self) -> "dict[str, Value] | Unknown":
        """The parameters that a nested stack gets from the stack that it is in."""
        if self.parent and (doubt := self.parent.doubt(self._id)):
            return Unknown(doubt)
        handed = self.parent.get(self._id, "Parameters") if self.parent else None
        return handed if isinstance(handed, dict | Unknown) else {}

    def condition(self, name: str) -> bool | Undecided:
        """Whether a condition holds."""
        if name not in self._conditions:
            if name not in self.template.conditions:
                raise Problem(f"there is no condition {name!r}{did_you_mean(name, self.template.conditions)}")
            node = self.template.conditions[name]
            self._conditions[name] = self._once(f"Conditions.{name}", lambda: conditions.evaluate(self, node))
        return self._conditions[name]

    def declared(self, logical_id: str, name: str) -> Value:
        """A property of a resource; `NO_VALUE` when it is absent."""
        key = (logical_id, name)
        if key not in self._properties:
            declared = self.template.resources[logical_id].get("Properties") or {}
            if name in declared:
                outer = self._uses.begin(logical_id)
                what = f"Resources.{logical_id}.Properties.{name}"
                self._properties[key] = self._once(what, lambda: self.value(declared[name]))
                self._uses.end(outer)
            elif name in CHOSEN.get(self.template.resources[logical_id]["Type"], ()):
                self._properties[key] = self.resolution.blocks.chosen(self, logical_id, name)
            else:
                self._properties[key] = NO_VALUE
        return self._properties[key]

    def get(self, logical_id: str, name: str) -> Value:
        """A property of a resource; None when it is absent."""
        value = self.declared(logical_id, name)
        return None if value is NO_VALUE else value

    def properties(self, logical_id: str) -> dict[str, Value]:
        """All properties of a resource that it has, with the blocks that AWS chooses for it."""
        resource = self.template.resources[logical_id]
        names = dict.fromkeys((*(resource.get("Properties") or ()), *CHOSEN.get(resource["Type"], ())))
        found = {name: self.declared(logical_id, name) for name in names}
        return {name: value for name, value in found.items() if value is not NO_VALUE}

    def output(self, name: str) -> Value:
        """The value of an output."""
        if macro := rewriting(self.template):
            return Unknown(
                f"the macro {macro} may rewrite the output {name} of {self.name}", f"output:{self.name}.{name}"
            )
        if name not in self._outputs:
            node = self.template.outputs[name]
            self._outputs[name] = self._once(f"Outputs.{name}", lambda: self.value(node["Value"]))
        return self._outputs[name]

    def outputs(self) -> dict[str, Value]:
        """All outputs that exist; one that may not is unknown."""
        found: dict[str, Value] = {}
        for name in self.template.outputs:
            exists = self.exists("Outputs", name)
            if isinstance(exists, Undecided):
                found[name] = Unknown(f"whether the output {name} of {self.name} exists is not known: {exists.reason}")
            elif exists and (value := self.output(name)) is not NO_VALUE:
                found[name] = value
        return found

    def export_name(self, output: str) -> Value:
        """The name under which an output is exported."""
        export = self.template.outputs[output]["Export"]
        name = export.get("Name") if isinstance(export, dict) else export
        return self._once(f"Outputs.{output}.Export.Name", lambda: self.value(name))

    def construct_path(self, logical_id: str) -> str:
        """The path of a resource in the CDK application, or nothing."""
        metadata = self.template.resources[logical_id].get("Metadata")
        path = metadata.get("aws:cdk:path") if isinstance(metadata, dict) else None
        return path if isinstance(path, str) else self.definition.construct_paths.get(logical_id, "")

    def mapped(self, name: Value, keys: list[Value]) -> Value:
        """What a mapping holds; `NO_VALUE` when it has nothing for the keys."""
        if not isinstance(name, str):
            return applied("Fn::FindInMap", name, keys)
        if name not in self.template.mappings:
            raise Problem(f"there is no mapping {name!r}{did_you_mean(name, self.template.mappings)}")
        found: Any = self.template.mappings[name]
        for key in keys:
            if not isinstance(key, str):
                return self._mapped_by(key, applied("Fn::FindInMap", self.name, name, keys), found)
            if not isinstance(found, dict) or key not in found:
                return NO_VALUE
            found = found[key]
        return found  # type: ignore[no-any-return]  # what the template holds

    def _mapped_by(self, key: Value, found: Unknown, entries: Any) -> Unknown:
        names = tuple(entries) if isinstance(entries, dict) else ()
        return self.resolution.looked_up(found, key, names) if isinstance(key, Unknown) else found

    def exists(self, section: str, name: str) -> bool | Undecided:
        """Whether a resource or an output exists, as far as its own condition says."""
        entry = (self.template.resources if section == "Resources" else self.template.outputs)[name]
        if "Condition" not in entry:
            return True
        key = (section, name)
        if key not in self._existence:
            condition = entry["Condition"]
            self._existence[key] = self._once(f"{section}.{name}.Condition", lambda: self.condition(condition))
        return self._existence[key]

    @property
    def existence(self) -> bool | Undecided:
        """Whether this stack itself exists: a nested one has a condition, too."""
        if self.parent is None:
            return True
        outer = self.parent.existence
        return self.parent.exists("Resources", self._id) if outer is True else outer

    def doubt(self, logical_id: str) -> str:
        """Why nothing is known of a resource, or nothing."""
        if macro := rewriting(self.template):
            return f"the macro {macro} may rewrite {self.id(logical_id)}"
        if MACRO in (self.template.resources[logical_id].get("Properties") or ()):
            return f"a macro writes properties of {self.id(logical_id)}"
        return self._doubts.get(logical_id, "")

    def deployment(self) -> Deployment:
        """This stack, as those see it that ask about its resources."""
        return Deployment(
            name=self.name,
            region=self.region,
            account=self.account,
            template=str(self.template.path),
            outputs=self.outputs(),
        )

    def assumptions(self) -> list[str]:
        """What is taken for granted of what is not here."""
        found = [self.definition.assumption] if self.definition.assumption else []
        found += [f"the macro {name} adds no resources to {self.name}" for name in adds_resources(self.template)]
        for logical_id, resource in self.template.resources.items():
            if resource["Type"] == STACK and logical_id not in self.nested and self.exists("Resources", logical_id):
                found.append(
                    f"the nested stack {self.name}/{logical_id}, whose template is not here, adds no resources"
                )
        return found

    def check(self) -> None:
        """Raise `TemplateError` when a nested stack is given what it does not take, or resources need each other."""
        handed = self.handed()
        for name in () if isinstance(handed, Unknown) else handed:
            if name not in self.template.parameters and self.parent:
                where = self.parent.template.where(self.parent.template.resources[self._id])
                raise TemplateError(
                    f"{where}: Resources.{self._id}.Properties.Parameters: {name!r} is not a parameter of the nested "
                    f"stack {self.name}{did_you_mean(name, self.template.parameters)}"
                )
        for logical_id, resource in self.template.resources.items():
            self._uses.declared(logical_id, resource.get("DependsOn"))
        circle = self._uses.circle()
        if circle:
            where = self.template.where(self.template.resources[circle[0]])
            raise TemplateError(f"{where}: circular dependency: {' → '.join(str(self.id(each)) for each in circle)}")

    def id(self, logical_id: str) -> ResourceId:
        """A resource of this stack."""
        return ResourceId(self.name, logical_id)

    def _once(self, what: str, resolve: Callable[[], _T]) -> _T:
        """Resolve something that must not need itself, and say where it is if it is wrong."""
        try:
            return self.resolution.once(f"{self.name}.{what}", self.template.path, resolve)
        except Problem as problem:
            raise self._located(what, problem) from None

    def _located(self, what: str, problem: Problem) -> TemplateError:
        section, name, *_ = what.split(".")
        entry = {
            "Parameters": self.template.parameters,
            "Conditions": self.template.conditions,
            "Resources": self.template.resources,
            "Outputs": self.template.outputs,
        }[section].get(name)
        where = f"{self.template.path}:{problem.line}" if problem.line else self.template.where(entry)
        return TemplateError(f"{where}: {what}{''.join(problem.path)}: {problem.text}")

    # Values.

    def value(self, node: Any) -> Value:
        """What a part of the template comes to."""
        if isinstance(node, str):
            return self.resolution.exchange.dynamic(self, node) if "{{resolve:" in node else node
        if isinstance(node, dict):
            return self._mapping(node)
        if isinstance(node, list):
            return self._list(node)
        return node  # type: ignore[no-any-return]  # numbers, booleans and null

    def _mapping(self, node: dict[str, Any]) -> Value:
        if len(node) == 1:
            ((name, argument),) = node.items()
            if name in FUNCTIONS or name.startswith("Fn::"):
                result = self.call(name, argument, node)
                return result.rest if isinstance(result, Open) else result
        if MACRO in node:
            return Unknown("a macro writes it")
        result = {}
        for name, inner in node.items():
            try:
                value = self.value(inner)
            except Problem as problem:
                raise problem.within(f".{name}", node) from None
            if value is not NO_VALUE:
                result[name] = value
        return result

    def _list(self, node: list[Any]) -> Value:
        result = []
        for index, inner in enumerate(node):
            try:
                value = self.value(inner)
            except Problem as problem:
                raise problem.within(f"[{index}]", inner) from None
            if value is not NO_VALUE:
                result.append(value)
        return result

    def call(self, name: str, argument: Any, node: object) -> Value:
        """What an intrinsic function gives; an `Open` list where it is known in its beginning only."""
        function = FUNCTIONS.get(name)
        if function is None:
            return Unknown(f"{name} is not a function that is known here")
        try:
            value = function(self, argument)
        except Problem as problem:
            raise problem.within(f".{name}", node) from None
        if isinstance(value, str) and "{{resolve:" in value:
            return self.resolution.exchange.dynamic(self, value)
        if isinstance(value, str | list | dict | Text) and is_too_large(value):
            raise Problem(f"{name} makes a value that is too large")
        return value

    def ref(self, name: str) -> Value:
        """What `Ref` gives."""
        if name in self.template.parameters:
            return self.parameter(name)
        if name in self.template.resources:
            self._uses.add(name)
            return self._existing(name) or Reference(self.id(name))
        if name.startswith("AWS::"):
            return pseudo.value(self, name)
        return self._absent(name, "parameter or resource", [*self.template.parameters, *self.template.resources])

    def attribute(self, logical_id: str, name: str) -> Value:
        """What `Fn::GetAtt` gives."""
        if logical_id not in self.template.resources:
            return self._absent(logical_id, "resource", self.template.resources)
        self._uses.add(logical_id)
        return self._existing(logical_id) or attributes.value(self, logical_id, name)

    def _absent(self, name: str, kind: str, names: Iterable[str]) -> Unknown:
        """What a name that is not in the template may be nevertheless."""
        for macro in adds_resources(self.template):
            return Unknown(f"{name} may be made by the macro {macro}", f"macro:{self.name}.{name}")
        if self._doubts:
            return Unknown(f"{name} may be made by a loop", f"loop:{self.name}.{name}")
        modules = [key for key, each in self.template.resources.items() if each["Type"].endswith("::MODULE")]
        for module in modules:
            if name.startswith(module):
                return Unknown(f"{name} is in the module {self.id(module)}", f"module:{self.name}.{name}")
        raise Problem(f"there is no {kind} {name!r}{did_you_mean(name, names)}")

    def _existing(self, logical_id: str) -> Unknown | None:
        """Why nothing is known of a resource: it is not there."""
        if self.exists("Resources", logical_id) is False:
            condition = self.template.resources[logical_id]["Condition"]
            return Unknown(f"{self.id(logical_id)} does not exist, its condition {condition} is false")
        return None
