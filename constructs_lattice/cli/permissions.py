"""`lattice permissions`: what somebody may call, and who may call a service."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from constructs_lattice.addressing import aligned
from constructs_lattice.authorization import Access, Permission
from constructs_lattice.cli.authorize import CallerOptions
from constructs_lattice.cli.loading import load_checker
from constructs_lattice.errors import GuaranteeError
from constructs_lattice.guarantees import Caller

__all__ = ["list_permissions"]

_HEADER = ("who", "from", "may call", "port", "method", "path", "with")


def list_permissions(
    target: Sequence[Path], caller: CallerOptions, service: str | None, format: str, parameters: Sequence[str]
) -> str:
    """A table of permissions; what nobody knows stands apart, with the reasons.

    Raises `TemplateError` or `GuaranteeError` for bad input.
    """
    if caller.source is None and service is None:
        raise GuaranteeError("name who calls with --from, or the service with --to")
    requests = load_checker(target, parameters).requests
    if caller.source is None:
        access = requests.callers(service or "", where="--to")
    else:
        access = requests.permissions(Caller.made(caller.content(), "--from"), where="--from")
        if service is not None:
            access = access.of_service(requests.service(service, where="--to"))
    return json.dumps(access.as_data(), indent=2) if format == "json" else "\n".join(_lines(access))


def _lines(access: Access) -> Iterator[str]:
    """What is certain as a table, then what nobody knows, each with its reasons."""
    every = (*access.permissions, *(access.others or ()))
    certain = [each for each in every if each.is_certain]
    if certain:
        yield from aligned([_HEADER, *(_row(each) for each in certain)])
    for each in every:
        if not each.is_certain:
            yield f"unknown: {str(each).removeprefix('perhaps ').partition(': ' + each.reasons[0])[0]}"
            yield from (f"  because {reason}" for reason in each.reasons)
    if access.others is None and not every:
        yield "nothing may be called"
    if access.others is not None and not access.others:
        yield "nobody else may call it"


def _row(each: Permission) -> tuple[str, ...]:
    is_tls = all(port.startswith("tls") for port in each.ports)
    what = ("", "") if is_tls else (", ".join(each.methods) or "any", " and ".join(each.paths) or "any")
    vpcs, ports = ", ".join(each.vpcs), ", ".join(each.ports)
    return (each.principal, vpcs, each.service, ports, *what, " and ".join(each.conditions))
