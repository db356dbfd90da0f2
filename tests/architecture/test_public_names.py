"""What is public says so, and can be imported."""

import ast
import importlib
from pathlib import Path
from types import ModuleType

import pytest

import constructs_lattice
from constructs_lattice import gateway_api, vpc_lattice

PACKAGE = Path(constructs_lattice.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
PUBLIC = [path for path in MODULES if not any(part.startswith("_") and part != "__init__.py" for part in path.parts)]


def _dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@pytest.mark.parametrize("path", PUBLIC, ids=_dotted)
def test_every_public_module_lists_its_public_names(path: Path) -> None:
    """`__all__` is there, sorted, and every name in it exists."""
    module = importlib.import_module(_dotted(path))
    assert sorted(set(module.__all__)) == sorted(module.__all__)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


@pytest.mark.parametrize("package", [constructs_lattice, gateway_api, vpc_lattice], ids=lambda each: each.__name__)
def test_the_lazy_names_are_those_that_type_checkers_see(package: ModuleType) -> None:
    """The imports under TYPE_CHECKING, the table of homes and `__all__` of the package agree."""
    tree = ast.parse(Path(str(package.__file__)).read_text())
    seen = {
        (node.module or "").removeprefix(f"{package.__name__}."): sorted(alias.name for alias in node.names)
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
    }
    assert seen == {home: sorted(names) for home, names in package._HOMES.items()}
    assert sorted(name for names in seen.values() for name in names) == sorted({*package.__all__} - {"__version__"})


def test_an_unknown_name_is_an_attribute_error() -> None:
    """The lazy import fails as any module does."""
    with pytest.raises(AttributeError) as caught:
        constructs_lattice.Vpcc  # noqa: B018
    assert str(caught.value) == "module 'constructs_lattice' has no attribute 'Vpcc'"


@pytest.mark.parametrize("path", MODULES, ids=_dotted)
def test_modules_and_functions_stay_small(path: Path) -> None:
    """Past these sizes there is a noun that has not been named yet."""
    text = path.read_text()
    assert text.count("\n") <= 400
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    assert {name: length for name, length in lengths.items() if length > 70} == {}


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    """Modules are named after nouns of the field."""
    banned = {"utils", "util", "common", "helpers", "base", "misc", "v2"}
    assert [str(path) for path in MODULES if path.stem.strip("_") in banned] == []
