"""A progress bar on standard error, for what takes longer than a second in front of a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

__all__ = ["progress_bar"]

_PATIENCE = 1.0


@contextmanager
def progress_bar(description: str) -> Iterator[Callable[[int, int], None]]:
    """Hands out what is told how much is done out of how much; the bar is gone at the end."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, auto_refresh=False, disable=not console.is_terminal) as bar:
        task = bar.add_task(description, visible=False)
        began = time.monotonic()

        def tell(done: int, total: int) -> None:
            if time.monotonic() - began > _PATIENCE:
                bar.update(task, completed=done, total=total, visible=True, refresh=True)

        yield tell
