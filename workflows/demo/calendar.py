"""When the story's acts happen: days before the end become moments in working hours.

An act on a weekend moves back to the Friday before. That is two days at the most, and the story leaves room
for them: what is told to be late, or not yet due, is so whatever day the demonstration is made on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from workflows.demo.story import Act, Ago, Story

LENGTH = timedelta(days=184)
"""From the making of the organisation to the end: six months."""
_OPENS, _MINUTES = 8 * 60 + 30, 8 * 60
"""Working hours: the minute of the day they begin at, and how many minutes they last."""
_APART = timedelta(minutes=40)
"""Between two acts on one risk that would fall on the same moment or in the wrong order."""


MEETINGS = (timedelta(days=4), timedelta(days=2))
"""Meetings of the committee that are planned long ahead, counted back from the story's end; further ones are
called where a matter needs them."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One act with its moment, in UTC; without an act, the risk is raised."""

    at: datetime
    story: Story
    act: Act | None


def begins(end: datetime) -> datetime:
    """When the organisation is made: before its first working hour."""
    return _weekday(end - LENGTH).replace(hour=7, minute=0, second=0, microsecond=0)


def schedule(stories: Sequence[Story], end: datetime) -> list[Scheduled]:
    """Everything that happens, in order.

    Args:
        stories: all risks; the acts on one risk stay in the order they are told in, and so do the risks
            that are raised on the same day.
        end: the moment the story ends, in UTC.
    """
    found: list[Scheduled] = []
    raised: datetime | None = None
    for number, story in enumerate(sorted(stories, key=lambda one: -one.raised)):
        # Raised one after the other, so that each risk has the same number whatever day it is played on.
        last = raised
        steps: list[tuple[Ago, Act | None]] = [(story.raised, None), *((act.ago, act) for act in story.acts)]
        for step, (ago, act) in enumerate(steps):
            at = moment(ago, end, number * 7 + step)
            if last is not None and at <= last:
                at = last + _APART
            found.append(Scheduled(at, story, act))
            last = at
            raised = at if act is None else raised
    return sorted(found, key=lambda one: one.at)


def moment(ago: Ago, end: datetime, slot: int) -> datetime:
    """The moment of an act: `slot` spreads acts over the working hours."""
    if isinstance(ago, timedelta):
        return end - ago
    minute = _OPENS + slot * 37 % _MINUTES
    day = _weekday(end - timedelta(days=ago)).date()
    return datetime.combine(day, time(minute // 60, minute % 60), UTC)


def _weekday(at: datetime) -> datetime:
    return at - timedelta(days=max(0, at.weekday() - 4))
