"""How values read on a page: dates in words, levels, states. Registered as template filters; no rule is
decided here."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask, url_for
from markupsafe import Markup, escape

MISSING = "—"

TAGS = {
    "accepted": "good",
    "active": "good",
    "closed": "",
    "exempted": "warn",
    "expired": "",
    "in treatment": "now",
    "not accepted": "bad",
    "undecided": "warn",
}
"""Tone of a state's tag; the word itself always stands in it."""

TIERS = {"cio": "CIO", "committee": "steering committee", "cro": "chief risk officer", "sponsor": "sponsor"}
"""Who decides at each tier, within a sentence."""

LEVELS = ("very low", "low", "moderate", "high", "very high")


def day(moment: date | datetime | None) -> str:
    """A day as people write it: "12 March 2027"."""
    return f"{moment.day} {moment:%B %Y}" if moment is not None else MISSING


def short_day(moment: date | datetime | None) -> str:
    """A day where room is short: "12 Mar 2027"."""
    return f"{moment.day} {moment:%b %Y}" if moment is not None else MISSING


def moment(at: datetime | None) -> str:
    """A day with its time, which is UTC: "12 March 2027, 14:05"."""
    return f"{day(at)}, {at:%H:%M}" if at is not None else MISSING


def time_tag(at: datetime | None, form: str = "moment") -> Markup:
    """The HTML `time` element of a moment, with the exact time for machines and for those who point at it."""
    if at is None:
        return escape(MISSING)
    text = {"moment": moment, "day": day, "short": short_day}[form](at)
    return Markup('<time datetime="{}" title="{} UTC">{}</time>').format(at.isoformat(), moment(at), text)


def level(value: Any) -> Markup:
    """A level of risk: the word, and five bars filled up to it."""
    text = str(value).replace("_", " ").lower() if value is not None else ""
    if text not in LEVELS:
        return Markup('<span class="soft">not rated</span>')
    return Markup('<span class="level level-{}">{}</span>').format(LEVELS.index(text) + 1, text.capitalize())


def state(value: Any) -> Markup:
    """A state as a tag."""
    text = str(value)
    return Markup('<span class="tag {}">{}</span>').format(TAGS.get(text, ""), text)


def shown(value: Any) -> str:
    """Any value of a case's data, as text."""
    if value is None or value == "":
        return MISSING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list | tuple):
        return ", ".join(shown(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {shown(each)}" for key, each in value.items())
    return str(value)


def emphasised(text: str) -> Markup:
    """Plain text with **strong** words, as a policy's README has them."""
    parts = text.split("**")
    marked = [
        escape(part) if at % 2 == 0 else Markup("<strong>{}</strong>").format(part)
        for at, part in enumerate(parts)
    ]
    return Markup("").join(marked)


def tier(key: str) -> str:
    """Who decides at a tier, within a sentence."""
    return TIERS.get(key, key)


def plural(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: "1 day", "3 days"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def spoken(key: str) -> str:
    """A key of the data as words: "third_party" as "Third party"."""
    return initial(key.replace("_", " ").strip())


def initial(text: str) -> str:
    """A sentence with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def page_address(endpoint: str, page: int, filters: dict[str, Any]) -> str:
    """The address of another page of a list under the same filters; empty filters are left out."""
    kept = {key: value for key, value in filters.items() if value}
    return url_for(endpoint, **kept, page=page if page > 1 else None)


def install(app: Flask) -> None:
    """Make the filters known to all templates."""
    for function in (
        day,
        short_day,
        moment,
        time_tag,
        level,
        state,
        shown,
        plural,
        initial,
        spoken,
        tier,
        emphasised,
    ):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals["page_address"] = page_address
