"""Who can reach whom: questions about a network, answered exactly or not at all. Pure."""

from constructs_lattice.reachability.answer import Answer, Verdict
from constructs_lattice.reachability.parties import Addresses, OnPremises, Owner, Party, TheInternet
from constructs_lattice.reachability.reachability import Protocol, Reachability
from constructs_lattice.reachability.reason import Hop, Reason

__all__ = [
    "Addresses",
    "Answer",
    "Hop",
    "OnPremises",
    "Owner",
    "Party",
    "Protocol",
    "Reachability",
    "Reason",
    "TheInternet",
    "Verdict",
]
