"""Who may talk to whom: what network ACLs and security groups say together, judged packet by packet."""

from ipaddress import ip_address, ip_network
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Annotations, Match, Template
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from constructs_lattice import (
    AddressLock,
    ArgumentError,
    EphemeralPorts,
    IpamPool,
    IpProtocol,
    LatticeError,
    Nat,
    Ports,
    Tier,
    Vpc,
    Zones,
)
from constructs_lattice.vpc.network_acl import Direction, Flow, entries

TIERS = ("web", "app", "data")
# One address in each zone of each tier, by the plan of `_vpc`.
ADDRESSES = {
    ("web", "a"): "10.20.0.9",
    ("web", "b"): "10.20.1.9",
    ("app", "a"): "10.20.16.9",
    ("app", "b"): "10.20.20.9",
    ("data", "a"): "10.20.32.9",
    ("data", "b"): "10.20.36.9",
}
OUTSIDE = "203.0.113.7"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(), "Shop")


def _vpc(stack: cdk.Stack, **arguments: Any) -> Vpc:
    tiers = [Tier.public("web"), Tier.isolated("app"), Tier.isolated("data")]
    arguments = dict[str, Any](cidr="10.20.0.0/16", tiers=tiers, zones=Zones.first(2)) | arguments
    return Vpc(stack, "Vpc", **arguments)


class Judge:
    """What a template lets through, by the rules of EC2 and nothing else."""

    def __init__(self, stack: cdk.Stack) -> None:
        self._resources = Template.from_stack(stack).to_json()["Resources"]
        names = {
            id_: next(tag["Value"] for tag in each["Properties"]["Tags"] if tag["Key"] == "Name").split("/")[-2:]
            for id_, each in self._of("AWS::EC2::Subnet").items()
        }
        self._acls = {
            tuple(names[each["SubnetId"]["Ref"]]): each["NetworkAclId"]["Ref"]
            for each in self._properties("AWS::EC2::SubnetNetworkAclAssociation")
        }
        self._groups = {
            each["Properties"]["GroupDescription"].split(":")[0].removeprefix("Tier "): id_
            for id_, each in self._of("AWS::EC2::SecurityGroup").items()
        }

    def connects(self, client: str, server: str, port: int, source_ports: range = range(1024, 65_536, 9_000)) -> bool:
        """Whether a connection over TCP gets through from whatever port the client takes, answers included."""
        if not self._group_lets(client, server, port):
            return False
        return all(
            self._passes(client, server, port) and self._passes(server, client, source) for source in source_ports
        )

    def leaks(self, client: str, server: str, port: int) -> bool:
        """Whether a packet of a connection arrives at all, whatever the security groups say."""
        return self._passes(client, server, port)

    def _passes(self, source: str, target: str, target_port: int) -> bool:
        """One packet: out of the one subnet, and into the other. Network ACLs look at the port that it goes to."""
        if _place(source) == _place(target):
            return True
        return self._acl_lets(source, target, target_port, egress=True) and self._acl_lets(
            target, source, target_port, egress=False
        )

    def _acl_lets(self, here: str, peer: str, port: int, *, egress: bool) -> bool:
        acl = self._acls.get(_place(here))
        if acl is None:
            return True
        rules = [
            each
            for each in self._properties("AWS::EC2::NetworkAclEntry")
            if each["NetworkAclId"]["Ref"] == acl and each["Egress"] is egress and "CidrBlock" in each
        ]
        for rule in sorted(rules, key=lambda each: each["RuleNumber"]):
            ports = rule.get("PortRange", {"From": 0, "To": 65_535})
            covers = rule["Protocol"] in (-1, 6) and ports["From"] <= port <= ports["To"]
            if covers and ip_address(peer) in ip_network(rule["CidrBlock"]):
                return bool(rule["RuleAction"] == "allow")
        return False

    def _group_lets(self, client: str, server: str, port: int) -> bool:
        return all(
            self._one_side_lets(self._groups.get(_place(here)[0]), there, port, egress=egress)
            for here, there, egress in ((client, server, True), (server, client, False))
            if here != OUTSIDE
        )

    def _one_side_lets(self, group: str | None, peer: str, port: int, *, egress: bool) -> bool:
        if group is None:
            return False
        kind, end = ("Egress", "Destination") if egress else ("Ingress", "Source")
        inline = self._resources[group]["Properties"].get(f"SecurityGroup{kind}", [])
        alone = [
            each
            for each in self._properties(f"AWS::EC2::SecurityGroup{kind}")
            if each["GroupId"] == {"Fn::GetAtt": [group, "GroupId"]}
        ]
        peer_group = {"Fn::GetAtt": [self._groups.get(_place(peer)[0]), "GroupId"]}
        for rule in [*inline, *alone]:
            covers = rule["IpProtocol"] == "-1" or (
                rule["IpProtocol"] == "tcp" and rule["FromPort"] <= port <= rule["ToPort"]
            )
            is_peer = rule.get(f"{end}SecurityGroupId") == peer_group or (
                "CidrIp" in rule and ip_address(peer) in ip_network(rule["CidrIp"])
            )
            if covers and is_peer:
                return True
        return False

    def _of(self, type_: str) -> dict[str, Any]:
        return {id_: each for id_, each in self._resources.items() if each["Type"] == type_}

    def _properties(self, type_: str) -> list[dict[str, Any]]:
        return [each["Properties"] for each in self._of(type_).values()]


