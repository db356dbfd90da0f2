"""The lock file: every address that was ever given out, so that none is given to somebody else.

A text file to be committed, with one block a line, sorted::

    # Addresses of VPCs, one block a line: vpc, tier, zone, block. Written by constructs_lattice, version 1.
    Shop/Vpc  app  *  10.20.64.0/18
    Shop/Vpc  app  a  10.20.64.0/20
    Shop/Vpc  app  a  0:0:0:4::/64
    Shop/Vpc  old  a  10.20.4.0/24  removed

The zone `*` stands for the block that holds all zone slots of a tier. Where only the deployment knows what a VPC's
block begins with, the lock has the rest: IPv6 blocks count from ::, and IPv4 blocks from an IPAM pool from 0.0.0.0.

What is `removed` belongs to nobody, and is kept until it is released by name: the subnet that had it may still be there
when the next one is made.

Two branches that add different tiers merge as text. If both were given the same addresses, reading the merged file is
an error that names both lines.
"""

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Self

from constructs_lattice.addressing.block import parse_block, parse_ipv6_block
from constructs_lattice.errors import AddressError

__all__ = ["HOME", "AddressLock", "LockEntry"]

HOME = "*"
"""The zone of the entry for a tier's whole block."""

_VERSION = 1
_HEADER = (
    "# Addresses of VPCs, one block a line: vpc, tier, zone, block. "
    f"Written by constructs_lattice, version {_VERSION}.\n"
)
_VERSION_IN_HEADER = re.compile(r"# Addresses of VPCs, .*, version (\d+)\.")
_REMOVED = "removed"
_FIELDS = 4


_Key = tuple[str, str, int, IPv4Network | IPv6Network]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockEntry:
    """One line: the block of a tier in a zone, or of the whole tier when `zone` is `*`."""

    vpc: str
    tier: str
    zone: str
    block: IPv4Network | IPv6Network
    removed: bool = False

    @property
    def key(self) -> _Key:
        """What the lines of a VPC are told apart and sorted by."""
        return (self.tier, self.zone, self.block.version, self.block)

    def __str__(self) -> str:
        """The line, without its end."""
        fields = [self.vpc, self.tier, self.zone, str(self.block)]
        return "  ".join([*fields, _REMOVED] if self.removed else fields)


class AddressLock:
    """What is remembered of the address plans of all VPCs.

    Read once, before the first construct is made; handed to each `Vpc`; written, or only checked, at the end.
    """

    def __init__(self, entries: Iterable[LockEntry] = (), path: Path | None = None) -> None:
        self._vpcs: dict[str, dict[_Key, LockEntry]] = {}
        for entry in entries:
            self._vpcs.setdefault(entry.vpc, {})[entry.key] = entry
        self._path = path
        self._text_before = self.text() if self._vpcs else ""
        for each in self._vpcs.values():
            _check(each.values(), path)

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read the lock file at `path`; a file that is not there is an empty one.

        Raises `AddressError`, with the number of the line, for a file that is damaged or contradicts itself. It is not
        written then.
        """
        path = Path(path)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return cls(path=path)
        except (OSError, UnicodeDecodeError) as error:
            raise AddressError(f"{path}: the lock file cannot be read: {error}") from None
        lock = cls(_parse(text, path), path)
        lock._text_before = text
        return lock

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a lock file's text. Raises `AddressError` as `read` does."""
        return cls(_parse(text, Path("addresses.lock")))

    def text(self) -> str:
        """The file as it should be."""
        vpcs = (entries for _, entries in sorted(self._vpcs.items()))
        return _HEADER + "".join(f"{entry}\n" for entries in vpcs for _, entry in sorted(entries.items()))

    def changes(self) -> str:
        """What writing would change, as a unified diff; empty when nothing would."""
        if not self._vpcs and not self._text_before:
            return ""
        name = str(self._path or "addresses.lock")
        before, after = (text.splitlines(keepends=True) for text in (self._text_before, self.text()))
        return "".join(difflib.unified_diff(before, after, name, name))

    def write(self) -> bool:
        """Write the file if anything changed; return whether it did.

        Raises `AddressError` when the lock was not read from a file.
        """
        if self._path is None:
            raise AddressError("address lock: it was not read from a file, so there is none to write; use read")
        if not self.changes():
            return False
        self._path.write_text(self.text(), encoding="utf-8")
        self._text_before = self.text()
        return True

    def check(self) -> None:
        """Raise `AddressError`, with the change, when writing would change the file: for continuous integration."""
        if changes := self.changes():
            name = self._path or "addresses.lock"
            raise AddressError(f"{name}: the lock file is not up to date; synthesize, review, commit:\n{changes}")

    def entries(self, vpc: str) -> tuple[LockEntry, ...]:
        """What is remembered of one VPC, sorted."""
        return tuple(entry for _, entry in sorted(self._vpcs.get(vpc, {}).items()))

    def remember(self, vpc: str, blocks: Iterable[tuple[str, str, IPv4Network | IPv6Network]]) -> None:
        """Remember a VPC's blocks as (tier, zone, block), with `*` for whole tiers; others that it had are removed."""
        entries = self._vpcs.setdefault(vpc, {})
        now = [LockEntry(vpc=vpc, tier=tier, zone=zone, block=block) for tier, zone, block in blocks]
        kept = {entry.key for entry in now}
        for key, entry in entries.items():
            if key not in kept and not entry.removed:
                entries[key] = replace(entry, removed=True)
        entries |= {entry.key: entry for entry in now}

    def release(self, vpc: str, tier: str, zone: str | None = None) -> int:
        """Forget what a tier no longer has, in one zone or in all, so that it can be given out again.

        Returns how many blocks that were. Raises `AddressError` when there is nothing removed of that name.
        """
        entries = self._vpcs.get(vpc, {})
        released = [
            key for key, entry in entries.items() if entry.removed and entry.tier == tier and zone in (None, entry.zone)
        ]
        if not released:
            place = f"tier {tier!r}" if zone is None else f"tier {tier!r} in zone {zone!r}"
            raise AddressError(f"address lock: {vpc} has nothing removed of {place}, so there is nothing to release")
        for key in released:
            del entries[key]
        return len(released)


