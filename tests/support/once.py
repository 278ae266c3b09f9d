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
        """The folder ``name``, filled by ``make``. What is in it must not be changed: others read it too."""
        made = self._folder / name
        with (self._folder / f"{name}.lock").open("w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = self._folder / f"{name}.done"
            if not done.exists():
                # A half-made folder of a failed attempt is another name, never mistaken for the whole.
                made.mkdir(exist_ok=True)
                make(made)
                done.touch()
        return made
