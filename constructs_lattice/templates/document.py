"""Reading a file: JSON or YAML, whatever it is called."""

from pathlib import Path
from typing import Any

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates.json_text import read_json
from constructs_lattice.templates.yaml_text import read_yaml

__all__ = ["read_document"]


def read_document(path: Path, way_out: str = "") -> dict[str, Any]:
    """The mapping in a file. A file named `.json` must be JSON.

    Raises `TemplateError` when it cannot be read; `way_out` ends the sentence when there is no such file.
    """
    text = _text(path, way_out)
    if path.suffix == ".json":
        content, kind = read_json(path, text), "JSON object"
    else:
        content, kind = _either(path, text), "mapping"
    if not isinstance(content, dict):
        got = "nothing" if content is None else type(content).__name__
        raise TemplateError(f"{path} must hold a {kind}, got {got}")
    return content


def _either(path: Path, text: str) -> Any:
    """YAML includes JSON, but not its speed."""
    if text.lstrip().startswith("{"):
        try:
            return read_json(path, text)
        except TemplateError:
            return read_yaml(path, text)
    return read_yaml(path, text)


def _text(path: Path, way_out: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise TemplateError(f"{path}: there is no such file{'; ' if way_out else ''}{way_out}") from None
    except NotADirectoryError:
        raise TemplateError(f"{path.parent} is not a directory{'; ' if way_out else ''}{way_out}") from None
    except UnicodeDecodeError as error:
        kind = "JSON" if path.suffix == ".json" else "UTF-8 text"
        raise TemplateError(f"{path} is not {kind}: {error}") from None
    except (OSError, ValueError) as error:
        raise TemplateError(f"{path} cannot be read: {error}") from None
