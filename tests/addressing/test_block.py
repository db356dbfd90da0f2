"""Reading CIDR blocks strictly."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lattice.addressing import (
    check_destination,
    check_secondary_blocks,
    contains,
    parse_block,
    parse_vpc_block,
)
from constructs_lattice.addressing.block import parse_ipv6_block
from constructs_lattice.errors import AddressError, LatticeError

pytestmark = pytest.mark.pure


def test_a_block_is_read_as_it_is_written() -> None:
    """Nothing is rounded."""
    assert parse_block("here", "10.20.0.0/16") == IPv4Network("10.20.0.0/16")
    assert parse_block("here", "192.0.2.7/32") == IPv4Network("192.0.2.7/32")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10.0.0.5/16", "here: '10.0.0.5/16' has bits set behind its prefix length, did you mean 10.0.0.0/16?"),
        ("10.0.0.0", "here: '10.0.0.0' has no prefix length; write 10.0.0.0/32 for the one address"),
        ("10.0.0.0/33", "here: '10.0.0.0/33' is not a CIDR block such as 10.0.0.0/16"),
        ("010.0.0.0/8", "here: '010.0.0.0/8' is not a CIDR block such as 10.0.0.0/16"),
        ("", "here: '' is not a CIDR block such as 10.0.0.0/16"),
        ("2001:db8::/56", "here: '2001:db8::/56' is an IPv6 block, an IPv4 block is needed here"),
        (
            "10.0.0.0/255.255.0.0",
            "here: '10.0.0.0/255.255.0.0' is written in an unusual way, did you mean 10.0.0.0/16?",
        ),
        ("10.0.0.0/016", "here: '10.0.0.0/016' is written in an unusual way, did you mean 10.0.0.0/16?"),
        ("10.0.0.0/" + "9" * 5000, f"here: '10.0.0.0/{'9' * 5000}' is not a CIDR block such as 10.0.0.0/16"),
    ],
)
def test_what_is_no_block_is_refused(text: str, message: str) -> None:
    """The message says what is wrong, and what was meant where that can be told."""
    with pytest.raises(AddressError) as caught:
        parse_block("here", text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2001:db8::1/56", "here: '2001:db8::1/56' has bits set behind its prefix length, did you mean 2001:db8::/56?"),
        ("2001:db8::", "here: '2001:db8::' has no prefix length; write 2001:db8::/128 for the one address"),
        ("2001:DB8::/56", "here: '2001:DB8::/56' is written in an unusual way, did you mean 2001:db8::/56?"),
        ("fe80::%eth0/64", "here: 'fe80::%eth0/64' is not a CIDR block such as 2001:db8::/56"),
        ("2001:db8::/129", "here: '2001:db8::/129' is not a CIDR block such as 2001:db8::/56"),
        ("10.0.0.0/16", "here: '10.0.0.0/16' is an IPv4 block, an IPv6 block is needed here"),
    ],
)
def test_what_is_no_ipv6_block_is_refused(text: str, message: str) -> None:
    """As strictly as for IPv4."""
    with pytest.raises(AddressError) as caught:
        parse_ipv6_block("here", text)
    assert str(caught.value) == message


TEXTS = st.one_of(
    st.text(max_size=24),
    st.text(alphabet="0123456789./:abcf -%", max_size=24),
    st.builds("{}/{}".format, st.ip_addresses(), st.integers(0, 129)),
    st.builds(str, st.ip_addresses()),
)


@given(TEXTS)
def test_whatever_is_written_is_a_block_or_an_address_error(text: str) -> None:
    """No other exception comes out, the message begins with the field, and what is read writes itself the same."""
    for parse in (parse_block, parse_ipv6_block, parse_vpc_block):
        message = "here: "
        try:
            assert str(parse("here", text)) == text
        except LatticeError as error:
            message = str(error)
        assert message.startswith("here: ")


@given(TEXTS)
def test_a_destination_is_a_block_of_either_family(text: str) -> None:
    """Or a token, or an address error."""
    message = ""
    try:
        check_destination("here", text)
    except LatticeError as error:
        message = str(error)
    assert message.startswith("here: ") or str(ip_network(text)) == text


def _networks(version: Literal[4, 6]) -> st.SearchStrategy[IPv4Network | IPv6Network]:
    kind, longest = (IPv4Network, 32) if version == 4 else (IPv6Network, 128)
    return st.builds(
        lambda address, prefix: kind((int(address), prefix), strict=False),
        st.ip_addresses(v=version),
        st.integers(0, longest),
    )


@given(st.data())
def test_a_block_contains_what_the_standard_library_says(data: st.DataObject) -> None:
    """Only faster."""
    version: Literal[4, 6] = data.draw(st.sampled_from([4, 6]))
    outer = data.draw(_networks(version))
    inner = data.draw(st.one_of(_networks(version), st.just(outer), st.just(outer.supernet())))
    assert contains(outer, inner) == inner.subnet_of(outer)  # type: ignore[arg-type]  # one family


def test_a_block_contains_nothing_of_the_other_family() -> None:
    """Not even where the numbers say so."""
    assert not contains(IPv4Network("0.0.0.0/0"), IPv6Network("::/64"))
    assert not contains(IPv6Network("::/0"), IPv4Network("10.0.0.0/8"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10.0.0.0/15", "here: a vpc block must be a /16 to a /28, got 10.0.0.0/15"),
        ("10.0.0.0/29", "here: a vpc block must be a /16 to a /28, got 10.0.0.0/29"),
        ("169.254.0.0/16", "here: 169.254.0.0/16 is in the link-local range 169.254.0.0/16, which no vpc can use"),
        ("224.1.0.0/16", "here: 224.1.0.0/16 is in the multicast range 224.0.0.0/4, which no vpc can use"),
        ("127.0.0.0/16", "here: 127.0.0.0/16 is in the loopback range 127.0.0.0/8, which no vpc can use"),
        ("0.1.0.0/16", "here: 0.1.0.0/16 is in the this network range 0.0.0.0/8, which no vpc can use"),
    ],
)
def test_what_no_vpc_can_have_is_refused(text: str, message: str) -> None:
    """EC2 would refuse it at deploy time."""
    with pytest.raises(AddressError) as caught:
        parse_vpc_block("here", text)
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["10.0.0.0/16", "10.0.0.0/28", "100.64.0.0/16", "203.0.113.0/24"])
def test_what_a_vpc_can_have_passes(text: str) -> None:
    """Public ranges included: EC2 takes them, too."""
    assert str(parse_vpc_block("here", text)) == text


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("10.20.0.0/16", "10.21.0.0/16"),
        ("10.20.0.0/16", "100.64.0.0/16"),
        ("10.20.0.0/16", "203.0.113.0/24"),
        ("10.20.0.0/16", "10.0.0.0/16"),
        ("100.64.0.0/16", "100.65.0.0/16"),
        ("198.19.0.0/24", "198.19.1.0/24"),
        ("172.20.0.0/16", "172.21.0.0/16"),
    ],
)
def test_secondary_blocks_that_ec2_takes(first: str, second: str) -> None:
    """From the same range, from 100.64.0.0/10, or public ones."""
    check_secondary_blocks("here", [IPv4Network(first), IPv4Network(second)])


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        (
            ["10.20.0.0/16", "172.16.0.0/16"],
            "here: secondary block 172.16.0.0/16 cannot be added to 10.20.0.0/16, which is not in 172.16.0.0/12; take "
            "one from 100.64.0.0/10 or from the range of the first block",
        ),
        (
            ["100.64.0.0/16", "10.0.0.0/16"],
            "here: secondary block 10.0.0.0/16 cannot be added to 100.64.0.0/16, which is not in 10.0.0.0/8; take "
            "one from 100.64.0.0/10 or from the range of the first block",
        ),
        (
            ["10.20.0.0/16", "198.19.0.0/24"],
            "here: secondary block 198.19.0.0/24 cannot be added to 10.20.0.0/16, which is not in 198.19.0.0/16; take "
            "one from 100.64.0.0/10 or from the range of the first block",
        ),
        (
            ["10.1.0.0/16", "10.0.0.0/16"],
            "here: secondary block 10.0.0.0/16 is in 10.0.0.0/16, which EC2 does not add to a vpc with a block in "
            "10.0.0.0/15",
        ),
        (
            ["172.20.0.0/16", "172.31.0.0/20"],
            "here: secondary block 172.31.0.0/20 is in 172.31.0.0/16, which EC2 does not add to a vpc in 172.16.0.0/12",
        ),
        (
            ["10.20.0.0/16", "100.64.0.0/16", "100.64.128.0/20"],
            "here: secondary block 100.64.128.0/20 overlaps 100.64.0.0/16; the blocks of a vpc are disjoint",
        ),
    ],
)
def test_secondary_blocks_that_ec2_refuses(blocks: list[str], message: str) -> None:
    """At deploy time, without this."""
    with pytest.raises(AddressError) as caught:
        check_secondary_blocks("here", [IPv4Network(block) for block in blocks])
    assert str(caught.value) == message
