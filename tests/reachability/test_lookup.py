"""Route tables against a lookup that tries every route for one address."""

from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice.model.block import Block
from constructs_lattice.model.network import Network
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import PrefixList, Route, RouteTable, TargetKind, Vpc
from constructs_lattice.reachability.flow import TCP, Flow
from constructs_lattice.reachability.lookup import Tables

pytestmark = pytest.mark.pure

LOCAL = Block.of("10.0.0.0/28")
HOSTS = [int(IPv4Address("10.0.0.0")) + each for each in range(32)]
FLOW = Flow(4, TCP, ((1, 1),), ((HOSTS[0], HOSTS[-1]),), ((1, 1),), ((1, 1),))
VPC = Vpc(id="vpc", blocks=(LOCAL,), main_route_table="main", default_network_acl="acl", default_security_group="group")


@st.composite
def destinations(draw: st.DrawFn) -> Block:
    """Blocks around the VPC; those within it are subject to rules of their own."""
    length = draw(st.integers(27, 31))
    network = IPv4Network((draw(st.sampled_from(HOSTS[16:])) >> (32 - length) << (32 - length), length))
    return Block(network)


@st.composite
def routes(draw: st.DrawFn) -> list[Route]:
    """Routes of which no two have one destination and one rank."""
    said = draw(st.lists(st.tuples(destinations(), st.booleans()), max_size=6, unique=True))
    return [
        Route(
            id=f"route-{index}",
            destination=block,
            kind=TargetKind.NAT_GATEWAY,
            target=f"target-{index}",
            is_propagated=is_propagated,
        )
        for index, (block, is_propagated) in enumerate(said)
    ]


def naive(said: list[Route], host: int) -> str:
    """RT-2, for one address: the longest prefix, static before propagated, nothing before the local route."""
    if LOCAL.ranges[0][0] <= host <= LOCAL.ranges[0][1]:
        return "local"
    matching = [
        (-route.destination.network.prefixlen, route.is_propagated, route.id)
        for route in said
        if isinstance(route.destination, Block)
        and route.destination.ranges[0][0] <= host <= route.destination.ranges[0][1]
    ]
    return min(matching)[-1] if matching else ""


@given(routes())
def test_every_address_takes_the_route_that_it_should(said: list[Route]) -> None:
    """And one only."""
    table = RouteTable(id="table", vpc="vpc", local=(LOCAL,), routes=tuple(said))
    taken = Tables(Network(vpcs={"vpc": VPC})).look_up(table, FLOW)
    for host in HOSTS:
        found = [each.route.id if each.route else "" for each in taken if _holds(each.flow, host)]
        assert found == [naive(said, host)]
    assert not any(each.doubts for each in taken)


@given(routes(), st.data())
def test_an_unknown_destination_only_adds_ways(said: list[Route], data: st.DataObject) -> None:
    """What is taken for certain is taken whatever it is; what would be taken may be."""
    if not said:
        return
    which = data.draw(st.integers(0, len(said) - 1))
    vague = [_vague(route) if index == which else route for index, route in enumerate(said)]
    table = RouteTable(id="table", vpc="vpc", local=(LOCAL,), routes=tuple(vague))
    taken = Tables(Network(vpcs={"vpc": VPC})).look_up(table, FLOW)
    for host in HOSTS:
        right = naive(said, host)
        possible = {each.route.id if each.route else "" for each in taken if _holds(each.flow, host)}
        certain = {each.route.id if each.route else "" for each in taken if _holds(each.flow, host) and not each.doubts}
        assert right in possible or said[which].is_propagated
        assert certain <= {right}


@given(st.lists(destinations(), min_size=1, max_size=3, unique=True))
def test_a_prefix_list_is_its_entries(blocks: list[Block]) -> None:
    """As routes to each of them, after static ones."""
    lists = {"list": PrefixList(id="list", entries=tuple(blocks))}
    listed = Route(id="listed", destination="list", kind=TargetKind.NAT_GATEWAY, target="a")
    static = Route(id="static", destination=blocks[0], kind=TargetKind.NAT_GATEWAY, target="b")
    table = RouteTable(id="table", vpc="vpc", local=(LOCAL,), routes=(listed, static))
    taken = Tables(Network(vpcs={"vpc": VPC}, prefix_lists=lists)).look_up(table, FLOW)
    single = [Route(id="listed", destination=each, kind=TargetKind.NAT_GATEWAY) for each in blocks[1:]]
    for host in HOSTS:
        found = [each.route.id if each.route else "" for each in taken if _holds(each.flow, host)]
        assert found == [naive([static, *single], host)]


def _vague(route: Route) -> Route:
    fields = {name: getattr(route, name) for name in route.__dataclass_fields__}
    return Route(**(fields | {"destination": Unknown("nobody knows")}))


def _holds(flow: Flow, host: int) -> bool:
    return any(low <= host <= high for low, high in flow.dst)
