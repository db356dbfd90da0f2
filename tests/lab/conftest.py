"""A lab for tests; where there is none, they are skipped and say so."""

from collections.abc import Iterator

import pytest

from tests.lab.lab import Lab
from tests.lab.namespaces import LabUnavailableError


@pytest.fixture
def lab() -> Iterator[Lab]:
    """A lab of the test's own."""
    try:
        made = Lab()
    except LabUnavailableError as error:
        pytest.skip(str(error))
    with made:
        yield made
