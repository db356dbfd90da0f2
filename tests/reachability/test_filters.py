"""Network ACLs and security groups against evaluators that look at one packet after the other."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice.model.block import Block
from constructs_lattice.model.network import Network
from constructs_lattice.model.ranges import Ranges, covers
from constructs_lattice.model.unknown import Unknown
from constructs_lattice.model.vpc import AclEntry, GroupPeer, GroupRule, NetworkAcl, SecurityGroup
from constructs_lattice.reachability.filters import Passed, Peer, pass_acl, pass_groups
from constructs_lattice.reachability.flow import TCP, UDP, Flow

pytestmark = pytest.mark.pure

BLOCKS = [Block.of(f"10.0.0.{first}/{length}") for first, length in ((0, 29), (0, 30), (4, 30), (0, 31), (2, 32))]
ADDRESSES: Ranges = ((int(BLOCKS[0].network[0]), int(BLOCKS[0].network[-1])),)
PORTS = st.sampled_from([((0, 65_535),), ((1, 1),), ((2, 3),), ((0, 2),)])
FLOW = Flow(4, TCP, ADDRESSES, ((1, 1),), ((5, 5),), ((0, 4),))


def packets(flow: Flow) -> list[Flow]:
    """Each packet as a flow of its own."""
    numbers = [[each for low, high in part for each in range(low, high + 1)] for part in (flow.src, flow.dport)]
    return [
        Flow(4, flow.protocol, ((src, src),), flow.dst, flow.sport, ((port, port),)) for src, port in product(*numbers)
    ]


def is_in(packet: Flow, passed: list[Passed], *, certain: bool) -> bool:
    return any(not packet.meet(each.flow).is_empty and not (certain and each.doubts) for each in passed)


@st.composite
def entries(draw: st.DrawFn) -> AclEntry:
    return AclEntry(
        id="entry",
        number=draw(st.integers(1, 6)),
        is_egress=draw(st.booleans()),
        is_allow=draw(st.booleans()),
        protocol=draw(st.sampled_from([-1, TCP, UDP])),
        block=draw(st.sampled_from(BLOCKS)),
        ports=draw(PORTS),
    )


def acl_allows(acl: NetworkAcl, packet: Flow) -> bool:
    """NACL-1, as the page says it."""
    for entry in sorted(acl.entries, key=lambda each: int(str(each.number))):
        if entry.is_egress or entry.protocol not in (-1, packet.protocol):
            continue
        assert isinstance(entry.block, Block)
        assert not isinstance(entry.ports, Unknown)
        ports = ((0, 65_535),) if entry.protocol == -1 else entry.ports
        if covers(entry.block.ranges, packet.src) and covers(ports, packet.dport):
            return bool(entry.is_allow)
    return False


@given(st.lists(entries(), max_size=5, unique_by=lambda each: (each.number, each.is_egress)))
def test_an_acl_is_what_it_is_for_each_packet(said: list[AclEntry]) -> None:
    """The first entry that matches decides."""
    acl = NetworkAcl(id="acl", vpc="vpc", entries=tuple(said))
    passed, denied = pass_acl(acl, FLOW, is_egress=False)
    allowed = {index for index, packet in enumerate(packets(FLOW)) if acl_allows(acl, packet)}
    assert {index for index, packet in enumerate(packets(FLOW)) if is_in(packet, passed, certain=True)} == allowed
    assert bool(denied) == (len(allowed) < len(packets(FLOW)))


@given(
    st.lists(entries(), min_size=1, max_size=4, unique_by=lambda each: (each.number, each.is_egress)),
    st.data(),
)
def test_an_unknown_part_of_an_entry_only_adds_doubts(said: list[AclEntry], data: st.DataObject) -> None:
    """What passes for certain passes whatever it is; what passes for some value may pass."""
    which = data.draw(st.integers(0, len(said) - 1))
    field = data.draw(st.sampled_from(["is_allow", "protocol", "block", "ports"]))
    known = NetworkAcl(id="acl", vpc="vpc", entries=tuple(said))
    fields = {name: getattr(said[which], name) for name in said[which].__dataclass_fields__}
    vague = AclEntry(**(fields | {field: Unknown("nobody knows")}))
    acl = NetworkAcl(id="acl", vpc="vpc", entries=(*said[:which], vague, *said[which + 1 :]))
    passed, _ = pass_acl(acl, FLOW, is_egress=False)
    for packet in packets(FLOW):
        if is_in(packet, passed, certain=True):
            assert acl_allows(known, packet)
        if acl_allows(known, packet):
            assert is_in(packet, passed, certain=False)


@st.composite
def rules(draw: st.DrawFn) -> GroupRule:
    return GroupRule(
        id="rule",
        protocol=draw(st.sampled_from([-1, TCP, UDP])),
        ports=draw(PORTS),
        peer=draw(st.one_of(st.sampled_from(BLOCKS), st.sampled_from([GroupPeer("mine"), GroupPeer("other")]))),
    )


def group_allows(rule: GroupRule, packet: Flow) -> bool:
    """SG-1, SG-6, as the page says it; the sender is in the group `mine`."""
    if rule.protocol not in (-1, packet.protocol):
        return False
    assert not isinstance(rule.ports, Unknown)
    if not covers(((0, 65_535),) if rule.protocol == -1 else rule.ports, packet.dport):
        return False
    if isinstance(rule.peer, GroupPeer):
        return rule.peer.group == "mine"
    return isinstance(rule.peer, Block) and covers(rule.peer.ranges, packet.src)


@given(st.lists(st.lists(rules(), max_size=3), max_size=3))
def test_groups_are_what_they_are_for_each_packet(said: list[list[GroupRule]]) -> None:
    """One rule of one group is enough."""
    groups = {
        f"group-{index}": SecurityGroup(id=f"group-{index}", vpc="vpc", ingress=tuple(each))
        for index, each in enumerate(said)
    }
    network = Network(security_groups=groups)
    passed, notes = pass_groups(network, list(groups), (), FLOW, Peer(("mine",)), is_egress=False)
    every = [rule for each in said for rule in each]
    for packet in packets(FLOW):
        assert is_in(packet, passed, certain=True) == any(group_allows(rule, packet) for rule in every)
    assert bool(notes) == (not passed)
