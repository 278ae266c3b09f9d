"""Plays the demonstration's story through the real engine: every act by the person named, at its moment.

The installation's clock is moved from act to act and stops at each timer and reminder on the way, so that
what is due happens when it is due. Nothing is written past the commands that pages call.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Any

from engine.types import Instance, InstanceState, Task, TaskState
from workflows.bootstrap import Parley
from workflows.demo import calendar, dialogues
from workflows.demo.beside import BESIDE
from workflows.demo.calendar import Scheduled
from workflows.demo.catalogue import due_date
from workflows.demo.organisation import COMMITTEE_ID, GOVERNANCE
from workflows.demo.routine import TOLD, Routine
from workflows.demo.set_up import set_up
from workflows.demo.stories import STORIES
from workflows.demo.story import Act, DaysAfter, Story, words
from workflows.errors import AlreadyInstalled, AnswersRefused, EngineError, WorkflowsError
from workflows.identity.directory import remembering
from workflows.identity.queries import organisation_at
from workflows.identity.types import SYSTEM_PERSON, Person
from workflows.wording import day

Progress = Callable[[str], object]
"""Given a line now and then: how far the story is, in percent, and what has just happened."""

_LINES = 20
"""Lines of progress over the whole story."""
_APART = timedelta(minutes=11)
_LATER, _PATIENCE = timedelta(hours=4), timedelta(days=40)
"""An act whose task is not open yet, since a meeting takes its notice, is tried again this much later."""


class StoryDoesNotFit(WorkflowsError):
    """A step of the story could not be carried out as it is told, or the story ended otherwise."""


def fill(parley: Parley, progress: Progress | None = None) -> None:
    """Make the demonstration organisation on an empty, upgraded database; play six months up to now.

    Args:
        parley: opened on that database.
        progress: called some twenty times with a line such as " 45 %  31 July 2026: …".

    Raises:
        AlreadyInstalled: the database already is something; nothing was changed.
        StoryDoesNotFit: a step could not be carried out. What was played stays; use a new database.
    """
    if parley.installation() is not None:
        raise AlreadyInstalled()
    tell = progress or (lambda line: None)
    begun, end = time.monotonic(), parley.now()
    tell("  0 %  Making the organisation: people, posts, committee, assets")
    people = set_up(parley, calendar.begins(end))
    for before in calendar.MEETINGS:
        parley.committee.plan_meeting(people[GOVERNANCE], COMMITTEE_ID, begins_at=end - before)
    player = _Player(parley, people)
    steps = calendar.schedule(STORIES, end)
    talks = dialogues.scheduled(parley, people, end)
    agenda = _Agenda(steps, end)
    done = 0
    while (following := agenda.next()) is not None:
        at, step = following
        while talks and talks[0][0] <= at:
            player.talk(*talks.pop(0))
        line = player.play(step, at)
        if line is None:
            agenda.postpone(at, step)
            continue
        agenda.done(at, step)
        done += 1
        if done * _LINES // len(steps) > (done - 1) * _LINES // len(steps):
            tell(f"{done * 100 // len(steps):3} %  {line}")
    for at, act in talks:
        player.talk(at, act)
    # As long as it took is real time too: the demonstration goes on at the present, never before it.
    player.move_to(end + timedelta(seconds=time.monotonic() - begun + 1))
    player.check(STORIES)


class _Agenda:
    """What is next, over all stories: each in its own order, and an act whose task is not open yet later."""

    def __init__(self, steps: Sequence[Scheduled], end: datetime) -> None:
        self._end = end
        self._stories: dict[str, deque[Scheduled]] = defaultdict(deque)
        for step in steps:
            self._stories[step.story.cve].append(step)
        self._heap = [(queue[0].at, number, key) for number, (key, queue) in enumerate(self._stories.items())]
        heapify(self._heap)

    def next(self) -> tuple[datetime, Scheduled] | None:
        """The next act and its moment; None when all is told."""
        if not self._heap:
            return None
        at, _, key = self._heap[0]
        return at, self._stories[key][0]

    def done(self, at: datetime, step: Scheduled) -> None:
        """Go on with the story's next act, at its own moment or right after this one."""
        _, number, key = heappop(self._heap)
        queue = self._stories[key]
        queue.popleft()
        if queue:
            heappush(self._heap, (max(queue[0].at, at + _APART), number, key))

    def postpone(self, at: datetime, step: Scheduled) -> None:
        """Try again later. Raises `StoryDoesNotFit` where it has waited too long."""
        if at - step.at > _PATIENCE or at + _LATER > self._end:
            raise _does_not_fit(step, "No such task was open in time.")
        _, number, key = heappop(self._heap)
        heappush(self._heap, (at + _LATER, number, key))


