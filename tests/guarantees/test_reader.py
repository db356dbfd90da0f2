"""Files of guarantees: read strictly, with a line and a way out for every mistake."""

import contextlib
import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import constructs_lattice.guarantees
from constructs_lattice.errors import GuaranteeError, LatticeError
from constructs_lattice.guarantees import Connection, Request, json_schema, parse_guarantees, read_guarantees

pytestmark = pytest.mark.pure

ENTRY = "  - {id: a, from: internet, to: Shop.Web, port: 443, expect: reachable}\n"
CASES = sorted(Path(__file__).parents[1].glob("*/cases/*/case.yaml"))


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "guarantees.yaml"
    path.write_text(text)
    return path


def test_connections_and_requests_are_told_apart_by_their_keys(tmp_path: Path) -> None:
    """A request has a caller; what is not said has a default."""
    text = f"guarantees:\n{ENTRY}  - {{id: b, caller: {{vpc: S.V}}, request: {{service: S.O}}, expect: {{}}}}\n"
    connection, request = read_guarantees(_file(tmp_path, text)).guarantees
    assert isinstance(connection, Connection)
    assert (connection.from_, connection.protocol, connection.accept_unknown) == ("internet", "tcp", False)
    assert isinstance(request, Request)
    assert (request.caller.principal, request.request.protocol, request.expect.authorized) == (None, "https", "allow")


def _asking(request: str, expect: str) -> str:
    return f"guarantees:\n  - {{id: a, caller: {{vpc: S.V}}, {request}, {expect}}}\n"


MISTAKES = {
    "unknown key": (
        "guarantees:\n  - id: a\n    from: internet\n    to: Shop.Web\n    prot: tcp\n    expect: reachable\n",
        "{path}:2: guarantees[0]: unknown key 'prot', did you mean 'port'?",
    ),
    "unknown key at the top": (
        "guarantee: []\n",
        "{path}:1: unknown key 'guarantee', did you mean 'guarantees'?",
    ),
    "missing key": (
        "guarantees:\n  - id: a\n    to: Shop.Web\n    expect: reachable\n",
        "{path}:2: guarantees[0]: 'from' is missing",
    ),
    "no verdict": (
        "guarantees:\n  - {id: a, from: internet, to: Shop.Web, expect: open}\n",
        "{path}:2: guarantees[0].expect must be 'reachable', 'unreachable' or 'unknown', got 'open'",
    ),
    "port out of range": (
        "guarantees:\n  - {id: a, from: internet, to: Shop.Web, port: 70000, expect: reachable}\n",
        "{path}:2: guarantees[0].port: input should be less than or equal to 65535, got 70000",
    ),
    "port with a ping": (
        "guarantees:\n  - {id: a, from: internet, to: Shop.Web, protocol: icmp, port: 8, expect: reachable}\n",
        "{path}:2: guarantees[0]: a port goes with tcp and udp, not with icmp; leave it out",
    ),
    "a way to what is not reached": (
        "guarantees:\n  - {id: a, from: internet, to: S.Db, expect: unreachable, only_through: S.Firewall}\n",
        "{path}:2: guarantees[0]: only_through is for what is reached, not for what is unreachable; leave it out",
    ),
    "symmetric and unreachable": (
        "guarantees:\n  - {id: a, from: internet, to: Shop.Web, expect: unreachable, symmetric: true}\n",
        "{path}:2: guarantees[0]: symmetric goes with expect: reachable, not with unreachable; leave it out",
    ),
    "one id twice": (
        f"guarantees:\n{ENTRY}{ENTRY}",
        "{path}: guarantee 'a' is there 2 times; give each an id of its own",
    ),
    "a parameter that is none": (
        "parameters: {Stage: {outputs: S.O}}\n",
        "{path}:1: parameters: Stage must be text, a number, a list of them or {{output: Stack.Output}}, "
        "got {{'outputs': 'S.O'}}",
    ),
    "an account that is none": (
        "accounts: {Shop: '1234'}\n",
        "{path}:1: accounts.Shop: string should match pattern '^[0-9]{{12}}$', got '1234'",
    ),
    "a prefix list that nobody knows": (
        "prefix_lists: {pl-1: cloudfront}\n",
        "{path}:1: prefix_lists: pl-1 must be the name of a list that AWS manages, such as "
        "com.amazonaws.eu-west-1.vpc-lattice, or blocks: 'cloudfront' does not appear to be an IPv4 or IPv6 network",
    ),
    "no list": ("guarantees: all\n", "{path}: guarantees must be a list, got str"),
    "deep in a request": (
        "guarantees:\n  - id: a\n    caller: {vpc: S.V}\n    request:\n      servise: S.O\n    expect: {}\n",
        "{path}:4: guarantees[0].request: 'service' is missing\n"
        "{path}:4: guarantees[0].request: unknown key 'servise', did you mean 'service'?",
    ),
    "a denial that is expected of what is allowed": (
        _asking("request: {service: S.O}", "expect: {denied_by: service}"),
        "{path}:2: guarantees[0].expect: denied_by goes with authorized: deny",
    ),
    "a denial that is routed": (
        _asking("request: {service: S.O}", "expect: {authorized: deny, fixed_response: 404}"),
        "{path}:2: guarantees[0].expect: a request that is denied is not routed; leave fixed_response out",
    ),
    "two routes": (
        _asking("request: {service: S.O}", "expect: {routed_to: [], fixed_response: 404}"),
        "{path}:2: guarantees[0].expect: a request is routed to target groups or gets a fixed response; "
        "leave one of them out",
    ),
    "headers of many requests": (
        _asking("request: {service: S.O, path: '*', headers: {a: b}}", "expect: {}"),
        "{path}:2: guarantees[0].request: headers and query go with one request; say its method, path and protocol",
    ),
    "the route of many requests": (
        _asking("request: {service: S.O, method: '*'}", "expect: {fixed_response: 404}"),
        "{path}:2: guarantees[0]: fixed_response goes with one request; say its method, path and protocol",
    ),
    "a caller from nowhere": (
        "guarantees:\n  - {id: a, caller: {principal: S.R}, request: {service: S.O}, expect: {}}\n",
        "{path}:2: guarantees[0].caller: a caller needs a vpc, or from: what calls",
    ),
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    """File, line, key, value, and what to write instead."""
    path = _file(tmp_path, text)
    with pytest.raises(GuaranteeError) as caught:
        read_guarantees(path)
    assert str(caught.value) == message.format(path=path)


def test_the_schema_that_is_shipped_is_up_to_date() -> None:
    """Editors complete and check files by it."""
    shipped = Path(constructs_lattice.guarantees.__file__).parent / "guarantees.schema.json"
    assert shipped.read_text() == json_schema()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_the_documented_cases_are_as_the_schema_says(path: Path) -> None:
    """They have the same format."""
    jsonschema.validate(yaml.safe_load(path.read_text()), json.loads(json_schema()))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["internet", "reachable", "tcp"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "from", "to", "port", "expect", "protocol", "caller", "request", "x"]), inner
        )
    ),
    max_leaves=12,
)


@given(entries=JSON)
def test_whatever_is_in_a_file_is_read_or_refused(entries: object) -> None:
    """Never anything but an error of ours."""
    with contextlib.suppress(LatticeError):
        found = parse_guarantees({"guarantees": entries}, Path("g.yaml"))
        assert isinstance(entries, list)
        assert len(found.guarantees) == len(entries)
