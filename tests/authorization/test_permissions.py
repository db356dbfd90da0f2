"""Everything that a principal may call, and everybody who may call a service."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from constructs_lattice.authorization import Access, Caller, Permission
from constructs_lattice.errors import ArgumentError
from constructs_lattice.model.lattice import ListenerProtocol
from constructs_lattice.model.symbolic import compose
from constructs_lattice.model.unknown import Unknown
from tests.authorization.estates import authorizers
from tests.authorization.lattices import ALLOW_ALL, ALLOW_ALL_OF_ROLE, ANONYMOUS, LISTENER, ROLE, SERVICE, WEB, Estate

pytestmark = pytest.mark.pure

CASES = Path(__file__).parent / "cases"
KEY = "vpc-lattice-svcs:"


def lines(estate: Estate, caller: Caller = ANONYMOUS) -> list[str]:
    """What a caller may call, without what is the same on every line."""
    found = [str(each) for each in estate.authorizer().permissions(caller).permissions]
    where = f"{caller.principal} from S.Vpc: "
    return [line.replace(where, "").replace(" of S.Api (http 80)", "") for line in found]


def allow(resource: Any, **condition: Any) -> dict[str, Any]:
    return {**ALLOW_ALL, "Resource": resource, **({"Condition": condition} if condition else {})}


def test_cases_agree_or_nobody_knows() -> None:
    """What holds in some cases only is not certain; nor is whether others may call."""
    every, orders = (estate.authorizer().callers("S.Api") for estate in (Estate(), Estate(service=[allow("*/orders")])))
    assert Access.across([("a", every), ("b", every)]) == every
    found = Access.across([("Stage is prod", every), ("Stage is not prod", orders)])
    assert {
        (each.paths, each.is_certain, each.reasons) for each in found.permissions if each.principal == "anonymous"
    } == {
        ((), False, ("only if Stage is prod",)),
        (("*/orders",), False, ("only if Stage is not prod",)),
    }
    assert found.others is not None
    assert not any(each.is_certain for each in found.others)
    assert found.of_service("S.Other") == Access(permissions=(), others=())


def test_everything_and_nothing() -> None:
    """Where nobody is asked, and where nobody may."""
    assert lines(Estate()) == ["any method any path"]
    assert lines(Estate(service=[])) == []
    assert str(Estate(service=[]).authorizer().permissions(ANONYMOUS)) == "nothing"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow("*", StringEquals={f"{KEY}RequestMethod": ["GET", "HEAD"]})], ["GET, HEAD any path"]),
        ([allow("*", StringNotEquals={f"{KEY}RequestMethod": "GET"})], ["any method except GET any path"]),
        ([allow(compose((SERVICE, "/orders/*")))], ["any method /orders/*"]),
        ([allow(["*/orders/*", "*/items/*"])], ["any method */orders/* and */items/*"]),
        (
            [allow("*"), {**ALLOW_ALL, "Effect": "Deny", "Resource": "*/admin/*"}],
            ["any method any path except */admin/*"],
        ),
        (
            [allow(compose((SERVICE, "/a/*"))), {**ALLOW_ALL, "Effect": "Deny", "Resource": "*/secret"}],
            ["any method /a/* except */secret"],
        ),
        (
            [
                allow(compose((SERVICE, "/orders/*")), StringEquals={f"{KEY}RequestMethod": "GET"}),
                allow(compose((SERVICE, "/items/*")), StringEquals={f"{KEY}RequestMethod": "PUT"}),
            ],
            ["GET /orders/*", "PUT /items/*"],
        ),
        (
            [allow("*", StringLike={f"{KEY}RequestHeader/x-stage": "beta*"})],
            ["any method any path, with x-stage beta*"],
        ),
        (
            [allow("*", StringNotEquals={f"{KEY}RequestHeader/x-stage": "beta"})],
            ["any method any path, with x-stage anything except beta or none"],
        ),
        (
            [allow("*", Null={f"{KEY}RequestHeader/x-stage": "true"})],
            [
                "any method any path, with no x-stage",
                "perhaps any method any path, with x-stage '': "
                "whether vpc-lattice-svcs:RequestHeader/x-stage counts as null when it is empty is not documented",
            ],
        ),
        (
            [allow("*", **{"ForAnyValue:StringEquals": {f"{KEY}RequestQueryString/env": ["dev", "test"]}})],
            ["any method any path, with ?env dev or test"],
        ),
        ([allow("*", NumericEquals={f"{KEY}Port": "443"})], []),
        ([allow(SERVICE)], []),
        (
            [allow("*", StringEqualsIgnoreCase={f"{KEY}RequestMethod": "get"})],
            ["get in any case any path"],
        ),
    ],
)
def test_a_policy_in_few_words(statements: list[Any], expected: list[str]) -> None:
    """Methods, paths, headers and query keys."""
    assert lines(Estate(service=statements)) == expected


def test_all_levels_are_intersected() -> None:
    """The caller's own policies, the network's and the service's."""
    estate = Estate(
        identity=[{**ALLOW_ALL_OF_ROLE, "Resource": "*/orders/*"}],
        network=[allow("*", StringEquals={f"{KEY}RequestMethod": "GET"})],
        service=[{**allow("*"), "Principal": {"AWS": ROLE}}],
    )
    assert lines(estate, WEB) == ["GET */orders/*"]
    assert lines(estate) == []


