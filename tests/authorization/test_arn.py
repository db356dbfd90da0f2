"""ARNs in Resource elements and in ArnLike.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

import pytest

from constructs_lattice.authorization.arn import arn_is_like, paths_of, resource_matches
from constructs_lattice.authorization.glob import wildcards
from constructs_lattice.model.symbolic import compose
from tests.authorization.lattices import SERVICE

pytestmark = pytest.mark.pure

ORDER = compose((SERVICE, "/orders/1:2"))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", True),
        ("*/orders/*", True),
        ("*/items/*", False),
        ("arn:aws:vpc-lattice:eu-west-1:111111111111:service/*", True),
        ("arn:aws:vpc-lattice:*:111111111111:service/svc-*/orders/1:2", True),
        ("arn:aws:vpc-lattice:*", True),
        ("arn:aws:vpc-lattice:us-*:*:service/*", False),
        ("arn:*:service/*", None),
        ("arn:aws:vpc-lattice:*1:111111111111:service/*", True),
        ("arn:aws:vpc-lattice:eu*111111111111:service/*", None),
        (f"arn:aws:vpc-lattice:eu-west-1:111111111111:service/svc-{'0' * 17}/*", None),
    ],
)
def test_a_resource_is_covered(pattern: str, expected: bool | None) -> None:
    """Wildcards at the end of a component go on behind the colon; what others do there is not documented."""
    assert resource_matches(wildcards(pattern), ORDER).value is expected


def test_a_bare_arn_is_no_path() -> None:
    """LAT-8: https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html#auth-policies-resource-format."""
    assert resource_matches(wildcards(SERVICE), ORDER).value is False
    assert resource_matches(wildcards(SERVICE), SERVICE).value is True
    assert resource_matches(wildcards(compose((SERVICE, "/*"))), ORDER).value is True


def test_an_arn_condition_compares_six_components() -> None:
    """Only a wildcard at the end makes up for components that a pattern lacks."""
    assert arn_is_like(wildcards("*"), SERVICE).value is True
    assert arn_is_like(wildcards("arn:*:*:*:*:*"), SERVICE).value is True
    assert arn_is_like(wildcards("arn:*:*:*:*"), SERVICE).value is True
    assert arn_is_like(wildcards(compose(("*", SERVICE))), SERVICE).value is True
    assert arn_is_like(wildcards(compose(("*:", SERVICE))), SERVICE).value is False
    assert arn_is_like(wildcards("*-west-1:111111111111:service/*"), SERVICE).value is None


@pytest.mark.parametrize("pattern", ["*", "*/orders/*", "*/*:2", "arn:aws:vpc-lattice:*", "arn:*:service/*", "a*:2"])
@pytest.mark.parametrize("path", ["/", "/orders/1:2", "/x:2", "/orders"])
def test_paths_decide_what_a_pattern_says(pattern: str, path: str) -> None:
    """The sets of paths of a pattern tell apart all paths that it treats differently."""
    glob = wildcards(pattern)
    found = {kind: path in language for kind, language in paths_of(glob, SERVICE)}
    truth = resource_matches(glob, compose((SERVICE, path)))
    if not found["perhaps "]:
        assert truth.is_no
    elif found[""] and found.get("strictly ", ":" not in pattern):
        assert truth.is_yes
    else:
        assert truth.is_unknown
