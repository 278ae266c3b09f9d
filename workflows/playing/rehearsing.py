"""What is done in a dry run, and what its page shows. All of it happens on the stage."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from engine.spiff.timing import add_duration
from engine.timers.queries import next_due
from engine.types import TaskState
from forms import Presentation, present
from workflows.cases.types import CaseView
from workflows.errors import Conflict, RuleBroken
from workflows.identity.types import Role
from workflows.playing.theatre import PEOPLE, Stage, role_of, scenario, seat_of
from workflows.playing.types import Actable, Asked
from workflows.risks.raising import asset_options
from workflows.scenarios.beginning import begin
from workflows.scenarios.stage import seat
from workflows.scenarios.telling import waiting_of
from workflows.scenarios.types import Step

LONGEST = timedelta(days=3660)
"""How far a dry run's clock may be moved from where it began."""
BEGUN_BY = {"risk-decision": Role.RAISER.value, "policy-release": Role.GOVERNANCE.value}
"""Who begins a case where nobody else is chosen; the CIO otherwise."""

Answers = Mapping[str, Any]
Values = Mapping[str, Any] | None
Errors = Mapping[str, Sequence[str]] | None


def start_asked(stage: Stage, key: str, values: Values, errors: Errors, person_id: str = "") -> Asked:
    """The form with which a case begins."""
    parley = stage.parley
    with parley.database.reading() as connection:
        definitions = parley.engine.definitions
        version = definitions.latest(connection, key)
        start = definitions.compiled(connection, version.hash, key).start
        shown: Presentation | None = None
        if start.form is not None:
            form = parley.context.forms.form(definitions.bundle(connection, version.hash), start.form)
            data = asset_options(connection)
            shown = present(form, values=values, errors=errors, data=data, now=stage.clock.time)
    who = person_id or BEGUN_BY.get(key, Role.CIO.value)
    return Asked(start.name or "Begin the case", start.documentation, "", shown, "", who)


def start(stage: Stage, key: str, person_id: str, answers: Answers) -> tuple[str, dict[str, Any]]:
    """Begin the case as somebody; its id and the step. Raises `AnswersRefused` and what the start raises."""
    person = _known(person_id)
    with stage.parley.database.reading() as connection:
        definitions = stage.parley.engine.definitions
        version = definitions.latest(connection, key)
        element = definitions.compiled(connection, version.hash, key).start.id
    given = _filled(answers)
    first = Step(frozenset(), element=element, role=role_of(person), seat=seat_of(person), answers=given)
    try:
        case_id = begin(stage.parley, scenario(key, stage.clock.time), first)
    except ValueError as error:
        raise RuleBroken(f"The case cannot begin with these answers: {error}.") from error
    return case_id, {"element": element, **_as(person), "answers": given}


def asked(stage: Stage, task_id: str, person_id: str, values: Values, errors: Errors) -> Asked:
    """A task's form as somebody of the stage sees it. Raises `NotFound`."""
    parley = stage.parley
    page = parley.cases.task_page(
        parley.identity.person(_known(person_id)), task_id, values=values, errors=errors
    )
    return Asked(page.title, page.instructions, page.why_me, page.presentation, task_id, person_id)


def act(stage: Stage, case_id: str, task_id: str, person_id: str, answers: Answers) -> dict[str, Any]:
    """Do a task as somebody; the step. Raises `AnswersRefused`, `Conflict`, `NotEntitled`, `NotFound`."""
    parley, person = stage.parley, _known(person_id)
    with parley.database.reading() as connection:
        task = parley.engine.tasks.get(connection, task_id)
    if task.instance_id != case_id:
        raise Conflict("This task is not of the case that is played. Nothing was done.")
    given = _filled(answers)
    who = parley.identity.person(person)
    parley.cases.submit(who, task.id, revision=task.revision, token=token_urlsafe(16), answers=given)
    return {"element": task.element_id, **_as(person), "answers": given}


def advance(stage: Stage, began_at: datetime, duration: str) -> dict[str, Any]:
    """Let time pass: all that is then due happens. `duration` is ISO 8601; empty for the next that is due.

    Raises `RuleBroken`.
    """
    if not duration:
        duration = _to_next(stage)
    try:
        then = add_duration(stage.clock.time, duration)
    except ValueError as error:
        raise RuleBroken("That is no span of time. The clock stands where it stood.") from error
    if not stage.clock.time <= then <= began_at + LONGEST:
        raise RuleBroken("A dry run goes on for ten years at most. The clock stands where it stood.")
    stage.clock.time = then
    stage.parley.engine.worker.run_until_idle()
    return {"advance": duration}


