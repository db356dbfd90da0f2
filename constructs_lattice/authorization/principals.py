"""The Principal and NotPrincipal elements of auth policies.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from __future__ import annotations

from dataclasses import dataclass

from constructs_lattice.authorization.glob import literal, wildcards
from constructs_lattice.authorization.signer import Signer, SignerKind
from constructs_lattice.authorization.truth import NO, YES, Truth, agreed, any_of, unknown
from constructs_lattice.model.symbolic import SymbolicText, compose

__all__ = ["PrincipalElement"]

_EVERYBODY = "*"
_AWS = "AWS"
# Kinds that only trust policies of roles, or only other services, know.
_NEVER_SIGN = frozenset({"Service", "Federated"})
_UNIQUE_IDS = ("AROA", "AIDA", "ASIA", "AKIA")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipalElement:
    """What is listed, by kind: `AWS`, `Service`, `Federated`. `Principal: "*"` is listed under `AWS`."""

    listed: tuple[tuple[str, SymbolicText], ...]
    is_negated: bool = False

    def covers(self, signer: Signer) -> Truth:
        """Whether a statement with this element is about a principal."""
        if self.is_negated:
            return self._covers_others(signer)
        return any_of(_lists(kind, entry, signer) for kind, entry in self.listed)

    def _covers_others(self, signer: Signer) -> Truth:
        """`NotPrincipal`: whoever is not listed. The account has to be listed as well as the principal itself."""
        entries = [entry for kind, entry in self.listed if kind == _AWS]
        everybody = any_of(_is_everybody(entry) for entry in entries)
        if signer.is_anonymous or not everybody.is_no:
            return ~everybody
        account = any_of(_is_account(entry, signer) for entry in entries)
        itself = any_of(_is_itself(entry, signer) for entry in entries)
        left_out = agreed([account, itself], f"NotPrincipal has to list both {signer.arn} and its account")
        if signer.has_boundary is None:
            return agreed([YES, ~left_out], "NotPrincipal denies every principal that has a permissions boundary")
        return YES if signer.has_boundary else ~left_out


def _lists(kind: str, entry: SymbolicText, signer: Signer) -> Truth:
    if kind in _NEVER_SIGN:
        return NO
    if kind != _AWS:
        return unknown(f"VPC Lattice documents no {kind} principals")
    everybody = _is_everybody(entry)
    if signer.is_anonymous:
        return everybody
    return any_of((everybody, _is_account(entry, signer), _is_itself(entry, signer)))


def _is_everybody(entry: SymbolicText) -> Truth:
    return _equal(entry, _EVERYBODY)


def _is_account(entry: SymbolicText, signer: Signer) -> Truth:
    found = any_of((_equal(entry, signer.account), _equal(entry, signer.root_arn)))
    if signer.kind is SignerKind.SOMEBODY and found.is_unknown:
        return unknown(f"{entry} lets in whoever of that account has permission")
    return found


def _is_itself(entry: SymbolicText, signer: Signer) -> Truth:
    if signer.kind is SignerKind.SOMEBODY:
        # Somebody is whoever the policies do not name.
        return NO if isinstance(entry, str) else _is_everybody(entry)
    if isinstance(entry, str) and entry.startswith(_UNIQUE_IDS):
        return unknown(f"nobody knows whose unique id {entry} is")
    if isinstance(entry, str) and entry != _EVERYBODY and ("*" in entry or "?" in entry):
        covered = wildcards(entry).matches(signer.arn)
        return NO if covered is False else unknown(f"a principal cannot be written with wildcards, as {entry} is")
    if signer.session and wildcards(compose((signer.session, "*"))).matches(entry) is not False:
        return unknown(f"nobody says whether the session of {signer.arn} is {entry}")
    return _equal(entry, signer.arn)


def _equal(entry: SymbolicText, text: SymbolicText) -> Truth:
    return literal(entry).covers(text)
