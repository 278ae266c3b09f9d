"""Dates, spans and lists in plain words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from workflows import wording

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_days_and_moments() -> None:
    assert wording.day(date(2026, 3, 1)) == "1 March 2026"
    assert wording.moment(NOW) == "2 March 2026, 09:00 UTC"


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(days=3, hours=2), "due in 3 days"),
        (timedelta(days=1), "due in 1 day"),
        (timedelta(hours=23, minutes=59), "due in 23 hours"),
        (timedelta(minutes=5), "due in 5 minutes"),
        (timedelta(0), "due in 1 minute"),
        (-timedelta(seconds=1), "1 minute late"),
        (-timedelta(hours=1), "1 hour late"),
        (-timedelta(days=2), "2 days late"),
    ],
)
def test_due(away: timedelta, words: str) -> None:
    assert wording.due(NOW + away, NOW) == words


def test_nothing_due() -> None:
    assert wording.due(None, NOW) == ""


def test_lists() -> None:
    assert wording.listed([]) == ""
    assert wording.listed(["a"]) == "a"
    assert wording.listed(["a", "b"]) == "a and b"
    assert wording.listed(["a", "b", "c"], "or") == "a, b or c"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, ""),
        (True, "yes"),
        (Decimal("90"), "90"),
        (Decimal("9E+1"), "90"),
        (Decimal("1.50"), "1.5"),
        (date(2026, 9, 1), "1 September 2026"),
        (["a", Decimal(2)], "a, 2"),
        ("text", "text"),
    ],
)
def test_values(answer: object, words: str) -> None:
    assert wording.value(answer) == words


def test_a_persons_words_end_like_a_sentence() -> None:
    assert wording.sentence("It is\n  small") == "It is small."
    assert wording.sentence("Is it?") == "Is it?"
    assert wording.sentence("") == ""
