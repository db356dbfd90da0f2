"""The end of a message about a name that is not there: what may have been meant."""

from collections.abc import Iterable, Sequence

__all__ = ["did_you_mean", "likely"]

_ALIKE = 0.7


def did_you_mean(name: str, names: Iterable[str], most: int = 1) -> str:
    """`, did you mean 'Shop'?`, or nothing where no name is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - for messages only

    return likely(get_close_matches(name, list(names), n=most, cutoff=_ALIKE))


def likely(names: Sequence[str]) -> str:
    """The same for names that are found already."""
    return f", did you mean {' or '.join(repr(each) for each in names)}?" if names else ""
