"""What an attempt to connect brings to light, and the verdict that follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from constructs_lattice.model.ranges import union
from constructs_lattice.reachability.answer import Answer, reachable, unknown, unreachable
from constructs_lattice.reachability.ends import End, Host
from constructs_lattice.reachability.flow import Flow
from constructs_lattice.reachability.quantify import Piece, is_certain
from constructs_lattice.reachability.reason import Hop, Reason
from constructs_lattice.reachability.state import Choice, Loss
from constructs_lattice.reachability.words import addresses_in_words, packet_in_words

__all__ = ["ANSWERS", "BEYOND", "GROUPS", "Findings", "choices_of_answers", "chosen_by_opener", "without_address"]

GROUPS, BEYOND, ANSWERS = 100, 300, 1000
"""How far packets got: past all stations of their way, in the second half of it, and to the other end."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """What blocks packets, how far they got, and the stations up to there."""

    reached: int
    reason: Reason
    forward: tuple[Hop, ...] = ()
    back: tuple[Hop, ...] = ()


@dataclass(slots=True)
class Findings:
    """The packets that get through and back, what blocks others, and where nobody can follow them.

    `shows_halves`: those count first whose answers cross other appliances.
    """

    shows_halves: bool = False
    pieces: list[Piece] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    doubtful: list[Reason] = field(default_factory=list)

    def block(self, reached: int, *reasons: Reason, forward: tuple[Hop, ...] = ()) -> None:
        """What blocks packets that got so far."""
        self.blocked += [Blocked(reached, each, forward) for each in reasons]

    def add_losses(self, losses: Iterable[Loss]) -> None:
        """Packets that were lost on their way."""
        for loss in losses:
            if loss.is_doubtful:
                self.doubtful.append(loss.reason)
            else:
                self.block(len(loss.hops), loss.reason, forward=loss.hops)

    def add_answer_losses(
        self, losses: Iterable[Loss], others: Iterable[Reason] = (), forward: tuple[Hop, ...] = ()
    ) -> None:
        """Answers that were lost on their way back: where nothing gets back, that is what blocks."""
        for loss in losses:
            if loss.is_doubtful:
                self.doubtful.append(loss.reason)
            else:
                reached = ANSWERS + len(loss.hops)
                self.blocked.append(Blocked(reached, _of_answers(loss.reason), forward, loss.hops))
        self.block(ANSWERS + GROUPS, *(_of_answers(each) for each in others), forward=forward)

    def add_beyond(self, near: tuple[Hop, ...], far: Findings) -> None:
        """What blocks the further half of connections, after the stations of the nearer one."""
        self.blocked += [
            replace(each, reached=BEYOND + each.reached, forward=(*near, *each.forward)) for each in far.blocked
        ]
        self.doubtful += far.doubtful

    def add(self, piece: Piece) -> None:
        """Packets that get through and back."""
        if not piece.flow.is_empty:
            self.pieces.append(piece)

    def verdict(self, flow: Flow, chosen: frozenset[str]) -> Answer:
        """The verdict about packets of `flow`, of which whoever opens the connection chooses the parts in `chosen`."""
        halves = [each for each in self.pieces if each.is_half]
        pieces = halves or self.pieces
        witness = is_certain(pieces, flow, chosen)
        if witness is not None:
            answer = reachable(
                packet_in_words(witness.flow),
                witness.forward,
                witness.back,
                appliances=witness.appliances,
                source=((witness.flow.src[0][0], witness.flow.src[0][0]),),
            )
            return replace(answer, is_half=bool(halves)) if self.shows_halves else answer
        if pieces:
            piece = min(pieces, key=lambda each: len(each.doubts))
            reasons = sorted(piece.doubts) or [_partial(pieces, flow)]
            return unknown(*reasons, packet=packet_in_words(piece.flow), forward=piece.forward, back=piece.back)
        if self.doubtful:
            return unknown(*self.doubtful)
        furthest = max((each.reached for each in self.blocked), default=0)
        found = [each for each in self.blocked if each.reached == furthest]
        answer = unreachable(*(each.reason for each in found), reached=furthest)
        return replace(answer, forward=found[0].forward, back=found[0].back) if found else answer


def _of_answers(reason: Reason) -> Reason:
    return replace(reason, text=f"of the answers: {reason.text}")


def chosen_by_opener(client: End, server: End) -> frozenset[str]:
    """The parts of a connection that whoever opens it chooses."""
    chosen = {"dport"}
    if not isinstance(client, Host) or client.is_any:
        chosen.add("src")
    if not isinstance(server, Host) or server.is_any:
        chosen.add("dst")
    return frozenset(chosen)


def choices_of_answers(forward: tuple[Choice, ...], back: tuple[Choice, ...]) -> tuple[Choice, ...] | None:
    """The choices of the answers; none if they contradict those that they share with the packets."""
    taken = {choice.of: choice.taken for choice in forward if choice.is_shared}
    own = []
    for choice in back:
        if not choice.is_shared:
            own.append(replace(choice, of=f"answers:{choice.of}"))
        elif taken.get(choice.of, choice.taken) != choice.taken:
            return None
        elif choice.of not in taken:
            own.append(choice)
    return tuple(own)


def without_address(end: End, version: int) -> Answer:
    """The answer about an end that has no address in a family, as far as that is known."""
    if not isinstance(end, Host):
        return unreachable(Reason("RT-3", "the other end", f"it has no IPv{version} address"), reached=-1)
    interface = end.interface
    if interface.doubts:
        return unknown(*(Reason("RES-6", interface.id, each.reason) for each in interface.doubts))
    reason = Reason("RT-3", interface.id, f"it has no IPv{version} address", "UNASSOCIATED_COMPONENT")
    return unreachable(reason, reached=-1)


def _partial(pieces: list[Piece], whole: Flow) -> Reason:
    """What it hangs on that only some of the packets get through."""
    left = [whole]
    for piece in pieces:
        left = [rest for part in left for rest in part.without(piece.flow)]
    missing = union(each.sport for each in left)
    if left and missing != whole.sport:
        low, high = missing[0][0], missing[-1][1]
        which = str(low) if low == high else f"{low}-{high}"
        text = f"with {'some of the ' if len(missing) > 1 else ''}client ports {which} it does not work"
        return Reason("NACL-3", "client", text, "SUBNET_ACL_RESTRICTION")
    for name, own, parts in (("source", whole.src, "src"), ("destination", whole.dst, "dst")):
        missing = union(getattr(each, parts) for each in left)
        if left and missing != own:
            text = f"with {name} addresses such as {addresses_in_words(whole.version, missing)} it does not work"
            return Reason("RT-2", "addresses", text)
    return Reason("RT-2", "zones", "it works with some of the ways only that AWS may choose")
