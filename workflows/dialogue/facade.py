"""The weekly dialogue: what pages and the worker call."""

from __future__ import annotations

from datetime import date

from engine.types import TaskState
from workflows.cases.access import may_act
from workflows.context import Context, Reading, check, may
from workflows.dialogue import commands, queries
from workflows.dialogue.pairs import find_pair, is_complete, is_leader, pairs
from workflows.dialogue.types import Dialogue, DialoguePage, NoteKind, Pair
from workflows.errors import NotEntitled
from workflows.identity.types import SYSTEM_PERSON, Person
from workflows.permissions import Permission
from workflows.risks.access import hidden
from workflows.wording import due, listed

HELD = "held"


class Dialogues:
    """This week's dialogue of a pair, what was put down for it, what came of the earlier ones."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def open_missing(self) -> int:
        """Start a dialogue for each complete pair that has none; how many.

        For the worker: a pair's later ones are opened by the one before, through its timer.
        """

        def starts(reading: Reading) -> bool:
            connection, organisation = reading.connection, reading.organisation
            return any(
                is_complete(organisation, one.unit)
                and not commands.goes_on(self._context, connection, one.unit)
                for one in pairs(organisation)
            )

        if not self._context.read(starts):
            return 0
        return len(
            self._context.write(
                SYSTEM_PERSON, None, lambda writing: commands.open_missing(self._context, writing)
            )
        )

    def page(self, reader: Person, unit: str | None = None, *, first: bool = False) -> DialoguePage:
        """The page of a pair. With `first`, of the reader's own pair, whatever `unit` says.

        Raises `NotFound`, `NotEntitled`.
        """
        return self._context.read(lambda reading: self._page(reading, reader, unit, first))

    def put_down(
        self,
        actor: Person,
        unit: str | None,
        kind: NoteKind,
        text: str,
        *,
        owner: str | None = None,
        due_on: date | None = None,
    ) -> None:
        """Put something down for the next dialogue, or draft an outcome or action of this one. Not permanent.

        Raises `NotEntitled`, `NotFound`, `AnswersRefused`, `Conflict`, `RuleBroken`.
        """
        self._context.write(
            actor, None, lambda writing: commands.put_down(writing, unit, kind, text, owner, due_on)
        )

    def take_back(self, actor: Person, unit: str | None, note_id: str) -> None:
        """Remove a note without a trace. Raises `NotEntitled`, `NotFound`, `Conflict`."""
        self._context.write(actor, None, lambda writing: commands.take_back(writing, unit, note_id))

    def end_action(self, actor: Person, action_id: str, how: str) -> str | None:
        """Say that an agreed action is `done` or `dropped`; the unit of its pair. Raises `NotFound`,
        `NotEntitled`, `Conflict`, `RuleBroken`."""
        return self._context.write(actor, None, lambda writing: commands.end_action(writing, action_id, how))

    def _page(self, reading: Reading, reader: Person, unit: str | None, first: bool) -> DialoguePage:
        organisation, connection = reading.organisation, reading.connection
        readable = _readable(reading, reader)
        if first:
            mine = [one for one in readable if is_leader(organisation, reader.id, one.unit)]
            pair = (mine or readable)[0]
        else:
            pair = find_pair(organisation, unit)
        if pair not in readable:
            raise NotEntitled(
                "This dialogue is between two other leaders, so it is not shown to you.", person_id=reader.id
            )
        unseen = hidden(reading, reader)
        every = [one.without(unseen) for one in queries.weeks(connection, pair.unit, reading.now)]
        current = every[0] if every and every[0].closed_at is None else None
        past = tuple(one for one in every if one.closed_at is not None)
        is_mine = is_leader(organisation, reader.id, pair.unit)
        notes = queries.notes(connection, pair.unit) if is_mine else []
        task_id, waits = self._task(reading, reader, current)
        return DialoguePage(
            pair=pair,
            pairs=tuple(readable),
            is_mine=is_mine,
            current=current,
            task_id=task_id,
            waits=waits,
            is_frozen=current is not None and bool(commands.answered(connection, current.case_id)),
            items=tuple(note for note in notes if not note.kind.is_draft),
            drafts=tuple(note for note in notes if note.kind.is_draft),
            open_actions=tuple(
                one for one in queries.actions(connection, pair.unit, reading.now) if one.ended_at is None
            ),
            past=past,
            held=sum(one.result == HELD for one in past),
            counted=len(past),
            now=reading.now,
        )

    def _task(self, reading: Reading, reader: Person, current: Dialogue | None) -> tuple[str | None, str]:
        if current is None:
            return None, ""
        tasks = self._context.engine.tasks.of_instance(reading.connection, current.case_id)
        waiting = [task for task in tasks if task.state is TaskState.OPEN]
        mine = next((task.id for task in waiting if may_act(self._context, reading, reader, task)), None)
        if not waiting:
            return None, ""
        roles = listed(
            f"the {str(task.role or '').upper()}" for task in sorted(waiting, key=lambda one: one.role or "")
        )
        return mine, f"Waits for {roles} to say how it went, {due(waiting[0].due_at, reading.now)}."


def _readable(reading: Reading, reader: Person) -> list[Pair]:
    """The reader's own pairs; all of them for who reads the register for assurance. Raises `NotEntitled`."""
    organisation = reading.organisation
    check(organisation, reader, Permission.READ_DIALOGUES)
    found = pairs(organisation)
    if may(organisation, reader, Permission.READ_ANY_DIALOGUE):
        return found
    mine = [one for one in found if is_leader(organisation, reader.id, one.unit)]
    if not mine:
        raise NotEntitled(
            "This dialogue is between two other leaders, so it is not shown to you.", person_id=reader.id
        )
    return mine
