"""The shipped policy's stories, also with an engine of its own for each act: nothing is kept in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.db import UnitOfWork
from engine.ports import Effect, OperationContext, OperationResult
from engine.spiff.timing import add_duration
from engine.testing import FakeClock, FakeDirectory, FakeOperations
from engine.types import SYSTEM
from tests.engine.playing import PEOPLE, Stage
from tests.engine.recording import keep_alive, record

POLICY = Path(__file__).parents[2] / "bpmn" / "risk-decision"
STORIES = sorted((POLICY / "scenarios").glob("*.json"))
TOLD_IN_ISSUE = ("cio-revises-ciso-concurs", "exempted-for-90-days-by-committee")
WHO = {"raiser": "ray", "cio": "carla", "ciso": "igor", "cro": "rolf"}


class Register(FakeOperations):
    """The operations of the policy, over a register of one risk that is kept in memory."""

    def __init__(self, seats: int) -> None:
        super().__init__(
            {
                "committee.seat": lambda p, c: OperationResult([f"s{n}" for n in range(1, seats + 1)]),
                "exemptions.grant": self.grant,
                "risks.record_decision": lambda p, c: OperationResult(None, [Effect("decided", {})]),
                "risks.record_refusal": lambda p, c: OperationResult(None, [Effect("refused", {})]),
                "risks.reopen": lambda p, c: OperationResult(
                    None, [Effect("reopen", {"raise": c.data["raise"]})]
                ),
            }
        )
        self.granted: Mapping[str, Any] | None = None
        self.stage: Stage | None = None

    def grant(self, parameters: Mapping[str, Any], context: OperationContext) -> OperationResult:
        """Until so many days from now."""
        expires = add_duration(context.now, f"P{parameters['days']}D")
        return OperationResult({"expires": expires}, [Effect("exempt", dict(parameters))])

    def apply(self, uow: UnitOfWork, effect: Effect, context: OperationContext) -> None:
        """Write the register; a risk that is reopened gets a case linked to the one that ends."""
        super().apply(uow, effect, context)
        if effect.name == "exempt":
            self.granted = effect.payload
        if effect.name == "reopen":
            assert self.stage is not None
            self.stage.engine.instances.start(
                uow,
                key=context.key,
                actor=SYSTEM,
                subject=context.subject,
                answers=effect.payload["raise"],
                authority="An exemption expired",
                linked_from=context.instance_id,
                checked=True,
            )


@dataclass
class Told:
    """A story played to its end."""

    story: dict[str, Any]
    stage: Stage
    register: Register
    case: str = ""
    waits: list[list[str]] = field(default_factory=list)

    def play(self) -> None:
        self.stage.release(
            {p.name: p.read_bytes() for p in POLICY.iterdir() if p.suffix in (".bpmn", ".form")},
            "risk-decision",
        )
        for step in self.story["steps"]:
            self.act(step)
            self.waits.append(self.waiting())

    def act(self, step: dict[str, Any]) -> None:
        if "advance" in step:
            self.stage.clock.time = add_duration(self.stage.clock.time, step["advance"])
            self.stage.sweep()
            return
        answers = {key: exact(value) for key, value in step["answers"].items()}
        if not self.case:
            self.case = self.stage.start(by="ray", **answers)
            return
        seat = f"s{step['seat']}" if "seat" in step else None
        self.stage.do(
            step["element"], f"m{step['seat']}" if seat else WHO[step["role"]], seat=seat, **answers
        )

    def waiting(self) -> list[str]:
        engine, elements = self.stage.engine, {}
        with self.stage.database.reading() as connection:
            elements = engine.definitions.elements(connection, self.stage.instance.version_hash)
        # A boundary event is no place where a case waits: it is said where its host is.
        return [key for key in self.stage.path.waiting if elements[key].kind != "boundaryEvent"]


def exact(value: Any) -> Any:
    """Numbers as forms give them."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def told(path: Path, url: str, *, keep: bool = True) -> Told:
    story = json.loads(path.read_text(encoding="utf-8"))
    register = Register(story["seats"])
    stage = Stage(
        url,
        clock=FakeClock(datetime.fromisoformat(story["begins"])),
        directory=FakeDirectory(PEOPLE, {f"s{n}": f"m{n}" for n in range(1, 20)}),
        operations=register,
        keep=keep,
    )
    register.stage = stage
    playing = Told(story, stage, register)
    playing.play()
    return playing