def _parse(text: str, path: Path) -> list[LockEntry]:
    lines = text.splitlines()
    header = _VERSION_IN_HEADER.fullmatch(lines[0]) if lines else None
    if header is None:
        raise AddressError(f"{path}:1: this is not a lock file of addresses; restore it, or delete it to plan anew")
    if int(header[1]) != _VERSION:
        raise AddressError(
            f"{path}:1: the lock file has version {header[1]}, this library reads {_VERSION}; use a newer one"
        )
    return [
        _parse_line(line, f"{path}:{number}")
        for number, line in enumerate(lines[1:], 2)
        if line.strip() and not line.startswith("#")
    ]


def _parse_line(line: str, where: str) -> LockEntry:
    if line.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||")):
        raise AddressError(f"{where}: a merge was not finished; keep the lines of both sides")
    fields = re.split(r" {2,}|\t+", line.strip())
    removed = len(fields) == _FIELDS + 1 and fields[-1] == _REMOVED
    if len(fields) != _FIELDS + removed:
        raise AddressError(f"{where}: a line holds vpc, tier, zone and block, and perhaps 'removed', got {line!r}")
    vpc, tier, zone, block = fields[:_FIELDS]
    parse = parse_ipv6_block if ":" in block else parse_block
    return LockEntry(vpc=vpc, tier=tier, zone=zone, block=parse(where, block), removed=removed)


def _check(entries: Collection[LockEntry], path: Path | None) -> None:
    """Raise `AddressError` when two entries of one VPC cannot both be true."""
    where = path or "addresses.lock"
    # Sorted by address, a block that overlaps any other overlaps one that began before it and has not ended.
    open_: list[LockEntry] = []
    for entry in sorted(entries, key=lambda e: (e.block.version, e.block, e.zone != HOME)):
        open_ = [other for other in open_ if other.block.overlaps(entry.block)]
        for other in open_:
            if not _may_share(other, entry):
                raise AddressError(
                    f"{where}: '{entry}' and '{other}' overlap; delete the lines of one of the two, and synthesize"
                )
        open_.append(entry)
    seen: dict[tuple[str, str, int], LockEntry] = {}
    for entry in entries:
        place = (entry.tier, entry.zone, entry.block.version)
        if not entry.removed and (other := seen.setdefault(place, entry)) is not entry:
            raise AddressError(
                f"{where}: '{other}' and '{entry}' are two blocks for one place; mark one of them 'removed'"
            )


def _may_share(outer: LockEntry, inner: LockEntry) -> bool:
    """Whether `inner` may lie in `outer`: a subnet in the block of its own tier."""
    return outer.zone == HOME and inner.zone != HOME and outer.tier == inner.tier
