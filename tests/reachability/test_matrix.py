"""All pairs at once say the same as pair by pair."""

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from benchmarks.estates import estate
from constructs_lattice.model.network import Network
from constructs_lattice.model.ranges import intersect
from constructs_lattice.reachability import Owner, Protocol, Reachability, Verdict
from constructs_lattice.reachability.flow import TCP, UDP
from constructs_lattice.reachability.matrix import Matrix
from constructs_lattice.reachability.ports import port_ranges
from constructs_lattice.templates import load
from constructs_lattice.templates.network import read_network
from tests.scenarios.scenario import read_scenario

pytestmark = pytest.mark.pure

CASES = sorted((Path(__file__).parent / "cases").glob("*/case.yaml"))
SCENARIOS = sorted((Path(__file__).parent.parent / "scenarios").glob("*.yaml"))


def _verdicts(matrix: Matrix, network: Network, pair: tuple[str, str]) -> list[Verdict]:
    """What the matrix says of a pair, for each range of ports that is treated alike."""
    found = matrix.reach.get(pair)
    verdicts = []
    for low, _ in port_ranges([network]):
        point = ((low, low),)
        if found is not None and intersect(found.open, point):
            verdicts.append(Verdict.REACHABLE)
        elif found is not None and intersect(found.unsure, point):
            verdicts.append(Verdict.UNKNOWN)
        else:
            verdicts.append(Verdict.UNREACHABLE)
    return verdicts


def _asked(reachability: Reachability, pair: tuple[str, str], protocol: Protocol) -> list[Verdict]:
    source, target = (Owner(each, (each,)) for each in pair)
    ranges = port_ranges([reachability.network])
    return [reachability.ask(source, target, protocol, low).verdict for low, _ in ranges]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
@pytest.mark.parametrize(("number", "protocol"), [(TCP, Protocol.TCP), (UDP, Protocol.UDP)], ids=["tcp", "udp"])
def test_the_matrix_agrees_with_the_questions(path: Path, number: int, protocol: Protocol) -> None:
    """For every pair of classes of every documented case, at every port that makes a difference."""
    for case in load(path).cases():
        network = read_network(case.estate)
        matrix, reachability = Matrix(network, number), Reachability(network)
        for pair in _pairs(matrix):
            assert _verdicts(matrix, network, pair) == _asked(reachability, pair, protocol), pair


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_matrix_agrees_with_scenarios(path: Path, tmp_path: Path) -> None:
    """For every pair of classes that speak IPv4 only; where there are many, of one stack."""
    for case in read_scenario(path).loaded(tmp_path).cases():
        network = read_network(case.estate)
        matrix, reachability = Matrix(network), Reachability(network)
        for pair in _pairs(matrix):
            are_apart = pair[0].partition(".")[0] != pair[1].partition(".")[0]
            if any(matrix.classes[each][0].ipv6 for each in pair) or (are_apart and len(matrix.classes) > _MANY):
                continue
            assert _verdicts(matrix, network, pair) == _asked(reachability, pair, Protocol.TCP), pair


# What takes or opens connections by rules of its own: a question about it is more than one about its interface.
_MANY = 50
_TAKING, _OPENING = ("load balancer", "VPC endpoint"), ("load balancer", "VPC endpoint", "NAT gateway", "function")


def _pairs(matrix: Matrix) -> Iterator[tuple[str, str]]:
    kinds = {id_: members[0].kind.value for id_, members in matrix.classes.items()}
    for one, other in permutations(kinds, 2):
        if kinds[one] not in _OPENING and kinds[other] not in _TAKING:
            yield one, other


def test_a_synthetic_estate_is_as_it_was_made(tmp_path: Path) -> None:
    """The tiers of a VPC are chained; segments are apart from each other."""
    import json  # noqa: PLC0415

    path = tmp_path / "estate.json"
    path.write_text(json.dumps(estate(4, 2, subnets=10)))
    (case,) = load(path).cases()
    reach = Matrix(read_network(case.estate)).reach

    def opened(source: str, target: str) -> object:
        found = reach.get((f"estate.{source}Host", f"estate.{target}Host"))
        return None if found is None else found.open

    assert opened("Vpc0Subnet0", "Vpc0Subnet3") == ((8080, 8080),)
    assert opened("Vpc0Subnet3", "Vpc0Subnet6") == ((5432, 5432),)
    assert opened("Vpc0Subnet0", "Vpc0Subnet6") is None
    assert opened("Vpc0Subnet6", "Vpc2Subnet0") == ((443, 443),)
    assert opened("Vpc0Subnet0", "Vpc1Subnet0") is None


def test_a_matrix_is_of_protocols_with_ports() -> None:
    """A ping has none."""
    with pytest.raises(ValueError, match="a matrix is of TCP or UDP, got protocol 1"):
        Matrix(Network(), 1)
