"""The story fits its calendar on whatever day and at whatever hour the demonstration is made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workflows.demo.calendar import MEETINGS, begins, schedule
from workflows.demo.stories import STORIES
from workflows.demo.story import Act, Story

DAYS = [
    datetime(2026, 3, day, hour, minute, tzinfo=UTC)
    for day in range(2, 9)
    for hour, minute in ((0, 5), (14, 0), (23, 55))
]
DUE = {
    "cio_position": timedelta(days=5),
    "ciso_position": timedelta(days=5),
    "decide": timedelta(days=3),
    "respond": timedelta(days=3),
    "answer_challenge": timedelta(days=3),
    "vote": timedelta(days=3),
    "arbitrate": timedelta(days=5),
}
"""How long each step may take, as the diagram says."""
LATE = {"CVE-2024-1709"}
"""The one story that ends with a task past its due time."""


@pytest.fixture(params=DAYS, ids=lambda at: f"{at:%a-%H%M}")
def end(request: pytest.FixtureRequest) -> datetime:
    at: datetime = request.param
    return at


def last_act(story: Story, end: datetime) -> datetime:
    return max(step.at for step in schedule([story], end))


def test_all_happens_between_the_beginning_and_the_end(end: datetime) -> None:
    steps = schedule(STORIES, end)
    assert begins(end) + timedelta(hours=1) < steps[0].at
    assert steps[-1].at < end
    assert len(steps) == sum(len(story.acts) + 1 for story in STORIES)


def test_acts_on_a_risk_stay_in_their_order(end: datetime) -> None:
    for story in STORIES:
        told = [step.act for step in schedule([story], end)]
        assert told == [None, *story.acts]


def test_people_do_not_work_at_weekends_but_on_the_last_day(end: datetime) -> None:
    for step in schedule(STORIES, end):
        if step.act is not None and isinstance(step.act.ago, timedelta):
            continue  # an exact span: what a meeting's notice period hangs on
        if end - step.at > timedelta(days=1, hours=12):
            assert step.at.weekday() < 5
            assert 8 <= step.at.hour < 20


def test_what_waits_at_the_end_is_late_only_where_it_is_told_so(end: datetime) -> None:
    """Counted from the last act on the risk, which opened what waits, or from the meeting that is planned."""
    for story in STORIES:
        steps = {step.act.element: step.at for step in schedule([story], end) if step.act} | {
            "raise": schedule([story], end)[0].at
        }
        for element in story.waits:
            if element not in DUE or story.ends.value != "undecided" or story.cve == "CVE-2020-0618":
                continue
            opened = {
                "vote": end - MEETINGS[-1],
                "cio_position": steps["raise"],
                "ciso_position": steps["raise"],
            }.get(element, last_act(story, end))
            assert opened is not None
            assert (end - opened > DUE[element]) == (story.cve in LATE), (story.cve, element)


def test_an_expired_exemption_has_just_expired(end: datetime) -> None:
    """The reporting service's 90 days are over, and the positions asked for again are not late yet."""
    [story] = [one for one in STORIES if one.cve == "CVE-2020-0618"]
    expired = last_act(story, end) + timedelta(days=90)
    assert timedelta(days=1) < end - expired < DUE["cio_position"]


def test_members_vote_within_seven_days(end: datetime) -> None:
    """But for the one vote that is told to close by itself."""
    for story in STORIES:
        opened = None
        for step in schedule([story], end):
            if step.act and step.act.element == "answer_challenge":
                opened = step.at
            if step.act and step.act.element == "vote":
                assert opened is not None
                assert step.at - opened < timedelta(days=7), story.cve


def test_a_linked_case_is_acted_on_after_what_it_came_of(end: datetime) -> None:
    for story in STORIES:
        steps = [step for step in schedule([story], end) if step.act]
        for number, step in enumerate(steps):
            earlier = steps[:number]
            if step.act and step.act.element.endswith("_position") and earlier[2:]:
                # The act that granted it, and the days it could be granted for, at most.
                ruled = [one for one in earlier if one.act and not one.act.element.endswith("_position")][-1]
                if ruled.act and ruled.act.element == "challenge":
                    assert step.at > ruled.at, "its linked case begins at once"
                    continue
                assert step.at - ruled.at > timedelta(days=_days([one.act for one in earlier if one.act])), (
                    story.cve
                )


def _days(acts: list[Act]) -> int:
    """Days of the exemption that these acts come to: the last tier's; of votes, the shortest."""
    decided = max(number for number, act in enumerate(acts) if act.element == "decide")
    after = [act for act in acts[decided:] if "days" in act.answers]
    last = after[-1].element
    return min(int(act.answers["days"]) for act in after if act.element == last)


def test_risks_are_raised_in_the_same_order_on_any_day(end: datetime) -> None:
    raised = [step.story.cve for step in schedule(STORIES, end) if step.act is None]
    assert raised == [story.cve for story in sorted(STORIES, key=lambda one: -one.raised)]
