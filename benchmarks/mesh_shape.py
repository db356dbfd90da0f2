"""What every service of the benchmark mesh has: ten rules, two target groups, three callers."""

from dataclasses import dataclass

from constructs_lattice import Method

__all__ = ["CALLERS", "INVOKE", "RULES", "Route"]

INVOKE = "vpc-lattice-svcs:Invoke"
CALLERS = ("Web", "Jobs", "Admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A rule: what it matches, and the priority that it has, written out where rules are written by hand."""

    path: str | None = None
    exact: bool = False
    method: Method | None = None
    release: str | None = None
    priority: int
    canary: int = 0


RULES = {
    "Next": Route(release="next", priority=332, canary=100),
    "ListItems": Route(path="/items", exact=True, method=Method.GET, priority=584, canary=10),
    "ReadItem": Route(path="/items/", method=Method.GET, priority=783, canary=10),
    "CreateItem": Route(path="/items", exact=True, method=Method.POST, priority=709),
    "ReplaceItem": Route(path="/items/", method=Method.PUT, priority=996),
    "DeleteItem": Route(path="/items/", method=Method.DELETE, priority=1092),
    "Search": Route(path="/search", priority=1577, canary=50),
    "Reports": Route(path="/reports/daily", priority=1391),
    "Health": Route(path="/healthz", exact=True, priority=1389),
    "Admin": Route(path="/admin", method=Method.GET, release="stable", priority=177),
}
