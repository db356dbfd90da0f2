"""The Principal and NotPrincipal elements.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from dataclasses import replace

import pytest

from constructs_lattice.authorization.principal import SOMEBODY
from constructs_lattice.authorization.principals import PrincipalElement
from constructs_lattice.authorization.signer import ANONYMOUS, Signer, SignerKind
from constructs_lattice.model.symbolic import Generated, SymbolicText, compose
from constructs_lattice.model.unknown import Unknown

pytestmark = pytest.mark.pure

ROLE = Signer(
    kind=SignerKind.ROLE,
    arn="arn:aws:iam::111111111111:role/app/web",
    account="111111111111",
    root_arn="arn:aws:iam::111111111111:root",
    session="arn:aws:sts::111111111111:assumed-role/web/",
)
USER = replace(ROLE, kind=SignerKind.USER, arn="arn:aws:iam::111111111111:user/web", session="")
ROOT = replace(ROLE, kind=SignerKind.ROOT, arn="arn:aws:iam::111111111111:root", session="")


def covers(signer: Signer, *entries: SymbolicText, kind: str = "AWS", negated: bool = False) -> bool | None:
    """Whether an element that lists these is about a principal."""
    return PrincipalElement(listed=tuple((kind, each) for each in entries), is_negated=negated).covers(signer).value


@pytest.mark.parametrize(
    ("entry", "anonymous", "role", "user", "somebody"),
    [
        ("*", True, True, True, True),
        ("111111111111", False, True, True, None),
        ("arn:aws:iam::111111111111:root", False, True, True, None),
        ("arn:aws:iam::222222222222:root", False, False, False, None),
        ("arn:aws:iam::111111111111:role/app/web", False, True, False, False),
        ("arn:aws:iam::111111111111:role/web", False, False, False, False),
        ("arn:aws:iam::111111111111:user/web", False, False, True, False),
        ("arn:aws:iam::111111111111:user/Web", False, False, False, False),
        ("arn:aws:sts::111111111111:assumed-role/web/i-0", False, None, False, False),
        ("arn:aws:sts::111111111111:assumed-role/other/i-0", False, False, False, False),
        ("arn:aws:iam::111111111111:role/*", False, None, False, False),
        ("arn:aws:iam::222222222222:role/*", False, False, False, False),
        ("AROAEXAMPLEID", False, None, None, False),
        (Unknown("it is a parameter"), None, None, None, None),
    ],
)
def test_who_is_listed(
    entry: SymbolicText, anonymous: bool | None, role: bool | None, user: bool | None, somebody: bool | None
) -> None:
    """By the account, by the ARN with its path; wildcards stand for everybody or are refused."""
    signers = (ANONYMOUS, ROLE, USER, SOMEBODY.signer)
    assert [covers(each, entry) for each in signers] == [anonymous, role, user, somebody]


def test_other_kinds_of_principals() -> None:
    """Services and identity providers do not sign requests themselves; others are not documented."""
    assert covers(ROLE, "ec2.amazonaws.com", kind="Service") is False
    assert covers(ROLE, "accounts.google.com", kind="Federated") is False
    assert covers(ROLE, "79a59df900b949e55d96a1e698fbaced", kind="CanonicalUser") is None
    assert covers(ROOT, "arn:aws:iam::111111111111:root") is True


def test_a_role_of_the_templates_without_a_name() -> None:
    """It is what the templates refer to, and may be a role that is written out with a name that fits."""
    name = compose(
        (
            Generated(name="S.Web.Prefix", kind="role prefix", alphabet=frozenset("Sweb-"), least=1, most=9),
            "-",
            Generated(name="S.Web.Suffix", kind="role", least=10, most=13),
        )
    )
    signer = replace(ROLE, arn=compose(("arn:aws:iam::111111111111:role/", name)), session="")
    assert covers(signer, signer.arn) is True
    assert covers(signer, "arn:aws:iam::111111111111:role/partner") is False
    assert covers(signer, "arn:aws:iam::111111111111:role/S-web-abcdefghijk1") is None


def test_not_principal_is_about_everybody_else() -> None:
    """Both the account and the principal have to be listed to be left out."""
    account = "111111111111"
    assert covers(ANONYMOUS, ROLE.arn, account, negated=True) is True
    assert covers(ANONYMOUS, "*", negated=True) is False
    assert covers(ROLE, "*", negated=True) is False
    assert covers(ROLE, ROLE.arn, account, negated=True) is False
    assert covers(ROLE, ROLE.arn, negated=True) is None
    assert covers(ROLE, account, negated=True) is None
    assert covers(ROLE, USER.arn, "222222222222", negated=True) is True
    assert covers(ROLE, Unknown("it is a parameter"), negated=True) is None


def test_not_principal_denies_whoever_has_a_boundary() -> None:
    """Listed or not; unknown where nobody knows whether there is one."""
    account = "111111111111"
    assert covers(replace(ROLE, has_boundary=True), ROLE.arn, account, negated=True) is True
    assert covers(replace(ROLE, has_boundary=None), ROLE.arn, account, negated=True) is None
    assert covers(replace(ROLE, has_boundary=None), USER.arn, negated=True) is True
