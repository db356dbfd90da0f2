"""Planning an estate of 1,000 VPCs of six tiers in four zones, with a lock that remembers all of it."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

_RUN = """
import json, re, sys, time
from ipaddress import IPv4Network
from pathlib import Path
from constructs_lattice.addressing import AddressLock, TierRequest, plan_vpc

count, path = int(sys.argv[1]), sys.argv[2]
tiers = [TierRequest(tier=name, prefix=24) for name in ("web", "app", "batch", "data", "cache", "transit")]
start, cpu_start = time.perf_counter(), time.process_time()
lock = AddressLock.read(path)
for number in range(count):
    block = IPv4Network((0x0A000000 + number * 8192, 19))
    plan = plan_vpc(block, tiers, ["a", "b", "c", "d"], lock.entries(f"Estate/Vpc{number}"))
    lock.remember(f"Estate/Vpc{number}", plan.blocks())
lock.write()
seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
# Not ru_maxrss: that one begins at what the parent process has.
peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps([seconds, cpu_seconds, peak]))
"""


def report() -> str:
    """Seconds and megabytes, each in a process of its own: first without, then with everything remembered."""
    lines = ["Plan VPCs of 6 tiers x 4 zones, read, remember and write the lock"]
    for count in (250, 500, 1000):
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "addresses.lock")
            for state in ("empty", "full"):
                seconds, cpu_seconds, peak = _run(count, path)
                subnets = count * 24
                lines.append(
                    f"  {subnets:6,} subnets, {state:5} lock {seconds:6.2f} s, {cpu_seconds:5.2f} s of processor time "
                    f"{1e6 * cpu_seconds / subnets:6.1f} us each, {peak:4.0f} MB"
                )
    return "\n".join(lines)


def _run(count: int, path: Path) -> tuple[float, float, float]:
    command = [sys.executable, "-c", _RUN, str(count), str(path)]
    seconds, cpu, peak = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return seconds, cpu, peak
