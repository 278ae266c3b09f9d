"""Blind positions side by side, and a committee's ballot. Pure, from a `CaseFile`: what is sealed is said to
be sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.events import Event
from engine.types import Element, Submission, TaskState
from workflows.cases.casefile import CaseFile
from workflows.cases.phrases import plain
from workflows.cases.sentences import tallied
from workflows.cases.types import BallotView, PositionView, VoteView
from workflows.committee.queries import latest_roster
from workflows.committee.types import Seat
from workflows.record import DECIDE
from workflows.risks.disputes import ADVICE
from workflows.wording import count

CHOICES = {
    "uphold": "to uphold",
    "overturn": "to overturn",
    "amend": "to amend",
    "rate": "on the rating alone",
    "refer": "to refer it up",
    "exempt": "to exempt",
    "refuse": "to refuse",
    "abstain": "abstained",
    "recuse": "stepped aside",
}
"""How a member voted, in words."""


def positions(file: CaseFile) -> tuple[PositionView, ...]:
    """The blind answers of a case, in the order of the roles; empty where nobody was asked for one."""
    asked = {task.element_id for task in file.tasks}
    blind = [
        one
        for one in file.elements.values()
        if one.blind and one.kind == "userTask" and one.vote is None and one.id in asked
    ]
    return tuple(
        _position(file, element) for element in sorted(blind, key=lambda one: (one.role or "", one.id))
    )


def is_without_advice(file: CaseFile) -> bool:
    """Whether the CIO has decided without the CISO, or anybody asked instead, having been heard."""
    return file.latest(DECIDE) is not None and not any(file.latest(one) for one in ADVICE)


def _position(file: CaseFile, element: Element) -> PositionView:
    submission = file.latest(element.id)
    label = file.role_label(element.id)
    if submission is None:
        waits = any(t.element_id == element.id and t.state is TaskState.OPEN for t in file.tasks)
        text = f"The {label} has not filed a position yet." if waits else f"The {label} filed no position."
        return PositionView(element.id, element.role or "", label, "", None, False, False, text)
    text = (
        "Filed, and sealed until both positions are in."
        if submission.sealed
        else f"Filed under this authority: {submission.authority}."
    )
    return PositionView(
        element_id=element.id,
        role=element.role or "",
        role_label=label,
        person_name=file.who(submission).removesuffix(f" ({label})"),
        at=submission.at,
        is_in=True,
        is_sealed=submission.sealed,
        sentence=text,
        answers=file.answers.get(submission.id, ()),
        authority=submission.authority,
        changes=tuple(one for one in file.changes if one.element_id == element.id),
    )


def ballot(file: CaseFile) -> BallotView | None:
    """The latest vote of a case; None where none was opened yet."""
    element = next((one for one in file.elements.values() if one.vote is not None), None)
    if element is None or element.vote is None:
        return None
    voting = any(one.element_id == element.id and one.state is TaskState.OPEN for one in file.tasks)
    roster = latest_roster(file.seats.values())
    # While a ballot is open anew, the tally of one before it says nothing.
    tally = None if voting else _tally(file, element.id)
    if tally is None and not roster:
        return None
    votes = [one for one in file.submissions if one.element_id == element.id]
    by_seat = {one.seat: one for one in votes}
    outcome = tally.get("outcome") if tally else None
    shown = tuple(_vote(file, seat, by_seat.get(seat.id), element.vote.field, outcome) for seat in roster)
    if tally is not None:
        text = tallied(tally)
    else:
        text = f"{sum(vote.is_in for vote in shown)} of {count(len(shown), 'member')} have voted."
    return BallotView(element.id, shown, tally is not None, outcome, text)


def _tally(file: CaseFile, element_id: str) -> Mapping[str, Any] | None:
    for entry in reversed(file.audit):
        payload = entry.payload or {}
        if entry.event == Event.VOTE_TALLIED.value and payload.get("element") == element_id:
            tally: Mapping[str, Any] = payload.get("tally") or {}
            return tally
    return None


def _vote(file: CaseFile, seat: Seat, vote: Submission | None, field: str, outcome: str | None) -> VoteView:
    if vote is None:
        return VoteView(
            seat.id, seat.person_name, seat.function, False, False, "", "has not voted", "", "", None
        )
    if vote.sealed:
        return VoteView(
            seat.id, seat.person_name, seat.function, True, True, "", "voted, sealed", "", "", vote.at
        )
    choice = str(vote.answers.get(field) or "")
    number = vote.answers.get("days")
    return VoteView(
        seat_id=seat.id,
        person_name=seat.person_name,
        function=seat.function,
        is_in=True,
        is_sealed=False,
        choice=choice,
        choice_label=CHOICES.get(choice, plain(choice)),
        days=count(int(number), "day") if number is not None else "",
        reason=str(vote.answers.get("reason") or ""),
        at=vote.at,
        is_dissent=outcome is not None and choice not in (outcome, "abstain", "recuse"),
    )
