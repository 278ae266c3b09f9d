"""What a dialogue's case does by itself: draws up its agenda, records how it ended, opens the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert

from engine.errors import OperationFailed
from engine.ports import Effect, OperationResult
from engine.types import SYSTEM, Submission
from workflows.dialogue import agenda, queries
from workflows.dialogue.commands import ACCOUNTS
from workflows.dialogue.models import (
    dialogue_actions,
    dialogue_notes,
    dialogue_outcomes,
    dialogue_results,
    dialogues,
)
from workflows.dialogue.pairs import is_complete, unit_of
from workflows.dialogue.types import NoteKind
from workflows.events import DomainEvent, dialogue_chain
from workflows.identity.queries import organisation_at
from workflows.keys import next_key
from workflows.operations import Application, Call

PREPARE, RECORD, NEXT = "dialogue.prepare_agenda", "dialogue.record", "dialogue.open_next"
WEEK = timedelta(days=7)
ROLES = dict(zip(ACCOUNTS, ("cio", "ciso"), strict=True))
HELD, AGREED = "held", "agreed"


def prepare_agenda(call: Call) -> OperationResult:
    """Draw up the agenda. The value: `next_at`, when the next dialogue is opened. The agenda itself stays out
    of the case's data."""
    return OperationResult({"next_at": call.context.now + WEEK}, [Effect("dialogue.opened", {})])


def apply_opened(application: Application) -> None:
    """Write down that the week has begun, with its agenda: what happened since the last one was opened."""
    context, writing = application.context, application.writing
    connection, now = writing.connection, context.now
    unit = unit_of(context.subject)
    before = queries.weeks(connection, unit, now, 1)
    since = before[0].opened_at if before else now - WEEK
    lines = agenda.draw_up(connection, organisation_at(connection, now), unit, since, now)
    values = {"case_id": context.instance_id, "unit": unit, "since": since, "opened_at": now}
    connection.execute(insert(dialogues).values(**values, next_at=now + WEEK, agenda=lines))
    refs = [[line["kind"], line["ref"]] for line in lines]
    writing.record(dialogue_chain(unit), DomainEvent.DIALOGUE_OPENED, {**values, "agenda": refs})


def record(call: Call) -> OperationResult:
    """Record how the week ended. The value: `held`, whether a leader says that it was."""
    held = any(_held(call.context.data.get(element)) for element in ACCOUNTS)
    return OperationResult({"held": held}, [Effect("dialogue.recorded", {"held": held})])


def apply_recorded(application: Application) -> None:
    """Make permanent what both agreed to, and only that; count the week. Raises `OperationFailed`."""
    context, writing = application.context, application.writing
    unit = unit_of(context.subject)
    found = {
        one.element_id: one
        for one in application.engine.instances.submissions(
            writing.connection, context.instance_id, reader=None
        )
        if one.element_id in ACCOUNTS
    }
    result, reason, confirmation = outcome({key: one.answers for key, one in found.items()})
    if (result == HELD) != application.payload["held"]:
        raise OperationFailed(
            "The record of this dialogue does not say what its case does. Nothing was recorded; it waits."
        )
    values = {
        "case_id": context.instance_id,
        "at": context.now,
        "result": result,
        "reason": reason,
        "confirmation": confirmation,
        "silent": [ROLES[element] for element in ACCOUNTS if element not in found],
    }
    writing.connection.execute(insert(dialogue_results).values(**values))
    agreed: dict[str, Any] = {}
    if result == HELD:
        agreed = _settle(application, unit, list(found.values()), confirmation == AGREED)
    writing.record(dialogue_chain(unit), DomainEvent.DIALOGUE_RECORDED, {**values, **agreed})


def outcome(accounts: Mapping[str, Mapping[str, Any]]) -> tuple[str, str, str]:
    """Result, reason and confirmation of a week, from what the leaders said. Pure.

    Held where either says so. Outcomes are agreed where both say so, refused where one speaks against it,
    and missing where one has not been heard: each is noted, and none blocks anything.
    """
    held = [one for one in accounts.values() if _held(one)]
    if not held:
        reasons = (str(one.get("reason") or "").strip() for one in accounts.values())
        return ("skipped", "\n".join(filter(None, reasons)), "none") if accounts else ("lapsed", "", "none")
    if any(one.get("agreed") != AGREED for one in accounts.values()):
        return HELD, "", "refused"
    return HELD, "", AGREED if len(held) == len(ACCOUNTS) else "missing"


def _held(account: Any) -> bool:
    return isinstance(account, Mapping) and account.get("held") == HELD


def _settle(
    application: Application, unit: str | None, accounts: list[Submission], agreed: bool
) -> dict[str, Any]:
    """Drafts that stood when the first of the two agreed become permanent; what was talked through goes."""
    writing = application.writing
    connection, now = writing.connection, writing.now
    first = min(one.at for one in accounts)
    kept: dict[str, Any] = {"outcomes": [], "actions": []}
    for row in connection.execute(
        dialogue_notes.select()
        .where(queries.of_unit(dialogue_notes, unit), dialogue_notes.c.put_at <= first)
        .order_by(dialogue_notes.c.put_at, dialogue_notes.c.id)
    ).all():
        kind = NoteKind(row.kind)
        if kind.is_draft and not agreed:
            continue
        if kind.is_draft:
            values = {"case_id": application.context.instance_id, "text": row.text, "agreed_at": now}
            if kind is NoteKind.OUTCOME:
                values |= {"id": next_key(connection, "O")}
                connection.execute(insert(dialogue_outcomes).values(**values))
                kept["outcomes"].append(values)
            else:
                values |= {"id": next_key(connection, "A"), "owner": row.owner, "due_on": row.due_on}
                connection.execute(insert(dialogue_actions).values(**values))
                kept["actions"].append(values)
        connection.execute(delete(dialogue_notes).where(dialogue_notes.c.id == row.id))
    return kept


def open_next(call: Call) -> OperationResult:
    """Open the next week's dialogue, where the pair is complete. The value: `opened`."""
    organisation = organisation_at(call.connection, call.context.now)
    complete = is_complete(organisation, unit_of(call.context.subject))
    return OperationResult({"opened": complete}, [Effect("dialogue.next", {})] if complete else [])


def apply_next(application: Application) -> None:
    """Start the case of the next week, linked to this one."""
    context = application.context
    application.engine.instances.start(
        application.writing.uow,
        key=context.key,
        actor=SYSTEM,
        subject=context.subject,
        authority="A week after the last one was opened, by the policy",
        linked_from=context.instance_id,
    )
