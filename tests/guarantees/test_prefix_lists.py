"""Prefix lists that the templates have by their ids only: what a file says of them."""

from pathlib import Path

import pytest
import yaml

from constructs_lattice.cli.__main__ import main
from constructs_lattice.errors import GuaranteeError
from constructs_lattice.guarantees import Checker, Connection, Request, read_guarantees
from constructs_lattice.guarantees.prefix_lists import Content, prefix_lists_of
from constructs_lattice.model.block import DYNAMODB, LATTICE, S3
from constructs_lattice.templates import load
from constructs_lattice.testing import Network

pytestmark = pytest.mark.pure

TEMPLATE = Path(__file__).parent / "prefix_lists" / "template.yaml"
CLIENTS = {"pl-0cccccccccccccccc": "10.10.0.0/16"}
NAME = "com.amazonaws.eu-west-1.vpc-lattice"


def _verdict(source: str, to: str, contents: dict[str, Content]) -> object:
    question = {"id": "q", "from": f"template.{source}", "to": f"template.{to}", "port": 443, "expect": "reachable"}
    checker = Checker(load(TEMPLATE), prefix_lists=prefix_lists_of(CLIENTS | contents))
    return checker.check_one(Connection.model_validate(question)).verdict


def test_a_list_of_vpc_lattice_lets_clients_out() -> None:
    """Without its name, nobody knows what is in a list."""
    assert _verdict("Client", "Api", {}) == "unknown"
    assert _verdict("Client", "Api", {"pl-0aaaaaaaaaaaaaaaa": NAME}) == "reachable"
    assert _verdict("Client", "Api", {"pl-0aaaaaaaaaaaaaaaa": "com.amazonaws.eu-west-1.s3"}) == "unreachable"
    assert _verdict("Client", "Api", {"pl-0aaaaaaaaaaaaaaaa": "com.amazonaws.eu-west-1.ipv6.vpc-lattice"}) == (
        "unreachable"
    )


def test_blocks_are_taken_as_they_are() -> None:
    """One, or several."""
    assert _verdict("Client", "Server", {}) == "unknown"
    assert _verdict("Client", "Server", {"pl-0bbbbbbbbbbbbbbbb": "10.10.0.0/16"}) == "unknown"
    both: dict[str, Content] = {
        "pl-0aaaaaaaaaaaaaaaa": "10.10.0.0/16",
        "pl-0bbbbbbbbbbbbbbbb": ["10.9.0.0/16", "10.10.0.0/16"],
    }
    assert _verdict("Client", "Server", both) == "reachable"
    assert _verdict("Client", "Server", {**both, "pl-0bbbbbbbbbbbbbbbb": ["10.9.0.0/16"]}) == "unreachable"


def test_a_list_of_another_service_stays_unknown() -> None:
    """AWS manages many; of these three the addresses are told apart."""
    lists = prefix_lists_of({"pl-1": "com.amazonaws.global.cloudfront.origin-facing"})
    assert [each.reason for each in lists[0].doubts] == [
        "the entries of com.amazonaws.global.cloudfront.origin-facing are not known"
    ]


@pytest.mark.parametrize(
    ("service", "ranges"),
    [("s3", S3), ("dynamodb", DYNAMODB), ("vpc-lattice", LATTICE)],
    ids=lambda each: str(each)[:9],
)
def test_lists_of_services_stand_for_their_addresses(service: str, ranges: dict[int, object]) -> None:
    """Those that everything else knows them by, over IPv4 and IPv6."""
    lists = prefix_lists_of(
        {"pl-4": f"com.amazonaws.eu-west-1.{service}", "pl-6": f"com.amazonaws.eu-west-1.ipv6.{service}"}
    )
    assert [tuple(each.ranges[0] for each in found.entries) for found in lists] == [ranges[4], ranges[6]]


def test_associations_admit_the_blocks_of_lists() -> None:
    """VPC Lattice's own addresses are none of clients, and a request from one stays unknown."""
    content = {"id": "r", "caller": {"vpc": "template.Vpc"}, "request": {"service": "template.Api"}, "expect": {}}
    request = Request.model_validate(content)
    answers = {
        str(contents): Checker(load(TEMPLATE), prefix_lists=prefix_lists_of(contents)).requests.ask(request).to_dict()
        for contents in (
            {},
            {"pl-0cccccccccccccccc": NAME},
            {"pl-0cccccccccccccccc": "10.10.0.0/16"},
            {"pl-0cccccccccccccccc": "10.9.0.0/16"},
        )
    }
    assert [answer["authorized"] for answer in answers.values()] == ["unknown", "unknown", "allow", "deny"]


def test_files_say_what_is_in_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of guarantees, and a target that has stacks; the target's own count for every command."""
    guarantee = "  - {id: out, from: template.Client, to: template.Api, port: 443, expect: reachable}\n"
    file = tmp_path / "guarantees.yaml"
    file.write_text(f"guarantees:\n{guarantee}")
    assert main(["check", str(TEMPLATE), "--guarantees", str(file)]) == 1
    lists = f"prefix_lists: {{pl-0aaaaaaaaaaaaaaaa: {NAME}, pl-0cccccccccccccccc: 10.10.0.0/16}}\n"
    file.write_text(f"{lists}guarantees:\n{guarantee}")
    assert main(["check", str(TEMPLATE), "--guarantees", str(file)]) == 0
    target = tmp_path / "target.yaml"
    target.write_text(f"stacks: [{{name: template, template: {TEMPLATE}}}]\n{lists}")
    capsys.readouterr()
    assert main(["trace", str(target), "--from", "template.Client", "--to", "template.Api", "--port", "443"]) == 0
    assert capsys.readouterr().out.startswith("reachable")


def test_tests_say_what_is_in_lists() -> None:
    """In the same way."""
    network = Network.from_target(TEMPLATE, prefix_lists={"pl-0aaaaaaaaaaaaaaaa": NAME, **CLIENTS})
    network.assert_reachable("template.Client", to="template.Api", port=443)


BAD = {
    "no id": (
        {"LatticeList": NAME},
        "prefix_lists: the id of a prefix list begins with pl-, got 'LatticeList'",
    ),
    "no name": (
        {"pl-1": "vpc-lattice"},
        "prefix_lists: pl-1 must be the name of a list that AWS manages, such as com.amazonaws.eu-west-1.vpc-lattice, "
        "or blocks: 'vpc-lattice' does not appear to be an IPv4 or IPv6 network",
    ),
    "bits behind the prefix": (
        {"pl-1": ["10.0.0.1/16"]},
        "prefix_lists: pl-1 must be the name of a list that AWS manages, such as com.amazonaws.eu-west-1.vpc-lattice, "
        "or blocks: 10.0.0.1/16 has host bits set",
    ),
}


@pytest.mark.parametrize(("contents", "message"), BAD.values(), ids=BAD)
def test_what_is_neither_is_told(contents: dict[str, object], message: str, tmp_path: Path) -> None:
    """With the place in the file."""
    file = tmp_path / "guarantees.yaml"
    file.write_text(yaml.safe_dump({"prefix_lists": contents}))
    with pytest.raises(GuaranteeError) as caught:
        read_guarantees(file)
    assert str(caught.value) == f"{file}:1: {message}"
