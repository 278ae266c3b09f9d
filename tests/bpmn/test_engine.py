"""The engine tells every shipped story as it is written: restored from the database before each step."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine import Engine
from engine.db import Database
from engine.ports import CheckedAnswers, OperationContext, OperationResult
from engine.testing import FakeClock, FakeDirectory, FakeOperations
from engine.types import SYSTEM, Actor, Bundle, InstanceState
from forms import check, parse
from tests.bpmn import deciding
from tests.bpmn.diagrams import CALLED
from tests.bpmn.sitting import Committee
from tests.bpmn.treating import ACCEPTANCE, TREATMENT, Follow
from workflows.forms_port import BundleForms
from workflows.risks.routing import CHALLENGE

POLICIES = Path(__file__).parents[2] / "bpmn"
STORIES = sorted(POLICIES.glob("*/scenarios/*.json"))
MESSAGES = {"breach_reported": "exemption_breach", "renewal_granted": "exemption_renewed"}
"""What is sent to a case from elsewhere, by the event that waits for it."""
COMMITTEE = ("arbiter", "chair", "count", "docket", "minutes", "notify", "rule", "seat")


class RealForms:
    """The forms package behind the engine's port, with an asset to choose."""

    needed = True

    def check(
        self, bundle: Bundle, form: str, answers: Mapping[str, Any], data: Mapping[str, Any], now: datetime
    ) -> CheckedAnswers:
        more = {"asset_options": [{"value": "internet-gateway", "label": "Internet gateway"}]}
        checked = check(parse(bundle.files[form]), answers, {**data, **more}, now)
        return CheckedAnswers(checked.values, checked.errors)

    def fields(self, bundle: Bundle, form: str) -> Sequence[str]:
        return [field.key for field in parse(bundle.files[form]).fields]

    def required(self, bundle: Bundle, form: str) -> Sequence[str]:
        return BundleForms().required(bundle, form)


class Stage:
    """An engine with the people of one story."""

    def __init__(self, url: str, story: Mapping[str, Any]) -> None:
        self.url = url
        self.story = story
        self.clock = FakeClock(datetime.fromisoformat(story["begins"]))
        self.committee = Committee(story, "seat-{}")
        roles = ("raiser", "cio", "ciso", "cro", "executive", "committee", "governance")
        self.directory = FakeDirectory(
            {role: [role] for role in roles}, {each: each for each in self.committee.everybody}
        )
        self.follow = Follow(story, "seat-{}")
        self.granted: Mapping[str, Any] | None = None
        self.ruled: Mapping[str, Any] | None = None
        self.operations = FakeOperations(
            {
                "dialogue.open_next": lambda parameters, context: OperationResult(),
                "dialogue.prepare_agenda": dialogue_prepared,
                "dialogue.record": dialogue_recorded,
                **{f"committee.{name}": self._committee(f"committee.{name}") for name in COMMITTEE},
                **{f"treatment.{name}": self._follow(f"treatment.{name}") for name in TREATMENT},
                **{f"acceptance.{name}": self._follow(f"acceptance.{name}") for name in ACCEPTANCE},
                **{
                    f"emergencies.{name}": self._decided(f"emergencies.{name}")
                    for name in deciding.EMERGENCIES
                },
                **{f"exemptions.{name}": self._decided(f"exemptions.{name}") for name in deciding.EXEMPTIONS},
                "charter.endorse": charter_endorsed,
                "charter.open_review": lambda parameters, context: OperationResult(),
                "policies.release": lambda parameters, context: OperationResult(),
                "policies.return": lambda parameters, context: OperationResult(),
                **{f"risks.{name}": self._decided(f"risks.{name}") for name in deciding.RISKS},
            }
        )
        self.database = Database(url)

    def _committee(self, name: str) -> Callable[[Mapping[str, Any], OperationContext], OperationResult]:
        def answer(parameters: Mapping[str, Any], context: OperationContext) -> OperationResult:
            value = self.committee.answer(name, parameters, context.data, context.now)
            self.ruled = value if name == "committee.rule" else self.ruled
            return OperationResult(value)

        return answer

    def _follow(self, name: str) -> Callable[[Mapping[str, Any], OperationContext], OperationResult]:
        def answer(parameters: Mapping[str, Any], context: OperationContext) -> OperationResult:
            return OperationResult(self.follow.answer(name, parameters, context.data, context.now))

        return answer

    def _decided(self, name: str) -> Callable[[Mapping[str, Any], OperationContext], OperationResult]:
        def answer(parameters: Mapping[str, Any], context: OperationContext) -> OperationResult:
            if name == "exemptions.grant":
                self.granted = dict(parameters)
            return OperationResult(deciding.answer(name, parameters, context.data, context.now, self.story))

        return answer

    def engine(self) -> Engine:
        """An engine that has nothing in memory: all it knows of the case comes from the database."""
        return Engine(
            self.database,
            clock=self.clock,
            directory=self.directory,
            forms=RealForms(),
            operations=self.operations,
        )

    def tell(self) -> list[str]:
        """Carry out all steps, checking after each where the case waits. Returns the ids of its cases."""
        engine = self.engine()
        files = {path.name: path.read_bytes() for path in bundled(POLICIES / self.story["policy"])}
        first, *steps = self.story["steps"]
        with self.database.unit_of_work() as uow:
            engine.definitions.release(
                uow, key=self.story["policy"], title="A policy", files=files, by=Actor("owner"), note="First"
            )
            case = engine.instances.start(
                uow,
                key=self.story["policy"],
                actor=Actor("raiser"),
                subject="R-0001",
                answers=exact(first["answers"]),
                authority="Anybody may raise a risk.",
            ).id
        self.expect(case, first)
        cases = [case]
        for number, step in enumerate(steps):
            if "advance" in step:
                self.clock.advance(days=int(step["advance"][1:-1]))
                self.engine().worker.run_until_idle()
            elif step["element"] == "challenge":
                cases.append(self.challenge(cases[-1], step))
            else:
                self.act(cases[-1], step, f"token-{number:04}")
            self.expect(cases[-1], step)
        return cases

    def challenge(self, case: str, step: Mapping[str, Any]) -> str:
        """End the case that carries out what was decided, and start the one that decides anew; its id."""
        engine, said = self.engine(), step["answers"]
        engine.instances.cancel(SYSTEM, case, "The decision was challenged.")
        with self.database.unit_of_work() as uow:
            given = {
                one.element_id: one for one in engine.instances.submissions(uow.connection, case, reader=None)
            }
            more = {"origin": CHALLENGE, "ground": said["ground"], "to": said.get("to")}
            decided = {"decided": given["decide"].answers["decision"]}
            return engine.instances.start(
                uow,
                key=self.story["policy"],
                actor=Actor(step["role"]),
                subject="R-0001",
                answers={**given["raise"].answers, **more, **decided},
                authority="On new facts.",
                linked_from=case,
                checked=True,
            ).id

    def act(self, case: str, step: Mapping[str, Any], token: str) -> None:
        person = f"seat-{step['seat']}" if "seat" in step else step["role"]
        engine = self.engine()
        if step["element"] in MESSAGES:
            name, payload = MESSAGES[step["element"]], {"outcome": "renewed", **step["answers"]}
            engine.messages.send(Actor(person), name=name, correlation="this", payload=payload)
            return
        with self.database.reading() as connection:
            (task,) = [
                task
                for task in engine.tasks.of_instance(connection, case)
                if task.element_id == step["element"]
                and task.state == "open"
                and engine.tasks.authority(connection, person, task, self.clock.time) is not None
            ]
        engine.tasks.complete(
            Actor(person), task.id, revision=task.revision, token=token, answers=exact(step["answers"])
        )

    def expect(self, case: str, step: Mapping[str, Any]) -> None:
        with self.database.reading() as connection:
            path = self.engine().instances.path(connection, case)
            assert self.engine().incidents.open(connection, case) == []
            version = self.engine().instances.get(connection, case).version_hash
            elements = self.engine().definitions.elements(connection, version)
        waiting = {each for each in path.waiting if elements[each].kind != "boundaryEvent"}
        assert waiting == set(step["waiting"]), step


