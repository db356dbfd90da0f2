"""What is asked about a network: everybody about everybody, with a few protocols."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from tests.lab.lab import Question
from tests.lab.reading import read
from tests.lab.wiring import INTERNET_HOSTS

__all__ = ["questions_about"]


def questions_about(template: Any, seed: int) -> list[Question]:
    """All questions about a network. Not every network is asked about every port."""
    facts = read(template)
    names = {port: name for name, port in facts.aliases.items()}
    hosts = [names.get(each.id, each.id) for each in facts.ports.values() if not each.is_nat]
    strangers = list(INTERNET_HOSTS) if facts.gateways else []
    return [
        Question(source, target, protocol, port)
        for source, target in _pairs(hosts, strangers)
        for protocol, port in _services(seed)
    ]


def _pairs(hosts: list[str], strangers: list[str]) -> Iterator[tuple[str, str]]:
    for one in [*hosts, *strangers]:
        for other in [*hosts, *strangers]:
            if one != other and not {one, other} <= set(strangers):
                yield one, other


def _services(seed: int) -> list[tuple[str, int]]:
    chance = random.Random(seed)  # noqa: S311 - the same questions every time, no secrets
    return [("tcp", 443), ("tcp", chance.choice([22, 80, 8_080])), ("udp", chance.choice([53, 443])), ("icmp", 0)]