def test_what_nobody_knows_is_marked() -> None:
    """With the reasons; what is certain comes first."""
    estate = Estate(service=[allow("*/open"), allow(Unknown("it is a parameter"))])
    assert lines(estate) == [
        "any method */open",
        "perhaps any method any path except */open: it is a parameter",
    ]
    number = Estate(service=[allow("*", NumericLessThan={f"{KEY}RequestHeader/x-size": "10"})])
    assert lines(number) == [
        "perhaps any method any path: it depends on vpc-lattice-svcs:RequestHeader/x-size, "
        "which is not only compared with patterns"
    ]
    twisted = Estate(service=[allow("*/${vpc-lattice-svcs:RequestMethod}")])
    assert lines(twisted)[0].startswith("perhaps any method ")


def test_ports_with_the_same_permissions_share_a_line() -> None:
    """Others have their own; what passes through is a connection."""
    https = replace(LISTENER, id="S.Https", protocol=ListenerProtocol.HTTPS, port=443)
    tls = replace(LISTENER, id="S.Tls", protocol=ListenerProtocol.TLS_PASSTHROUGH, port=8443)
    odd = replace(LISTENER, id="S.Odd", port=Unknown("it is a parameter"))
    open_ = Estate(listeners=(LISTENER, https, tls, odd)).authorizer()
    assert [str(each) for each in open_.permissions(ANONYMOUS).permissions] == [
        "anonymous from S.Vpc: any method any path of S.Api (http 80, https 443)",
        "anonymous from S.Vpc: connections of S.Api (tls 8443)",
        "perhaps anonymous from S.Vpc: any method any path of S.Api (S.Odd): it is a parameter",
    ]
    asked = Estate(service=[allow("*", NumericEquals={f"{KEY}Port": "443"})], listeners=(LISTENER, https))
    assert [each.ports for each in asked.authorizer().permissions(ANONYMOUS).permissions] == [("https 443",)]


def test_too_many_combinations_are_not_listed() -> None:
    """They are unknown, and said to be."""
    headers = {f"{KEY}RequestHeader/x-{i}": "a" for i in range(9)}
    (line,) = lines(Estate(service=[allow("*", StringEquals=headers)]))
    assert line == "perhaps any method any path: the policies tell too many requests apart to list them"


def test_who_may_call_a_service() -> None:
    """Roles by their names, and whether anybody else may."""
    authorizer = authorizers(CASES / "003-three-layers" / "case.yaml")[0][1]
    assert str(authorizer.callers("Shop.Orders")) == (
        "Shop.WebRole from Shop.Vpc: any method any path of Shop.Orders (https 443)\nnobody else"
    )
    open_ = authorizers(CASES / "008-request-method" / "case.yaml")[0][1]
    assert str(open_.callers("D.Docs")) == (
        "anonymous from D.Vpc: GET, HEAD any path of D.Docs (http 80)\n"
        "perhaps anybody else from D.Vpc: GET, HEAD any path of D.Docs (http 80): "
        "the templates do not have the identity policies of anybody else"
    )


def test_principals_that_the_policies_name() -> None:
    """They are asked about by their ARNs, even if they are not of the templates."""
    authorizer = authorizers(CASES / "104-identities" / "case.yaml")[0][1]
    found = [each.principal for each in authorizer.callers("I.Api").permissions]
    assert "arn:aws:iam::222222222222:role/partner" in found
    assert "I.Function" not in found
    assert "anonymous" not in found


def test_what_a_principal_may_call_from_anywhere() -> None:
    """VPCs from which it is the same are put together; others have their own lines."""
    authorizer = authorizers(CASES / "101-endpoints" / "case.yaml")[0][1]
    found = authorizer.permissions_anywhere("anonymous").permissions
    assert [(each.vpcs, each.is_certain) for each in found] == [
        (("N.Near", "N.Hub", "Open.Vpc"), True),
        (("N.Spoke",), False),
        (("Closed.Vpc",), False),
    ]
    strict = authorizers(CASES / "014-association-security-group" / "case.yaml")[0][1]
    assert [str(each) for each in strict.permissions_anywhere("anonymous").permissions] == [
        "anonymous from M.Guarded: any method any path of M.Mail (https 443)",
        "anonymous from M.Unguarded: any method any path of M.Mail (http 80, https 443)",
    ]


def test_where_a_request_comes_from_matters() -> None:
    """To policies that ask for the VPC."""
    authorizer = authorizers(CASES / "105-tls" / "case.yaml")[0][1]
    assert [each.service for each in authorizer.permissions_anywhere("anonymous").permissions] == ["T.Db"]


def test_names_are_checked() -> None:
    """As for single requests."""
    authorizer = Estate().authorizer()
    with pytest.raises(ArgumentError) as caught:
        authorizer.callers("S.Ap")
    assert str(caught.value) == "there is no service 'S.Ap', did you mean 'S.Api'?"
    with pytest.raises(ArgumentError) as caught:
        authorizer.permissions(Caller(vpc="onprem"))
    assert str(caught.value) == "caller: vpc must be a VPC for many requests at once, got 'onprem'"


def test_a_permission_is_a_value() -> None:
    """Everything that a line says can be read off."""
    (found,) = Estate(service=[allow("*/a")]).authorizer().permissions(ANONYMOUS).permissions
    assert found == Permission(
        principal="anonymous",
        vpcs=("S.Vpc",),
        service="S.Api",
        service_network="S.Mesh",
        ports=("http 80",),
        paths=("*/a",),
    )
