"""The three-tier example against the same resources, written by hand."""

import tempfile
from collections import Counter

import aws_cdk as cdk

from benchmarks.handwritten import HandwrittenShop
from benchmarks.timing import median_seconds
from examples.three_tier.app import ShopStack


def report() -> str:
    """Wall time to define and synthesize, ours and by hand."""
    ours, by_hand = _types(ShopStack), _types(HandwrittenShop)
    if ours != by_hand:
        raise SystemExit(f"not the same resources: ours has more {ours - by_hand}, by hand has more {by_hand - ours}")
    seconds = median_seconds({"ours": lambda: _synthesize(ShopStack), "hand": lambda: _synthesize(HandwrittenShop)})
    return (
        f"Three tiers, {ours.total()} resources, define + synthesize (median of 5, taking turns)\n"
        f"  constructs_lattice {1e3 * seconds['ours']:.0f} ms, by hand {1e3 * seconds['hand']:.0f} ms, "
        f"ratio {seconds['ours'] / seconds['hand']:.2f}"
    )


def _synthesize(stack: type[ShopStack | HandwrittenShop]) -> dict[str, dict[str, str]]:
    with tempfile.TemporaryDirectory() as directory:
        app = cdk.App(outdir=directory)
        stack(app, "Shop", env=cdk.Environment(region="eu-west-1"))
        resources: dict[str, dict[str, str]] = app.synth().get_stack_by_name("Shop").template["Resources"]
        return resources


def _types(stack: type[ShopStack | HandwrittenShop]) -> Counter[str]:
    return Counter(resource["Type"] for resource in _synthesize(stack).values())
