"""`lattice authorize`: one request to a VPC Lattice service."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from constructs_lattice.authorization import Protocol, decision_as_data, decision_in_lines
from constructs_lattice.cli.loading import load_checker
from constructs_lattice.errors import GuaranteeError
from constructs_lattice.guarantees import Request

__all__ = ["CallerOptions", "RequestOptions", "authorize_request"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerOptions:
    """Who calls, as the command has it."""

    source: str | None
    vpc: str | None = None
    principal: str | None = None
    principal_org: str | None = None
    principal_tags: Sequence[str] = ()
    source_account: str | None = None

    def content(self) -> dict[str, Any]:
        """As guarantees write it. Raises `GuaranteeError` for tags that are not written as `key=value`."""
        tags = {key: values[-1] for key, values in _pairs("--principal-tag", self.principal_tags).items()}
        return {
            "from": self.source,
            "vpc": self.vpc,
            "principal": self.principal,
            "principal_org": self.principal_org,
            "principal_tags": tags or None,
            "source_account": self.source_account,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOptions:
    """What is sent, as the command has it."""

    service: str
    service_network: str | None = None
    protocol: Protocol = Protocol.HTTPS
    port: int | None = None
    method: str = "GET"
    path: str = "/"
    headers: Sequence[str] = field(default_factory=list)
    query: Sequence[str] = field(default_factory=list)

    def content(self) -> dict[str, Any]:
        """As guarantees write it. Raises `GuaranteeError` for headers and keys that are not written as `key=value`."""
        content: dict[str, Any] = {
            "service": self.service,
            "service_network": self.service_network,
            "protocol": str(self.protocol),
            "port": self.port,
        }
        headers = {name: ", ".join(values) for name, values in _pairs("--header", self.headers).items()}
        query = _pairs("--query", self.query)
        if self.protocol is Protocol.TLS:
            return content | {"headers": headers, "query": query}
        return content | {"method": self.method, "path": self.path, "headers": headers, "query": query}


def authorize_request(
    target: Sequence[Path], caller: CallerOptions, request: RequestOptions, format: str, parameters: Sequence[str]
) -> str:
    """The decision about a request, as text or JSON.

    Raises `TemplateError` or `GuaranteeError` for bad input.
    """
    content = {"id": "authorize", "caller": caller.content(), "request": request.content(), "expect": {}}
    question = Request.made(content, "authorize")
    requests = load_checker(target, parameters).requests
    decision = requests.ask(question)
    if format == "json":
        return json.dumps(decision_as_data(decision), indent=2)
    return "\n".join([requests.question(question), *decision_in_lines(decision)])


def _pairs(option: str, texts: Sequence[str]) -> dict[str, list[str]]:
    """The values by their keys."""
    found: dict[str, list[str]] = {}
    for each in texts:
        key, equals, value = each.partition("=")
        if not key or not equals:
            raise GuaranteeError(f"{option}: write key=value, got {each!r}")
        found.setdefault(key, []).append(value)
    return found