def _place(address: str) -> tuple[str, str]:
    return next((place for place, each in ADDRESSES.items() if each == address), ("", ""))


def _pairs() -> list[tuple[str, str]]:
    """The names of tiers, with addresses in different zones and in the same one."""
    return [(one, two) for one in ADDRESSES.values() for two in ADDRESSES.values() if one != two]


def test_the_addresses_of_these_tests_are_those_of_the_plan(stack: cdk.Stack) -> None:
    """Or they would prove nothing."""
    plan = _vpc(stack).plan
    for (tier, zone), address in ADDRESSES.items():
        assert ip_address(address) in plan[tier, zone]


def test_what_is_allowed_connects_and_nothing_else_does(stack: cdk.Stack) -> None:
    """From every zone to every zone, by security groups alone: there is no network ACL."""
    vpc = _vpc(stack)
    vpc.allow("web", to="app", port=8080)
    vpc.allow("app", to="data", port=5432)
    judge = Judge(stack)
    Template.from_stack(stack).resource_count_is("AWS::EC2::NetworkAcl", 0)
    for client, server in _pairs():
        names = (_place(client)[0], _place(server)[0])
        assert judge.connects(client, server, 8080) is (names == ("web", "app"))
        assert judge.connects(client, server, 5432) is (names == ("app", "data"))


def test_a_tier_is_isolated_from_another_one(stack: cdk.Stack) -> None:
    """In both directions, by a network ACL of its own; what it has to do with others is as before."""
    vpc = _vpc(stack)
    vpc.allow("app", to="data", port=5432)
    vpc.isolate("data", from_="web")
    judge = Judge(stack)
    for client, server in _pairs():
        names = {_place(client)[0], _place(server)[0]}
        assert judge.leaks(client, server, 5432) is (names != {"web", "data"})
    assert judge.connects(ADDRESSES["app", "a"], ADDRESSES["data", "b"], 5432)
    assert judge.leaks(ADDRESSES["data", "a"], OUTSIDE, 443)


