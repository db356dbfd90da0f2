"""Random networks: the same template for the same seed."""

from __future__ import annotations

from typing import Any

from tests.lab.draft import Draft
from tests.lab.links import add_nats, add_peerings, add_routes, add_transit
from tests.lab.rules import add_acls, add_group_rules, add_groups, add_prefix_lists
from tests.lab.vpcs import add_gateways, add_hosts, add_vpcs

__all__ = ["random_network"]


def random_network(seed: int) -> dict[str, Any]:
    """A template. One seed after the other, networks are of another kind."""
    draft = Draft(seed)
    _KINDS[seed % len(_KINDS)](draft)
    return draft.template()


def _one_vpc(draft: Draft) -> None:
    """Subnets, ACLs and groups."""
    add_vpcs(draft, 1, may_overlap=False)
    _finish(draft, gateways=0.4, nats=0.2, acls=0.6)


def _internet(draft: Draft) -> None:
    """Ways to the internet, and from there."""
    add_vpcs(draft, draft.pick([1, 1, 2]), may_overlap=draft.happens(0.2))
    add_peerings(draft, 0.5)
    _finish(draft, gateways=0.95, nats=0.6, acls=0.3)


def _peered(draft: Draft) -> None:
    """VPCs with peering connections, some of them with NAT gateways."""
    add_vpcs(draft, draft.pick([2, 3, 3, 4]), may_overlap=draft.happens(0.3))
    add_peerings(draft, 0.7)
    _finish(draft, gateways=0.2, nats=0.4, acls=0.2)


def _connected(draft: Draft) -> None:
    """VPCs around a Transit Gateway."""
    add_vpcs(draft, draft.pick([2, 3, 3, 4]), may_overlap=draft.happens(0.3))
    _finish(draft, gateways=0.3, nats=0.3, acls=0.25, has_transit=True)


def _mixed(draft: Draft) -> None:
    """Everything at once: a hub with NAT gateways, peering besides."""
    add_vpcs(draft, draft.pick([2, 3, 4]), may_overlap=draft.happens(0.3))
    add_peerings(draft, 0.4)
    _finish(draft, gateways=0.6, nats=0.6, acls=0.15, has_transit=True)


_KINDS = (_one_vpc, _internet, _peered, _connected, _mixed)


def _finish(draft: Draft, *, gateways: float, nats: float, acls: float, has_transit: bool = False) -> None:
    """What stands in every network."""
    add_gateways(draft, gateways)
    add_nats(draft, nats)
    if has_transit:
        add_transit(draft)
    add_groups(draft)
    add_hosts(draft)
    add_prefix_lists(draft)
    add_routes(draft)
    add_acls(draft, acls)
    add_group_rules(draft)
