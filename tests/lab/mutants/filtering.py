"""Bugs about network ACLs and security groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from constructs_lattice.model.network import Network
from constructs_lattice.model.vpc import GroupRule, NetworkAcl, TargetKind
from constructs_lattice.reachability import connection, filters, findings, run, targets
from constructs_lattice.reachability import translation as translation_module
from constructs_lattice.reachability import wanted as wanted_module
from constructs_lattice.reachability.connection import Connections
from constructs_lattice.reachability.ends import Host
from constructs_lattice.reachability.filters import Passed, Peer
from constructs_lattice.reachability.flow import Flow
from constructs_lattice.reachability.run import Run
from constructs_lattice.reachability.state import Here, State, Via
from constructs_lattice.reachability.transit import Transit
from constructs_lattice.reachability.translation import Translation
from tests.lab.mutants.sowing import each_of, misreading, mutant

# Network ACLs


@mutant
def _acls_remember_connections(patch: pytest.MonkeyPatch) -> None:
    """Answers are let through, as with security groups."""
    judge = Run.judge
    answering: list[bool] = []

    def judge_first(self: Run, subnet: Any, state: State, *, is_egress: bool) -> list[State]:
        return [state] if answering else judge(self, subnet, state, is_egress=is_egress)

    patch.setattr(Run, "judge", judge_first)
    for owner, name in ((Connections, "_back"), (Translation, "_walk_back")):
        patch.setattr(owner, name, _noting(getattr(owner, name), answering))


def _noting(function: Callable[..., Any], note: list[bool]) -> Callable[..., Any]:
    def noted(*arguments: Any) -> Any:
        note.append(True)
        try:
            return function(*arguments)
        finally:
            note.pop()

    return noted


@misreading
def _acl_entries_in_the_order_of_the_template(network: Network) -> Network:
    """Entries are tried as they are written, whatever their numbers."""

    def ordered(acl: NetworkAcl) -> NetworkAcl:
        return replace(acl, entries=tuple(replace(each, number=n) for n, each in enumerate(acl.entries)))

    return replace(network, network_acls=each_of(network.network_acls, ordered))


@mutant
def _acl_entries_all_of_which_count(patch: pytest.MonkeyPatch) -> None:
    """An entry that denies does not hide those that allow after it."""

    def any_of_them(acl: NetworkAcl, flow: Any, *, is_egress: bool) -> Any:
        allowing = replace(acl, entries=tuple(each for each in acl.entries if each.is_allow is True))
        return filters.pass_acl(allowing, flow, is_egress=is_egress)

    patch.setattr(run, "pass_acl", any_of_them)


@mutant
def _acls_within_a_subnet(patch: pytest.MonkeyPatch) -> None:
    """What comes from the same subnet is judged as well."""
    patch.setattr(Here, "is_in", lambda *_: False)


@mutant
def _no_acl_for_attachments(patch: pytest.MonkeyPatch) -> None:
    """The ACL of an attachment's subnet says nothing about what enters a Transit Gateway."""

    def cross(run_: Run, gateway: str, here: Here, state: State) -> None:
        for entry in run_.walker.transit.attach(gateway, here, state):
            if isinstance(entry, tuple):
                targets.cross_transit_from(run_, entry[0], replace(entry[2], via=Via.TRANSIT))

    patch.setitem(targets._TARGETS, TargetKind.TRANSIT_GATEWAY, cross)


@misreading
def _empty_acls_are_open(network: Network) -> Network:
    """An ACL without entries is taken for the default one."""

    def opened(acl: NetworkAcl) -> NetworkAcl:
        return acl if acl.entries else replace(acl, is_default=True)

    return replace(network, network_acls=each_of(network.network_acls, opened))


@mutant
def _clients_on_few_ports(patch: pytest.MonkeyPatch) -> None:
    """All clients are taken to use the ports that Linux uses."""
    for module in (wanted_module, translation_module):
        patch.setattr(module, "CLIENT_PORTS", ((32_768, 60_999),))


@mutant
def _one_client_port_is_enough(patch: pytest.MonkeyPatch) -> None:
    """What works from some ports of the client is called reachable."""
    chosen = findings.chosen_by_opener
    patch.setattr(connection, "chosen_by_opener", lambda *ends: chosen(*ends) | {"sport"})


# Security groups


@mutant
def _no_outbound_rules(patch: pytest.MonkeyPatch) -> None:
    """Only the inbound rules of the server count."""
    judge = Connections.judge

    def judge_inbound(self: Connections, end: Any, peer: Any, state: State, found: Any, *, is_egress: bool) -> Any:
        return [Passed(state.flow)] if is_egress else judge(self, end, peer, state, found, is_egress=is_egress)

    patch.setattr(Connections, "judge", judge_inbound)


@misreading
def _outbound_rules_that_stand_alone_add_to_the_default(network: Network) -> Network:
    """An egress rule of its own does not remove the one that lets everything out."""
    default = next((group.egress for group in network.security_groups.values() if _is_open(group.egress)), ())
    groups = {
        id_: replace(group, egress=(*group.egress, *default)) if group.assumes_egress else group
        for id_, group in network.security_groups.items()
    }
    return replace(network, security_groups=groups)


def _is_open(rules: tuple[GroupRule, ...]) -> bool:
    return len(rules) == 2 and all(each.protocol == -1 for each in rules)


@mutant
def _references_survive_transit_gateways(patch: pytest.MonkeyPatch) -> None:
    """Rules that refer to groups work across every Transit Gateway, in both directions."""
    patch.setattr(Transit, "_without_groups", lambda _self, _source, _target, state: state)

    def peer(end: Any, state: State, *, is_egress: bool) -> Peer:  # noqa: ARG001 - it is called like the original
        return Peer(end.interface.groups or (), ()) if isinstance(end, Host) else Peer()

    patch.setattr(connection, "_peer", peer)


@mutant
def _outbound_references_across_transit_gateways(patch: pytest.MonkeyPatch) -> None:
    """Outbound rules that refer to groups work across Transit Gateways that support that for inbound ones."""
    original = connection._peer
    patch.setattr(connection, "_peer", lambda end, state, *, is_egress: original(end, state, is_egress=False))  # noqa: ARG005


@mutant
def _references_for_everybody(patch: pytest.MonkeyPatch) -> None:
    """A rule that refers to a group is taken to be for anybody."""

    def passing(rule: GroupRule, _group: str, flow: Flow, *_: Any) -> tuple[list[Passed], list[Any]]:
        return [Passed(flow, by=rule.id)], []

    patch.setattr(filters, "_pass_reference", passing)


@misreading
def _interfaces_without_groups_are_open(network: Network) -> Network:
    """Who names no group is taken to have none, instead of the VPC's default one."""
    defaults = {vpc.default_security_group for vpc in network.vpcs.values()}
    interfaces = {
        id_: replace(each, groups=None) if each.groups and set(each.groups) <= defaults else each
        for id_, each in network.interfaces.items()
    }
    return replace(network, interfaces=interfaces)


@mutant
def _ports_of_all_protocols(patch: pytest.MonkeyPatch) -> None:
    """With protocol -1, ports count."""
    patch.setattr(filters, "_ports", lambda _protocol, ports, _flow: ports)
