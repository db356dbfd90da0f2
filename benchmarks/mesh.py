"""A mesh of 500 services against the same resources as L1 constructs, and how its cost grows.

Each service has a listener, ten rules, two target groups and three callers; stacks hold fewer than 500 resources.
Every measurement is a process of its own: Node keeps all objects of a process until its end.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

# Before aws_cdk is imported: what is measured is the library, not the built-in validation.
os.environ["CDK_VALIDATION"] = "false"

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from benchmarks import mesh_handwritten, mesh_ours
from benchmarks.mesh_shape import CALLERS

_WAYS = {"constructs_lattice": mesh_ours, "by hand, L1 constructs": mesh_handwritten}
_SIZES, _PER_STACK, _ROUNDS = (50, 100, 250, 500), 30, 3


def report() -> str:
    """Wall time to define and synthesize, ours and by hand, and from 50 to 500 services."""
    _check_the_same()
    lines = [f"Mesh: services of 16 resources, define + synthesize (median of {_ROUNDS}, taking turns)"]
    for size in _SIZES:
        runs = {name: [_measure(name, size)] for name in _WAYS}
        for _ in range(_ROUNDS - 1):
            for name in _WAYS:
                runs[name].append(_measure(name, size))
        seconds = {name: statistics.median(each["seconds"] for each in runs[name]) for name in _WAYS}
        ours, theirs = seconds.values()
        first = runs["constructs_lattice"][0]
        lines.append(
            f"  {size:4} services {first['resources']:6,} resources {ours:6.2f} s, "
            f"{1e3 * ours / first['resources']:5.2f} ms each, {first['megabytes']:5.0f} MB; "
            f"by hand {theirs:6.2f} s; ratio {ours / theirs:.2f}"
        )
    return "\n".join(lines)


def _measure(name: str, size: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.mesh", name, str(size)], check=True, capture_output=True, text=True
    )
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _synthesize(way: ModuleType, services: int, directory: str) -> None:
    app = cdk.App(outdir=directory)
    network = way.add_network(cdk.Stack(app, "Network"))
    for first in range(0, services, _PER_STACK):
        stack = cdk.Stack(app, f"Services{first}")
        vpc = ec2.Vpc.from_vpc_attributes(
            stack, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"]
        )
        principal: Any = iam.ServicePrincipal("ecs-tasks.amazonaws.com")
        callers = {name: iam.Role(stack, name, assumed_by=principal) for name in CALLERS}
        for number in range(first, min(first + _PER_STACK, services)):
            way.add_service(stack, f"Service{number}", network, vpc, callers)
    app.synth()


def _check_the_same() -> None:
    """Both ways make the same resources, but for their logical ids."""
    ours, theirs = (_resources(way) for way in _WAYS.values())
    if ours != theirs:
        raise SystemExit(f"not the same resources: {ours - theirs} missing, {theirs - ours} too many")


def _resources(way: ModuleType) -> Counter[str]:
    with tempfile.TemporaryDirectory() as directory:
        _synthesize(way, 2, directory)
        templates = _templates(directory)
    return Counter(
        json.dumps([resource["Type"], _without_ids(resource.get("Properties", {}))], sort_keys=True)
        for template in templates
        for resource in template["Resources"].values()
    )


def _templates(directory: str) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(Path(directory).glob("*.template.json"))]


def _without_ids(value: Any) -> Any:
    match value:
        case {"Ref": _} | {"Fn::ImportValue": _}:
            return "reference"
        case {"Fn::GetAtt": _}:
            return "reference"
        case dict():
            return {key: _without_ids(item) for key, item in value.items() if key not in ("PolicyName", "Tags")}
        case list():
            return [_without_ids(item) for item in value]
    return value


def _megabytes() -> float:
    """The most memory that this process and those that it started have had, as Linux counts it."""
    return sum(_peak(pid) for pid in _family(os.getpid())) / 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from _family(int(child))


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def _main(name: str, size: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        start = time.perf_counter()
        _synthesize(_WAYS[name], int(size), directory)
        seconds = time.perf_counter() - start
        templates = _templates(directory)
    count = sum(len(template["Resources"]) for template in templates)
    print(json.dumps({"seconds": seconds, "resources": count, "megabytes": _megabytes()}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
