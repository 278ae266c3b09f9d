"""The last weeks' dialogues of the demonstration's CIO and CISO, each act at its moment."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from workflows.bootstrap import Parley
from workflows.demo.calendar import moment
from workflows.demo.story import CIO, CISO
from workflows.dialogue.types import NoteKind
from workflows.identity.types import Person

FIRST = 22
"""Days before the end on which the first is opened: the fourth is open at the end."""

Moment = tuple[datetime, Callable[[], object]]


class _Leaders:
    """What the two do about their dialogue, through the commands that the page calls."""

    def __init__(self, parley: Parley, people: Mapping[str, Person]) -> None:
        self._parley = parley
        self._people = people

    def open(self) -> None:
        self._parley.dialogue.open_missing()

    def note(
        self, by: str, kind: NoteKind, text: str, owner: str | None = None, due: date | None = None
    ) -> None:
        self._parley.dialogue.put_down(self._people[by], None, kind, text, owner=owner, due_on=due)

    def say(self, by: str, **answers: str) -> None:
        person = self._people[by]
        page = self._parley.cases.task_page(person, str(self._parley.dialogue.page(person).task_id))
        self._parley.cases.submit(
            person, page.task.id, revision=page.revision, token=secrets.token_urlsafe(24), answers=answers
        )

    def agree(self, by: str) -> None:
        self.say(by, held="held", agreed="agreed")

    def finish(self, by: str) -> None:
        for action in self._parley.dialogue.page(self._people[by]).open_actions:
            self._parley.dialogue.end_action(self._people[by], action.id, "done")


def scheduled(parley: Parley, people: Mapping[str, Person], end: datetime) -> list[Moment]:
    """Everything that the two do about their dialogues, in order: one held, one skipped, one held, one open.

    Args:
        end: the moment the demonstration's story ends, in UTC.
    """
    starts, leaders = moment(FIRST, end, 0), _Leaders(parley, people)

    def at(week: int, hours: int) -> datetime:
        return starts + timedelta(weeks=week, hours=hours)

    def talked(outcome: str, by: str, action: str, due: datetime, first: str) -> None:
        leaders.note(CIO if by == CISO else CISO, NoteKind.OUTCOME, outcome)
        leaders.note(by, NoteKind.ACTION, action, CIO, due.date())
        leaders.agree(first)

    def freeze() -> None:
        outcome = "Conditions on exemptions name the day on which each is checked."
        action = "List the systems whose patches wait for the settlement freeze, with their owners."
        talked(outcome, CISO, action, at(2, 0), CISO)

    def suppliers() -> None:
        outcome = "Suppliers' access is reviewed before the contract, not after it."
        action = "Agree a date with operations for the release weekend, before the peak of card payments."
        talked(outcome, CIO, action, at(5, 0), CIO)

    def put_down() -> None:
        initiative = "A second supplier for branch networks: what would security need?"
        leaders.note(CIO, NoteKind.INITIATIVE, initiative)
        leaders.note(
            CISO, NoteKind.CHALLENGE, "The night shift of the operations centre is two people short."
        )

    inspected = "Both of us were with the supervisor's inspectors all week."
    return [
        (starts, leaders.open),
        (at(0, 3), freeze),
        (at(0, 4), lambda: leaders.agree(CIO)),
        (at(1, 1), lambda: leaders.say(CIO, held="not_held", reason=inspected)),
        (at(1, 2), lambda: leaders.say(CISO, held="not_held")),
        (at(2, 1), lambda: leaders.finish(CIO)),
        (at(2, 3), suppliers),
        (at(2, 5), lambda: leaders.agree(CISO)),
        (min(at(3, 2), end), put_down),
    ]
