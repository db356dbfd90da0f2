"""Security groups of associations and endpoints.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html
"""

from ipaddress import ip_network

import pytest

from constructs_lattice.authorization.addresses import covers, without
from constructs_lattice.authorization.admission import ONLY_IPV4, Admission
from constructs_lattice.authorization.caller import LocationKind
from constructs_lattice.authorization.truth import Truth
from constructs_lattice.model.lattice import Client, InboundGroup, InboundRule, Lattice
from constructs_lattice.model.symbolic import SymbolicText
from constructs_lattice.model.unknown import Unknown
from tests.authorization.lattices import ACCOUNT, generated

pytestmark = pytest.mark.pure

GROUP = generated("sg-", "S.Gate")
MEMBERS = generated("sg-", "S.Members")
LIST = generated("pl-", "S.List")
VPC = generated("vpc-", "S.Vpc")
PARAMETER = Unknown("it is a parameter")


def rule(
    source: str | SymbolicText, ports: tuple[int, int] | Unknown = (443, 443), doubt: Unknown | None = None
) -> InboundRule:
    known = ip_network(source) if isinstance(source, str) and "/" in source else source
    return InboundRule(id="S.Rule", ports=ports, source=known, doubt=doubt)


def client(*blocks: str, peers: tuple[str, ...] = (), doubts: tuple[Unknown, ...] = ()) -> Client:
    return Client(
        id="S.Vpc",
        physical_id=VPC,
        account=ACCOUNT,
        blocks=tuple(ip_network(each) for each in blocks),
        peers=tuple((ip_network(each),) for each in peers),
        doubts=doubts,
    )


def admitted(
    *rules: InboundRule,
    at: Client | None = None,
    kind: LocationKind = LocationKind.VPC,
    doubts: tuple[Unknown, ...] = (),
    own: tuple[SymbolicText, ...] = (),
) -> Truth:
    """Whether a client is let in on port 443."""
    groups = (
        InboundGroup(id="S.Gate", physical_id=GROUP, vpc=VPC, rules=rules, doubts=doubts),
        InboundGroup(id="S.Members", physical_id=MEMBERS, vpc=VPC),
    )
    lattice = Lattice(groups=groups, prefix_lists=((LIST, (ip_network("10.0.0.0/16"),)),))
    found = at if at is not None else client("10.0.0.0/16")
    return Admission(lattice=lattice, kind=kind, client=found, port=443, own=own).through((GROUP,))


def test_the_whole_block_is_let_in_or_nothing_of_it() -> None:
    """LAT-3: the client is somewhere in the block; rules add up."""
    assert admitted(rule("10.0.0.0/16")).is_yes
    assert admitted(rule("10.0.0.0/8")).is_yes
    assert admitted(rule("0.0.0.0/0")).is_yes
    assert admitted(rule("10.0.0.0/17"), rule("10.0.128.0/17")).is_yes
    assert admitted(rule("10.1.0.0/16")).is_no
    assert admitted().is_no
    assert admitted(rule("10.0.0.0/24")).reasons == ("only some addresses of 10.0.0.0/16 are in 10.0.0.0/24",)
    two = client("10.0.0.0/16", "10.1.0.0/16")
    assert admitted(rule("10.1.0.0/16"), at=two).reasons == (
        "the client may be in a block that is let in, or in one that is not",
    )


def test_the_port_counts() -> None:
    """Of the listener."""
    assert admitted(rule("10.0.0.0/16", (80, 80))).is_no
    assert admitted(rule("10.0.0.0/16", (400, 500))).is_yes
    assert admitted(rule("10.0.0.0/16", PARAMETER)).reasons == ("it is a parameter",)
    assert admitted(rule("10.9.0.0/16", PARAMETER)).is_no
    assert admitted(rule("10.0.0.0/16", doubt=PARAMETER)).reasons == ("it is a parameter",)


def test_sources_that_are_no_blocks() -> None:
    """Prefix lists of the templates are their entries; who is in a group, nobody says."""
    assert admitted(rule(LIST)).is_yes
    assert admitted(rule("pl-12345678")).reasons == (
        "S.Rule lets pl-12345678 in, and nobody says whether the client is one of those",
    )
    assert admitted(rule(MEMBERS)).is_unknown
    assert admitted(rule(MEMBERS), rule("10.0.0.0/16")).is_yes
    assert admitted(rule(MEMBERS, (80, 80))).is_no
    assert admitted(rule("10.0.0.0/16"), doubts=(PARAMETER,)).is_yes
    assert admitted(doubts=(PARAMETER,)).reasons == ("it is a parameter",)


