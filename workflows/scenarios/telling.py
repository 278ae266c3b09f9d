"""Tells a scenario step by step, and compares it with what it says must come of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from secrets import token_urlsafe

from sqlalchemy import Connection

from engine import Engine
from engine.definitions.store import DefinitionStore
from engine.errors import AnswersRefused, EngineError
from engine.instances.queries import journal_of
from engine.spiff.living import kept_alive
from engine.spiff.timing import add_duration
from engine.types import Instance, InstanceState, TaskState
from workflows.bootstrap import Parley
from workflows.identity.types import Role
from workflows.scenarios.beginning import HEX, begin
from workflows.scenarios.sending import SENT, TAKEN_UP
from workflows.scenarios.stage import StageClock, Stages, person_of
from workflows.scenarios.types import Scenario, Step, Told

MOST_CASES = 1_000


class _WentOtherwise(Exception):
    """A step that could not be told, as a sentence."""


def tell(stages: Stages, scenario: Scenario, *, restored: bool) -> Told:
    """Tell a scenario on a stage of its own.

    Args:
        stages: where stages come from.
        scenario: the story.
        restored: before each step the case is restored from what was stored after the one before, as always;
            or else it lives in memory from its first step to its last.
    """
    parley, clock = stages.open(scenario)
    try:
        with nullcontext() if restored else kept_alive():
            return _Telling(scenario, parley, clock).told()
    finally:
        parley.close()


class _Telling:
    def __init__(self, scenario: Scenario, parley: Parley, clock: StageClock) -> None:
        self._scenario, self._parley, self._clock = scenario, parley, clock
        self._case = ""
        self._before: list[str] = []
        """Cases that the story has left behind, oldest first."""

    def told(self) -> Told:
        """Carry out all steps, as far as they can be."""
        faults: list[str] = []
        try:
            for number, step in enumerate(self._scenario.steps, 1):
                self._carry_out(number, step)
        except _WentOtherwise as error:
            faults.append(str(error))
        except AnswersRefused as error:
            said = "; ".join(f"{field}: {' '.join(each)}" for field, each in error.errors.items())
            faults.append(f"Step {number} ({step.element}): the form does not take the answers. {said}")
        except EngineError as error:
            faults.append(f"Step {number} ({step.element or step.advance}): {error}")
        if not self._case:
            return Told(frozenset(), frozenset(), frozenset(), (), tuple(faults))
        return self._taken(faults)

    def _carry_out(self, number: int, step: Step) -> None:
        where = f"Step {number} ({step.element or step.advance})"
        if number == 1:
            self._case = begin(self._parley, self._scenario, step)
        elif step.advance:
            self._clock.time = add_duration(self._clock.time, step.advance)
            self._parley.engine.worker.run_until_idle()
        else:
            self._act(where, step)
        with self._parley.database.reading() as connection:
            self._compare(connection, where, step)

    def _act(self, where: str, step: Step) -> None:
        """Do what the step says as the person in its role, as the pages do."""
        person = self._parley.identity.person(person_of(self._scenario, step))
        if step.element in TAKEN_UP:
            with self._parley.database.reading() as connection:
                risk_id = self._parley.engine.instances.get(connection, self._case).subject or ""
            self._before.append(self._case)
            self._case = TAKEN_UP[step.element](self._parley, risk_id, person, step.answers or {})
            return
        if step.element in SENT:
            SENT[step.element](
                self._parley,
                self._scenario,
                self._case,
                person,
                step,
                lambda case_id, each: self._complete(where, case_id, each),
            )
            return
        self._complete(where, self._case, step)

    def _complete(self, where: str, case_id: str, step: Step) -> None:
        """Complete the step's task in a case."""
        person = self._parley.identity.person(person_of(self._scenario, step))
        tasks = self._parley.engine.tasks
        with self._parley.database.reading() as connection:
            found = [
                task
                for task in tasks.of_instance(connection, case_id)
                if task.element_id == step.element and task.state is TaskState.OPEN
            ]
            mine = [t for t in found if tasks.authority(connection, person.id, t, self._clock.time)]
        if not mine:
            what = "is not open" if not found else f"is not for {person.name}"
            raise _WentOtherwise(f"{where}: {step.element} {what}.")
        self._parley.cases.submit(
            person,
            mine[0].id,
            revision=mine[0].revision,
            token=token_urlsafe(16),
            answers=dict(step.answers or {}),
        )

    def _compare(self, connection: Connection, where: str, step: Step) -> None:
        engine = self._parley.engine
        for incident in engine.incidents.open(connection, self._case):
            raise _WentOtherwise(f"{where}: {incident.element_id or 'the case'} failed. {incident.cause}")
        waiting = waiting_of(engine, connection, self._case)
        if waiting != step.waiting:
            raise _WentOtherwise(
                f"{where}: the case waits at {_listed(waiting)}; the scenario says {_listed(step.waiting)}."
            )

    def _taken(self, faults: list[str]) -> Told:
        engine = self._parley.engine
        elements: set[str] = set()
        flows: set[str] = set()
        rules: set[str] = set()
        with self._parley.database.reading() as connection:
            own = [engine.instances.path(connection, case_id) for case_id in (*self._before, self._case)]
            instance = engine.instances.get(connection, self._case)
            if not faults:
                passed = frozenset(element for path in own for element in path.completed)
                faults = list(_differences(instance, passed, self._scenario))
            for each in engine.instances.list(connection, limit=MOST_CASES):
                path = engine.instances.path(connection, each.id)
                elements |= path.completed.keys()
                flows |= path.flows.keys()
                rules |= set(_rules(connection, each, engine.definitions))
            report = engine.audit.verify(connection)
        faults += [f"The record does not hold: {fault.sentence}" for fault in report.faults]
        auditor = self._parley.identity.person(Role.AUDITOR.value)
        cases = [self._parley.cases.case(auditor, case_id) for case_id in (*self._before, self._case)]
        record = tuple(
            f"{each.at:%Y-%m-%d %H:%M}  {HEX.sub('…', ' '.join(each.sentence.split()))}"
            for case in cases
            for each in case.timeline
        )
        return Told(frozenset(elements), frozenset(flows), frozenset(rules), record, tuple(faults))