@pytest.fixture(params=STORIES, ids=lambda path: path.stem)
def tale(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[Told]:
    playing = told(request.param, sqlite_url)
    yield playing
    playing.stage.close()


def test_the_stories_of_the_ground_floor_are_there() -> None:
    assert set(TOLD_IN_ISSUE) <= {path.stem for path in STORIES}


def test_every_story_ends_as_told(tale: Told) -> None:
    expected = tale.story["expected"]
    assert tale.waits == [sorted(step["waiting"]) for step in tale.story["steps"]]
    assert tale.stage.instance.state == expected["state"]
    assert set(expected["passes"]) <= set(tale.stage.path.completed)
    assert not set(expected["never"]) & set(tale.stage.path.completed)
    if expected["end"]:
        assert tale.stage.path.completed[expected["end"]] == 1
    tallies = [row.payload["tallies"] for row in journal_of(tale) if "tallies" in row.payload]
    if "tally" in expected:
        assert tallies[-1]["vote"] == expected["tally"]
    else:
        # A vote that is broken off is tallied for the record, and nothing follows from it.
        assert "ruling" not in tale.stage.path.completed
    assert tale.register.granted == expected.get("grant")
    assert tale.stage.incidents == []
    assert tale.stage.faults() == []


def journal_of(tale: Told) -> list[Any]:
    return tale.stage.read(lambda c: tale.stage.engine.instances.journal(c, tale.case))


@pytest.mark.parametrize("name", TOLD_IN_ISSUE)
def test_saving_at_every_step_leaves_the_record_of_an_uninterrupted_run(
    name: str, database_url: str, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support.databases import sqlite_copy

    path = POLICY / "scenarios" / f"{name}.json"
    saved = told(path, database_url, keep=False)
    lines = record(saved.stage, saved.case)
    assert saved.stage.faults() == []
    keep_alive(monkeypatch)
    alive = told(path, sqlite_copy(sqlite_template, tmp_path))
    assert lines == record(alive.stage, alive.case)
    assert len(lines) > 3 * len(saved.story["steps"])
    saved.stage.close()
    alive.stage.close()


def test_when_the_exemption_ends_the_risk_is_back_on_both_leaders_desks(database_url: str) -> None:
    tale = told(POLICY / "scenarios" / "exempted-for-90-days-by-committee.json", database_url)
    stage = tale.stage
    with stage.database.reading() as connection:
        linked = stage.engine.instances.linked_from(connection, tale.case)
        assert [(case.linked_from, case.subject, case.state) for case in linked] == [
            (tale.case, "R-1", "running")
        ]
        inbox = stage.engine.tasks.inbox(connection, ["cio"], "carla")
        assert [(task.element_id, task.instance_id) for task in inbox] == [("cio_position", linked[0].id)]
        assert [t.desk for t in stage.engine.tasks.of_instance(connection, linked[0].id)] in (
            ["cio", "ciso"], ["ciso", "cio"]
        )  # fmt: skip
        raised = stage.engine.instances.submissions(connection, linked[0].id, reader=None)
        first = stage.engine.instances.submissions(connection, tale.case, reader=None)[0]
        assert [(s.person_id, s.authority, s.answers) for s in raised] == [
            ("system", "An exemption expired", first.answers)
        ]
    assert tale.register.granted is not None
    assert stage.faults() == []
    stage.close()
