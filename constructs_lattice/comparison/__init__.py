"""What changes between two versions of an application: flows that open and close, resources that are replaced. Pure."""

from constructs_lattice.comparison.difference import Difference, compare
from constructs_lattice.comparison.replacement import Replacement, replacements

__all__ = ["Difference", "Replacement", "compare", "replacements"]
