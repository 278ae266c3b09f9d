"""Writes of the weekly dialogue: opening one, putting something down, taking it back, ending an action."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, delete, insert, select

from engine.instances.models import submissions
from engine.types import SYSTEM, Instance, InstanceState
from workflows.context import Context, Writing
from workflows.dialogue import queries
from workflows.dialogue.models import dialogue_action_ends, dialogue_notes, dialogues
from workflows.dialogue.pairs import find_pair, is_complete, is_leader, pairs, subject_of
from workflows.dialogue.types import NoteKind
from workflows.errors import AnswersRefused, Conflict, NotEntitled, NotFound, RuleBroken
from workflows.events import DomainEvent, dialogue_chain
from workflows.identity.organisation import Organisation
from workflows.identity.queries import organisation_at
from workflows.keys import new_id

POLICY = "weekly-dialogue"
ACCOUNTS = ("cio_account", "ciso_account")
"""Ids of the elements where the two leaders say how it went, as the policy names them."""
LONGEST = 2000
MOST_NOTES = 100
"""Notes that a pair may have lying at a time."""


def open_missing(context: Context, writing: Writing) -> list[Instance]:
    """Start a dialogue for each complete pair that has none and waits for none. The cases started."""
    writing.alone(POLICY)
    connection = writing.connection
    if POLICY not in context.engine.definitions.keys(connection):
        return []
    organisation = organisation_at(connection, writing.now)
    return [
        start(context, writing, one.unit, None)
        for one in pairs(organisation)
        if is_complete(organisation, one.unit) and not goes_on(context, connection, one.unit)
    ]


def goes_on(context: Context, connection: Connection, unit: str | None) -> bool:
    """Whether a case runs that is this week's dialogue, or that opens the next."""
    row = connection.execute(
        select(dialogues.c.case_id)
        .where(queries.of_unit(dialogues, unit))
        .order_by(dialogues.c.opened_at.desc(), dialogues.c.case_id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return False
    return context.engine.instances.get(connection, row.case_id).state is InstanceState.RUNNING


def start(context: Context, writing: Writing, unit: str | None, linked_from: str | None) -> Instance:
    """Start a pair's dialogue, under the policy in force."""
    return context.engine.instances.start(
        writing.uow,
        key=POLICY,
        actor=SYSTEM,
        subject=subject_of(unit),
        authority="A dialogue is opened every week, by the policy",
        linked_from=linked_from,
    )


def answered(connection: Connection, case_id: str) -> dict[str, datetime]:
    """When each leader answered in a dialogue's case, by element."""
    rows = connection.execute(
        select(submissions.c.element_id, submissions.c.at).where(
            submissions.c.instance_id == case_id, submissions.c.element_id.in_(ACCOUNTS)
        )
    )
    return {row.element_id: row.at for row in rows}


def put_down(
    writing: Writing, unit: str | None, kind: NoteKind, text: str, owner: str | None, due_on: date | None
) -> None:
    """Put a note down for a pair. Raises `NotEntitled`, `NotFound`, `AnswersRefused`, `Conflict`,
    `RuleBroken`."""
    writing.alone(f"{POLICY}:{unit}")
    organisation = _as_leader(writing, unit)
    is_action = kind is NoteKind.ACTION
    errors: dict[str, list[str]] = {}
    plain = text.strip()
    if not plain:
        errors["text"] = ["Say in a few words what it is about."]
    elif len(plain) > LONGEST:
        errors["text"] = [f"At most {LONGEST:,} characters are taken here; this has {len(plain):,}."]
    if is_action and (owner is None or owner not in organisation.people):
        errors["owner"] = ["Choose who does it."]
    if is_action and (due_on is None or due_on < writing.now.date()):
        errors["due_on"] = ["Give a date, today or later."]
    if errors:
        raise AnswersRefused(errors)
    if kind.is_draft:
        _check_open(writing, unit)
    if len(queries.notes(writing.connection, unit)) >= MOST_NOTES:
        raise RuleBroken(
            f"There are {MOST_NOTES} notes already. Nothing was put down; take back what is settled first."
        )
    writing.connection.execute(
        insert(dialogue_notes).values(
            id=new_id(),
            unit=unit,
            kind=kind.value,
            text=plain,
            owner=owner if is_action else None,
            due_on=due_on if is_action else None,
            put_by=writing.actor.id,
            put_at=writing.now,
        )
    )


def take_back(writing: Writing, unit: str | None, note_id: str) -> None:
    """Remove a note: a draft by either leader, anything else by who put it down. It leaves no trace.

    Raises `NotEntitled`, `NotFound`, `Conflict`.
    """
    writing.alone(f"{POLICY}:{unit}")
    _as_leader(writing, unit)
    note = next((one for one in queries.notes(writing.connection, unit) if one.id == note_id), None)
    if note is None:
        raise NotFound("note", note_id)
    if note.kind.is_draft:
        _check_open(writing, unit)
    elif note.put_by != writing.actor.id:
        raise NotEntitled(
            f"{note.put_by_name} put this down and may take it back. Nothing was changed.",
            person_id=writing.actor.id,
        )
    writing.connection.execute(delete(dialogue_notes).where(dialogue_notes.c.id == note_id))


def end_action(writing: Writing, action_id: str, how: str) -> str | None:
    """Say that an agreed action is done, or dropped. Returns the unit of its pair.

    Raises `NotFound`, `NotEntitled`, `Conflict` (it has ended already).
    """
    connection = writing.connection
    unit = queries.unit_of_action(connection, action_id)
    writing.alone(f"{POLICY}:{unit}")
    action = next(one for one in queries.actions(connection, unit, writing.now) if one.id == action_id)
    organisation = organisation_at(connection, writing.now)
    leads = is_leader(organisation, writing.actor.id, unit)
    if how not in ("done", "dropped"):
        raise RuleBroken("An action is done or dropped. Nothing was changed.")
    if not leads and (how == "dropped" or action.owner != writing.actor.id):
        raise NotEntitled(
            f"{action.owner_name} and the two leaders may say that this is done; the leaders may drop it. "
            "Nothing was changed.",
            person_id=writing.actor.id,
        )
    if action.ended_at is not None:
        raise Conflict("This action has ended already. Nothing was changed.")
    values = {"action_id": action_id, "at": writing.now, "by": writing.actor.id, "how": how}
    connection.execute(insert(dialogue_action_ends).values(**values))
    writing.record(dialogue_chain(unit), DomainEvent.DIALOGUE_ACTION_ENDED, values)
    return unit


def _as_leader(writing: Writing, unit: str | None) -> Organisation:
    organisation = organisation_at(writing.connection, writing.now)
    find_pair(organisation, unit)
    if not is_leader(organisation, writing.actor.id, unit):
        raise NotEntitled(
            "Only the CIO, the CISO and their deputies put something down for their dialogue. "
            "Nothing was changed.",
            person_id=writing.actor.id,
        )
    return organisation


def _check_open(writing: Writing, unit: str | None) -> None:
    week = queries.weeks(writing.connection, unit, writing.now, 1)
    if not week or week[0].closed_at is not None:
        raise Conflict(
            "No dialogue is open now. Nothing was changed; outcomes are written down once the next is open."
        )
    if answered(writing.connection, week[0].case_id):
        raise Conflict(
            "One of you has answered for this week already, so what is written stays as it is until the "
            "week is recorded. Nothing was changed."
        )
