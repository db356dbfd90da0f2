"""`lattice trace`: one connection, hop by hop."""

from collections.abc import Sequence
from pathlib import Path

from constructs_lattice.cli.loading import load_checker
from constructs_lattice.guarantees import Connection
from constructs_lattice.reachability import Answer, Protocol, Verdict

__all__ = ["trace_connection"]


def trace_connection(  # noqa: PLR0917 - what the command takes
    target: Sequence[Path], source: str, to: str, protocol: Protocol, port: int | None, parameters: Sequence[str]
) -> str:
    """The hops of a connection and of its answers, or what blocks it, as text.

    Raises `TemplateError` or `GuaranteeError` for bad input.
    """
    question = Connection.model_validate(
        {"id": "trace", "from": source, "to": to, "protocol": str(protocol), "port": port, "expect": "reachable"}
    )
    answer = load_checker(target, parameters).ask(question)
    return "\n".join(_lines(answer))


def _lines(answer: Answer) -> list[str]:
    lines = [str(answer.verdict)]
    if answer.packet:
        lines[0] += f": {answer.packet}"
    if answer.verdict is not Verdict.UNREACHABLE:
        lines += [f"  {number:2} {hop}" for number, hop in enumerate(answer.forward, 1)]
        if answer.back:
            lines.append("answers")
            lines += [f"  {number:2} {hop}" for number, hop in enumerate(answer.back, 1)]
    if answer.reasons:
        lines.append("because" if answer.verdict is Verdict.UNREACHABLE else "it hangs on")
        lines += [f"  {each}" for each in answer.reasons]
    if answer.assumptions:
        lines.append(f"assuming {', '.join(sorted(answer.assumptions))}")
    return lines
