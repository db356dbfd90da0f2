"""What the benchmarks compare with: the same resources, or the figures say nothing."""

import pytest

from benchmarks.handwritten import HandwrittenShop, PositionalShop
from benchmarks.three_tier import resource_types
from examples.three_tier.app import ShopStack


@pytest.mark.parametrize("stack", [HandwrittenShop, PositionalShop])
def test_the_example_by_hand_has_the_resources_of_the_example(stack: type[PositionalShop]) -> None:
    """Of the same types, in the same numbers."""
    assert resource_types(stack) == resource_types(ShopStack)
