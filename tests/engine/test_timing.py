"""Due times: ISO 8601 durations over months and leap years, dates, FEEL, cycles; mistakes are said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ElementFailed
from engine.spiff.case import ROOT, Case
from engine.spiff.timing import add_duration, add_months, due_time, is_iso_cycle, is_iso_duration

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2026-03-02T09:00", "P30D", "2026-04-01T09:00"),
        ("2026-03-02T09:00", "P1W", "2026-03-09T09:00"),
        ("2026-03-02T09:00", "PT36H", "2026-03-03T21:00"),
        ("2026-03-02T09:00", "PT90M", "2026-03-02T10:30"),
        ("2026-03-02T09:00", "PT0.5S", "2026-03-02T09:00:00.500"),
        ("2026-03-02T09:00", "P1Y2M3DT4H5M6S", "2027-05-05T13:05:06"),
        ("2026-03-02T09:00", "P0D", "2026-03-02T09:00"),
        # The same day a month later, or the month's last.
        ("2026-01-31T09:00", "P1M", "2026-02-28T09:00"),
        ("2024-01-31T09:00", "P1M", "2024-02-29T09:00"),
        ("2026-01-31T09:00", "P2M", "2026-03-31T09:00"),
        ("2026-03-31T09:00", "P1M", "2026-04-30T09:00"),
        ("2026-12-31T09:00", "P2M", "2027-02-28T09:00"),
        ("2026-10-31T09:00", "P4M", "2027-02-28T09:00"),
        ("2026-11-30T09:00", "P1M", "2026-12-30T09:00"),
        # Leap days.
        ("2024-02-29T09:00", "P1Y", "2025-02-28T09:00"),
        ("2024-02-29T09:00", "P4Y", "2028-02-29T09:00"),
        ("2024-02-28T09:00", "P1D", "2024-02-29T09:00"),
        ("2025-02-28T09:00", "P1D", "2025-03-01T09:00"),
        ("1999-02-28T00:00", "P1Y", "2000-02-28T00:00"),
        # First the months, then the days.
        ("2026-01-31T00:00", "P1M1D", "2026-03-01T00:00"),
        ("2026-12-31T23:59:59", "PT1S", "2027-01-01T00:00"),
    ],
)
def test_a_duration_leads_to(start: str, duration: str, end: str) -> None:
    assert is_iso_duration(duration)
    assert add_duration(at(start), duration) == at(end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1",
        "1D",
        "P-1D",
        "-P1D",
        "P1H",
        "PT1D",
        "P1DT",
        "P1.5D",
        "p1d",
        " P1D",
        "P1D ",
        "P1S",
        "R/P1D",
        "P١D",
    ],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    assert not is_iso_duration(text)
    with pytest.raises(ValueError, match="no ISO 8601 duration"):
        add_duration(NOW, text)


@pytest.mark.parametrize("text", ["P101Y", "P9999Y", "P9999M", "P36526D", "P99999D", "P9999W"])
def test_what_lies_more_than_a_hundred_years_ahead_is_a_mistake(text: str) -> None:
    with pytest.raises(ValueError, match="more than a hundred years"):
        add_duration(NOW, text)


@pytest.mark.parametrize(
    ("text", "is_cycle"),
    [
        ("R3/PT10H", True),
        ("R/P7D", True),
        ("R0/P7D", True),
        ("R3/2026-01-01/P1D", False),
        ("R-1/P7D", False),
        ("R3/", False),
        ("R3/P", False),
        ("3/P7D", False),
        ("R99999/P7D", False),
    ],
)
def test_what_is_a_cycle(text: str, is_cycle: bool) -> None:
    assert is_iso_cycle(text) is is_cycle


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 1100),
)
def test_months_later_is_the_same_day_or_the_months_last(start: datetime, months: int) -> None:
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.time() == start.time()
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), st.data())
def test_a_longer_duration_never_ends_sooner(start: datetime, data: st.DataObject) -> None:
    parts = {"Y": st.integers(0, 40), "M": st.integers(0, 200), "D": st.integers(0, 999)}
    values = {unit: data.draw(number) for unit, number in parts.items()}
    more = dict(values)
    more[data.draw(st.sampled_from("YMD"))] += 1

    def written(of: Mapping[str, int]) -> str:
        return "P" + "".join(f"{number}{unit}" for unit, number in of.items())

    assert start <= add_duration(start, written(values)) <= add_duration(start, written(more))


def due(text: str, **data: Any) -> datetime:
    case = Case({}, {}, NOW, lambda *_: None, lambda _: ())  # type: ignore[arg-type, return-value]  # none is called
    case.scopes[ROOT] = data
    return due_time(case, text, ROOT, {}, "task")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P5D", "2026-03-07T09:00"),
        (" P5D\n", "2026-03-07T09:00"),
        ("2026-04-01T12:00:00Z", "2026-04-01T12:00"),
        ("2026-04-01T12:00:00+02:00", "2026-04-01T10:00"),
        # What is due on a day may be done all that day.
        ("2026-04-01", "2026-04-02T00:00"),
        ("x.until", "2026-06-01T00:00"),
        ("x.moment", "2026-05-31T10:00"),
        ('duration("P1M")', "2026-04-02T09:00"),
        ('duration("P1DT1H")', "2026-03-03T10:00"),
        ('date("2026-04-01")', "2026-04-02T00:00"),
        ('date and time("2026-04-01T12:00:00Z")', "2026-04-01T12:00"),
        ('now() + duration("P1D")', "2026-03-03T09:00"),
        ('x.moment - duration("P1D")', "2026-05-30T10:00"),
        ("x.period", "2026-03-12T09:00"),
        ('if x.days > 5 then "P5D" else "P1D"', "2026-03-07T09:00"),
    ],
)
def test_when_something_is_due(text: str, expected: str) -> None:
    moment = datetime(2026, 5, 31, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    x = {"until": date(2026, 5, 31), "moment": moment, "period": "P10D", "days": 7}
    assert due(text, x=x) == at(expected)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "x.missing", "5", "true", '"next week"', "0 0 * * *", "P1H", "2026-02-30", "9999999", "[]",
     "x", "P200Y", '"P200Y"', 'duration("P200Y")', 'date("2200-01-01")', "2200-01-01T00:00:00Z", "import os"],
)  # fmt: skip
def test_a_time_that_cannot_be_worked_out_is_said_with_its_text(text: str) -> None:
    with pytest.raises(ElementFailed) as caught:
        due(text, x={})
    assert repr(text) in str(caught.value)
    assert caught.value.element_id == "task"
