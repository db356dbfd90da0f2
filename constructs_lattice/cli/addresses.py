"""`addresses`: looking at a lock file, checking it, and making what is removed free again."""

from pathlib import Path

from constructs_lattice.addressing import HOME, AddressLock, LockEntry, aligned
from constructs_lattice.addressing.block import RESERVED_BY_AWS
from constructs_lattice.errors import AddressError

__all__ = ["check_lock", "forget_vpc", "release_tier", "show_lock"]


def show_lock(path: Path, *, vpc: str | None = None) -> str:
    """Every block that the lock file holds, of all VPCs or of one, as a table; and how many there are.

    Raises `AddressError` when there is no such file or VPC, or when the file is damaged.
    """
    lock = _read(path)
    chosen = lock.vpcs if vpc is None else [_known(lock, path, vpc)]
    entries = [entry for name in chosen for entry in lock.entries(name)]
    rows = [("vpc", "tier", "zone", "block", "usable hosts", "state"), *map(_row, entries)]
    return "\n".join([*aligned(rows), _summary(chosen, entries)])


def check_lock(path: Path) -> str:
    """What the lock file holds, in a line.

    Raises `AddressError` when there is no such file, when it is damaged or contradicts itself, or when it is not
    written as `AddressLock` writes it: after a merge, or by hand.
    """
    lock = _read(path)
    lock.check()
    return f"{path}: {_summary(lock.vpcs, [entry for vpc in lock.vpcs for entry in lock.entries(vpc)])}"


def release_tier(path: Path, vpc: str, tier: str, zone: str | None = None) -> str:
    """Make what a tier no longer has free again, in one zone or in all; return the lines that are gone.

    Raises `AddressError` when there is nothing removed of that name, or when the file cannot be read or written.
    """
    lock = _read(path)
    before = lock.entries(_known(lock, path, vpc))
    lock.release(vpc, tier, zone)
    return _written(lock, before, vpc)


def forget_vpc(path: Path, vpc: str) -> str:
    """Make everything free again that a VPC had, which is gone; return the lines that are gone.

    Raises `AddressError` when there is no such VPC, or when the file cannot be read or written.
    """
    lock = _read(path)
    before = lock.entries(_known(lock, path, vpc))
    lock.forget(vpc)
    return _written(lock, before, vpc)


def _read(path: Path) -> AddressLock:
    if not path.exists():
        raise AddressError(f"{path}: there is no such file; a lock file is made by the first synth that writes it")
    return AddressLock.read(path)


def _known(lock: AddressLock, path: Path, vpc: str) -> str:
    if vpc not in lock.vpcs:
        vpcs = ", ".join(repr(name) for name in lock.vpcs) or "none"
        raise AddressError(f"{path}: there is no vpc {vpc!r}; the vpcs are {vpcs}")
    return vpc


def _row(entry: LockEntry) -> tuple[str, ...]:
    is_subnet = entry.zone != HOME and entry.block.version == 4  # noqa: PLR2004 - the version of IP
    hosts = f"{entry.block.num_addresses - RESERVED_BY_AWS:,}" if is_subnet else "-"
    return (entry.vpc, entry.tier, entry.zone, str(entry.block), hosts, "removed" if entry.removed else "in use")


def _summary(vpcs: list[str], entries: list[LockEntry]) -> str:
    subnets = {(e.vpc, e.tier, e.zone) for e in entries if e.zone != HOME and not e.removed}
    removed = sum(entry.removed for entry in entries)
    counts = (_count(len(vpcs), "vpc"), _count(len(subnets), "subnet"), _count(removed, "block"))
    return "{}, {} in use, {} kept for what was removed".format(*counts)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _written(lock: AddressLock, before: tuple[LockEntry, ...], vpc: str) -> str:
    lock.write()
    gone = {entry.key for entry in before} - {entry.key for entry in lock.entries(vpc)}
    return "\n".join(["released:", *(f"  {entry}" for entry in before if entry.key in gone)])
