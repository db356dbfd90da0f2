"""The three-tier example against the same resources, written by hand."""

import tempfile
from collections import Counter
from functools import partial

import aws_cdk as cdk

from benchmarks.handwritten import HandwrittenShop, PositionalShop
from benchmarks.timing import median_seconds
from examples.three_tier.app import ShopStack

_Shop = type[ShopStack | PositionalShop]

_STACKS: dict[str, _Shop] = {
    "constructs_lattice": ShopStack,
    "by hand, same addresses and identities": HandwrittenShop,
    "by hand on ec2.Vpc, positional": PositionalShop,
}


def report() -> str:
    """Wall time to define and synthesize, ours and by hand."""
    ours = resource_types(ShopStack)
    for name, stack in _STACKS.items():
        if (theirs := resource_types(stack)) != ours:
            raise SystemExit(f"{name}: not the same resources, {ours - theirs} missing, {theirs - ours} too many")
    seconds = median_seconds({name: partial(_synthesize, stack) for name, stack in _STACKS.items()})
    lines = [f"Three tiers, {ours.total()} resources, define + synthesize (median of 5, taking turns)"]
    base = seconds["constructs_lattice"]
    lines += [f"  {name:40} {1e3 * each:5.0f} ms   ours / this {base / each:.2f}" for name, each in seconds.items()]
    return "\n".join(lines)


def _synthesize(stack: _Shop) -> dict[str, dict[str, str]]:
    with tempfile.TemporaryDirectory() as directory:
        app = cdk.App(outdir=directory)
        stack(app, "Shop", env=cdk.Environment(region="eu-west-1"))
        resources: dict[str, dict[str, str]] = app.synth().get_stack_by_name("Shop").template["Resources"]
        return resources


def resource_types(stack: _Shop) -> Counter[str]:
    """How many resources there are of each type."""
    return Counter(resource["Type"] for resource in _synthesize(stack).values())
