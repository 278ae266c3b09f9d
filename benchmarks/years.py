"""Two simulated years of the demonstration's organisation: two hundred risks, decided as its people would.

    ./run bench years [--json FILE] [--risks 200] [--weeks 104] [--seed 7]

Everything goes through the commands that pages call, on a SQLite database as durable as in operation; the
clock stands in memory. What is told: at first the leaders rarely talk, and dispute much before the committee;
as the weekly dialogue takes hold they differ as often, and settle more of it between themselves, in time.
The measures must say so, see `tests/workflows/demo/test_two_years.py`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # run as a file: the packages stand beside this folder, not in it
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from sqlalchemy import select

from benchmarks._databases import fresh
from benchmarks._years_people import Character, People
from engine.tasks.models import tasks
from engine.tasks.queries import view
from engine.testing import FakeClock
from engine.types import Task, TaskState
from workflows.bootstrap import Parley, Settings, open_parley
from workflows.demo.assets import ASSETS
from workflows.demo.organisation import COMMITTEE_ID, GOVERNANCE
from workflows.demo.set_up import set_up
from workflows.demo.story import CIO
from workflows.errors import AnswersRefused, Conflict, EngineError, WorkflowsError
from workflows.identity.types import Person
from workflows.metrics.periods import Step
from workflows.metrics.types import Figures
from workflows.risks.models import risks
from workflows.risks.types import RiskStatus

BEGINS = datetime(2024, 11, 25, 7, 0, tzinfo=UTC)
HALF_DAYS = (timedelta(hours=9), timedelta(hours=15))


@dataclass(slots=True)
class Years:
    """The organisation while its two years pass. `acts` counts what people did, `refused` what they were
    told not to."""

    parley: Parley
    clock: FakeClock
    people: Mapping[str, Person]
    behaviour: People
    acts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    characters: dict[str, Character] = field(default_factory=dict)
    _planned: dict[str, datetime] = field(default_factory=dict)

    def pass_half_day(self, at: datetime) -> None:
        """Move on to a moment: what came due happens, and people do what they had planned to do by then."""
        self.clock.time = at
        with self.parley.database.reading() as connection:
            due = self.parley.engine.worker.next_due(connection)
        if due is not None and due <= at:
            self.parley.engine.worker.run_until_idle()
        for task in self._open():
            planned = self._planned.get(task.id)
            if planned is None:
                planned = self._planned[task.id] = task.opened_at + self.behaviour.delay(task)
            if planned <= at:
                self._act(task)

    def raise_risk(self, number: int) -> None:
        """A new risk on one of the assets."""
        character = self.behaviour.character(self.clock.time)
        asset = ASSETS[number % len(ASSETS)]
        answers = {
            "title": f"A way into {asset.name} that was not known before",
            "description": "Found by a test; what it would take to close it is being looked at.",
            "category": "vulnerability",
            "assets": [asset.id],
            "likelihood": character.likelihood,
            "impact": character.impact,
            "due_date": (self.clock.time + timedelta(days=30)).date(),
        }
        raiser = self.people["harker"]
        risk, _ = self.parley.risks.raise_risk(raiser, answers, f"years-risk-{number}")
        self.characters[risk.id] = character

    def propose_anew(self) -> None:
        """What was not accepted a while ago comes back with a proposal that both can carry."""
        patience = timedelta(days=60 - 30 * self.behaviour.trust(self.clock.time))
        statement = select(risks.c.id).where(
            risks.c.status == RiskStatus.NOT_ACCEPTED.value, risks.c.status_since < self.clock.time - patience
        )
        with self.parley.database.reading() as connection:
            refused = list(connection.execute(statement.order_by(risks.c.id)).scalars())
        for risk_id in refused:
            self.characters[risk_id] = self.behaviour.proposal(self.characters[risk_id])
            self.parley.register.ask_for_decision(self.people[CIO], risk_id, "We can replace it after all.")

    def _open(self) -> list[Task]:
        # In an order that is the same in every run: chance goes round in it.
        statement = select(tasks).where(tasks.c.state == TaskState.OPEN.value)
        statement = statement.order_by(tasks.c.opened_at, tasks.c.subject, tasks.c.element_id, tasks.c.desk)
        with self.parley.database.reading() as connection:
            return [view(row) for row in connection.execute(statement)]

    def _act(self, task: Task) -> None:
        answers = self.behaviour.answers(task, self.characters.get(task.subject or ""))
        if answers is None:
            return
        if answers.get("decision") == "exempt" and self._is_no_longer_offered(task):
            answers = {**answers, "decision": "mitigate"}
        with self.parley.database.reading() as connection:
            able = self.parley.context.directory.candidates(connection, task.desk, self.clock.time)
        for number, one in enumerate(able):
            try:
                self.parley.cases.submit(
                    self.people[one.person_id],
                    task.id,
                    revision=task.revision,
                    token=f"years-{task.id}-{number}",
                    answers=answers,
                )
            except Conflict:
                return  # an act of this half-day took the case on, and the step is needed no more
            except AnswersRefused as refused:
                self.refused[f"{task.element_id}: {dict(refused.errors)}"] += 1
            except (EngineError, WorkflowsError) as refused:
                self.refused[f"{task.element_id}: {refused}"] += 1
            else:
                self.acts[task.element_id] += 1
                return
        self._planned[task.id] = datetime.max.replace(tzinfo=UTC)  # what is refused once is left to others

    def _is_no_longer_offered(self, task: Task) -> bool:
        """Whether the policy's cap of renewals is reached, so that the form offers no exemption."""
        data = self.parley.cases.task_page(self.people[CIO], task.id).data
        return bool(data["rate"]["exemptions_before"] > data["route"]["renewals_at_most"])


