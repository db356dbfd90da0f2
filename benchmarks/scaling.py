"""How the cost of a resource grows with their number."""

import tempfile
from functools import partial

import aws_cdk as cdk

from benchmarks.timing import median_seconds
from constructs_lattice import Tier, Vpc

_PER_STACK = 7  # VPCs; a stack holds 500 resources


def report() -> str:
    """Milliseconds a resource, from about 100 to about 2,000 resources."""
    lines = ["Scaling: VPCs of three tiers in three zones, define + synthesize (median of 3)"]
    for vpcs in (2, 5, 11, 22, 44):
        run = partial(_synthesize, vpcs)
        resources, seconds = run(), median_seconds({"run": run}, rounds=3)["run"]
        lines.append(f"  {resources:5,} resources {seconds:6.2f} s {1e3 * seconds / resources:6.2f} ms each")
    return "\n".join(lines)


def _synthesize(vpcs: int) -> int:
    with tempfile.TemporaryDirectory() as directory:
        app = cdk.App(outdir=directory)
        stacks = [cdk.Stack(app, f"Estate{number}") for number in range(-(-vpcs // _PER_STACK))]
        for number in range(vpcs):
            stack = stacks[number // _PER_STACK]
            Vpc(
                stack,
                f"Vpc{number}",
                cidr=f"10.{number}.0.0/16",
                tiers=[Tier.public(), Tier.private(), Tier.isolated()],
            )
        return sum(len(stack.template["Resources"]) for stack in app.synth().stacks)
