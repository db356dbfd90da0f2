"""The process that builds networks and probes them: `python -m tests.lab.witness`, a line of JSON for each request.

It knows nothing of the analyser. When it ends, or whoever started it, everything that it made is gone.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from tests.lab.building import Building
from tests.lab.namespaces import LabUnavailableError, become_alone, run
from tests.lab.probing import SERVED, Probe, Prober
from tests.lab.reading import read
from tests.lab.wiring import INTERNET_HOSTS
from tests.lab.worlds import World, client_ports, with_nat_ports, worlds

__all__ = ["Witness"]

_SERVED = {port for ports in SERVED.values() for port in ports}
_PATIENCE, _MUCH_PATIENCE = 0.25, 1.5
_MOST_NAMESAKES = 4

Question = tuple[str, str, str, int]
"""Who asks, who is asked, the protocol, and the port."""


class Witness:
    """Some networks that stand, and what is asked about each."""

    def __init__(self, templates: Iterable[Any], questions: Iterable[list[Question]]) -> None:
        self._buildings = [Building(read(each)) for each in templates]
        self._questions = list(questions)
        self._round = 0
        run(job for each in self._buildings for job in each.cabling())
        run(job for each in self._buildings for job in each.furnishing())
        self._prober = Prober(self._buildings)

    def close(self) -> None:
        """Let everything go."""
        self._prober.close()
        for each in self._buildings:
            each.close()

    def observe(self) -> list[list[str]]:
        """What comes of all questions, in all worlds."""
        everything = {
            network: list(range(len(questions))) for network, questions in enumerate(self._questions) if questions
        }
        return self._through(everything, {each: worlds(self._buildings[each].facts) for each in everything}, _PATIENCE)

    def observe_again(self, pairs: list[tuple[int, int]]) -> list[str]:
        """What comes of some questions, with much patience, and with all ports that NAT gateways may use."""
        asked: dict[int, list[int]] = {}
        for network, question in pairs:
            asked.setdefault(network, []).append(question)
        found = self._through(
            asked,
            {each: with_nat_ports(self._buildings[each].facts, worlds(self._buildings[each].facts)) for each in asked},
            _MUCH_PATIENCE,
        )
        places = {(network, question): n for network in asked for n, question in enumerate(asked[network])}
        return [found[network][places[network, question]] for network, question in pairs]

    def _through(self, asked: dict[int, list[int]], ways: dict[int, list[World]], patience: float) -> list[list[str]]:
        """One world of each network after the other: for each question, a digit for every connection tried."""
        found = [[""] * len(asked.get(network, ())) for network in range(len(self._buildings))]
        for turn in range(max((len(each) for each in ways.values()), default=0)):
            there = [network for network in asked if turn < len(ways[network])]
            run(job for network in there for job in self._buildings[network].become(ways[network][turn]))
            places: list[tuple[int, int]] = []
            probes: list[Probe] = []
            for network in there:
                for place, question in enumerate(asked[network]):
                    for probe in self._probes(network, self._questions[network][question]):
                        places.append((network, place))
                        probes.append(probe)
            self._round += 1
            for (network, place), passed in zip(places, self._prober.probe(probes, patience), strict=True):
                found[network][place] += "1" if passed else "0"
        return found

    def _probes(self, network: int, question: Question) -> Iterator[Probe]:
        building = self._buildings[network]
        source, target, protocol, port = question
        if protocol == "icmp":
            yield Probe(building, source, target, protocol, 0, 0)
            return
        turn = self._round * _MOST_NAMESAKES + _namesakes(building, target)
        for low, high in client_ports(building.facts):
            yield Probe(building, source, target, protocol, _client_port(low, high, turn), port)


def _namesakes(building: Building, name: str) -> int:
    """How many others before this one have its address: in VPCs that overlap."""
    if name in INTERNET_HOSTS:
        return 0
    own = building.facts.port(name)
    same = [each.id for each in building.facts.ports.values() if each.address == own.address]
    return same.index(own.id)


@cache
def _client_port(low: int, high: int, turn: int) -> int:
    """Another one in each turn, from both ends of the range: what was open before must not open this one."""
    pairs = zip(range(low, high), range(high, low, -1), strict=True)
    ports = (each for pair in pairs for each in pair if each not in _SERVED)
    return next(islice(ports, turn, None))


def _main() -> None:
    try:
        become_alone()
    except LabUnavailableError as error:
        print(json.dumps({"unavailable": str(error)}), flush=True)
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(json.dumps({"ready": True}), flush=True)
    witness: Witness | None = None
    for line in sys.stdin:
        request = json.loads(line)
        if "networks" in request:
            if witness is not None:
                witness.close()
            witness = Witness(request["networks"], request["questions"])
            print(json.dumps(witness.observe()), flush=True)
        else:
            assert witness is not None
            print(json.dumps(witness.observe_again(request["again"])), flush=True)


if __name__ == "__main__":
    _main()