def test_a_tier_is_isolated_from_everything_but_what_is_allowed(stack: cdk.Stack) -> None:
    """Whether the allowance comes before or after; within the tier, zones still reach each other."""
    vpc = _vpc(stack)
    vpc.allow("app", to="data", port=5432)
    vpc.isolate("data")
    vpc.allow("data", to="app", port=Ports.tcp(9000, 9010))
    vpc.allow_egress("data", to=["0.0.0.0/0"], port=443)
    vpc.allow_ingress("data", from_=["203.0.113.0/24"], port=22)
    judge = Judge(stack)
    app, data, other = ADDRESSES["app", "a"], ADDRESSES["data", "a"], ADDRESSES["data", "b"]
    assert judge.connects(app, data, 5432)
    assert judge.connects(data, app, 9005)
    assert judge.connects(data, OUTSIDE, 443)
    assert judge.connects(OUTSIDE, data, 22)
    assert judge.leaks(data, other, 7000)
    assert not judge.leaks(ADDRESSES["web", "a"], data, 22)
    assert not judge.leaks(OUTSIDE, data, 21)
    assert not judge.leaks(data, OUTSIDE, 80)
    assert not judge.leaks(data, app, 80)


def test_two_tiers_that_are_both_isolated_agree(stack: cdk.Stack) -> None:
    """An allowance has four entries then: two for what goes, two for what comes back."""
    vpc = _vpc(stack)
    for tier in ("app", "data"):
        vpc.isolate(tier)
    vpc.allow("app", to="data", port=5432)
    judge = Judge(stack)
    assert judge.connects(ADDRESSES["app", "a"], ADDRESSES["data", "b"], 5432)
    assert not judge.leaks(ADDRESSES["web", "a"], ADDRESSES["app", "a"], 5432)


@pytest.mark.parametrize(
    ("client", "ports", "others"),
    [
        (EphemeralPorts.LINUX, range(32_768, 61_000, 4_000), range(1024, 32_768, 4_000)),
        (EphemeralPorts.WINDOWS, range(49_152, 65_536, 2_000), range(1024, 49_152, 6_000)),
    ],
)
def test_who_the_client_is_decides_where_answers_go(
    stack: cdk.Stack, client: EphemeralPorts, ports: range, others: range
) -> None:
    """And they go nowhere else."""
    vpc = _vpc(stack)
    vpc.isolate("data")
    vpc.allow("app", to="data", port=5432, client=client)
    judge = Judge(stack)
    app, data = ADDRESSES["app", "a"], ADDRESSES["data", "a"]
    assert judge.connects(app, data, 5432, ports)
    assert not any(judge.connects(app, data, 5432, range(port, port + 1)) for port in others)


STATEMENTS = st.lists(
    st.one_of(
        st.tuples(st.just("isolate"), st.sampled_from(("app", "data")), st.sampled_from((None, *TIERS))),
        st.tuples(st.just("allow"), st.sampled_from(TIERS), st.sampled_from(TIERS)),
    ),
    max_size=6,
)


