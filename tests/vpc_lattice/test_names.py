"""Names: CloudFormation's limits, one set for each kind of resource."""

import aws_cdk as cdk
import pytest

from constructs_lattice import ArgumentError
from constructs_lattice.vpc_lattice.names import Named, check_name, make_name

RULE = "be lower-case letters, digits and single hyphens, beginning and ending with a letter or a digit"
LIMITS = [
    (Named.SERVICE_NETWORK, 63, "servicenetwork-"),
    (Named.SERVICE, 40, "svc-"),
    (Named.LISTENER, 63, "listener-"),
    (Named.RULE, 63, "rule-"),
    (Named.TARGET_GROUP, 128, "tg-"),
    (Named.RESOURCE_GATEWAY, 40, "rgw-"),
    (Named.RESOURCE_CONFIGURATION, 40, "rcfg-"),
]


def test_every_kind_is_tested() -> None:
    """A kind that is added has its limits written down here, too."""
    assert [named for named, _, _ in LIMITS] == list(Named)


@pytest.mark.parametrize(("named", "most", "prefix"), LIMITS)
def test_the_shortest_and_the_longest_name_pass(named: Named, most: int, prefix: str) -> None:
    """The limits themselves are within the limits."""
    check_name("Shop/X", "name", "a-1", named)
    check_name("Shop/X", "name", "a" * most, named)
    check_name("Shop/X", "name", f"my-{prefix}x", named)


@pytest.mark.parametrize(("named", "most", "prefix"), LIMITS)
def test_a_name_beyond_the_limits_of_its_kind_is_refused(named: Named, most: int, prefix: str) -> None:
    """Too short, too long, or the beginning that ids of this kind have."""
    for name, message in (
        ("ab", f"must be 3 to {most} characters long, got 'ab' (2)"),
        ("a" * (most + 1), f"must be 3 to {most} characters long, got '{'a' * (most + 1)}' ({most + 1})"),
        (f"{prefix}x", f"must not begin with {prefix!r}, which ids do, got '{prefix}x'"),
    ):
        with pytest.raises(ArgumentError) as caught:
            check_name("Shop/X", "name", name, named)
        assert str(caught.value) == f"Shop/X: name {message}"


@pytest.mark.parametrize(
    "name", ["Orders", "-orders", "orders-", "or--ders", "or_ders", "or.ders", "orders\n", "örder"]
)
def test_a_name_of_other_characters_is_refused(name: str) -> None:
    """Upper case, hyphens at the ends or in a row, and everything that is no letter, digit or hyphen."""
    with pytest.raises(ArgumentError) as caught:
        check_name("Shop/X", "service_name", name, Named.SERVICE)
    assert str(caught.value) == f"Shop/X: service_name must {RULE}, got {name!r}"


@pytest.mark.parametrize("named", list(Named))
def test_no_name_and_tokens_pass(named: Named) -> None:
    """CloudFormation makes the one, and the deployment knows the others, which may be part of a text."""
    check_name("Shop/X", "name", None, named)
    check_name("Shop/X", "name", cdk.Aws.STACK_NAME, named)
    check_name("Shop/X", "name", f"{cdk.Aws.STACK_NAME}-Orders", named)


@pytest.mark.parametrize("named", [Named.RESOURCE_GATEWAY, Named.RESOURCE_CONFIGURATION])
@pytest.mark.parametrize(
    "path",
    ["Shop/Gateway", "rgw/rcfg", f"Shop/{'x' * 60}", "Über/Ünï", "-", f"{'A' * 50}/DatabaseGateway", "a/B-C--d/"],
)
def test_a_name_that_is_made_is_within_the_limits(named: Named, path: str) -> None:
    """Whatever the path is."""
    check_name("Shop/X", "name", make_name(named, path, ["vpc"]), named)


def test_a_name_that_is_made_can_be_read() -> None:
    """It is the end of the path, in words."""
    assert make_name(Named.RESOURCE_GATEWAY, "Shop/DatabaseGateway", []).startswith("shop-database-gateway-")
    long = make_name(Named.RESOURCE_GATEWAY, "Production/Estate/Payments/DatabaseGateway", [])
    assert long.startswith("payments-database-gateway-")


def test_a_name_that_is_made_tells_apart() -> None:
    """Two paths, and two identities at one path, have two names; the same twice has one."""
    names = {
        make_name(Named.RESOURCE_GATEWAY, path, identity)
        for path in ("Shop/Gateway", "shop/gateway")
        for identity in (["a"], ["b"], [{"Ref": "a"}])
    }
    assert len(names) == 6
    assert make_name(Named.RESOURCE_GATEWAY, "Shop/Gateway", ["a"]) in names
