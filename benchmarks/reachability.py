"""How long it takes to read estates, and to ask who reaches whom: all pairs, and one connection."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.estates import estate

__all__ = ["report"]

# Each in a process of its own, so that the memory is its own as well.
_RUN = """
import json, resource, sys, time
from pathlib import Path
from constructs_lattice.model.block import Block
from constructs_lattice.reachability import Owner, Protocol, Reachability
from constructs_lattice.reachability.matrix import Matrix
from constructs_lattice.templates import load
from constructs_lattice.templates.network import read_network
path = Path(sys.argv[1])
began = time.process_time()
(case,) = load(path).cases()
network = read_network(case.estate)
read = time.process_time()
matrix = Matrix(network)
asked = time.process_time()
reachability = Reachability(network)
ends = [Owner("estate.Vpc0Subnet0Host"), Owner("estate.Vpc0Subnet3Host")]
reachability.ask(*ends, Protocol.TCP, 8080)
first = time.process_time()
for _ in range(20):
    reachability.ask(*ends, Protocol.TCP, 8080)
traced = time.process_time()
print(json.dumps({
    "read": read - began, "matrix": asked - read, "trace": (traced - first) / 20, "subnets": len(network.subnets),
    "classes": len(matrix.classes), "pairs": len(matrix.reach), "node": "jsii" in sys.modules,
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""

_SHAPES = {"7 VPCs": (7, 2, 4), "25 VPCs": (25, 3, 10), "50 VPCs": (50, 5, 10), "100 VPCs": (100, 10, 10)}


def report() -> str:
    """Seconds of the processor and megabytes by size."""
    lines = ["Reading an estate, all pairs over TCP, and one trace (processor time, each in a process of its own)"]
    for name, (vpcs, tables, subnets) in _SHAPES.items():
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "estate.json")
            path.write_text(json.dumps(estate(vpcs, tables, subnets=subnets)))
            done = subprocess.run([sys.executable, "-c", _RUN, str(path)], check=True, capture_output=True, text=True)
        found = json.loads(done.stdout)
        lines.append(
            f"  {name:9} {found['subnets']:5,} subnets {found['classes']:5,} classes {found['pairs']:7,} pairs open: "
            f"read {found['read']:5.2f} s, all pairs {found['matrix']:5.2f} s, "
            f"trace {1e3 * found['trace']:5.2f} ms, {found['megabytes']:4.0f} MB"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(report())