@given(STATEMENTS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_groups_and_acls_always_agree(statements: list[tuple[str, str, str | None]]) -> None:
    """After any statements: what is allowed connects, what is not does not, and what is kept apart does not arrive.

    The port is one to which no answers go: a network ACL cannot tell them from what nobody asked for.
    """
    stack = cdk.Stack(cdk.App(), "Shop")
    vpc = _vpc(stack)
    allowed, closed, apart = set(), set(), set()
    for kind, tier, other in statements:
        try:
            if kind == "allow" and other is not None:
                vpc.allow(tier, to=other, port=443)
                allowed.add((tier, other))
            else:
                vpc.isolate(tier, from_=other)
                apart.add(frozenset((tier, other))) if other else closed.add(tier)
        except LatticeError:
            continue  # it contradicts what was said before, and changes nothing
    judge = Judge(stack)
    for client, server in _pairs():
        one, two = _place(client)[0], _place(server)[0]
        assert judge.connects(client, server, 443) is ((one, two) in allowed)
        is_open = one == two or not ({one, two} & closed)
        if (one, two) not in allowed:
            assert judge.leaks(client, server, 443) <= ((is_open and frozenset((one, two)) not in apart) or one == two)


def test_the_order_of_statements_is_of_no_consequence() -> None:
    """Neither for the entries nor for their numbers."""
    statements: list[Any] = [
        lambda vpc: vpc.isolate("data"),
        lambda vpc: vpc.isolate("app", from_="data"),
        lambda vpc: vpc.allow("web", to="data", port=5432),
        lambda vpc: vpc.allow_egress("data", to=["192.0.2.0/24"], port=Ports.udp(123)),
    ]
    templates = []
    for order in (statements, statements[::-1]):
        stack = cdk.Stack(cdk.App(), "Shop")
        vpc = _vpc(stack)
        for statement in order:
            statement(vpc)
        templates.append(Template.from_stack(stack).find_resources("AWS::EC2::NetworkAclEntry"))
    assert templates[0] == templates[1]
    assert len(templates[0]) > 8


def test_a_statement_that_is_repeated_changes_nothing(stack: cdk.Stack) -> None:
    """It can be made by whoever needs it."""
    vpc = _vpc(stack)
    for _ in range(2):
        vpc.isolate("data")
        vpc.allow("app", to="data", port=5432)
    assert len(Template.from_stack(stack).find_resources("AWS::EC2::NetworkAclEntry")) == 6


def test_the_acl_of_a_tier_is_an_ordinary_construct(stack: cdk.Stack) -> None:
    """With its entries in the order in which they are tried; there is none before."""
    vpc = _vpc(stack)
    assert vpc.network_acl("data") is None
    vpc.isolate("data", from_="web")
    acl = vpc.network_acl("data")
    assert acl is not None
    assert [entry.rule_action for entry in acl.entries] == ["deny", "deny", "allow", "allow"]
    assert acl.resource.cfn_resource_type == "AWS::EC2::NetworkAcl"


def test_that_a_packet_is_too_big_reaches_its_sender(stack: cdk.Stack) -> None:
    """From wherever on the way, in both families; where nothing flows there is no need."""
    vpc = _vpc(stack, ip_protocol=IpProtocol.DUAL_STACK)
    vpc.isolate("data")
    vpc.isolate("app")
    vpc.allow_egress("app", to=["0.0.0.0/0"], port=443)
    found = [
        each["Properties"] for each in Template.from_stack(stack).find_resources("AWS::EC2::NetworkAclEntry").values()
    ]
    messages = [each for each in found if "Icmp" in each]
    assert [(each["Egress"], each["Protocol"], each["Icmp"]) for each in messages] == [
        (False, 1, {"Type": 3, "Code": 4}),
        (False, 58, {"Type": 2, "Code": 0}),
        (True, 1, {"Type": 3, "Code": 4}),
        (True, 58, {"Type": 2, "Code": 0}),
    ]
    assert [each.get("CidrBlock", each.get("Ipv6CidrBlock")) for each in messages] == 2 * ["0.0.0.0/0", "::/0"]
    assert len({str(each["NetworkAclId"]) for each in messages}) == 1


def test_a_tier_with_zones_to_come_is_one_block(stack: cdk.Stack) -> None:
    """A zone that is added later changes no entry; one that sits elsewhere has its own."""
    vpc = _vpc(stack, zones=Zones.first(5))
    vpc.isolate("data", from_="app")
    blocks = {
        each["Properties"]["CidrBlock"]
        for each in Template.from_stack(stack).find_resources("AWS::EC2::NetworkAclEntry").values()
    }
    assert blocks == {"10.20.16.0/20", str(vpc.plan["app", "e"]), "0.0.0.0/0"}


def test_both_families_are_judged_where_both_tiers_have_them(stack: cdk.Stack) -> None:
    """The blocks of IPv6 are those of whole tiers, too."""
    tiers = [Tier.isolated("app"), Tier.isolated("data"), Tier.isolated("old", ip_protocol=IpProtocol.IPV4)]
    vpc = _vpc(stack, tiers=tiers, ip_protocol=IpProtocol.DUAL_STACK)
    vpc.isolate("data", from_="app")
    vpc.isolate("old", from_="app")
    found = Template.from_stack(stack).find_resources("AWS::EC2::NetworkAclEntry")
    ipv6 = [each["Properties"] for id_, each in found.items() if "Ipv6CidrBlock" in each["Properties"]]
    assert len(found) - len(ipv6) == 8
    assert len(ipv6) == 4
    denied = next(each["Ipv6CidrBlock"] for each in ipv6 if each["RuleAction"] == "deny")
    whole = {"Fn::Select": [0, {"Fn::GetAtt": [Match.any_value(), "Ipv6CidrBlocks"]}]}
    assert denied["Fn::Select"][0] == 0
    assert denied["Fn::Select"][1]["Fn::Cidr"][1:] == [64, "66"]
    assert whole["Fn::Select"][0] == denied["Fn::Select"][1]["Fn::Cidr"][0]["Fn::Select"][0]


def test_blocks_that_ipam_gives_are_their_places(stack: cdk.Stack) -> None:
    """Which CloudFormation looks up at the deployment."""
    vpc = _vpc(stack, cidr=IpamPool(pool_id="ipam-pool-0123456789abcdef0", netmask=16))
    vpc.isolate("data", from_="app")
    found = Template.from_stack(stack).find_resources("AWS::EC2::NetworkAclEntry").values()
    denied = next(each["Properties"]["CidrBlock"] for each in found if each["Properties"]["RuleAction"] == "deny")
    assert denied["Fn::Select"][0] == 1
    assert denied["Fn::Select"][1]["Fn::Cidr"][1:] == [16, "12"]


def test_a_lock_that_moves_a_tier_is_followed(stack: cdk.Stack) -> None:
    """The entries name where the tier is, not where it would be."""
    lock = AddressLock.parse(
        "# Addresses of VPCs, one block a line: vpc, tier, zone, block. Written by constructs_lattice, version 1.\n"
        "Shop/Vpc  app  *  10.20.128.0/20\n"
    )
    vpc = _vpc(stack, lock=lock)
    vpc.isolate("data", from_="app")
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::NetworkAclEntry", {"CidrBlock": "10.20.128.0/20", "RuleAction": "deny"}
    )


