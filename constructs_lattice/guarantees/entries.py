"""What a file of guarantees says, entry by entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema, field_validator, model_validator

from constructs_lattice.errors import GuaranteeError
from constructs_lattice.guarantees.prefix_lists import checked
from constructs_lattice.templates.stack_list import given

__all__ = ["Connection", "GuaranteesFile", "Request"]

_LITERAL: dict[str, Any] = {"type": ["string", "number"]}
_GIVEN: dict[str, Any] = {
    "anyOf": [
        _LITERAL,
        {"type": "array", "items": _LITERAL},
        {"type": "object", "properties": {"output": {"type": "string"}}, "required": ["output"]},
    ]
}


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @classmethod
    def made(cls, content: Mapping[str, Any], where: str) -> Self:
        """An entry of what a caller says. Raises `GuaranteeError`, with `where`, for what cannot be."""
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            texts = [each.get("ctx", {}).get("error", each["msg"]) for each in error.errors(include_url=False)]
            raise GuaranteeError("\n".join(f"{where}: {text}" for text in texts)) from None


class Connection(_Entry):
    """Whether one end can connect to another.

    An end is `internet`, `internet6`, `ip:10.0.0.1`, `cidr:10.0.0.0/16`, `onprem:192.168.0.0/16`, `Stack.LogicalId`, a
    construct path, `tier:Stack.Vpc/app`, or `tag:Key=Value`.
    """

    id: str = Field(min_length=1, description="The name of the guarantee, in the report.")
    from_: str = Field(alias="from", description="Who opens the connection.")
    to: str = Field(description="Whom it is to reach.")
    protocol: Literal["tcp", "udp", "icmp", "any"] = Field(
        default="tcp", description="`icmp` is a ping and its answer, `any` whatever gets through."
    )
    port: Annotated[int, Field(ge=0, le=65_535)] | None = Field(
        default=None, description="The destination port; any port without one, and none with icmp and any."
    )
    expect: Literal["reachable", "unreachable", "unknown"] = Field(description="What must be so.")
    only_through: str | None = Field(
        default=None,
        description="What every path must cross, for certain: a firewall, an appliance or a gateway, by its name.",
    )
    symmetric: bool = Field(
        default=False,
        description="Whether answers must cross the same appliances as the packets that they answer, on every path.",
    )
    accept_unknown: bool = Field(default=False, description="Whether it is good enough that the verdict is `unknown`.")
    why: str = Field(default="", description="The reason for the guarantee, in words.")

    @model_validator(mode="after")
    def _fits(self) -> Connection:
        if self.port is not None and self.protocol in ("icmp", "any"):
            raise ValueError(f"a port goes with tcp and udp, not with {self.protocol}; leave it out")
        if self.only_through is not None and self.expect == "unreachable":
            raise ValueError("only_through is for what is reached, not for what is unreachable; leave it out")
        if self.symmetric and self.expect != "reachable":
            raise ValueError(f"symmetric goes with expect: reachable, not with {self.expect}; leave it out")
        return self


class Caller(_Entry):
    """Who sends a request to a VPC Lattice service."""

    from_: str | None = Field(
        default=None,
        alias="from",
        description="What calls: a function, an instance, tasks, a role or user, or a VPC; the rest follows from it.",
    )
    vpc: str | None = Field(
        default=None, description="`Stack.Vpc`, `onprem`, or `peered:Stack.Vpc`; that of `from` by default."
    )
    principal: str | None = Field(
        default=None,
        description="`anonymous`, `Stack.Role`, what has a role, or the ARN of one; that of `from` by default.",
    )
    principal_org: str | None = Field(default=None, description="The organization of the caller's account.")
    principal_tags: dict[str, str] | None = Field(default=None, description="The session tags of the caller.")
    source_account: str | None = Field(
        default=None, description="The account of the VPC; that of its stack by default."
    )
    security_groups: list[str] | None = Field(
        default=None, description="The security groups of its network interface, by `Stack.Group`; any by default."
    )

    @model_validator(mode="after")
    def _is_somewhere(self) -> Caller:
        if self.from_ is None and self.vpc is None:
            raise ValueError("a caller needs a vpc, or from: what calls")
        return self


class HttpRequest(_Entry):
    """What is sent."""

    service: str = Field(description="`Stack.Service`.")
    service_network: str | None = Field(default=None, description="The network it goes through; any by default.")
    protocol: Literal["http", "https", "tls", "any"] = Field(
        default="https", description="`tls` is passed through; `any` is any listener of the service."
    )
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    method: str | None = Field(default=None, description="`GET` by default; `*` is any.")
    path: str | None = Field(default=None, description="Without the query string, `/` by default; `*` is any.")
    query: dict[str, str | list[str]] = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict, description="Names in lower case.")

    @property
    def is_many(self) -> bool:
        """Whether it stands for all requests of a kind."""
        return self.protocol == "any" or "*" in (self.method, self.path)

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> HttpRequest:
        if self.is_many and (self.headers or self.query):
            raise ValueError("headers and query go with one request; say its method, path and protocol")
        return self


class Weight(_Entry):
    """A target group and its share."""

    target_group: str
    weight: int = Field(default=100, ge=0)


class Decision(_Entry):
    """What must become of the request."""

    authorized: Literal["allow", "deny", "unknown"] = "allow"
    denied_by: Literal["network-association", "security-group", "identity", "network", "service"] | None = None
    routed_to: list[Weight] | None = None
    fixed_response: int | None = None

    @model_validator(mode="after")
    def _agrees(self) -> Decision:
        if self.denied_by is not None and self.authorized != "deny":
            raise ValueError("denied_by goes with authorized: deny")
        routes = [name for name in ("routed_to", "fixed_response") if getattr(self, name) is not None]
        if routes and self.authorized == "deny":
            raise ValueError(f"a request that is denied is not routed; leave {routes[0]} out")
        if len(routes) > 1:
            raise ValueError("a request is routed to target groups or gets a fixed response; leave one of them out")
        return self


class Request(_Entry):
    """Whether a request to a VPC Lattice service is authorized, and where it goes."""

    id: str = Field(min_length=1, description="The name of the guarantee, in the report.")
    kind: Literal["authorize", "route", "both"] = "authorize"
    caller: Caller
    request: HttpRequest
    expect: Decision
    accept_unknown: bool = False
    why: str = ""

    @model_validator(mode="after")
    def _asks_for_what_can_be(self) -> Request:
        expect = self.expect
        more = [name for name in ("denied_by", "routed_to", "fixed_response") if getattr(expect, name) is not None]
        if self.request.is_many and more:
            raise ValueError(f"{more[0]} goes with one request; say its method, path and protocol")
        return self


class GuaranteesFile(_Entry):
    """A file of guarantees."""

    title: str = ""
    tags: list[str] = Field(default_factory=list)
    doc: list[str] = Field(default_factory=list, description="Pages that the guarantees rest on.")
    stacks: list[dict[str, Any]] = Field(
        default_factory=list, description="What is checked, if the file is given as the target as well."
    )
    parameters: dict[str, Annotated[Any, WithJsonSchema(_GIVEN)]] = Field(
        default_factory=dict,
        description="Values for parameters, by `Name` or `Stack.Name`: literals, or `{output: Stack.Output}`.",
    )
    accounts: dict[str, Annotated[str, Field(pattern="^[0-9]{12}$")]] = Field(
        default_factory=dict, description="The accounts of stacks that can be deployed to any, by the names of stacks."
    )
    prefix_lists: dict[str, str | list[str]] = Field(
        default_factory=dict,
        description="What is in prefix lists of which the templates have the ids only: the name of a list that AWS "
        "manages, such as `com.amazonaws.eu-west-1.vpc-lattice`, a block, or blocks.",
    )
    guarantees: list[Connection | Request] = Field(default_factory=list)

    @field_validator("parameters")
    @classmethod
    def _are_given(cls, parameters: dict[str, Any]) -> dict[str, Any]:
        return {name: given(name, value) for name, value in parameters.items()}

    @field_validator("prefix_lists")
    @classmethod
    def _are_lists(cls, value: dict[str, str | list[str]]) -> dict[str, str | list[str]]:
        checked(value)
        return value