class _Player:
    def __init__(self, parley: Parley, people: Mapping[str, Person]) -> None:
        self._parley = parley
        self._people = people
        self._risks: dict[str, str] = {}
        self._played = 0
        self._routine = Routine(parley)

    def play(self, step: Scheduled, at: datetime) -> str | None:
        """Carry out one step; a line on what happened, or None where its task is not open yet."""
        self.move_to(at)
        self._played += 1
        token = f"demonstration-{self._played:04}"
        try:
            if step.act is None:
                return self._raise(step.story, at, token)
            return self._submit(step, step.act, at, token)
        except (EngineError, WorkflowsError) as refused:
            if isinstance(refused, StoryDoesNotFit):
                raise
            raise _does_not_fit(step, _because(refused)) from refused

    def talk(self, at: datetime, act: Callable[[], object]) -> None:
        """Carry out one act of the weekly dialogue."""
        self.move_to(at)
        act()

    def move_to(self, at: datetime) -> None:
        """Move the clock forward, and stop on the way at whatever is due and each act of routine."""
        while True:
            due, act = self._next_due(), self._routine.next()
            if act is not None and act.at <= at and (due is None or act.at <= due):
                self._clock_to(act.at)
                self._routine.carry_out(act)
                continue
            if due is None or due > at:
                break
            self._clock_to(due)
            self._parley.engine.worker.run_until_idle()
            if self._next_due() == due:
                raise StoryDoesNotFit(
                    f"What was due on {day(due)} could not be done, and the case waits with an incident. "
                    "The demonstration is incomplete; look at its incidents."
                )
        self._clock_to(at)

    def check(self, stories: Sequence[Story]) -> None:
        """See that every risk stands as it is told, and that nothing failed. Raises `StoryDoesNotFit`."""
        with self._parley.database.reading() as connection:
            failed = self._parley.engine.incidents.open(connection)
            if failed:
                raise StoryDoesNotFit(f"A case waits with an incident: {failed[0].cause}")
        for story in stories:
            found = self._parley.risks.risk(SYSTEM_PERSON, self._risks[story.cve]).risk
            waits = self._waits(found.id)
            if found.status is not story.ends or waits != story.waits:
                raise StoryDoesNotFit(
                    f"{story.cve} ends as {found.status.value}, waiting at {', '.join(waits) or 'nothing'}; "
                    f"told was {story.ends.value}, waiting at {', '.join(story.waits) or 'nothing'}."
                )

    def _next_due(self) -> datetime | None:
        with self._parley.database.reading() as connection:
            return self._parley.engine.worker.next_due(connection)

    def _clock_to(self, at: datetime) -> None:
        if at > self._parley.now():
            self._parley.clock.move_to(SYSTEM_PERSON, at)

    def _raise(self, story: Story, at: datetime, token: str) -> str:
        answers: dict[str, Any] = {
            "title": words(story.title),
            "description": words(story.description),
            "category": story.category,
            "cve_id": story.cve,
            "assets": list(story.assets),
            "likelihood": story.likelihood,
            "impact": story.impact,
            "known_exploited": True,
            "due_date": due_date(story.cve),
        }
        person = self._people[story.raised_by]
        risk, _ = self._parley.risks.raise_risk(person, answers, token)
        self._risks[story.cve] = risk.id
        if story.is_late:
            self._routine.late.add(risk.id)
        return f"{day(at)}: {person.name} raises {risk.id}, {risk.title}"

    def _submit(self, step: Scheduled, act: Act, at: datetime, token: str) -> str | None:
        person = self._people[act.by]
        answers = {key: _dated(answer, at.date()) for key, answer in act.answers.items()}
        if act.element in BESIDE:
            risk_id = self._risks[step.story.cve]
            case_id = self._running(risk_id)[0].id
            did = BESIDE[act.element](self._parley, person, risk_id, case_id, answers)
            return f"{day(at)}: {person.name} on {risk_id}, {did}"
        task = self._task(step, act, person)
        if task is None:
            return None
        self._parley.cases.submit(person, task.id, revision=task.revision, token=token, answers=answers)
        return f"{day(at)}: {person.name} on {task.subject}, {task.name}"

    def _task(self, step: Scheduled, act: Act, person: Person) -> Task | None:
        """The one open task that this person may complete; None where none is open yet."""
        tasks = self._parley.engine.tasks
        with self._parley.database.reading() as connection:
            now = self._parley.clock.now(connection)
            with remembering(connection, organisation_at(connection, now)):
                found = [
                    task
                    for case in self._running(self._risks[step.story.cve])
                    for task in tasks.of_instance(connection, case.id)
                    if task.element_id == act.element
                    and task.state is TaskState.OPEN
                    and tasks.authority(connection, person.id, task, now) is not None
                ]
        if len(found) > 1:
            raise _does_not_fit(step, f"{person.name} has {len(found)} such tasks there.")
        return found[0] if found else None

    def _running(self, risk_id: str) -> list[Instance]:
        with self._parley.database.reading() as connection:
            cases = self._parley.engine.instances.of_subject(connection, risk_id)
        return [case for case in cases if case.state is InstanceState.RUNNING]

    def _waits(self, risk_id: str) -> tuple[str, ...]:
        with self._parley.database.reading() as connection:
            paths = [
                self._parley.engine.instances.path(connection, case.id) for case in self._running(risk_id)
            ]
        return tuple(sorted({element for path in paths for element in path.waiting} & TOLD))


def _dated(answer: Any, today: date) -> Any:
    return today + timedelta(days=answer.days) if isinstance(answer, DaysAfter) else answer


def _because(refused: EngineError | WorkflowsError) -> str:
    if isinstance(refused, AnswersRefused):
        return "; ".join(f"{field}: {' '.join(said)}" for field, said in refused.errors.items())
    return str(refused)


def _does_not_fit(step: Scheduled, why: str) -> StoryDoesNotFit:
    what = f"“{step.act.element}” by {step.act.by}" if step.act else f"raised by {step.story.raised_by}"
    return StoryDoesNotFit(
        f"The demonstration's story does not fit: {step.story.cve}, {what} on {day(step.at)}: {why} "
        "The demonstration is incomplete; use a new database."
    )