def test_a_rule_of_ones_own_that_an_acl_contradicts_is_refused(stack: cdk.Stack) -> None:
    """At synthesis, since it may be written at any time before."""
    vpc = _vpc(stack)
    vpc.isolate("data", from_="web")
    vpc.isolate("app")
    groups = {tier: vpc.security_group(tier) for tier in TIERS}
    groups["data"].connections.allow_from(groups["web"], ec2.Port.tcp(5432))
    groups["app"].connections.allow_to(groups["data"], ec2.Port.tcp(5432))
    with pytest.raises(RuntimeError) as caught:
        Template.from_stack(stack)
    text = str(caught.value)
    assert (
        "a security group rule lets 'web' reach 'data' by tcp 5432, but isolate('data', from_='web') keeps them apart; "
        "say it with allow, or take the rule back"
    ) in text
    assert (
        "a security group rule lets 'app' reach 'data' by tcp 5432, but isolate('app') lets through what is allowed "
        "only; say it with allow, or take the rule back"
    ) in text


CLOSED = "isolate('data') lets through what is allowed only"
APART = "isolate('data', from_='web') keeps them apart"


def _from(peer: str, port: ec2.Port) -> Any:
    """A rule in the group of `data`, for a block or for the group of another tier."""

    def add(vpc: Vpc) -> None:
        blocks = ec2.Peer.ipv6 if ":" in peer else ec2.Peer.ipv4
        vpc.security_group("data").add_ingress_rule(blocks(peer) if "/" in peer else vpc.security_group(peer), port)

    return add


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (_from("app", ec2.Port.tcp(6379)), f"'app' reach 'data' by tcp 6379, but {CLOSED}"),
        (_from("app", ec2.Port.tcp_range(5432, 5433)), f"'app' reach 'data' by tcp 5432-5433, but {CLOSED}"),
        (_from("app", ec2.Port.udp(5432)), f"'app' reach 'data' by udp 5432, but {CLOSED}"),
        (_from("app", ec2.Port.all_traffic()), f"'app' reach 'data' by everything, but {CLOSED}"),
        (_from("app", ec2.Port.icmp_ping()), f"'app' reach 'data' by another protocol, but {CLOSED}"),
        (_from("192.168.0.0/16", ec2.Port.tcp(22)), f"'192.168.0.0/16' reach 'data' by tcp 22, but {CLOSED}"),
        (_from("0.0.0.0/0", ec2.Port.tcp(9100)), f"'0.0.0.0/0' reach 'data' by tcp 9100, but {CLOSED}"),
        (_from("10.20.1.0/24", ec2.Port.tcp(9100)), f"'10.20.1.0/24' reach 'data' by tcp 9100, but {APART}"),
        (
            lambda vpc: vpc.allow_egress("app", to=["10.20.36.0/22"], port=22),
            f"'app' reach '10.20.36.0/22' by tcp 22, but {CLOSED}",
        ),
    ],
)
def test_a_rule_for_other_ports_or_for_a_block_is_refused_as_well(stack: cdk.Stack, rule: Any, words: str) -> None:
    """Only what the ACLs let through as a whole agrees with them."""
    vpc = _vpc(stack)
    vpc.isolate("data")
    vpc.isolate("data", from_="web")
    vpc.allow("app", to="data", port=5432)
    vpc.allow_ingress("data", from_=["172.16.0.0/12"], port=9100)
    rule(vpc)
    with pytest.raises(RuntimeError) as caught:
        Template.from_stack(stack)
    assert f"a security group rule lets {words}; say it with allow, or take the rule back" in str(caught.value)