def again(stage: Stage, key: str, began_at: datetime, acts: Sequence[Answers]) -> str | None:
    """Do acts anew, one after another, on a stage where nothing was done; the case, where they begin one.

    Raises `Conflict` where one of them cannot be done any more.
    """
    case_id: str | None = None
    for each in acts:
        if "advance" in each:
            advance(stage, began_at, str(each["advance"]))
            continue
        person = seat(int(each["seat"])) if each.get("seat") else str(each["role"])
        if case_id is None:
            case_id, _ = start(stage, key, person, each["answers"])
            continue
        with stage.parley.database.reading() as connection:
            tasks = stage.parley.engine.tasks
            mine = [
                task.id
                for task in tasks.of_instance(connection, case_id)
                if task.state is TaskState.OPEN
                and task.element_id == each["element"]
                and tasks.authority(connection, person, task, stage.clock.time)
            ]
        if not mine:
            raise Conflict("The acts before cannot be done anew. Nothing was taken back; begin again.")
        act(stage, case_id, mine[0], person, each["answers"])
    return case_id


def view(stage: Stage, case_id: str, diagram: str | None) -> CaseView:
    """The case as an auditor sees it."""
    auditor = stage.parley.identity.person(Role.AUDITOR.value)
    return stage.parley.cases.case(auditor, case_id, diagram=diagram)


def actable(stage: Stage, case_id: str) -> tuple[Actable, ...]:
    """Open tasks of the case, each with everybody of the stage who may do it."""
    parley = stage.parley
    tasks, found = parley.engine.tasks, []
    with parley.database.reading() as connection:
        names = {each: parley.identity.person(each).name for each in PEOPLE}
        seen: set[tuple[str, str]] = set()
        for task in tasks.of_instance(connection, case_id):
            if task.state is not TaskState.OPEN:
                continue
            for person in PEOPLE:
                # One of several tasks of the same step: the first, as a scenario takes it.
                if (task.element_id, person) in seen:
                    continue
                if tasks.authority(connection, person, task, stage.clock.time):
                    seen.add((task.element_id, person))
                    found.append(Actable(task.id, task.name, person, names[person], task.due_at))
    return tuple(found)


def waiting(stage: Stage, case_id: str) -> list[str]:
    """Where the case waits, as a scenario says it."""
    with stage.parley.database.reading() as connection:
        return sorted(waiting_of(stage.parley.engine, connection, case_id))


def due(stage: Stage) -> datetime | None:
    """When the next timer of the stage goes off."""
    with stage.parley.database.reading() as connection:
        return next_due(connection)


def as_scenario(
    stage: Stage, key: str, case_id: str, steps: Sequence[Answers], began: datetime, title: str, story: str
) -> str:
    """The dry run as a scenario's file."""
    engine = stage.parley.engine
    with stage.parley.database.reading() as connection:
        instance = engine.instances.get(connection, case_id)
        path = engine.instances.path(connection, case_id)
        compiled = engine.definitions.compiled(connection, instance.version_hash, key)
    own = compiled.start.process
    ends = sorted(
        each
        for each in path.completed
        if compiled.elements[each].kind == "endEvent" and compiled.elements[each].process == own
    )
    done = {str(each["element"]) for each in steps if "element" in each}
    content = {
        "title": title,
        "story": story,
        "policy": key,
        "begins": began.isoformat(),
        "seats": scenario(key, began).seats,
        "alternates": scenario(key, began).alternates,
        "steps": list(steps),
        "expected": {
            "state": instance.state.value,
            "end": ends[0] if len(ends) == 1 else None,
            "passes": sorted(done & path.completed.keys() | (set(ends) if len(ends) > 1 else set())),
            "never": [],
        },
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _to_next(stage: Stage) -> str:
    found = due(stage)
    if found is None:
        raise RuleBroken("Nothing is due: time alone changes nothing here. The clock stands where it stood.")
    seconds = max(0, -(-(found - stage.clock.time) // timedelta(seconds=1)))
    return f"PT{seconds}S"


def _known(person_id: str) -> str:
    if person_id not in PEOPLE:
        raise RuleBroken("Nobody of this name is on the stage. Nothing was done.")
    return person_id


def _as(person_id: str) -> dict[str, Any]:
    place = seat_of(person_id)
    return {"role": role_of(person_id)} | ({"seat": place} if place else {})


def _filled(answers: Answers) -> dict[str, Any]:
    """What was answered, without what was left empty."""
    return {key: value for key, value in answers.items() if value not in ("", [])}
