"""Reading a template that is YAML, with the short forms of the intrinsic functions.

The document is built from the events of the parser, not by its loader: every mapping keeps its line, keys are text as
they are written, `2012-10-17` stays text, and neither nesting nor aliases can be used to exhaust the memory.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
"""

from typing import Any

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates.marked import Marked

__all__ = ["read_yaml"]

_DEEPEST = 100
_MOST_NODES = 1_000_000
_STANDARD = "tag:yaml.org,2002:"
_BARE = {"!Ref": "Ref", "!Condition": "Condition"}
"""The short forms whose long forms have no `Fn::`."""


def read_yaml(where: object, text: str) -> Any:
    """The content of `text`. Raises `TemplateError` when it is not YAML, or is more than CloudFormation reads."""
    import yaml  # noqa: PLC0415 - it takes longer to import than everything else here, and JSON does without

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    builder = _Builder(where, yaml.constructor.SafeConstructor(), loader)
    try:
        while loader.check_event():
            builder.take(loader.get_event())
    except yaml.YAMLError as error:
        raise TemplateError(f"{where} is not YAML: {' '.join(str(error).split())}") from None
    finally:
        loader.dispose()
    return builder.document


class _Open:
    """A mapping or a sequence whose end has not come yet."""

    __slots__ = ("anchor", "content", "key", "key_line", "line", "nodes", "tag")

    def __init__(self, event: Any, content: "Marked | list[Any]", line: int) -> None:
        self.content = content
        self.tag: str | None = event.tag
        self.anchor: str | None = event.anchor
        self.line = line
        self.key: str | None = None
        self.key_line = 0
        self.nodes = 1


class _Builder:
    """Takes the events of a parser, and has the document in the end."""

    def __init__(self, where: object, constructor: Any, loader: Any) -> None:
        self.document: Any = None
        self._where = where
        self._constructor = constructor
        self._loader = loader
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._documents = 0

    def take(self, event: Any) -> None:
        """One event."""
        match type(event).__name__:
            case "MappingStartEvent":
                self._begin(event, Marked({}, self._line(event)))
            case "SequenceStartEvent":
                self._begin(event, [])
            case "MappingEndEvent" | "SequenceEndEvent":
                self._end()
            case "ScalarEvent":
                self._scalar(event)
            case "AliasEvent":
                self._alias(event)
            case "DocumentStartEvent":
                self._documents += 1
                if self._documents > 1:
                    raise self._error(event.start_mark.line + 1, "a second document begins, a template is one")

    def _line(self, event: Any) -> int:
        """Where something begins: at its key if it has one."""
        within = self._open[-1] if self._open else None
        return within.key_line if within and within.key is not None else event.start_mark.line + 1

    def _error(self, line: int, problem: str) -> TemplateError:
        return TemplateError(f"{self._where}:{line}: {problem}")

    def _begin(self, event: Any, content: Marked | list[Any]) -> None:
        if len(self._open) >= _DEEPEST:
            raise self._error(event.start_mark.line + 1, f"nested more than {_DEEPEST} levels deep")
        if self._awaits_key():
            raise self._error(event.start_mark.line + 1, "a key must be text, not a list or a mapping")
        self._open.append(_Open(event, content, self._line(event)))

    def _end(self) -> None:
        done = self._open.pop()
        content = self._tagged(done.content, done.tag, done.line)
        self._add(content, done.nodes, done.anchor, done.line)

    def _awaits_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].content, dict) and self._open[-1].key is None

    def _scalar(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if self._awaits_key():
            self._key(event.value, line)
            return
        tag = event.tag
        if tag is None or tag == "!" or tag.startswith(_STANDARD):
            content = self._plain(event, line)
        else:
            content = self._tagged(event.value, tag, self._line(event))
        self._add(content, 1, event.anchor, line)

    def _key(self, key: str, line: int) -> None:
        within = self._open[-1]
        if key in within.content:
            raise self._error(line, f"the key {key!r} is there twice in one mapping")
        if key == "<<":
            raise self._error(line, "merge keys are not read by CloudFormation; write the keys out")
        within.key = key
        within.key_line = line

    def _plain(self, event: Any, line: int) -> Any:
        """A scalar as YAML 1.1 has it, but for dates, which CloudFormation leaves alone."""
        import yaml  # noqa: PLC0415 - see above

        tag = event.tag
        if tag is None or tag == "!":
            tag = self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        kind = tag.removeprefix(_STANDARD)
        if kind in {"str", "timestamp", "merge", "value"}:
            return event.value
        if kind not in {"null", "bool", "int", "float"}:
            raise self._error(line, f"the tag !!{kind} is not read by CloudFormation")
        node = yaml.ScalarNode(tag, event.value)
        try:
            return getattr(self._constructor, f"construct_yaml_{kind}")(node)
        except (ValueError, KeyError, IndexError, OverflowError):
            raise self._error(line, f"{event.value!r} is no {kind}") from None

    def _tagged(self, content: Any, tag: str | None, line: int) -> Any:
        if tag is None or tag == "!":
            return content
        if tag in {f"{_STANDARD}map", f"{_STANDARD}seq"}:
            return content
        if not tag.startswith("!") or tag.startswith("!!"):
            raise self._error(line, f"the tag {tag.replace(_STANDARD, '!!')} is not read by CloudFormation")
        if tag == "!GetAtt" and isinstance(content, str):
            content = content.split(".", 1)
        return Marked({_BARE.get(tag, f"Fn::{tag[1:]}"): content}, line)

    def _alias(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if self._awaits_key():
            raise self._error(line, "a key must be text, not an alias")
        if event.anchor not in self._anchors:
            raise self._error(line, f"the alias *{event.anchor} has no anchor before it")
        content, nodes = self._anchors[event.anchor]
        self._add(content, nodes, None, line)

    def _add(self, content: Any, nodes: int, anchor: str | None, line: int) -> None:
        if anchor is not None:
            self._anchors[anchor] = (content, nodes)
        if not self._open:
            self.document = content
            return
        within = self._open[-1]
        within.nodes += nodes
        if within.nodes > _MOST_NODES:
            raise self._error(line, f"with its aliases written out, the document has more than {_MOST_NODES:,} nodes")
        if isinstance(within.content, list):
            within.content.append(content)
        elif within.key is not None:
            within.content[within.key] = content
            within.key = None