@pytest.mark.parametrize(
    "rule",
    [
        _from("172.20.0.0/16", ec2.Port.tcp(9100)),
        _from("10.20.36.0/22", ec2.Port.all_traffic()),
        _from("app", ec2.Port.tcp_range(5432, 5434)),
        _from("::/0", ec2.Port.tcp(22)),
        lambda vpc: vpc.security_group("data").add_ingress_rule(ec2.Peer.prefix_list("pl-0123"), ec2.Port.tcp(22)),
        lambda vpc: vpc.security_group("app").add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(22)),
    ],
    ids=["within an allowed block", "the tier itself", "two ranges", "a family it has not", "a list", "others"],
)
def test_rules_that_acls_let_through_or_know_nothing_of_pass(stack: cdk.Stack, rule: Any) -> None:
    """Such as what is within what was allowed."""
    vpc = _vpc(stack)
    vpc.isolate("data")
    vpc.allow("app", to="data", port=5432)
    vpc.allow("app", to="data", port=Ports.tcp(5433, 5440))
    vpc.allow_ingress("data", from_=["172.16.0.0/12"], port=9100)
    rule(vpc)
    Template.from_stack(stack).resource_count_is("AWS::EC2::NetworkAcl", 1)


def test_rules_of_ones_own_that_agree_pass(stack: cdk.Stack) -> None:
    """Within a tier, to other groups, and where something is allowed."""
    vpc = _vpc(stack)
    vpc.isolate("data")
    vpc.allow("app", to="data", port=5432)
    data, app = vpc.security_group("data"), vpc.security_group("app")
    data.connections.allow_internally(ec2.Port.tcp(7000))
    app.connections.allow_to(data, ec2.Port.tcp(5432))
    app.connections.allow_to(ec2.SecurityGroup(stack, "Other", vpc=vpc), ec2.Port.tcp(80))
    Template.from_stack(stack).resource_count_is("AWS::EC2::NetworkAcl", 1)


