"""Plays the demonstration at a moment that does not change."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.testing import FakeClock
from workflows.bootstrap import Parley, Settings, open_parley
from workflows.demo import fill

MADE_ON = datetime(2026, 3, 30, 9, 20, tzinfo=UTC)
"""A Monday: the weekend lies just behind, so that most of the last days' acts move."""


def played(url: str) -> list[str]:
    """Play the demonstration on a migrated database; the lines of progress."""
    lines: list[str] = []
    parley = open_parley(Settings(url), clock=FakeClock(MADE_ON))
    try:
        fill(parley, lines.append)
    finally:
        parley.close()
    return lines


def opened(url: str) -> Parley:
    """Parley on a database in which the demonstration was played."""
    return open_parley(Settings(url), clock=FakeClock(MADE_ON))
