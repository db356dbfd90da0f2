"""Bugs that an analyser may have: each is sown into ours, and the lab has to show it.

Each is what a naive reading of AWS's documentation, or a slip in an algorithm, leads to.
"""

from tests.lab.mutants import filtering, forwarding, transit_gateways
from tests.lab.mutants.sowing import MUTANTS

__all__ = ["MUTANTS", "filtering", "forwarding", "transit_gateways"]
