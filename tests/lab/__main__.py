"""`python -m tests.lab --networks 1000 --seed 1`: how often the analyser and the lab disagree, and about what."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

import yaml

from tests.lab.analyst import LEFT_OPEN, Analyst
from tests.lab.comparison import Mismatch, compare, minimized
from tests.lab.lab import Lab
from tests.lab.namespaces import LabUnavailableError

_MOST_SHOWN = 3


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    parser.add_argument("--networks", type=int, default=100, help="how many, of one seed after the other")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    options = parser.parse_args()
    try:
        lab = Lab()
    except LabUnavailableError as error:
        print(error, file=sys.stderr)
        return 2
    with lab:
        mismatches = _run(lab, range(options.seed, options.seed + options.networks))
        shown: dict[int, Mismatch] = {}
        for each in mismatches:
            shown.setdefault(each.seed, each)
        for each in list(shown.values())[:_MOST_SHOWN]:
            _show(lab, each)
    return 1 if mismatches else 0


def _run(lab: Lab, seeds: range) -> list[Mismatch]:
    started, probes, left_open, verdicts = time.monotonic(), 0, 0, Counter[str]()
    mismatches: list[Mismatch] = []
    for number, (record, found) in enumerate(compare(lab, seeds), start=1):
        probes += record.probes
        left_open += record.left_open
        verdicts.update(verdict for _, verdict in record.expected())
        mismatches += found
        if sys.stderr.isatty() or number == len(seeds):
            seconds = time.monotonic() - started
            line = f"{number:,} networks, {probes:,} probes, {len(mismatches)} mismatches, {seconds:.0f} s"
            print(f"\r{line}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    told = ", ".join(f"{count:,} {verdict}" for verdict, count in verdicts.most_common())
    print(f"{len(seeds):,} networks, {probes:,} probes, {verdicts.total():,} questions ({told})")
    print(f"{len(mismatches)} mismatches; {left_open} of the questions are {LEFT_OPEN} by the analyser alone")
    for mismatch in mismatches:
        print(mismatch)
    return mismatches


def _show(lab: Lab, mismatch: Mismatch) -> None:
    """The smallest template with this mismatch, and what the analyser says about it."""
    template = minimized(lab, mismatch)
    print(f"\n{mismatch}\n")
    answer = Analyst(template).answer(mismatch.question)
    for line in [answer.packet, *map(str, answer.forward), *map(str, answer.back), *map(str, answer.reasons)]:
        print(f"  {line}")
    print()
    print(yaml.safe_dump(template, sort_keys=False, width=120))


if __name__ == "__main__":
    sys.exit(_main())
