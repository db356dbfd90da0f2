"""What an attempt to connect brings to light, and the verdict that follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from constructs_lattice.reachability.answer import Answer, reachable, unknown, unreachable
from constructs_lattice.reachability.ends import End, Host
from constructs_lattice.reachability.flow import Flow
from constructs_lattice.reachability.quantify import Piece, is_certain
from constructs_lattice.reachability.reason import Reason
from constructs_lattice.reachability.state import Choice, Loss
from constructs_lattice.reachability.words import packet_in_words

__all__ = ["Findings", "choices_of_answers", "chosen_by_opener", "without_address"]


@dataclass(slots=True)
class Findings:
    """The packets that get through and back, what blocks others, and where nobody can follow them."""

    pieces: list[Piece] = field(default_factory=list)
    blocked: list[Reason] = field(default_factory=list)
    doubtful: list[Reason] = field(default_factory=list)

    def add_losses(self, losses: Iterable[Loss]) -> None:
        """Packets that were lost on their way."""
        for loss in losses:
            (self.doubtful if loss.is_doubtful else self.blocked).append(loss.reason)

    def add_answer_losses(self, losses: Iterable[Loss], others: Iterable[Reason] = ()) -> None:
        """Answers that were lost on their way back: where nothing gets back, that is what blocks."""
        for loss in losses:
            if loss.is_doubtful:
                self.doubtful.append(loss.reason)
            else:
                self.blocked.append(_of_answers(loss.reason))
        self.blocked += [_of_answers(each) for each in others]

    def add(self, piece: Piece) -> None:
        """Packets that get through and back."""
        if not piece.flow.is_empty:
            self.pieces.append(piece)

    def verdict(self, flow: Flow, chosen: frozenset[str]) -> Answer:
        """The verdict about packets of `flow`, of which whoever opens the connection chooses the parts in `chosen`."""
        witness = is_certain(self.pieces, flow, chosen)
        if witness is not None:
            return reachable(
                packet_in_words(witness.flow),
                witness.forward,
                witness.back,
                appliances=witness.appliances,
                source=((witness.flow.src[0][0], witness.flow.src[0][0]),),
            )
        if self.pieces:
            piece = min(self.pieces, key=lambda each: len(each.doubts))
            reasons = sorted(piece.doubts) or [_partial(self.pieces, flow)]
            return unknown(*reasons, packet=packet_in_words(piece.flow), forward=piece.forward, back=piece.back)
        if self.doubtful:
            return unknown(*self.doubtful)
        return unreachable(*self.blocked)


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
        return unreachable(Reason("RT-3", "the other end", f"it has no IPv{version} address"))
    interface = end.interface
    if interface.doubts:
        return unknown(*(Reason("RES-6", interface.id, each.reason) for each in interface.doubts))
    return unreachable(Reason("RT-3", interface.id, f"it has no IPv{version} address", "UNASSOCIATED_COMPONENT"))


def _partial(pieces: list[Piece], whole: Flow) -> Reason:
    """What it hangs on that only some of the packets get through."""
    flows = [each.flow for each in pieces]
    if all(each.sport != whole.sport for each in flows):
        low, high = min(each.sport[0][0] for each in flows), max(each.sport[-1][1] for each in flows)
        text = f"answers get through to client ports {low}-{high} only"
        return Reason("NACL-3", "client", text, "SUBNET_ACL_RESTRICTION")
    return Reason("RT-2", "addresses", "it works for some of the addresses or zones only that may be taken")
