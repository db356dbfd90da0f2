"""Which resources of a stack need which, and whether they need each other in a circle.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
"""

from typing import Any

__all__ = ["Uses"]


class Uses:
    """Collected while properties are resolved: a branch that is not taken needs nothing."""

    def __init__(self) -> None:
        self._current = ""
        self._uses: dict[str, dict[str, None]] = {}

    def begin(self, logical_id: str) -> str:
        """What is used from now on is used by this resource; gives the one before, for `end`."""
        outer, self._current = self._current, logical_id
        return outer

    def end(self, outer: str) -> None:
        """The resource is done; the one before goes on."""
        self._current = outer

    def add(self, logical_id: str) -> None:
        """A resource is used."""
        if self._current:
            self._uses.setdefault(self._current, {})[logical_id] = None

    def declared(self, logical_id: str, depends_on: Any) -> None:
        """What `DependsOn` says: a name, or a list of them."""
        for each in depends_on if isinstance(depends_on, list) else [depends_on]:
            if isinstance(each, str):
                self._uses.setdefault(logical_id, {})[each] = None

    def circle(self) -> list[str]:
        """Resources that need each other, the first one again at the end; empty when there are none."""
        done: set[str] = set()
        for start in self._uses:
            path: list[str] = []
            waiting = [iter([start])]
            while waiting:
                following = next(waiting[-1], None)
                if following is None:
                    waiting.pop()
                    if path:
                        done.add(path.pop())
                elif following in path:
                    return [*path[path.index(following) :], following]
                elif following not in done:
                    path.append(following)
                    waiting.append(iter(self._uses.get(following, ())))
        return []