def test_a_client_whose_groups_are_told() -> None:
    """Is one of them or not; its addresses count as well, and lists are lists."""
    assert admitted(rule(MEMBERS), own=(MEMBERS,)).is_yes
    assert admitted(rule(MEMBERS), own=(GROUP, MEMBERS)).is_yes
    assert admitted(rule(MEMBERS), own=(GROUP,)).is_no
    assert admitted(rule(MEMBERS, (80, 80)), own=(MEMBERS,)).is_no
    assert admitted(rule(MEMBERS), rule("10.0.0.0/16"), own=(GROUP,)).is_yes
    assert admitted(rule("pl-12345678"), own=(GROUP,)).is_unknown
    assert admitted(rule("sg-0123456789abcdef0"), own=(GROUP,)).is_unknown
    assert admitted(rule(PARAMETER), own=(GROUP,)).is_unknown
    assert admitted(rule("sg-12345678"), kind=LocationKind.PEERED, own=(GROUP,)).is_unknown


def test_clients_from_elsewhere() -> None:
    """They are not in the VPC, nor in its security groups."""
    for kind in (LocationKind.ONPREM, LocationKind.PEERED):
        assert admitted(rule("10.0.0.0/16"), kind=kind).is_no
        assert admitted(rule(MEMBERS), kind=kind).is_no
        assert admitted(rule("0.0.0.0/0"), kind=kind).is_yes
        assert admitted(rule("10.0.0.0/8"), kind=kind).is_unknown
    peered = client("10.0.0.0/16", peers=("10.1.0.0/16",))
    assert admitted(rule("10.1.0.0/16"), at=peered, kind=LocationKind.PEERED).is_yes
    assert admitted(rule("10.2.0.0/16"), at=peered, kind=LocationKind.PEERED).is_no
    assert admitted(rule("sg-12345678"), kind=LocationKind.PEERED).is_unknown


def test_what_nobody_knows_of_the_addresses() -> None:
    """Everything still holds everything."""
    unknown = client(doubts=(PARAMETER,))
    assert admitted(rule("0.0.0.0/0"), at=unknown).is_yes
    assert admitted(rule("10.0.0.0/8"), at=unknown).reasons == ("it is a parameter",)
    assert admitted(at=unknown).is_no


def test_groups_that_are_not_there() -> None:
    """They may have any rules."""
    question = Admission(lattice=Lattice(), kind=LocationKind.VPC, client=client("10.0.0.0/16"), port=443)
    assert question.through(("sg-12345678",)).reasons == ("the templates do not have the security group sg-12345678",)
    assert question.through(PARAMETER).reasons == ("it is a parameter",)


def test_the_client_speaks_ipv4() -> None:
    """Which is an assumption where IPv6 would be answered otherwise."""
    dual = client("10.0.0.0/16", "2001:db8::/56")
    assert admitted(rule("10.0.0.0/16"), at=dual) == Truth(value=True, assumptions=(ONLY_IPV4,))
    assert admitted(rule("10.0.0.0/16"), rule("::/0"), at=dual) == Truth(value=True)


def test_blocks_that_stand_for_others() -> None:
    """They compare with each other and with everything."""
    stand_in, inside = ip_network("0.1.0.0/16"), ip_network("0.1.2.0/24")
    assert covers([stand_in], [inside]).is_yes
    assert covers([ip_network("0.2.0.0/16")], [inside]).is_no
    assert covers([ip_network("0.0.0.0/0")], [inside]).is_yes
    assert covers([ip_network("10.0.0.0/8")], [inside]).reasons == (
        "only the deployment shows whether 0.1.2.0/24 is in 10.0.0.0/8",
    )
    assert covers([inside], [ip_network("10.0.0.0/8")]).is_unknown
    assert without(ip_network("10.0.0.0/30"), [ip_network("10.0.0.0/31")]) == [ip_network("10.0.0.2/31")]
