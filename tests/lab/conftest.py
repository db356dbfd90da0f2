"""The fixed set of networks, built once for all tests."""

import os
from collections.abc import Iterator

import pytest

from tests.lab.comparison import Record
from tests.lab.fixed_set import observed_once
from tests.lab.lab import Lab
from tests.lab.namespaces import LabUnavailableError


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[Record]:
    """What came of all questions about the networks of the set."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    try:
        return observed_once(shared)
    except LabUnavailableError as error:
        pytest.skip(str(error))


@pytest.fixture
def lab() -> Iterator[Lab]:
    """A lab of the test's own."""
    try:
        made = Lab()
    except LabUnavailableError as error:
        pytest.skip(str(error))
    with made:
        yield made