def live(url: str, *, count: int = 200, weeks: int = 104, seed: int = 7) -> Years:
    """Make the organisation on an empty, migrated database, and let the weeks pass."""
    clock = FakeClock(BEGINS)
    parley = open_parley(Settings(url), clock=clock)
    people = set_up(parley, BEGINS)
    ends = BEGINS + timedelta(weeks=weeks)
    years = Years(parley, clock, people, People(seed, BEGINS, ends))
    parley.dialogue.open_missing()
    raised = 0
    for week in range(weeks):
        if week % 2 == 0:
            meets = BEGINS + timedelta(weeks=week + 1, days=2, hours=4)
            parley.committee.plan_meeting(people[GOVERNANCE], COMMITTEE_ID, begins_at=meets)
        years.propose_anew()
        for day in range(5):
            for half in HALF_DAYS:
                years.pass_half_day(BEGINS + timedelta(weeks=week, days=day) + half)
                wanted = count * (week * 10 + day * 2 + 1) // (weeks * 10)
                while raised < wanted:
                    raised += 1
                    years.raise_risk(raised)
    return years


def figures(years: Years) -> Figures:
    """The measures at the end, by quarter."""
    auditor = years.people["auditor"] if "auditor" in years.people else years.people[GOVERNANCE]
    return years.parley.metrics.figures(auditor, step=Step.QUARTER, shown=8)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--json", type=Path)
    options.add_argument("--risks", type=int, default=200)
    options.add_argument("--weeks", type=int, default=104)
    options.add_argument("--seed", type=int, default=7)
    wanted = options.parse_args()
    with fresh("sqlite") as url:
        wall, cpu = time.perf_counter(), time.process_time()
        years = live(url, count=wanted.risks, weeks=wanted.weeks, seed=wanted.seed)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        shown = figures(years)
        rows = {key: [cell.count for cell in one.cells] for key, one in shown.series.items()}
        years.parley.close()
    found: dict[str, Any] = {
        "risks": wanted.risks,
        "weeks": wanted.weeks,
        "acts": sum(years.acts.values()),
        "seconds": round(wall, 1),
        "processor_seconds": round(cpu, 1),
        "refused": dict(years.refused),
        "by_quarter": rows,
    }
    print(json.dumps(found, indent=2))
    if wanted.json:
        wanted.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
