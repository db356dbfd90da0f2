"""What is asked for: one request to a service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from constructs_lattice.authorization.fields import Fields, nearest, placed
from constructs_lattice.errors import ArgumentError

__all__ = ["Protocol", "Request"]

_LAST_PORT = 65_535


class Protocol(StrEnum):
    """What a client speaks. `tls` is passed through to the target."""

    HTTP = "http"
    HTTPS = "https"
    TLS = "tls"

    @property
    def default_port(self) -> int:
        """Where a client expects it."""
        return 80 if self is Protocol.HTTP else 443


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request. `path` is without the query string; `service_network` is the one it goes through, any if absent.

    Names of headers are kept in lower case, as HTTP/2 sends them. A request over TLS that is passed through shows
    nothing but its port.
    """

    service: str
    service_network: str | None = None
    protocol: Protocol = Protocol.HTTPS
    port: int = 0
    method: str = "GET"
    path: str = "/"
    query: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Raise `ArgumentError` for what cannot be; port 0 is that of the protocol."""
        if not self.port:
            object.__setattr__(self, "port", self.protocol.default_port)
        object.__setattr__(self, "headers", {name.lower(): value for name, value in self.headers.items()})
        _port("request", self.port)
        if not self.path.startswith("/"):
            raise ArgumentError(f"request: path must begin with /, got {self.path!r}")
        if "?" in self.path:
            raise ArgumentError(f"request: path must be without its query string, got {self.path!r}; use query")
        if not self.method:
            raise ArgumentError("request: method must not be empty")
        if empty := next((key for key, values in self.query.items() if not values), None):
            raise ArgumentError(f"request: query.{empty} has no value; leave it out, or give it ''")

    @classmethod
    def parse(cls, content: object, *, where: str = "request") -> Self:
        """Read the `request` of a guarantee. Raises `ArgumentError`."""
        known = ("service", "service_network", "protocol", "port", "method", "path", "query", "headers")
        fields = Fields(where, content, known)
        protocol = _protocol(where, fields.text("protocol") or Protocol.HTTPS)
        if protocol is Protocol.TLS and (hidden := [name for name in known[4:] if name in fields]):
            raise ArgumentError(f"{where}: tls is passed through unread, so it cannot have {hidden[0]}; leave it out")
        port = fields.number("port")
        try:
            return cls(
                service=fields.required("service"),
                service_network=fields.text("service_network"),
                protocol=protocol,
                port=protocol.default_port if port is None else _port(where, port),
                method=fields.text("method") or "GET",
                path=fields.text("path") or "/",
                query=fields.lists("query"),
                headers=fields.texts("headers"),
            )
        except ArgumentError as error:
            raise placed(where, "request", error) from None

    @property
    def is_grpc(self) -> bool:
        """Whether it is a gRPC call."""
        return self.headers.get("content-type", "").startswith("application/grpc")


def _port(where: str, port: int) -> int:
    if not 1 <= port <= _LAST_PORT:
        raise ArgumentError(f"{where}: port must be 1 to {_LAST_PORT:,}, got {port}")
    return port


def _protocol(where: str, text: str) -> Protocol:
    try:
        return Protocol(text)
    except ValueError:
        raise ArgumentError(f"{where}: unknown protocol {text!r}{nearest(text, Protocol)}") from None