def _nothing(_: Vpc) -> None:
    pass


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            lambda vpc: vpc.isolate("data", from_="app"),
            lambda vpc: vpc.allow("app", to="data", port=5432),
            "Shop/Vpc/allow: tcp 5432 from 'app' to 'data' contradicts isolate('data', from_='app'); take one of them "
            "back",
        ),
        (
            lambda vpc: vpc.allow("data", to="app", port=Ports.udp(53)),
            lambda vpc: vpc.isolate("data", from_="app"),
            "Shop/Vpc/isolate: tier 'data' from 'app' contradicts allow udp 53 from 'data' to 'app'; take one of them "
            "back",
        ),
        (
            lambda vpc: vpc.isolate("data", from_="app"),
            lambda vpc: vpc.allow_egress("data", to=["10.20.17.0/24"], port=80),
            "Shop/Vpc/allow: tcp 80 from 'data' to '10.20.17.0/24' contradicts isolate('data', from_='app'); take one "
            "of them back",
        ),
        (
            lambda vpc: vpc.allow_egress("data", to=["10.20.17.0/24"], port=80),
            lambda vpc: vpc.isolate("data", from_="app"),
            "Shop/Vpc/isolate: tier 'data' from 'app' contradicts allow tcp 80 from 'data' to '10.20.17.0/24'; take "
            "one of them back",
        ),
        (
            _nothing,
            lambda vpc: vpc.allow_ingress("app", from_=[cdk.Fn.import_value("Block")], port=1),
            "Shop/Vpc/allow_ingress: a block must be known at synthesis, since network ACLs judge it, got a token",
        ),
        (
            _nothing,
            lambda vpc: vpc.allow("app", to="data", port=cdk.Token.as_number({"Ref": "Port"})),
            "Shop/Vpc/allow: port must be known at synthesis, since network ACLs judge it, got a token from 'app' to "
            "'data'",
        ),
        (
            _nothing,
            lambda vpc: vpc.isolate("data", from_="data"),
            "Shop/Vpc/isolate: tier 'data' cannot be isolated from itself, got it twice",
        ),
        (
            _nothing,
            lambda vpc: vpc.isolate("db"),
            "Shop/Vpc: there is no tier 'db'; the tiers are 'web', 'app', 'data'",
        ),
        (
            _nothing,
            lambda vpc: vpc.allow("app", to="db", port=1),
            "Shop/Vpc: there is no tier 'db'; the tiers are 'web', 'app', 'data'",
        ),
        (
            _nothing,
            lambda vpc: vpc.allow("app", to="data", port=65_536),
            "ports: port must be 0 to 65,535, got 65536",
        ),
        (
            _nothing,
            lambda vpc: vpc.allow("app", to="data", port="5432"),
            "ports: port must be a whole number, got '5432'",
        ),
        (
            _nothing,
            lambda vpc: vpc.allow("app", to="data", port=Ports.tcp(20, 10)),
            "ports: a range must end after it begins, got 20 to 10",
        ),
        (
            _nothing,
            lambda vpc: vpc.allow_egress("app", to=["10.0.0.1/8"], port=1),
            "Shop/Vpc/allow_egress: '10.0.0.1/8' has bits set behind its prefix length, did you mean 10.0.0.0/8?",
        ),
        (
            _nothing,
            lambda vpc: vpc.allow_egress("app", to=["data"], port=1),
            "Shop/Vpc/allow_egress: 'data' is not a CIDR block such as 10.0.0.0/16",
        ),
    ],
)
def test_statements_that_cannot_be_are_refused(stack: cdk.Stack, first: Any, second: Any, message: str) -> None:
    """Where they are made, with nothing changed."""
    vpc = _vpc(stack)
    first(vpc)
    before = Template.from_stack(stack).to_json()
    with pytest.raises(LatticeError) as caught:
        second(vpc)
    assert str(caught.value) == message
    assert Template.from_stack(stack).to_json() == before


