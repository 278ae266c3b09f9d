"""What a case does to come before the committee: its place on the docket of a meeting, with the brief."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from engine.errors import OperationFailed
from engine.ports import Effect, OperationResult
from workflows.committee import meetings
from workflows.committee.matters import (
    ARBITERS,
    PUT_ON_DOCKET,
    REFERRED,
    committee_of,
    parties_of,
)
from workflows.committee.models import committee_meetings, docket_entries
from workflows.events import DomainEvent, committee_chain, risk_chain
from workflows.identity.types import SYSTEM_PERSON
from workflows.keys import new_id
from workflows.operations import Application, Call

DOCKET = "committee.docket"
NOTICE_DAYS, LONGEST_WAIT_DAYS, MOST_DAYS = 5, 14, 90
EXTRAORDINARY_AT = time(10, 0)
"""Hour (UTC) at which a meeting that the software calls by itself begins."""
SATURDAY = 5
MATTERS = ("decision", "rating", "emergency")


def put_on_docket(call: Call) -> OperationResult:
    """Put the matter on the docket of the next meeting that leaves the notice period.

    Parameters: `matter`, `question`; `notice_days` (5); `longest_wait_days` (14, from the end of the notice
    period: where no meeting is planned by then, an extraordinary one is called). A matter that was on a
    docket already goes to a later meeting.

    The value: `docket`, `meeting`, `meets_at`, `matter`, `parties`, `postponed`. Without any committee it is
    `meets_at` now: nobody is given notice, and the matter goes up. Raises `OperationFailed`.
    """
    matter = str(call.parameters.get("matter") or "")
    if matter not in MATTERS:
        raise OperationFailed(f"The committee takes no matter {matter!r}. Nothing was put on a docket.")
    now = call.context.now
    notice = _days(call.parameters.get("notice_days"), NOTICE_DAYS)
    wait = _days(call.parameters.get("longest_wait_days"), LONGEST_WAIT_DAYS)
    before = call.context.data.get(PUT_ON_DOCKET)
    before = before if isinstance(before, Mapping) else {}
    committee = committee_of(call)
    payload: dict[str, Any] = {
        "docket": new_id(),
        "committee": committee.id if committee else None,
        "meeting": None,
        "meets_at": now,
        "called": False,
        "matter": matter,
        "question": str(call.parameters.get("question") or ""),
        "parties": sorted(parties_of(call)),
        "postponed_from": before.get("docket"),
        "referral": dict(_mapping(call.context.data.get(REFERRED))),
    }
    if committee is not None:
        earliest = now + timedelta(days=notice)
        if isinstance(before.get("meets_at"), datetime):
            earliest = max(earliest, before["meets_at"] + timedelta(minutes=1))
        planned = meetings.next_meeting(call.connection, committee.id, earliest)
        if planned is not None and planned.begins_at <= earliest + timedelta(days=wait):
            payload |= {"meeting": planned.id, "meets_at": planned.begins_at}
        else:
            payload |= {"meeting": new_id(), "meets_at": working_hour(earliest), "called": True}
    value = {key: payload[key] for key in ("docket", "meeting", "meets_at", "matter", "parties")}
    return OperationResult(value | {"postponed": bool(before)}, [Effect("committee.docketed", payload)])


def working_hour(earliest: datetime) -> datetime:
    """The first moment from then on at which an extraordinary meeting may begin, 10:00 UTC on a weekday."""
    day = earliest.date()
    at = datetime.combine(day, EXTRAORDINARY_AT, earliest.tzinfo)
    while at < earliest or at.weekday() >= SATURDAY:
        at += timedelta(days=1)
    return at


def apply_docketed(application: Application) -> None:
    """Write the docket down: an extraordinary meeting where one is called, the brief, the parties."""
    context, writing, payload = application.context, application.writing, application.payload
    if payload["called"]:
        writing.connection.execute(
            insert(committee_meetings).values(
                id=payload["meeting"],
                committee_id=payload["committee"],
                begins_at=payload["meets_at"],
                place="",
                is_extraordinary=True,
                recorded_at=context.now,
                recorded_by=SYSTEM_PERSON.id,
            )
        )
        writing.record(
            committee_chain(payload["committee"]),
            DomainEvent.MEETING_PLANNED,
            {"meeting": payload["meeting"], "begins_at": payload["meets_at"], "is_extraordinary": True},
        )
    values = {
        "id": payload["docket"],
        "committee_id": payload["committee"],
        "meeting_id": payload["meeting"],
        "case_id": context.instance_id,
        "risk_id": application.risk_id,
        "matter": payload["matter"],
        "question": payload["question"],
        "referral": payload["referral"],
        "brief": _brief(application),
        "parties": payload["parties"],
        "meets_at": payload["meets_at"],
        "postponed_from": payload["postponed_from"],
    }
    writing.connection.execute(insert(docket_entries).values(**values, put_at=context.now))
    writing.record(risk_chain(application.risk_id), DomainEvent.MATTER_DOCKETED, values)


def _brief(application: Application) -> list[str]:
    """Ids of the latest submission at each step of the dispute: they never change, nor does the brief."""
    submissions = application.engine.instances.submissions(
        application.writing.connection, application.context.instance_id, reader=None
    )
    latest = {
        one.element_id: one.id
        for one in submissions
        if one.seat is None and one.element_id not in (*ARBITERS, REFERRED)
    }
    return list(latest.values())


def _days(found: Any, default: int) -> int:
    if found is None:
        return default
    if isinstance(found, bool) or not isinstance(found, int | Decimal) or not 0 <= found <= MOST_DAYS:
        raise OperationFailed(f"A period of notice or waiting is 0 to {MOST_DAYS} days, not {found}.")
    return int(found)


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}
