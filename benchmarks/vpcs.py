"""Fifty VPCs of three tiers in three zones against fifty `ec2.Vpc` of the same shape."""

import tempfile
from collections.abc import Callable
from functools import partial

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from benchmarks.timing import median_seconds
from constructs_lattice import FlowLogs, Vpc

_VPCS, _PER_STACK = 50, 10


def report() -> str:
    """Milliseconds a resource to define and synthesize, ours and theirs."""
    makers: dict[str, Callable[[Construct, str, int], object]] = {"constructs_lattice": _ours, "ec2.Vpc": _theirs}
    runs = {name: partial(_synthesize, make) for name, make in makers.items()}
    counts = {name: run() for name, run in runs.items()}
    seconds = median_seconds(runs)
    each = {name: 1e3 * seconds[name] / counts[name] for name in runs}
    lines = [f"{_VPCS} VPCs, define + synthesize (median of 5, taking turns)"]
    lines += [f"  {name:20} {counts[name]:5,} resources {each[name]:6.2f} ms each" for name in runs]
    return "\n".join([*lines, f"  ratio a resource {each['constructs_lattice'] / each['ec2.Vpc']:.2f}"])


def _synthesize(make: Callable[[Construct, str, int], object]) -> int:
    with tempfile.TemporaryDirectory() as directory:
        app = cdk.App(outdir=directory)
        stacks = [cdk.Stack(app, f"Estate{number}") for number in range(_VPCS // _PER_STACK)]
        for number in range(_VPCS):
            make(stacks[number // _PER_STACK], f"Vpc{number}", number)
        return sum(len(stack.template["Resources"]) for stack in app.synth().stacks)


def _ours(scope: Construct, id: str, number: int) -> object:
    return Vpc(scope, id, cidr=f"10.{number}.0.0/16", flow_logs=FlowLogs.none(), gateway_endpoints=())


def _theirs(scope: Construct, id: str, number: int) -> object:
    kinds = (ec2.SubnetType.PUBLIC, ec2.SubnetType.PRIVATE_WITH_EGRESS, ec2.SubnetType.PRIVATE_ISOLATED)
    return ec2.Vpc(
        scope,
        id,
        ip_addresses=ec2.IpAddresses.cidr(f"10.{number}.0.0/16"),
        availability_zones=["eu-west-1a", "eu-west-1b", "eu-west-1c"],
        restrict_default_security_group=False,
        subnet_configuration=[ec2.SubnetConfiguration(name=kind.name.lower(), subnet_type=kind) for kind in kinds],
    )
