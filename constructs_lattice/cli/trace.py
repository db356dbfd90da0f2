"""`lattice trace`: one connection, hop by hop."""

from collections.abc import Sequence
from pathlib import Path

from constructs_lattice.cli.loading import load_checker
from constructs_lattice.guarantees import Connection
from constructs_lattice.reachability import Answer, Protocol, Verdict
from constructs_lattice.reachability.assumptions import ASSUMPTIONS
from constructs_lattice.reachability.reason import Hop, reasons_in_lines

__all__ = ["trace_connection"]

_WIDEST = 60


def trace_connection(  # noqa: PLR0917 - what the command takes
    target: Sequence[Path], source: str, to: str, protocol: Protocol, port: int | None, parameters: Sequence[str]
) -> str:
    """The hops of a connection and of its answers, or what blocks it, as text.

    Raises `TemplateError` or `GuaranteeError` for bad input.
    """
    content = {"id": "trace", "from": source, "to": to, "protocol": str(protocol), "port": port, "expect": "reachable"}
    question = Connection.made(content, "trace")
    answer = load_checker(target, parameters).ask(question)
    return "\n".join(_lines(answer))


def _lines(answer: Answer) -> list[str]:
    """The verdict, the stations there and back as far as packets get, and what speaks for it."""
    lines = [f"{answer.verdict}{f': {answer.packet}' if answer.packet else ''}"]
    if answer.forward:
        lines += _stations(answer.forward)
    if answer.back:
        lines += ["answers", *_stations(answer.back)]
    if answer.reasons:
        lines.append("blocked" if answer.verdict is Verdict.UNREACHABLE else "it hangs on")
        lines += [f"  {each}" for each in reasons_in_lines(answer.reasons)]
    if answer.assumptions:
        lines.append("assuming")
        lines += [f"  {each}: {ASSUMPTIONS[each]}" for each in sorted(answer.assumptions)]
    return lines


def _stations(hops: Sequence[Hop]) -> list[str]:
    """The hops, numbered, in columns."""
    width = min(max(len(hop.resource) for hop in hops), _WIDEST)
    return [f"  {number:2}  {hop.resource:{width}}  {hop.text}" for number, hop in enumerate(hops, 1)]
