"""Lock files on the disk: they are written whole or not at all, and never over what was not read."""

import os
import shutil
from pathlib import Path

from constructs_lattice.errors import AddressError

__all__ = ["read_text", "replace_text"]


def read_text(path: Path) -> str | None:
    """What is in the file, with line ends as on Unix; `None` when there is no file.

    Raises `AddressError` when it cannot be read, or is not text.
    """
    try:
        return path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:  # a ValueError is for bytes that are no text, and for a path that is none
        raise AddressError(f"{path}: the lock file cannot be read: {error}") from None


def replace_text(path: Path, before: str | None, after: str) -> None:
    """Put `after` in the place of `before`, which is what was read; of `None` when there was no file.

    Somebody who looks sees one or the other, never a part. Raises `AddressError`, and leaves the file alone, when there
    is something else in it by now, or when it cannot be written.
    """
    now = read_text(path)
    if now == after:
        return
    if now != before:
        raise AddressError(
            f"{path}: the lock file is not the one that was read; synthesize again, so that nothing in it is lost"
        )
    file = path.resolve()  # a link stays a link
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(after)
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists():
            shutil.copymode(file, draft)
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise AddressError(f"{path}: the lock file cannot be written: {error}") from None
