"""A history by chance: people act or stay silent, posts fall vacant and are filled, time passes, members step
aside; and after each turn, what must always hold is looked at."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from engine.tasks.models import tasks
from engine.tasks.queries import view
from engine.testing import START
from engine.types import Task, TaskState
from tests.workflows.histories.answering import Answering
from tests.workflows.histories.invariants import Invariants
from tests.workflows.world import World
from workflows.errors import AnswersRefused, EngineError, WorkflowsError
from workflows.types import SYSTEM_PERSON

_TRIES = 8
_LIKELIER = {
    "decision": {"exempt": 3.0, "accept": 2.0},
    "response": {"challenge": 2.0},
    "answer": {"stand": 2.0},
    "choice": {"recuse": 0.7},
    "ruling": {"uphold": 2.0},
}
_VACATED = ("ciso", "cro", "sponsor", "cio")
_ROLES = {"ciso": "ciso", "cro": "cro", "sponsor": "executive", "cio": "cio"}


class History:
    """One organisation, one seed. `turns` holds how often each kind of turn was taken."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = random.Random(seed)
        self.answering = Answering(world, self.chance, _LIKELIER)
        self.invariants = Invariants(world)
        self.turns: Counter[str] = Counter()
        self.acted: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._vacant: set[str] = set()

    def play(self, turns: int) -> None:
        """So many turns, then half a year of silence; what must always hold is looked at after each."""
        kinds = {"raise": 0.5, "act": 16.0, "wait": 3.0, "vacate": 0.3, "fill": 0.6}
        for _ in range(turns):
            kind = self.chance.choices(list(kinds), list(kinds.values()))[0]
            self.turns[kind] += 1
            self.world.clock.time += timedelta(seconds=1)  # no two turns at the same moment
            getattr(self, f"_{kind}")()
            self.invariants.hold()
        for _ in range(6):
            self.world.pass_time(days=30)
            self.invariants.hold()
        self.invariants.hold_at_the_end()

    def _raise(self) -> None:
        levels = ("low", "moderate", "high", "very_high")
        self.world.raise_risk(
            title=f"Risk {self.chance.randint(1, 1_000_000)}",
            likelihood=self.chance.choice(levels),
            impact=self.chance.choice(levels),
        )

    def _wait(self) -> None:
        self.world.pass_time(hours=self.chance.choice((2, 6, 12, 30, 80, 400)))
        if self.chance.random() < 0.3:
            self.invariants.remember_figures()

    def _act(self) -> None:
        """Somebody who may do so completes an open task; or tries, and is told why not."""
        open_tasks = self._open()
        if not open_tasks:
            return self._raise()
        task = self.chance.choice(open_tasks)
        with self.world.parley.database.reading() as connection:
            candidates = self.world.parley.context.directory.candidates(connection, task.desk, self.world.now)
        able = [one.person_id for one in candidates]
        if not able:
            return None  # looked at by the invariants: a vacant post's tasks lie on the next tier's desk
        self._complete(task, self.chance.choice(able))
        return None

    def _complete(self, task: Task, key: str) -> None:
        person, parley = self.world.people[key], self.world.parley
        for _ in range(_TRIES):
            page = parley.cases.task_page(person, task.id)
            if page.presentation is None:
                self.refused[f"{task.element_id}: {page.why_me}"] += 1
                return
            try:
                answers = self.answering.task(person, task.id)
                parley.cases.submit(
                    person,
                    task.id,
                    revision=page.revision,
                    token=f"t{self.chance.getrandbits(80):x}",
                    answers=answers,
                )
            except AnswersRefused as refused:
                last = f"{task.element_id}: {refused.errors}"
                continue
            except (EngineError, WorkflowsError) as refused:
                self.refused[f"{task.element_id}: {refused}"] += 1
                return
            self.acted[task.element_id] += 1
            return
        self.refused[last] += 1

    def _vacate(self) -> None:
        key = self.chance.choice(_VACATED)
        if key in self._vacant:
            return
        page = self.world.parley.identity.page(SYSTEM_PERSON, key)
        for one in page.appointments:
            if one.role.value == _ROLES[key] and one.ended_by is None:
                self.world.parley.identity.end_appointment(
                    SYSTEM_PERSON, one.id, ends_at=self.world.now, basis="Left"
                )
        self._vacant.add(key)

    def _fill(self) -> None:
        if self._vacant:
            key = self._vacant.pop()
            self.world.appoint(key, _ROLES[key], valid_from=max(START, self.world.now))

    def _open(self) -> list[Task]:
        with self.world.parley.database.reading() as connection:
            rows = connection.execute(
                select(tasks).where(tasks.c.state == TaskState.OPEN).order_by(tasks.c.id)
            )
            return [view(row) for row in rows]
