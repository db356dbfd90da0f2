"""Guarantees that are broken on purpose: what must not hold if the true ones do."""

from collections.abc import Iterator
from typing import Any

from constructs_lattice.guarantees import Connection, Request

__all__ = ["broken_versions"]

# Nothing on the way of any connection.
NO_WAYPOINT = "Inspected/Policy"


def broken_versions(guarantee: Connection | Request) -> Iterator[Connection | Request]:
    """The guarantee with one thing in it turned into its opposite; each under the same id."""
    content = guarantee.model_dump(by_alias=True)
    for change in _connection(content) if isinstance(guarantee, Connection) else _request(content["expect"]):
        yield type(guarantee).model_validate({**content, **change})


def _connection(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if content["only_through"] is not None:
        yield {"only_through": NO_WAYPOINT}
        yield {"expect": "unreachable", "only_through": None, "accept_unknown": False}
    else:
        yield {"expect": "unreachable" if content["expect"] == "reachable" else "reachable"}


def _request(expect: dict[str, Any]) -> Iterator[dict[str, Any]]:
    opposite = "deny" if expect["authorized"] == "allow" else "allow"
    yield {"expect": {"authorized": opposite}}
    if expect["denied_by"] is not None:
        other = "security-group" if expect["denied_by"] != "security-group" else "network-association"
        yield {"expect": {**expect, "denied_by": other}}
    if expect["routed_to"] is not None:
        yield {"expect": {**expect, "routed_to": None, "fixed_response": 418}}
