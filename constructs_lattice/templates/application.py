"""What was loaded: stacks that make up one application, and the estates that they can come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from constructs_lattice.errors import TemplateError
from constructs_lattice.templates.definition import StackDefinition
from constructs_lattice.templates.estate import Estate
from constructs_lattice.templates.facts import Facts
from constructs_lattice.templates.resolution import Resolution

__all__ = ["Application", "Case"]


class Case(NamedTuple):
    """An estate, and what was assumed to get it, in words; nothing where the templates say it all."""

    assumed: str
    estate: Estate


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The stacks that are deployed together."""

    stacks: tuple[StackDefinition, ...]

    def cases(self, most: int = 32) -> list[Case]:
        """The estates that the stacks can come to, depending on what nobody knows.

        Conditions that hang on parameters without a value are decided in all ways that are possible, each a case. If
        there are more than `most`, only those are on which the network hangs. If that are still too many, there is one
        case. What is not decided stays open: resources that hang on it are there with a `doubt`, values are unknown.

        Raises `TemplateError` when the templates are wrong.
        """
        try:
            every = list(self._leaves(most, only_network=False))
            some = every if len(every) <= most else list(self._leaves(most, only_network=True))
            chosen = some if len(some) <= most else [Facts()]
            return [Case("; ".join(facts.words()), Resolution(self.stacks, facts).estate()) for facts in chosen]
        except RecursionError:
            raise TemplateError(f"{self.stacks[0].template.path}: nested too deeply to be resolved") from None

    def _leaves(self, most: int, *, only_network: bool) -> Iterator[Facts]:
        """Facts that decide the conditions; one too many at most."""
        waiting = [Facts()]
        leaves = 0
        while waiting and leaves <= most:
            facts = waiting.pop()
            undecided = next(Resolution(self.stacks, facts).undecided(only_network=only_network), None)
            if undecided is None:
                leaves += 1
                yield facts
            else:
                waiting += reversed(facts.alternatives(undecided))
