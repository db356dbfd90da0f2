"""The exceptions of this library.

::

    LatticeError                 everything that this library raises on purpose
    ├── ArgumentError            an argument of a construct or of a value is wrong      (also a ValueError)
    ├── AddressError             an address plan cannot be made as asked                (also a ValueError)
    ├── GuaranteeError           a guarantee is malformed, or names what is not there   (also a ValueError)
    └── TemplateError            a cloud assembly or a template cannot be read          (also a ValueError)

Every message is one sentence that says where, what is wrong, the value, and the way out. Problems that are found
together are reported together, one a line.
"""

from collections.abc import Iterable

__all__ = ["AddressError", "ArgumentError", "GuaranteeError", "LatticeError", "TemplateError"]


class LatticeError(Exception):
    """The root of all errors that this library raises on purpose."""

    @classmethod
    def raise_all(cls, problems: Iterable[str]) -> None:
        """Raise one error that lists `problems`, one a line; do nothing when there are none."""
        found = list(problems)
        if found:
            raise cls("\n".join(found))


class ArgumentError(LatticeError, ValueError):
    """An argument of a construct, or of a value that is given to one, is wrong."""


class AddressError(LatticeError, ValueError):
    """An address is malformed, or an address plan cannot be made as asked."""


class GuaranteeError(LatticeError, ValueError):
    """A guarantee is malformed, or names something that is not there."""


class TemplateError(LatticeError, ValueError):
    """A cloud assembly or a template cannot be read."""
