"""Texts in policies: what is a wildcard or a variable there, and how it is written when it is meant as itself.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from collections.abc import Callable

__all__ = ["has_wildcard", "literal", "literal_in_pattern"]

_TOKEN = re.compile(r"\$\{Token\[[^\]]*\]\}")
_WILDCARD = re.compile(r"[*?]")


def has_wildcard(text: str) -> bool:
    """Whether the text stands for several, by `*` or `?`."""
    return _WILDCARD.search(text) is not None


def literal(text: str) -> str:
    """The text where no wildcards are read, as in `StringEquals`: variables of policies are not meant."""
    return _outside_of_tokens(text, lambda part: part.replace("${", "${$}{"))


def literal_in_pattern(text: str) -> str:
    """The text where wildcards are read, as in `StringLike` and in resources."""
    return _outside_of_tokens(text, lambda part: _WILDCARD.sub(r"${\g<0>}", part.replace("${", "${$}{")))


def _outside_of_tokens(text: str, write: Callable[[str], str]) -> str:
    parts, end = [], 0
    for token in _TOKEN.finditer(text):
        parts += [write(text[end : token.start()]), token.group()]
        end = token.end()
    return "".join([*parts, write(text[end:])])
