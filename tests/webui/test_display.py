"""How values read on a page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from webui import display

AT = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)


def test_dates_are_written_out() -> None:
    assert display.day(date(2026, 3, 2)) == "2 March 2026"
    assert display.short_day(AT) == "2 Mar 2026"
    assert display.moment(AT) == "2 March 2026, 09:05"
    assert display.day(None) == "—"


def test_a_time_carries_the_exact_moment() -> None:
    tag = display.time_tag(AT, "day")
    assert 'datetime="2026-03-02T09:05:00+00:00"' in tag
    assert tag.endswith(">2 March 2026</time>")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        ("", "—"),
        (True, "Yes"),
        (False, "No"),
        (Decimal("90"), "90"),
        (Decimal("1E+2"), "100"),
        (AT, "2 March 2026, 09:05"),
        (date(2026, 3, 2), "2 March 2026"),
        (["a", Decimal("1.50")], "a, 1.5"),
        ({"days": Decimal(7)}, "days: 7"),
    ],
)
def test_any_value_reads_as_text(value: Any, text: str) -> None:
    assert display.shown(value) == text


def test_a_level_is_a_word_and_not_a_colour_alone() -> None:
    assert display.level("very_high") == '<span class="level level-5">Very high</span>'
    assert display.level("Very low") == '<span class="level level-1">Very low</span>'
    assert "not rated" in display.level(None)
    assert "not rated" in display.level("<b>")


def test_nothing_typed_becomes_markup() -> None:
    assert "<b>" not in display.state("<b>")
    assert display.emphasised("The **CIO** <b>") == "The <strong>CIO</strong> &lt;b&gt;"


def test_counts_agree_with_their_nouns() -> None:
    assert display.plural(1, "day") == "1 day"
    assert display.plural(1404, "entry", "entries") == "1,404 entries"


def test_keys_are_spoken() -> None:
    assert display.spoken("third_party") == "Third party"
