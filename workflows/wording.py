"""Dates, spans and lists in plain words, the same on every page and in every record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(at: date) -> str:
    """ "1 March 2026" (of a datetime: its UTC day)."""
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def moment(at: datetime) -> str:
    """ "1 March 2026, 09:05 UTC"."""
    return f"{day(at)}, {at:%H:%M} UTC"


def count(number: int, noun: str) -> str:
    """ "1 day", "3 days"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def due(due_at: datetime | None, now: datetime) -> str:
    """ "due in 3 days", "due in 2 hours", "4 days late"; empty where nothing is due."""
    if due_at is None:
        return ""
    late = due_at < now
    span = abs(due_at - now)
    if span >= timedelta(days=1):
        text = count(span.days, "day")
    elif span >= timedelta(hours=1):
        text = count(span.seconds // 3600, "hour")
    else:
        text = count(max(1, span.seconds // 60), "minute")
    return f"{text} late" if late else f"due in {text}"


def listed(words: Iterable[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def value(answer: Any) -> str:
    """An answer as a person reads it."""
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, datetime):
        return moment(answer)
    if isinstance(answer, date):
        return day(answer)
    if isinstance(answer, Decimal):
        text = f"{answer:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(answer, (list, tuple)):
        return ", ".join(value(item) for item in answer)
    return str(answer)


def sentence(text: str) -> str:
    """A person's own words, ended like a sentence; inner white space made single."""
    plain = " ".join(text.split())
    return plain if not plain or plain[-1] in ".!?…" else f"{plain}."
