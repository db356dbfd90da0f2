"""What is not determined by what was read: a value with a reason instead of a content."""

from dataclasses import dataclass

__all__ = ["Unknown"]


@dataclass(frozen=True, slots=True)
class Unknown:
    """What the templates do not determine: why, and, if it is one thing in many places, a symbol for it.

    Two unknowns with the same symbol are the same, whatever they are; those without one are never known to be.
    """

    reason: str
    symbol: str = ""

    def __str__(self) -> str:
        """In the way of `Fn::Sub`."""
        return f"${{{self.symbol or 'unknown'}}}"
