"""Private DNS: four preferences, two of which name domains."""

import aws_cdk as cdk
import pytest

from constructs_lattice import ArgumentError, PrivateDomains
from constructs_lattice.vpc_lattice.private_domains import PrivateDnsPreference


def test_the_four_preferences() -> None:
    """As associations and endpoints take them; domains are left out where there are none."""
    made = [
        PrivateDomains.verified(),
        PrivateDomains.all(),
        PrivateDomains.verified_and_specified("a.example.com"),
        PrivateDomains.specified("*.example.com", "b.example.org."),
    ]
    assert [
        (each.options()["private_dns_preference"], each.options()["private_dns_specified_domains"]) for each in made
    ] == [
        ("VERIFIED_DOMAINS_ONLY", None),
        ("ALL_DOMAINS", None),
        ("VERIFIED_DOMAINS_AND_SPECIFIED_DOMAINS", ["a.example.com"]),
        ("SPECIFIED_DOMAINS_ONLY", ["*.example.com", "b.example.org."]),
    ]


@pytest.mark.parametrize(
    ("domains", "message"),
    [
        ([], "there must be 1 to 10 domains, got 0"),
        ([f"d{n}.example.com" for n in range(11)], "there must be 1 to 10 domains, got 11"),
        (["a*.example.com"], "domain must be a name such as my.example.com or *.example.com, got 'a*.example.com'"),
        (["a..b"], "domain must be a name such as my.example.com or *.example.com, got 'a..b'"),
        (["a" * 256], f"domain must be 1 to 255 characters long, got '{'a' * 256}' (256)"),
        (["a.example.com", "a.example.com"], "domain 'a.example.com' is there 2 times"),
    ],
)
def test_domains_out_of_their_limits_are_refused(domains: list[str], message: str) -> None:
    """One to ten names, each once."""
    with pytest.raises(ArgumentError) as caught:
        PrivateDomains.specified(*domains)
    assert str(caught.value) == f"private domains: {message}"


def test_domains_where_none_are_taken_are_refused() -> None:
    """The preference would not heed them."""
    with pytest.raises(ArgumentError) as caught:
        PrivateDomains(preference=PrivateDnsPreference.ALL_DOMAINS, domains=("a.example.com",))
    assert str(caught.value) == (
        "private domains: ALL_DOMAINS takes no domains, got a.example.com; "
        "use PrivateDomains.specified or PrivateDomains.verified_and_specified"
    )


def test_tokens_pass() -> None:
    """What they are only the deployment knows, be it the same twice."""
    stack = cdk.Stack(cdk.App(), "Shop")
    token = cdk.CfnParameter(stack, "Domain").value_as_string
    assert PrivateDomains.specified(token, token).domains == (token, token)