def _differences(instance: Instance, passed: frozenset[str], scenario: Scenario) -> Iterator[str]:
    expected = scenario.expected
    if instance.state is not InstanceState(expected.state):
        yield f"The case is {instance.state} in the end; the scenario says {expected.state}."
    ends = {expected.end} - {None}
    missing, unwanted = (expected.passes | ends) - passed, expected.never & passed
    if missing:
        yield f"The case never came to {_listed(missing)}."
    if unwanted:
        yield f"The case came to {_listed(unwanted)}, where it must not."


def waiting_of(engine: Engine, connection: Connection, case_id: str) -> frozenset[str]:
    """Elements at which a case waits, boundary events left out."""
    path = engine.instances.path(connection, case_id)
    instance = engine.instances.get(connection, case_id)
    elements = engine.definitions.compiled(connection, instance.version_hash, instance.key).elements
    return frozenset(each for each in path.waiting if elements[each].kind != "boundaryEvent")


def _rules(connection: Connection, instance: Instance, definitions: DefinitionStore) -> Iterator[str]:
    """`file decision rule` of each rule that matched."""
    elements = definitions.compiled(connection, instance.version_hash, instance.key).elements
    for row in journal_of(connection, instance.id):
        for made in row.payload.get("decisions", ()):
            file = (elements[made["element"]].decision or "").partition("#")[0]
            for table in made["tables"]:
                for rule in table["rules"]:
                    yield f"{file} {table['decision']} {rule['number']}"


def _listed(names: Iterable[str | None]) -> str:
    return ", ".join(sorted(str(each) for each in names)) or "nothing"