def bundled(folder: Path) -> list[Path]:
    """The files of a policy, and of all that it calls."""
    folders, found = [folder], []
    for each in folders:
        found += [path for path in each.iterdir() if path.suffix in (".bpmn", ".dmn", ".form")]
        for diagram in each.glob("*.bpmn"):
            called = {node.get("calledElement", "") for node in etree.parse(diagram).iter("{*}callActivity")}
            folders += [home for key in sorted(called) if (home := CALLED[key].parent) not in folders]
    return found


def dialogue_prepared(parameters: Mapping[str, Any], context: OperationContext) -> OperationResult:
    return OperationResult({"next_at": context.now + timedelta(days=7)})


def charter_endorsed(parameters: Mapping[str, Any], context: OperationContext) -> OperationResult:
    return OperationResult({"review_from": context.now + timedelta(days=335)})


def dialogue_recorded(parameters: Mapping[str, Any], context: OperationContext) -> OperationResult:
    accounts = [context.data.get(element) or {} for element in ("cio_account", "ciso_account")]
    return OperationResult({"held": any(one.get("held") == "held" for one in accounts)})


def exact(answers: Mapping[str, Any]) -> dict[str, Any]:
    """JSON's whole numbers as Decimal."""
    return {
        key: Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
        for key, value in answers.items()
    }


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_engine_tells_the_story(path: Path, database_url: str) -> None:
    story = json.loads(path.read_text(encoding="utf-8"))
    stage = Stage(database_url, story)
    expected = story["expected"]
    engine = stage.engine()
    try:
        cases = stage.tell()
        with stage.database.reading() as connection:
            instance = engine.instances.get(connection, cases[-1])
            passed = {key for one in cases for key in engine.instances.path(connection, one).completed}
            report = engine.audit.verify(connection)
    finally:
        stage.database.dispose()
    assert instance.state == InstanceState(expected["state"])
    assert set(expected["passes"]) | ({expected["end"]} - {None}) <= passed
    assert not set(expected["never"]) & passed
    assert stage.granted == expected.get("grant")
    assert stage.ruled == expected.get("ruling")
    assert report.faults == ()
    assert report.entries > len(story["steps"])
