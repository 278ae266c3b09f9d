"""What an operation needs to know of the matter before the committee: its docket, its parties, and who has an
interest in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.errors import OperationFailed
from engine.types import Submission
from workflows.committee import queries
from workflows.committee.types import Committee, Seat
from workflows.identity.organisation import Membership, Organisation
from workflows.identity.queries import organisation_at
from workflows.identity.types import SYSTEM_PERSON
from workflows.operations import Call
from workflows.record import acted
from workflows.risks.models import risks

# Ids of the elements of the arbitration, as its diagram names them.
REFERRED = "referred"
PUT_ON_DOCKET = "put_on_docket"
DECLARE = "declare_interest"
OPEN = "open_meeting"
SEATED = "seat_committee"
VOTED = "vote"
COUNTED = "count_votes"
ARBITRATE = "arbitrate"
SPONSOR = "sponsor_arbitrate"
ABOVE = frozenset({"cro", "sponsor"})
"""Tiers above the committee."""
ARBITERS = frozenset({ARBITRATE, SPONSOR})


def docket_of(call: Call) -> Mapping[str, Any]:
    """What `committee.docket` found for this matter; empty where the diagram puts nothing on a docket."""
    found = call.context.data.get(PUT_ON_DOCKET)
    return found if isinstance(found, Mapping) else {}


def directly_to(call: Call) -> str:
    """The tier above the committee that the CISO went to directly; empty where the committee is asked."""
    found = call.context.data.get(REFERRED)
    to = str(found.get("to") or "") if isinstance(found, Mapping) else ""
    return to if to in ABOVE else ""


def committee_of(call: Call) -> Committee | None:
    """The committee that a parameter `committee` names, or else the first there is; None where there is none,
    or the matter goes directly to a tier above.

    Raises `OperationFailed` where the one named is not there.
    """
    if directly_to(call):
        # No committee has a place in it: nobody is given notice, nobody votes.
        return None
    committees = queries.all_committees(call.connection)
    wanted = call.parameters.get("committee")
    if wanted is None:
        return committees[0] if committees else None
    found = next((one for one in committees if one.id == wanted), None)
    if found is None:
        raise OperationFailed(f"There is no committee {wanted!r}. Nobody was seated; the case waits.")
    return found


def organisation_of(call: Call) -> Organisation:
    """The organisation at the time of the command."""
    return organisation_at(call.connection, call.context.now)


def members_of(organisation: Organisation, committee: Committee | None) -> list[Membership]:
    """Members and alternates at that moment; none without a committee."""
    wanted = committee.id if committee else None
    return [member for member in organisation.members if member.committee_id == wanted]


def parties_of(call: Call) -> frozenset[str]:
    """Who acted in the dispute, and who raised the risk: they do not judge it."""
    known = docket_of(call).get("parties")
    if isinstance(known, list):
        return frozenset(str(one) for one in known)
    found = parties_among(submissions_of(call))
    raised_by = call.connection.execute(
        select(risks.c.raised_by).where(risks.c.id == call.context.subject)
    ).scalar_one_or_none()
    # Who acts in this very command has no submission yet: the leader whose word brought the matter here.
    acting = {call.context.actor} - {SYSTEM_PERSON.id}
    return found | acting | ({raised_by} if raised_by else set())


def parties_among(submissions: Iterable[Submission]) -> frozenset[str]:
    """Everybody who acted in a case but not to judge it, and those they stood in for."""
    return acted([one for one in submissions if one.seat is None and one.element_id not in ARBITERS])


def submissions_of(call: Call) -> list[Submission]:
    """The case's submissions, oldest first; the one of this very command is not among them yet."""
    return list(call.engine.instances.submissions(call.connection, call.context.instance_id, reader=None))


def aside_of(call: Call) -> frozenset[str]:
    """Who has declared an interest in this case so far, before the vote or in it."""
    by_seat = {seat.id: seat for seat in queries.every_seat_of(call.connection, call.context.instance_id)}
    found = {
        by_seat[one.seat].person_id
        for one in submissions_of(call)
        if one.seat in by_seat and has_interest(one.answers)
    }
    # The answer of this very command is in the data alone.
    for element in (DECLARE, VOTED):
        for answers in answers_at(call, element):
            seat = by_seat.get(str(answers.get("seat")))
            if seat is not None and has_interest(answers):
                found.add(seat.person_id)
    return frozenset(found)


def has_interest(answers: Mapping[str, Any]) -> bool:
    """Whether a declaration or a vote says that its author steps aside."""
    return answers.get("interest") == "interest" or answers.get("choice") == "recuse"


def answers_at(call: Call, element_id: str) -> list[Mapping[str, Any]]:
    """The answers given at a step for several people, in its latest round."""
    found = call.context.data.get(element_id)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def since(submissions: Iterable[Submission], at: datetime) -> list[Submission]:
    """Those made from a moment on."""
    return [one for one in submissions if one.at >= at]


def roster_of(call: Call) -> list[Seat]:
    """The seats of the ballot that is counted, in their order."""
    wanted = call.context.data.get(SEATED)
    listed = [str(one) for one in wanted] if isinstance(wanted, list) else []
    by_id = {seat.id: seat for seat in queries.all_seats_of(call.connection, call.context.instance_id)}
    return [by_id[one] for one in listed if one in by_id]
