"""A second evaluator, for what the properties draw: two-valued, by the book, sharing no code with the first."""

from collections.abc import Mapping
from typing import Any

from constructs_lattice.authorization import Caller, Request
from constructs_lattice.model.symbolic import SymbolicText
from tests.authorization.lattices import ACCOUNT, ROLE, SERVICE, Estate

Context = Mapping[str, list[str]]


def like(pattern: str, text: str) -> bool:
    """IAM's wildcards."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(like(pattern[1:], text[start:]) for start in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and like(pattern[1:], text[1:])


def allows(estate: Estate, caller: Caller, request: Request) -> bool:
    """Identity and network and service, with no explicit deny anywhere."""
    context = _context(estate, caller, request)
    signed = caller.principal != "anonymous"
    asked = [level for level in (estate.network, estate.service) if level is not None]
    if signed:
        asked.append(estate.identity)
        if estate.boundary is not None:
            asked.append(estate.boundary)
    for statements in asked:
        found = [each["Effect"] for each in statements if _applies(each, context, request, signed=signed)]
        if "Deny" in found or "Allow" not in found:
            return False
    return True


def _context(estate: Estate, caller: Caller, request: Request) -> Context:
    keys = {
        "vpc-lattice-svcs:RequestMethod": [request.method],
        "vpc-lattice-svcs:RequestPath": [request.path],
        "vpc-lattice-svcs:Port": [str(request.port)],
        **{f"vpc-lattice-svcs:RequestHeader/{name}": [value] for name, value in request.headers.items()},
        **{f"vpc-lattice-svcs:RequestQueryString/{key}": list(values) for key, values in request.query.items()},
        "aws:PrincipalType": ["AssumedRole" if caller.principal != "anonymous" else "Anonymous"],
    }
    if caller.principal != "anonymous":
        tags = {**estate.tags, **caller.principal_tags}
        keys |= {"aws:PrincipalArn": [ROLE], **{f"aws:PrincipalTag/{key}": [value] for key, value in tags.items()}}
    return keys


def _applies(statement: Any, context: Context, request: Request, *, signed: bool) -> bool:
    principal = statement.get("Principal", "*")
    if principal != "*" and not (signed and principal["AWS"] in (ACCOUNT, ROLE)):
        return False
    action = statement.get("Action", statement.get("NotAction"))
    if like(action.lower(), "vpc-lattice-svcs:invoke") is ("NotAction" in statement):
        return False
    resource = statement.get("Resource", statement.get("NotResource"))
    if _covers(resource, request.path, context) is ("NotResource" in statement):
        return False
    conditions = statement.get("Condition", {})
    return all(
        _holds(operator, context.get(key), values if isinstance(values, list) else [values], context)
        for operator, keys in conditions.items()
        for key, values in keys.items()
    )


def _covers(resource: SymbolicText, path: str, context: Context) -> bool:
    pattern = _filled(str(resource), context)
    return pattern is not None and like(pattern, f"{SERVICE}{path}")


def _filled(text: str, context: Context) -> str | None:
    variable = "${aws:PrincipalTag/team}"
    if variable not in text:
        return text
    team = context.get("aws:PrincipalTag/team")
    return text.replace(variable, team[0]) if team else None


def _holds(operator: str, actual: list[str] | None, wanted: list[str], context: Context) -> bool:
    quantifier, _, name = operator.rpartition(":")
    if name == "Null":
        return (actual is None) is (wanted[0] == "true")
    if actual is None and name.endswith("IfExists"):
        return True
    base = name.removesuffix("IfExists")
    negated = "Not" in base
    if actual is None:
        return quantifier == "ForAllValues" or (negated and quantifier != "ForAnyValue")

    def passes(value: str) -> bool:
        patterns = [filled for each in wanted if (filled := _filled(each, context)) is not None]
        if base == "NumericLessThan":
            return any(int(value) < int(each) for each in patterns)
        matches = like if base.endswith("Like") else str.__eq__
        return any(matches(each, value) for each in patterns) is not negated

    return any(map(passes, actual)) if quantifier == "ForAnyValue" else all(map(passes, actual))
