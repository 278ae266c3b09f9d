"""What cases do about the committee: seat it for one vote."""

from __future__ import annotations

from sqlalchemy import insert, select

from engine.errors import OperationFailed
from engine.ports import Effect, OperationResult
from workflows.committee import queries, rules
from workflows.committee.models import seats
from workflows.events import DomainEvent, risk_chain
from workflows.identity.organisation import Membership
from workflows.identity.queries import organisation_at
from workflows.keys import new_id
from workflows.operations import Application, Call
from workflows.record import acted
from workflows.risks.models import risks

SEAT = "committee.seat"


def seat(call: Call) -> OperationResult:
    """Seat the committee for a vote. `committee` names one; without it, the first there is.

    The value is the list of seat ids that the vote runs over: empty where the committee cannot sit, so that
    the vote finds no quorum and the diagram leads up to the chief risk officer. It never raises for that.
    """
    committees = queries.all_committees(call.connection)
    wanted = call.parameters.get("committee")
    if wanted is not None and wanted not in {committee.id for committee in committees}:
        raise OperationFailed(f"There is no committee {wanted!r}. Nobody was seated; the case waits.")
    committee_id = str(wanted) if wanted is not None else (committees[0].id if committees else None)
    organisation = organisation_at(call.connection, call.context.now)
    members = [member for member in organisation.members if member.committee_id == committee_id]
    roster = rules.seat(organisation, members, _parties(call))
    if not roster.seated:
        refusal = {"why_not": roster.why_not, "passed_over": list(roster.passed_over)}
        return OperationResult([], [Effect("committee.not_seated", refusal)])
    rows = [_row(member) for member in roster.seated]
    payload = {"committee": committee_id, "seats": rows, "passed_over": list(roster.passed_over)}
    return OperationResult([row["id"] for row in rows], [Effect("committee.seated", payload)])


def apply_seated(application: Application) -> None:
    """Write the roster down: who may vote is read from it."""
    context, writing, payload = application.context, application.writing, application.payload
    rows = [
        {
            **row,
            "committee_id": payload["committee"],
            "case_id": context.instance_id,
            "position": position,
            "seated_at": context.now,
        }
        for position, row in enumerate(payload["seats"], start=1)
    ]
    writing.connection.execute(insert(seats), rows)
    writing.record(
        risk_chain(application.risk_id),
        DomainEvent.COMMITTEE_SEATED,
        {"case_id": context.instance_id, **payload},
    )


def apply_not_seated(application: Application) -> None:
    """Record why the committee could not sit."""
    application.writing.record(
        risk_chain(application.risk_id),
        DomainEvent.COMMITTEE_NOT_SEATED,
        {"case_id": application.context.instance_id, **application.payload},
    )


def _row(member: Membership) -> dict[str, object]:
    return {
        "id": new_id(),
        "person_id": member.person_id,
        "function": member.function,
        "is_chair": member.is_chair,
        "alternate_for": member.alternate_for,
    }


def _parties(call: Call) -> frozenset[str]:
    """Everybody who acted in the case so far, the one who acts in this very command, and who "
    "raised the risk."""
    submissions = call.engine.instances.submissions(call.connection, call.context.instance_id, reader=None)
    raised_by = call.connection.execute(
        select(risks.c.raised_by).where(risks.c.id == call.risk_id)
    ).scalar_one_or_none()
    return acted(submissions) | {call.context.actor} | ({raised_by} if raised_by else set())
