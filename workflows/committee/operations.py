"""What cases do about the committee's people: give notice, ask the chair, seat it, count its votes, and find
who rules where it does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import insert

from engine.ports import Effect, OperationResult
from workflows.committee import queries, rules
from workflows.committee.matters import (
    VOTED,
    answers_at,
    aside_of,
    committee_of,
    directly_to,
    docket_of,
    members_of,
    organisation_of,
    parties_of,
    roster_of,
)
from workflows.committee.models import seats
from workflows.committee.terms import AMEND
from workflows.events import DomainEvent, risk_chain
from workflows.identity.organisation import Membership
from workflows.identity.types import Role
from workflows.keys import new_id
from workflows.operations import Application, Call

ARBITER = "committee.arbiter"
CHAIR = "committee.chair"
COUNT = "committee.count"
NOTIFY = "committee.notify"
SEAT = "committee.seat"

CRO, SPONSOR = "cro", "sponsor"
RULINGS = frozenset({"uphold", "overturn", "amend", "rate"})
"""Choices that settle a matter; `refer` does not."""
RULED, RESEAT, UP = "ruled", "reseat", "up"


def notify(call: Call) -> OperationResult:
    """Give notice of the meeting to every member and alternate who may vote on the matter.

    The value is the list of their places, over which interests are declared.
    """
    organisation, committee = organisation_of(call), committee_of(call)
    parties = parties_of(call)
    found: dict[str, Membership] = {}
    for member in members_of(organisation, committee):
        if member.person_id not in parties and not rules.why_barred(organisation, member.person_id):
            found.setdefault(member.person_id, member)
    return _places(call, queries.NOTICE, list(found.values()), [])


def chair(call: Call) -> OperationResult:
    """Ask who opens the matter: the chair, or the longest-serving member where the chair cannot sit.

    The value is a list of one place, or of none: a matter that was postponed before is opened by itself.
    """
    if docket_of(call).get("postponed") is True:
        return OperationResult([])
    organisation, committee = organisation_of(call), committee_of(call)
    excluded = parties_of(call) | aside_of(call)
    able = [
        member
        for member in members_of(organisation, committee)
        if member.alternate_for is None
        and member.person_id not in excluded
        and not rules.why_barred(organisation, member.person_id)
    ]
    able.sort(key=lambda member: (not member.is_chair, member.since, member.id))
    return _places(call, queries.CHAIR, able[:1], [])


def seat(call: Call) -> OperationResult:
    """Seat the committee for a vote. `committee` names one; without it, the first there is.

    The value is the list of seat ids that the vote runs over: empty where the committee cannot sit, so that
    the vote finds no quorum and the diagram leads up to the chief risk officer. It never raises for that.
    """
    organisation, committee = organisation_of(call), committee_of(call)
    roster = rules.seat(organisation, members_of(organisation, committee), parties_of(call), aside_of(call))
    if not roster.seated:
        refusal = {"why_not": roster.why_not, "passed_over": list(roster.passed_over)}
        return OperationResult([], [Effect("committee.not_seated", refusal)])
    return _places(call, queries.VOTE, list(roster.seated), list(roster.passed_over))


def count(call: Call) -> OperationResult:
    """Say what a closed ballot means.

    The value: `result` is `ruled` (with its `outcome`), `reseat` where somebody stepped aside or may vote no
    longer and the roster changes by it, or `up`; `reason` says why. A quorum is never counted with anybody
    who stepped aside or is barred: three voters of two functions must be left.
    """
    organisation, committee = organisation_of(call), committee_of(call)
    roster = roster_of(call)
    tally = call.context.data.get(f"{VOTED}_tally")
    tally = tally if isinstance(tally, Mapping) else {}
    aside = aside_of(call)
    barred = {one.person_id for one in roster if rules.why_barred(organisation, one.person_id)}
    left = [one for one in roster if one.person_id not in aside | barred]
    if len(left) < len(roster):
        anew = rules.seat(organisation, members_of(organisation, committee), parties_of(call), aside)
        steps_in = {one.person_id for one in anew.seated} - {one.person_id for one in roster}
        if barred or steps_in:
            return _counted(RESEAT, None, "an alternate steps in" if steps_in else "a member may not vote")
    if not rules.is_enough([one.function for one in left]):
        return _counted(UP, None, "no quorum")
    outcome = tally.get("outcome")
    if outcome in RULINGS and _is_one_ruling(call, outcome):
        return _counted(RULED, str(outcome), "majority")
    return _counted(UP, None, "referred" if outcome == "refer" else str(tally.get("reason") or "no quorum"))


def _is_one_ruling(call: Call, outcome: Any) -> bool:
    """Whether votes for one choice mean one thing: a rating is not amended, and where nothing was decided,
    all who amend name the same treatment."""
    if outcome != AMEND:
        return True
    treatments = {one.get("response") for one in answers_at(call, VOTED) if one.get("choice") == AMEND}
    return docket_of(call).get("matter") != "rating" and len(treatments) == 1


def _counted(result: str, outcome: str | None, reason: str) -> OperationResult:
    return OperationResult({"result": result, "outcome": outcome, "reason": reason})


def arbiter(call: Call) -> OperationResult:
    """Say who rules above the committee: the chief risk officer, or the sponsor where that post is vacant or
    its holder is a party to the case. The value: `tier` (`cro`, `sponsor`) and `why`."""
    organisation, parties = organisation_of(call), parties_of(call)
    holders = organisation.principals(Role.CRO)
    voted = {one.person_id for one in roster_of(call) if answers_at(call, VOTED)}
    if directly_to(call) == SPONSOR:
        return OperationResult({"tier": SPONSOR, "why": "The CISO went to the sponsor directly."})
    if not holders:
        return OperationResult({"tier": SPONSOR, "why": "The post of chief risk officer is vacant."})
    if holders <= parties | voted:
        return OperationResult({"tier": SPONSOR, "why": "The chief risk officer is a party to this case."})
    return OperationResult({"tier": CRO, "why": "The committee did not settle the matter."})


def _places(call: Call, purpose: str, members: list[Membership], passed_over: list[str]) -> OperationResult:
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "person_id": member.person_id,
            "function": member.function,
            "is_chair": member.is_chair,
            "alternate_for": member.alternate_for,
        }
        for member in members
    ]
    if not members:
        return OperationResult([])
    payload = {
        "committee": members[0].committee_id,
        "purpose": purpose,
        "docket": docket_of(call).get("docket"),
        "seats": rows,
        "passed_over": passed_over,
    }
    return OperationResult([row["id"] for row in rows], [Effect("committee.seated", payload)])


_EVENTS = {
    queries.NOTICE: DomainEvent.COMMITTEE_NOTIFIED,
    queries.CHAIR: DomainEvent.CHAIR_CALLED,
    queries.VOTE: DomainEvent.COMMITTEE_SEATED,
}


def apply_seated(application: Application) -> None:
    """Write down who was given notice, who is asked as the chair, or who is seated for the vote."""
    context, writing, payload = application.context, application.writing, application.payload
    _insert(application, payload["seats"])
    writing.record(
        risk_chain(application.risk_id),
        _EVENTS[payload["purpose"]],
        {"case_id": context.instance_id, **payload},
    )


def _insert(application: Application, given: Iterable[Mapping[str, Any]]) -> None:
    payload, connection = application.payload, application.writing.connection
    sitting = queries.next_sitting(connection, application.context.instance_id)
    rows = [
        {
            **row,
            "committee_id": payload["committee"],
            "case_id": application.context.instance_id,
            "position": position,
            "seated_at": application.context.now,
            "purpose": payload["purpose"],
            "docket_id": payload["docket"],
            "sitting": sitting,
        }
        for position, row in enumerate(given, start=1)
    ]
    connection.execute(insert(seats), rows)


def apply_not_seated(application: Application) -> None:
    """Record why the committee could not sit."""
    application.writing.record(
        risk_chain(application.risk_id),
        DomainEvent.COMMITTEE_NOT_SEATED,
        {"case_id": application.context.instance_id, **application.payload},
    )