def test_the_way_out_of_private_tiers_is_not_shut(stack: cdk.Stack) -> None:
    """The network ACL of NAT gateways judges what they do for others."""
    tiers = [Tier.public("web"), Tier.private("app"), Tier.transit()]
    vpc = _vpc(stack, tiers=tiers, nat=Nat.single())
    for tier, from_, message in (
        (
            "web",
            "app",
            "Shop/Vpc/isolate: tier 'web' holds the NAT gateways of tier 'app', whose way out would be shut; isolate "
            "'app' from 'web' instead",
        ),
        (
            "web",
            None,
            "Shop/Vpc/isolate: tier 'web' holds NAT gateways, which talk to the internet for private tiers, so it "
            "cannot be isolated from everything; isolate others from it",
        ),
        (
            "transit",
            None,
            "Shop/Vpc/isolate: tier 'transit' passes on what is for others, so it cannot be isolated from everything; "
            "isolate those others",
        ),
    ):
        with pytest.raises(ArgumentError) as caught:
            vpc.isolate(tier, from_=from_)
        assert str(caught.value) == message
    vpc.isolate("app", from_="web")


def test_a_quota_that_must_be_raised_is_a_warning(stack: cdk.Stack) -> None:
    """And more than AWS raises it to is an error, with the statement undone."""
    vpc = _vpc(stack)
    vpc.isolate("data")
    for port in range(38):
        vpc.allow("app", to="data", port=5000 + port)
    with pytest.raises(ArgumentError) as caught:
        vpc.allow("app", to="data", port=5999)
    assert str(caught.value) == (
        "Shop/Vpc/Isolation/data-NetworkAcl: 41 ingress entries are needed, 40 is the most that a network ACL can "
        "have; allow wider blocks or port ranges, or isolate fewer tiers"
    )
    Annotations.from_stack(stack).has_warning(
        "/Shop/Vpc/Isolation/data-NetworkAcl",
        Match.string_like_regexp("there are more than 20 ingress entries: ask AWS for a larger quota"),
    )
    rules = Template.from_stack(stack).find_resources("AWS::EC2::SecurityGroupIngress").values()
    assert sorted(rule["Properties"]["FromPort"] for rule in rules) == list(range(5000, 5038))


def test_everything_may_leave_a_tier(stack: cdk.Stack) -> None:
    """In both families, for which the CDK has no rules that can be added to a group."""
    vpc = _vpc(stack)
    vpc.isolate("app")
    vpc.allow_egress("app", to=["0.0.0.0/0", "::/0"], port=Ports.everything())
    vpc.allow_egress("app", to=["0.0.0.0/0"], port=Ports.everything())
    found = Template.from_stack(stack).find_resources("AWS::EC2::SecurityGroupEgress").values()
    rules = [each["Properties"] for each in found if "app" in each["Properties"]["Description"]]
    assert [{key: value for key, value in rule.items() if key != "GroupId"} for rule in rules] == [
        {"CidrIp": "0.0.0.0/0", "IpProtocol": "-1", "Description": "everything from app to 0.0.0.0/0"},
        {"CidrIpv6": "::/0", "IpProtocol": "-1", "Description": "everything from app to ::/0"},
    ]
    assert Judge(stack).leaks(ADDRESSES["app", "a"], OUTSIDE, 443)


def test_answers_to_several_services_share_an_entry() -> None:
    """One range for all ports of one client saves the quota."""
    flows = [flow for port in (80, 443, 8080) for flow in [_flow("app", "data", port)]]
    made = entries("data", is_closed=True, denied=(), flows=flows)
    assert sum(entry.direction is Direction.EGRESS for entry in made) == 3
    assert sum(entry.direction is Direction.INGRESS for entry in made) == 5


def _flow(client: str, server: str, port: int) -> Any:
    return Flow(client=client, server=server, ports=Ports.tcp(port), ephemeral=EphemeralPorts.ANY)
