"""The last weeks' dialogues of the demonstration's CIO and CISO, each act at its moment."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from workflows.bootstrap import Parley
from workflows.demo.calendar import moment
from workflows.demo.story import CIO, CISO
from workflows.dialogue.types import NoteKind
from workflows.identity.types import Person

FIRST = 22
"""Days before the end on which the first is opened: the fourth is open at the end."""
HELD = {"held": "held", "agreed": "agreed"}

Moment = tuple[datetime, Callable[[], None]]


def scheduled(parley: Parley, people: Mapping[str, Person], end: datetime) -> list[Moment]:
    """Everything that the two do about their dialogues, in order: one held, one skipped, one held, one open.

    Args:
        end: the moment the demonstration's story ends, in UTC.
    """
    starts = moment(FIRST, end, 0)

    def at(week: int, hours: int) -> datetime:
        return starts + timedelta(weeks=week, hours=hours)

    def note(
        by: str, kind: NoteKind, text: str, owner: str | None = None, due: datetime | None = None
    ) -> None:
        parley.dialogue.put_down(
            people[by], None, kind, text, owner=owner, due_on=due.date() if due else None
        )

    def say(by: str, answers: Mapping[str, Any]) -> None:
        person = people[by]
        task_id = parley.dialogue.page(person).task_id
        page = parley.cases.task_page(person, str(task_id))
        parley.cases.submit(
            person, page.task.id, revision=page.revision, token=secrets.token_urlsafe(24), answers=answers
        )

    def first() -> None:
        note(CIO, NoteKind.OUTCOME, "Conditions on exemptions name the day on which each is checked.")
        note(
            CISO,
            NoteKind.ACTION,
            "List the systems whose patches wait for the settlement freeze, with their owners.",
            CIO,
            at(2, 0),
        )
        say(CISO, HELD)

    def done() -> None:
        for action in parley.dialogue.page(people[CIO]).open_actions:
            parley.dialogue.end_action(people[CIO], action.id, "done")

    def third() -> None:
        note(CISO, NoteKind.OUTCOME, "Suppliers' access is reviewed before the contract, not after it.")
        note(
            CIO,
            NoteKind.ACTION,
            "Agree a date with operations for the release weekend, before the peak of card payments.",
            CIO,
            at(5, 0),
        )
        say(CIO, HELD)

    def put_down() -> None:
        note(CIO, NoteKind.INITIATIVE, "A second supplier for branch networks: what would security need?")
        note(CISO, NoteKind.CHALLENGE, "The night shift of the operations centre is two people short.")

    skipped = {"held": "not_held", "reason": "Both of us were with the supervisor's inspectors all week."}
    return [
        (starts, lambda: _open(parley)),
        (at(0, 3), first),
        (at(0, 4), lambda: say(CIO, HELD)),
        (at(1, 1), lambda: say(CIO, skipped)),
        (at(1, 2), lambda: say(CISO, {"held": "not_held"})),
        (at(2, 1), done),
        (at(2, 3), third),
        (at(2, 5), lambda: say(CISO, HELD)),
        (min(at(3, 2), end), put_down),
    ]


def _open(parley: Parley) -> None:
    parley.dialogue.open_missing()
