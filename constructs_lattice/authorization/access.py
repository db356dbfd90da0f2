"""Everything that a principal may call, and everybody who may call a service."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from constructs_lattice.authorization.caller import ANYBODY, Caller
from constructs_lattice.authorization.entrance import NetworkView, contains, entrances
from constructs_lattice.authorization.permission import Permission, permissions_of
from constructs_lattice.authorization.policies import Policies
from constructs_lattice.authorization.principal import SOMEBODY, Principal, principal_of
from constructs_lattice.authorization.profile import Profiles
from constructs_lattice.authorization.question import Question
from constructs_lattice.authorization.request import Request
from constructs_lattice.authorization.sweep import Requests, Sweep
from constructs_lattice.model.lattice import Client, Lattice, Service

__all__ = ["Access", "Overview"]

_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(?:role|user)/.+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Permissions, and those of anybody who is neither of the templates nor named by the policies.

    `others` is None where nobody asked for them.
    """

    permissions: tuple[Permission, ...]
    others: tuple[Permission, ...] | None = None

    @classmethod
    def across(cls, cases: Sequence[tuple[str, Access]]) -> Access:
        """What comes of several cases, each with what is assumed in it: what is not in all of them is not certain."""
        first = cases[0][1]
        if all(access == first for _, access in cases):
            return first
        others = None if first.others is None else _agreed([(case, access.others or ()) for case, access in cases])
        return cls(permissions=_agreed([(case, access.permissions) for case, access in cases]), others=others)

    def of_service(self, service: str) -> Access:
        """The permissions for one service."""
        others = None if self.others is None else tuple(each for each in self.others if each.service == service)
        return Access(permissions=tuple(each for each in self.permissions if each.service == service), others=others)

    def as_data(self) -> dict[str, object]:
        """The permissions as they stand in a JSON report."""
        data: dict[str, object] = {"permissions": [each.as_data() for each in self.permissions]}
        return data if self.others is None else data | {"others": [each.as_data() for each in self.others]}

    def __str__(self) -> str:
        """One permission a line."""
        lines = [str(each) for each in self.permissions]
        if self.others is not None:
            lines += [str(each) for each in self.others] or ["nobody else"]
        return "\n".join(lines or ["nothing"])


def _agreed(cases: Sequence[tuple[str, tuple[Permission, ...]]]) -> tuple[Permission, ...]:
    found = []
    for each in dict.fromkeys(each for _, permissions in cases for each in permissions):
        holding = [case for case, permissions in cases if each in permissions]
        if len(holding) < len(cases):
            each = replace(each, is_certain=False, reasons=(*each.reasons, f"only if {' or '.join(holding)}"))  # noqa: PLW2901
        found.append(each)
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Makes summaries of an estate."""

    lattice: Lattice
    policies: Policies
    networks: tuple[NetworkView, ...]
    _profiles: Profiles = field(init=False, repr=False, compare=False, default_factory=Profiles)

    def of_principal(self, caller: Caller, clients: Iterable[Client]) -> Access:
        """What a principal may call from some VPCs."""
        principal = principal_of(self.lattice, caller)
        found: list[Permission] = []
        for service in self.lattice.services.values():
            found += self._permissions(principal, caller, service, list(clients))
        return Access(permissions=tuple(found))

    def of_service(self, service: Service) -> Access:
        """Who may call a service from the VPCs of the templates."""
        clients = list(self.lattice.clients.values())
        found: list[Permission] = []
        for name in (ANYBODY, *self.lattice.identities, *self._named_outsiders(service)):
            caller = Caller(vpc="anywhere", principal=name)
            found += self._permissions(principal_of(self.lattice, caller), caller, service, clients)
        caller = Caller(vpc="anywhere", principal=SOMEBODY.name)
        others = self._permissions(SOMEBODY, caller, service, clients)
        return Access(permissions=tuple(found), others=tuple(others))

    def sweep(self, caller: Caller, clients: Iterable[Client], service: Service, requests: Requests) -> Sweep:
        """What a caller may send of some requests to a service, from some VPCs."""
        principal = principal_of(self.lattice, caller)
        ways = []
        for view, client in self._ways(service, list(clients)):
            if requests.service_network in (None, view.name):
                profile = self._profiles.of(self._question(principal, caller, service, view, client))
                ways.append(replace(profile, entries=tuple(requests.of(profile.entries))))
        return Sweep(requests=requests, ways=tuple(ways))

    def _question(
        self, principal: Principal, caller: Caller, service: Service, view: NetworkView, client: Client
    ) -> Question:
        return Question(
            lattice=self.lattice,
            policies=self.policies,
            caller=replace(caller, vpc=client.id),
            principal=principal,
            request=Request(service=service.id),
            service=service,
            view=view,
            client=client,
        )

    def _permissions(
        self, principal: Principal, caller: Caller, service: Service, clients: list[Client]
    ) -> list[Permission]:
        """The permissions for one service; VPCs that have the same ones are put together."""
        alike: dict[tuple[Permission, ...], list[str]] = {}
        for view, client in self._ways(service, clients):
            question = self._question(principal, caller, service, view, client)
            found = tuple(replace(each, vpcs=()) for each in permissions_of(self._profiles.of(question)))
            alike.setdefault(found, []).append(client.id)
        return [replace(each, vpcs=tuple(vpcs)) for found, vpcs in alike.items() for each in found]

    def _ways(self, service: Service, clients: list[Client]) -> Iterator[tuple[NetworkView, Client]]:
        for view in self.networks:
            if contains(self.lattice, view, service).is_no:
                continue
            for client in clients:
                location = Caller(vpc=client.id).location
                if entrances(self.lattice, view, location, 0):
                    yield view, client

    def _named_outsiders(self, service: Service) -> list[str]:
        """The ARNs of roles and users that the auth policies name, and that are not of the templates."""
        found: dict[str, None] = {}
        for view in self.networks:
            if contains(self.lattice, view, service).is_no:
                continue
            for statement in (*self.policies.statements_of(view.network), *self.policies.statements_of(service)):
                for kind, entry in statement.principals.listed if statement.principals else ():
                    if kind == "AWS" and isinstance(entry, str) and _ARN.fullmatch(entry) and "*" not in entry:
                        found[entry] = None
        own = [each.arn for each in self.lattice.identities.values()]
        return [arn for arn in found if arn not in own]
