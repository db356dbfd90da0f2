"""Timing of alternatives within one run: they take turns, so that noise meets them all alike."""

import statistics
import time
from collections.abc import Callable, Mapping

__all__ = ["median_seconds"]


def median_seconds(alternatives: Mapping[str, Callable[[], object]], rounds: int = 5) -> dict[str, float]:
    """The median wall time of each alternative over `rounds`, after one round to warm up."""
    times: dict[str, list[float]] = {name: [] for name in alternatives}
    for round_ in range(rounds + 1):
        for name, run in alternatives.items():
            start = time.perf_counter()
            run()
            if round_:
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in times.items()}
