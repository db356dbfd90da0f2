"""Names in DNS, as services, resources and their verifications have them."""

from __future__ import annotations

import re

from constructs_lattice._checks import check_pattern, check_text

__all__ = ["DOMAIN", "check_domain_name"]

DOMAIN = re.compile(r"(\*\.)?[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?")
"""A domain name; its first part may be a star."""

_LEAST, _MOST = 3, 255


def check_domain_name(where: object, argument: str, name: str | None) -> None:
    """Raise `ArgumentError` unless `name` is absent, a token, or a domain name of 3 to 255 characters."""
    check_text(where, argument, name, _LEAST, _MOST)
    check_pattern(where, argument, name, DOMAIN, "be a domain name such as shop.example.com")
