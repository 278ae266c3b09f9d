"""Reads of the weekly dialogue."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select
from sqlalchemy.sql.schema import Table

from workflows.dialogue.models import (
    dialogue_action_ends,
    dialogue_actions,
    dialogue_notes,
    dialogue_outcomes,
    dialogue_results,
    dialogues,
)
from workflows.dialogue.types import AgendaItem, AgreedAction, Dialogue, Note, NoteKind
from workflows.errors import NotFound
from workflows.identity.queries import people_by_id
from workflows.identity.types import Role
from workflows.wording import listed, sentence

LAST = 26
"""Weeks shown on a page: half a year."""


def of_unit(table: Table, unit: str | None) -> ColumnElement[bool]:
    """The rows of one pair."""
    column: ColumnElement[Any] = table.c.unit
    return column.is_(None) if unit is None else column == unit


def weeks(connection: Connection, unit: str | None, now: datetime, limit: int = LAST) -> list[Dialogue]:
    """The last dialogues of a pair, newest first, the open one among them."""
    rows = connection.execute(
        select(
            dialogues,
            dialogue_results.c.at,
            dialogue_results.c.result,
            dialogue_results.c.reason,
            dialogue_results.c.confirmation,
            dialogue_results.c.silent,
        )
        .select_from(dialogues.outerjoin(dialogue_results))
        .where(of_unit(dialogues, unit))
        .order_by(dialogues.c.opened_at.desc(), dialogues.c.case_id.desc())
        .limit(limit)
    ).all()
    cases = [row.case_id for row in rows]
    outcomes = defaultdict(list)
    for one in connection.execute(
        select(dialogue_outcomes)
        .where(dialogue_outcomes.c.case_id.in_(cases))
        .order_by(dialogue_outcomes.c.id)
    ):
        outcomes[one.case_id].append(one.text)
    agreed = defaultdict(list)
    for action in actions(connection, unit, now):
        agreed[action.case_id].append(action)
    return [_dialogue(row, outcomes[row.case_id], agreed[row.case_id]) for row in rows]


def _dialogue(row: Row[Any], outcomes: list[str], agreed: list[AgreedAction]) -> Dialogue:
    return Dialogue(
        case_id=row.case_id,
        unit=row.unit,
        since=row.since,
        opened_at=row.opened_at,
        next_at=row.next_at,
        agenda=tuple(AgendaItem(**line) for line in row.agenda),
        closed_at=row.at,
        result=row.result or "",
        sentence=told(row) if row.result else "",
        outcomes=tuple(outcomes),
        actions=tuple(agreed),
    )


def told(row: Row[Any]) -> str:
    """How a week ended, in words."""
    if row.result == "lapsed":
        return "Not held; no reason given."
    if row.result == "skipped":
        return f"Not held: {sentence(row.reason)}" if row.reason else "Not held; no reason given."
    if row.confirmation == "agreed":
        return "Held; both agreed to what is written here."
    if row.confirmation == "refused":
        return "Held; the outcomes were not confirmed as written, so none is on record."
    silent = listed(f"the {Role(role).label}" for role in row.silent)
    return f"Held; {silent} did not confirm within three days of the due time, so no outcome is on record."


def actions(connection: Connection, unit: str | None, now: datetime) -> list[AgreedAction]:
    """All agreed actions of a pair, the soonest due first."""
    rows = connection.execute(
        select(
            dialogue_actions,
            dialogue_action_ends.c.at.label("ended_at"),
            dialogue_action_ends.c.how,
        )
        .select_from(dialogue_actions.join(dialogues).outerjoin(dialogue_action_ends))
        .where(of_unit(dialogues, unit))
        .order_by(dialogue_actions.c.due_on, dialogue_actions.c.id)
    ).all()
    people = people_by_id(connection, {row.owner for row in rows})
    return [
        AgreedAction(
            id=row.id,
            case_id=row.case_id,
            text=row.text,
            owner=row.owner,
            owner_name=people[row.owner].name,
            due_on=row.due_on,
            agreed_at=row.agreed_at,
            ended_at=row.ended_at,
            how=row.how or "",
            is_late=row.ended_at is None and row.due_on < now.date(),
        )
        for row in rows
    ]


def unit_of_action(connection: Connection, action_id: str) -> str | None:
    """The unit of the pair that agreed an action. Raises `NotFound`."""
    row = connection.execute(
        select(dialogues.c.unit)
        .select_from(dialogue_actions.join(dialogues))
        .where(dialogue_actions.c.id == action_id)
    ).one_or_none()
    if row is None:
        raise NotFound("action", action_id)
    unit: str | None = row.unit
    return unit


def notes(connection: Connection, unit: str | None) -> list[Note]:
    """What a pair has put down and drafted, oldest first."""
    rows = connection.execute(
        select(dialogue_notes)
        .where(of_unit(dialogue_notes, unit))
        .order_by(dialogue_notes.c.put_at, dialogue_notes.c.id)
    ).all()
    people = people_by_id(connection, {one for row in rows for one in (row.owner, row.put_by) if one})
    return [
        Note(
            id=row.id,
            kind=NoteKind(row.kind),
            text=row.text,
            owner_name=people[row.owner].name if row.owner else "",
            due_on=row.due_on,
            put_by=row.put_by,
            put_by_name=people[row.put_by].name,
            put_at=row.put_at,
        )
        for row in rows
    ]
