"""Loading an application from what a user points at."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates.application import Application
from constructs_lattice.templates.assembly import read_assembly
from constructs_lattice.templates.definition import Given, StackDefinition
from constructs_lattice.templates.document import read_document
from constructs_lattice.templates.nearest import did_you_mean
from constructs_lattice.templates.nesting import Shelf, with_nested
from constructs_lattice.templates.stack_list import given, listed_stacks
from constructs_lattice.templates.template import Template, make_template

__all__ = ["load"]


def load(
    target: "str | Path | Iterable[str | Path]",
    *,
    parameters: Mapping[str, Given] | None = None,
    accounts: Mapping[str, str] | None = None,
) -> Application:
    """The application in a cloud assembly, in templates, or in a file that lists stacks.

    `target` is the directory of a cloud assembly; one or more templates, whose file names are the names of the stacks;
    or a file with `stacks`. `parameters` are values for the parameters named `Name`, in all stacks, or `Stack.Name`.
    `accounts` are those that stacks are deployed to that do not say it themselves, by the names of the stacks.

    Raises `TemplateError` when something cannot be read or is wrong.
    """
    paths = [Path(target)] if isinstance(target, str | Path) else [Path(each) for each in target]
    if not paths:
        raise TemplateError("there is nothing to load; name a cloud assembly, a template, or a file with stacks")
    shelf = Shelf()
    stacks: list[StackDefinition] = []
    for path in paths:
        stacks += read_assembly(path, shelf) if path.is_dir() else _file(path, shelf)
    _check_names(stacks)
    deployed = _with_accounts(stacks, accounts or {})
    return Application(stacks=tuple(_with_parameters(deployed, parameters or {})))


def _file(path: Path, shelf: Shelf) -> list[StackDefinition]:
    content = read_document(path)
    if "stacks" in content and "Resources" not in content:
        return [
            with_nested(
                shelf,
                StackDefinition(
                    name=each.name,
                    stack_name=each.name,
                    template=shelf.template(each.template, f"{path} names it as the template of {each.name}"),
                    region=each.region,
                    account=each.account,
                    parameters=each.parameters,
                ),
            )
            for each in listed_stacks(path, content)
        ]
    if "Resources" not in content:
        raise TemplateError(f"{path} has neither Resources, as a template has, nor stacks")
    template = shelf.keep(make_template(path, content))
    name = path.stem.removesuffix(".template")
    return [with_nested(shelf, StackDefinition(name=name, stack_name=name, template=template))]


def _check_names(stacks: list[StackDefinition]) -> None:
    seen: dict[str, Template] = {}
    for stack in stacks:
        if stack.name in seen:
            raise TemplateError(
                f"{stack.template.path} and {seen[stack.name].path} both make a stack {stack.name!r}; "
                "list them in a file with stacks, where each has a name"
            )
        seen[stack.name] = stack.template


def _with_accounts(stacks: list[StackDefinition], accounts: Mapping[str, str]) -> list[StackDefinition]:
    """The stacks in the accounts that are given from outside."""
    own = {stack.name: stack.account for stack in stacks}
    for name, account in accounts.items():
        if name not in own:
            raise TemplateError(f"there is no stack {name!r}{did_you_mean(name, own)}")
        if own[name] not in (None, account):
            raise TemplateError(f"the stack {name} is in account {own[name]}, and was given {account}")
    return [_in_account(stack, accounts.get(stack.name, stack.account)) for stack in stacks]


def _in_account(stack: StackDefinition, account: str | None) -> StackDefinition:
    """A stack in an account, with all that are nested in it."""
    nested = {id_: _in_account(each, account) for id_, each in stack.nested.items()}
    return replace(stack, account=account, nested=nested)


def _with_parameters(stacks: list[StackDefinition], parameters: Mapping[str, Given]) -> list[StackDefinition]:
    """The stacks with the values that are given from outside."""
    values: dict[str, dict[str, Any]] = {stack.name: dict(stack.parameters) for stack in stacks}
    for name, value in parameters.items():
        stack_name, _, parameter = name.rpartition(".")
        takers = [
            stack for stack in stacks if stack_name in ("", stack.name) and parameter in stack.template.parameters
        ]
        if not takers:
            names = [known for stack in stacks for known in _names(stack, is_short="." not in name)]
            raise TemplateError(f"there is no parameter {name!r}{did_you_mean(name, dict.fromkeys(names), 2)}")
        for stack in takers:
            values[stack.name][parameter] = given(f"parameter {name}", value)
    for stack in stacks:
        for name in values[stack.name]:
            if name not in stack.template.parameters:
                raise TemplateError(
                    f"{stack.template.path}: the stack {stack.name} is given {name!r}, which is not a parameter of it"
                    f"{did_you_mean(name, stack.template.parameters)}"
                )
    return [replace(stack, parameters=values[stack.name]) for stack in stacks]


def _names(stack: StackDefinition, *, is_short: bool) -> list[str]:
    """The parameters of a stack, as they can be given."""
    return [name if is_short else f"{stack.name}.{name}" for name in stack.template.parameters]
