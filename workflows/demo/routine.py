"""What nobody tells and everybody does: interests declared, meetings opened, rulings acknowledged, controls
named and checked, plans drawn up. Done by whoever is entitled, some time after it was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, or_, select

from engine.instances.models import submissions
from engine.tasks.models import tasks
from engine.types import Task, TaskState
from workflows.bootstrap import Parley
from workflows.demo.story import DEPUTY_CIO
from workflows.identity.directory import remembering
from workflows.identity.queries import organisation_at
from workflows.record import DECIDE

TOLD = frozenset(
    {
        "cio_position",
        "ciso_position",
        "decide",
        "respond",
        "answer_challenge",
        "vote",
        "arbitrate",
        "exemption_expires",
    }
)
"""Where stories say that their cases wait; all else is routine."""

ANSWER, REPORT = "answer_challenge", "report_milestone"
OPERATOR = DEPUTY_CIO
"""Runs the compensating controls and owns the milestones."""


@dataclass(frozen=True, slots=True)
class RoutineAct:
    """One task, and when it is done."""

    at: datetime
    task_id: str
    element: str


def _interest(task: Task) -> Mapping[str, Any]:
    return {"interest": "none"}


def _open(task: Task) -> Mapping[str, Any]:
    return {"procedure": "open"}


def _acknowledge(task: Task) -> Mapping[str, Any]:
    return {"carried_out": "As it was ruled; the head of IT operations sees to it and reports to me weekly."}


def _controls(task: Task) -> Mapping[str, Any]:
    return {
        "control_1": "The measures named with the decision, watched around the clock.",
        "operator_1": OPERATOR,
        "evidence_1": "The settings as exported on the day, and the protocol of the last test.",
    }


def _works(task: Task) -> Mapping[str, Any]:
    return {"result_1": "works", "evidence_1": "Tested by us without notice: the alert came within minutes."}


def _plan(task: Task) -> Mapping[str, Any]:
    first, last = task.opened_at + timedelta(days=30), task.opened_at + timedelta(days=330)
    return {
        "reason": "The dates are set anew after what was reported.",
        "summary": "First what attackers use today, then everything that would bring it back.",
        "owner": OPERATOR,
        "count": "2",
        "milestone_1": "The weakness is closed or out of reach, and shown to be",
        "owner_1": OPERATOR,
        "due_1": first.date(),
        "milestone_2": "The cause is gone for good: replaced, merged or switched off",
        "owner_2": OPERATOR,
        "due_2": last.date(),
    }


def _report(task: Task) -> Mapping[str, Any]:
    return {"status": "done", "evidence": "The change and its test, with the scan of the day after."}


def _verify(task: Task) -> Mapping[str, Any]:
    return {"verdict": "verified", "reason": "Our own scan finds it closed on all devices concerned."}


def _still(task: Task) -> Mapping[str, Any]:
    return {
        "still": "valid",
        "review_date": (task.opened_at + timedelta(days=240)).date(),
        "reason": "Looked at again with incidents, exposure and controls: the reasons hold.",
    }


def _advice(task: Task) -> Mapping[str, Any]:
    return {"still": "valid", "reason": "No incident, no new way in, and the controls were tested again."}


def _rating(task: Task) -> Mapping[str, Any]:
    return {
        "answer": "revise",
        "reason": "I keep my view of it, and decide on the higher rating: that is the prudent basis.",
    }


Answers = Callable[[Task], Mapping[str, Any]]
ROUTINE: dict[str, tuple[timedelta, Answers]] = {
    "declare_interest": (timedelta(hours=20), _interest),
    "open_meeting": (timedelta(minutes=10), _open),
    "acknowledge_ruling": (timedelta(hours=22), _acknowledge),
    "name_controls": (timedelta(hours=21), _controls),
    "verify_controls": (timedelta(hours=23), _works),
    "check_controls": (timedelta(days=2), _works),
    ANSWER: (timedelta(hours=4), _rating),
    "review_advice": (timedelta(days=2), _advice),
    "review_answer": (timedelta(days=2), _still),
    "draw_up_plan": (timedelta(days=3), _plan),
    REPORT: (timedelta(days=20), _report),
    "verify_milestone": (timedelta(days=2), _verify),
}
"""By element: how long after it was asked, and with which answers."""
LONG = timedelta(days=60)
"""A milestone further ahead than this is not reached before the story ends."""


class Routine:
    """Finds what is open of it, and does it."""

    def __init__(self, parley: Parley) -> None:
        self._parley = parley
        self._done = 0
        self.late: set[str] = set()
        """Risks whose first milestone nobody reaches in time."""

    def next(self) -> RoutineAct | None:
        """What is done next; None where nothing of it is open."""
        decided = exists().where(
            submissions.c.instance_id == tasks.c.instance_id, submissions.c.element_id == DECIDE
        )
        missed = tasks.alias()
        overslept = exists().where(
            missed.c.instance_id == tasks.c.instance_id,
            missed.c.element_id == REPORT,
            missed.c.state == TaskState.WITHDRAWN.value,
        )
        statement = select(tasks.c.id, tasks.c.element_id, tasks.c.opened_at, tasks.c.due_at).where(
            tasks.c.state == TaskState.OPEN.value,
            tasks.c.element_id.in_(ROUTINE),
            # Once late, its plan is changed, and after that nobody waits again.
            or_(tasks.c.element_id != REPORT, tasks.c.subject.not_in(self.late), overslept),
            # A challenge that nobody decided before is the one that two ratings open by themselves.
            or_(tasks.c.element_id != ANSWER, ~decided),
        )
        with self._parley.database.reading() as connection:
            rows = connection.execute(statement).all()
        found = [
            RoutineAct(row.opened_at + ROUTINE[row.element_id][0], row.id, row.element_id)
            for row in rows
            if row.element_id != REPORT or row.due_at - row.opened_at < LONG
        ]
        return min(found, key=lambda act: (act.at, act.task_id), default=None)

    def carry_out(self, act: RoutineAct) -> None:
        """Do it, as the first person who is entitled to."""
        engine = self._parley.engine
        with self._parley.database.reading() as connection:
            now = self._parley.clock.now(connection)
            task = engine.tasks.get(connection, act.task_id)
            with remembering(connection, organisation_at(connection, now)):
                someone = self._parley.context.directory.candidates(connection, task.desk, now)[0]
        self._done += 1
        self._parley.cases.submit(
            self._parley.identity.person(someone.person_id),
            task.id,
            revision=task.revision,
            token=f"demonstration-routine-{self._done:04}",
            answers=ROUTINE[act.element][1](task),
        )
