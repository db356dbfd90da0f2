"""An audit: mistakes that networks often have, found in what was synthesized, without being asked for. Pure."""

from constructs_lattice.audit.audit import audit
from constructs_lattice.audit.finding import CHECKS, Finding

__all__ = ["CHECKS", "Finding", "audit"]
