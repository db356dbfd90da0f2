"""Estates: no two owners have the same addresses, unless that was said."""

from ipaddress import IPv4Network

import pytest

from constructs_lattice.addressing import AddressEstate, TierRequest, plan_vpc
from constructs_lattice.errors import AddressError, ArgumentError

pytestmark = pytest.mark.pure

OFFICES = {"berlin": ["192.168.0.0/20"], "partner": ["10.50.0.0/16", "10.60.0.0/16"]}


def test_owners_that_do_not_meet_are_fine() -> None:
    """An owner may have several blocks, also such as lie in each other."""
    estate = AddressEstate(OFFICES)
    estate.claim("Shop", IPv4Network("10.20.0.0/16"))
    estate.claim("Shop", IPv4Network("10.20.4.0/24"))


def test_an_overlap_names_both_owners() -> None:
    """Whichever lies in the other."""
    estate = AddressEstate(OFFICES)
    with pytest.raises(AddressError) as caught:
        estate.claim("Shop", IPv4Network("10.60.128.0/20"))
    assert str(caught.value) == (
        "10.60.128.0/20 of Shop overlaps 10.60.0.0/16 of partner; give one of them another block"
    )
    estate.claim("Shop", IPv4Network("10.20.0.0/16"))


def test_an_overlap_can_be_meant() -> None:
    """Between two owners, and no others."""
    estate = AddressEstate(OFFICES)
    estate.let_overlap("partner", "Lab")
    estate.claim("Lab", IPv4Network("10.50.0.0/16"))
    with pytest.raises(AddressError):
        estate.claim("Shop", IPv4Network("10.50.0.0/16"))


def test_foreign_blocks_are_read_strictly() -> None:
    """With their owner's name."""
    with pytest.raises(AddressError) as caught:
        AddressEstate({"berlin": ["192.168.0.1/20"]})
    assert str(caught.value) == (
        "berlin: '192.168.0.1/20' has bits set behind its prefix length, did you mean 192.168.0.0/20?"
    )


def test_one_text_is_no_list_of_blocks() -> None:
    """Python would read its letters as blocks."""
    with pytest.raises(ArgumentError) as caught:
        AddressEstate({"berlin": "192.168.0.0/20"})
    assert (
        str(caught.value) == "foreign: berlin must be a list, got the text '192.168.0.0/20'; write ['192.168.0.0/20']"
    )


def test_foreign_networks_must_not_overlap_either() -> None:
    """A route could lead to one of them only."""
    with pytest.raises(AddressError) as caught:
        AddressEstate({"berlin": ["10.0.0.0/8"], "porto": ["10.1.0.0/16"]})
    assert str(caught.value) == ("10.1.0.0/16 of porto overlaps 10.0.0.0/8 of berlin; give one of them another block")


def test_an_estate_shows_itself_as_a_table() -> None:
    """All VPCs, and what each has left; as data, too."""
    estate = AddressEstate()
    for name, number in (("Shop", 20), ("Laboratory", 21)):
        block = IPv4Network(f"10.{number}.0.0/16")
        estate.add(name, plan_vpc(block, [TierRequest(tier="app", prefix=24)], ["a"]))
    assert list(estate.plans) == ["Shop", "Laboratory"]
    assert estate.table() == (
        "vpc         tier  zone  block         usable hosts\n"
        "Shop        app   a     10.20.0.0/24  251\n"
        "Laboratory  app   a     10.21.0.0/24  251\n"
        "Shop, 10.20.0.0/16: 768 addresses reserved for zones to come, 64,512 free\n"
        "Laboratory, 10.21.0.0/16: 768 addresses reserved for zones to come, 64,512 free"
    )


def test_an_estate_is_plain_data_as_well() -> None:
    """The plans by the names of the VPCs, and what belongs to others."""
    estate = AddressEstate(OFFICES)
    plan = plan_vpc(IPv4Network("10.20.0.0/16"), [TierRequest(tier="app", prefix=24)], ["a"])
    estate.add("Shop", plan)
    assert estate.as_dict() == {"vpcs": {"Shop": plan.as_dict()}, "foreign": OFFICES}
