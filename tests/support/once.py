"""Something costly that all workers of a test run share: the first that asks makes it, the others wait."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path


class Once:
    """Makes each named folder at most once in a test run, whichever worker comes first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str, make: Callable[[Path], None]) -> Path:
        """The folder ``name``, filled by ``make``. What is in it must not be changed: others read it too.

        Raises what ``make`` raised, and RuntimeError, quoting it, for all who ask later.
        """
        made = self._folder / name
        with (self._folder / f"{name}.lock").open("w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done, failed = self._folder / f"{name}.done", self._folder / f"{name}.failed"
            if failed.exists():
                # Trying again would only fail again, and later.
                raise RuntimeError(f"“{name}” could not be made: {failed.read_text(encoding='utf-8')}")
            if not done.exists():
                made.mkdir()
                try:
                    make(made)
                except BaseException as failure:
                    failed.write_text(f"{type(failure).__name__}: {failure}", encoding="utf-8")
                    raise
                done.touch()
        return made
