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
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Self

from constructs_lattice.addressing.block import parse_block, parse_ipv6_block
from constructs_lattice.addressing.lock_entry import HOME, REMOVED, Key, LockEntry
from constructs_lattice.addressing.lock_file import read_text, replace_text
from constructs_lattice.errors import AddressError

__all__ = ["AddressLock"]

_VERSION = 1
_HEADER = (
    "# Addresses of VPCs, one block a line: vpc, tier, zone, block. "
    f"Written by constructs_lattice, version {_VERSION}.\n"
)
_VERSION_IN_HEADER = re.compile(r"# Addresses of VPCs, .*, version ([0-9]+)\.")
_CONFLICT_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
_FIELDS = 4
_SEPARATOR = re.compile(r" {2,}|\t+")


class AddressLock:
    """What is remembered of the address plans of all VPCs.

    Read once, before the first construct is made; handed to each `Vpc`; written, or only checked, at the end.

    `name` is what messages call it; `text` is what the entries were read from, if they were. Raises `AddressError` when
    the entries contradict each other.
    """

    def __init__(
        self, entries: Iterable[LockEntry] = (), *, name: str = "addresses.lock", text: str | None = None
    ) -> None:
        self._vpcs: dict[str, dict[Key, LockEntry]] = {}
        for entry in entries:
            # After a merge, a line may be there twice, once of them removed: who has a block keeps it.
            self._vpcs.setdefault(entry.vpc, {}).setdefault(entry.key, entry)
            if not entry.removed:
                self._vpcs[entry.vpc][entry.key] = entry
        self._name = name
        self._path: Path | None = None
        self._text_before: str | None = text if text is not None or not self._vpcs else self.text()
        for each in self._vpcs.values():
            _check(each.values(), name)

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read the lock file at `path`; a file that is not there is an empty one.

        Raises `AddressError`, with the number of the line, for a file that is damaged or contradicts itself. It is not
        written then.
        """
        path = Path(path)
        text = read_text(path)
        lock = cls(() if text is None else _parse(text, str(path)), name=str(path), text=text)
        lock._path = path
        return lock

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a lock file's text. Raises `AddressError` as `read` does."""
        return cls(_parse(text, "addresses.lock"))

    @property
    def vpcs(self) -> list[str]:
        """The names of the VPCs of which something is remembered, sorted."""
        return sorted(vpc for vpc, entries in self._vpcs.items() if entries)

    def text(self) -> str:
        """The file as it should be."""
        vpcs = (entries for _, entries in sorted(self._vpcs.items()))
        return _HEADER + "".join(f"{entry}\n" for entries in vpcs for _, entry in sorted(entries.items()))

    def changes(self) -> str:
        """What writing would change, as a unified diff; empty when nothing would."""
        if not self._vpcs and self._text_before is None:
            return ""
        text = self.text()
        if text == self._text_before:
            return ""
        before, after = (each.splitlines(keepends=True) for each in (self._text_before or "", text))
        return "".join(difflib.unified_diff(before, after, self._name, self._name))

    def write(self) -> bool:
        """Write the file if anything changed; return whether it did.

        Raises `AddressError` when the lock was not read from a file, when the file is another one than was read, or
        when it cannot be written. The file is as it was then.
        """
        if self._path is None:
            raise AddressError("address lock: it was not read from a file, so there is none to write; use read")
        if not self.changes():
            return False
        text = self.text()
        replace_text(self._path, self._text_before, text)
        self._text_before = text
        return True

    def check(self) -> None:
        """Raise `AddressError`, with the change, when writing would change the file: for continuous integration."""
        if changes := self.changes():
            raise AddressError(f"{self._name}: the lock file is not up to date; synthesize, review, commit:\n{changes}")

    def entries(self, vpc: str) -> tuple[LockEntry, ...]:
        """What is remembered of one VPC, sorted."""
        return tuple(entry for _, entry in sorted(self._vpcs.get(vpc, {}).items()))

    def remember(self, vpc: str, blocks: Iterable[tuple[str, str, IPv4Network | IPv6Network]]) -> None:
        """Remember a VPC's blocks as (tier, zone, block), with `*` for whole tiers; others that it had are removed.

        Raises `AddressError` for a name that no line can hold.
        """
        now = {
            entry.key: entry
            for tier, zone, block in blocks
            for entry in [LockEntry(vpc=vpc, tier=tier, zone=zone, block=block)]
        }
        entries = self._vpcs.setdefault(vpc, {})
        for key, entry in entries.items():
            if key not in now and not entry.removed:
                entries[key] = replace(entry, removed=True)
        entries |= now

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

    def forget(self, vpc: str) -> int:
        """Forget a whole VPC that is gone, and return how many blocks that were.

        A VPC that is not synthesized any more stays in the lock by itself: it may be synthesized another time.
        Raises `AddressError` when nothing is remembered of it.
        """
        if not self._vpcs.get(vpc):
            vpcs = ", ".join(repr(name) for name in self.vpcs) or "none"
            raise AddressError(f"address lock: there is no vpc {vpc!r} to forget; the vpcs are {vpcs}")
        return len(self._vpcs.pop(vpc))


def _parse(text: str, name: str) -> list[LockEntry]:
    lines = text.split("\n")
    header = _VERSION_IN_HEADER.fullmatch(lines[0])
    if header is None:
        raise AddressError(f"{name}:1: this is not a lock file of addresses; restore it, or delete it to plan anew")
    if header[1] != str(_VERSION):
        raise AddressError(
            f"{name}:1: the lock file has version {header[1]}, this library reads {_VERSION}; use a newer one"
        )
    return [
        _parse_line(line, f"{name}:{number}")
        for number, line in enumerate(map(str.strip, lines[1:]), 2)
        if line and not line.startswith("#")
    ]


def _parse_line(line: str, where: str) -> LockEntry:
    fields = _SEPARATOR.split(line)
    removed = len(fields) == _FIELDS + 1 and fields[-1] == REMOVED
    if len(fields) != _FIELDS + removed:
        if line.startswith(_CONFLICT_MARKS):
            raise AddressError(f"{where}: a merge was not finished; keep the lines of both sides")
        raise AddressError(f"{where}: a line holds vpc, tier, zone and block, and perhaps 'removed', got {line!r}")
    vpc, tier, zone, block = fields[:_FIELDS]
    parse = parse_ipv6_block if ":" in block else parse_block
    network = parse(where, block)
    try:
        return LockEntry(vpc=vpc, tier=tier, zone=zone, block=network, removed=removed)
    except AddressError as error:
        raise AddressError(f"{where}: {error}") from None


def _check(entries: Collection[LockEntry], where: str) -> None:
    """Raise `AddressError` when two entries of one VPC cannot both be true."""
    # Sorted by address, larger blocks first: a block that overlaps any other is in one that has not ended.
    open_: list[tuple[tuple[int, int, int], LockEntry]] = []
    spans = [(entry.span, entry) for entry in entries]
    for span, entry in sorted(spans, key=lambda each: (*each[0][:2], -each[0][2], each[1].zone != HOME, each[1].key)):
        open_ = [each for each in open_ if each[0][0] == span[0] and each[0][2] >= span[1]]
        for _, other in open_:
            if not _may_share(other, entry):
                raise AddressError(
                    f"{where}: '{entry}' and '{other}' overlap; delete the lines of the tier that is not deployed yet, "
                    "and synthesize"
                )
        open_.append((span, entry))
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
