"""What goes wrong behind a good submission never loses it: the case waits, says why, and can be retried."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import insert, text

from engine.errors import Conflict, NotFound, OperationFailed
from engine.instances.models import instances
from engine.ports import Effect, OperationContext, OperationResult
from engine.testing import FakeOperations
from engine.types import Actor
from tests.engine.drawing import Drawing
from tests.engine.drawing import instances as over
from tests.engine.failing import assert_goes_on, assert_waits_before, kept
from tests.engine.playing import Stage


class Register(FakeOperations):
    """One operation that does, fails or asks for an effect, as told."""

    def __init__(self) -> None:
        super().__init__({"do": self.do})
        self.failing: Exception | None = None
        self.effects: list[Effect] = []
        self.breaking: Exception | None = None
        self.calls = 0
        self.query: str | None = None
        self.writing: Any = None

    def do(self, parameters: Mapping[str, Any], context: OperationContext) -> OperationResult:
        self.calls += 1
        if self.failing is not None:
            raise self.failing
        return OperationResult(dict(parameters), self.effects)

    def call(self, connection: Any, name: str, parameters: Any, context: Any) -> OperationResult:
        if self.query is not None:
            connection.execute(text(self.query))
        return super().call(connection, name, parameters, context)

    def apply(self, uow: Any, effect: Effect, context: Any) -> None:
        if self.writing is not None:
            uow.connection.execute(self.writing)
        if self.breaking is not None:
            raise self.breaking
        super().apply(uow, effect, context)


@pytest.fixture
def register(stage: Stage) -> Register:
    """The operations of the stage."""
    stage.operations = made = Register()
    return made


def line(*, then: str = "done") -> Drawing:
    return (
        Drawing()
        .start()
        .user("one")
        .service("act", n="one.n")
        .user(then)
        .end()
        .path(f"start one act {then} end")
    )


@pytest.fixture
def case(stage: Stage, register: Register) -> Stage:
    """A case at a task with an operation behind it."""
    stage.release(line())
    stage.start()
    return stage


def test_an_operation_that_refuses(case: Stage, register: Register) -> None:
    register.failing = OperationFailed("The register is closed until Monday.")
    receipt = case.do("one", "carla", n=1)
    assert not receipt.repeated
    assert kept(case)[-1] == ("one", {"n": 1})
    assert_waits_before(case, "act", cause="closed until Monday")
    register.failing = None
    assert_goes_on(case, ["done"])
    assert case.data["act"] == {"n": 1}


@pytest.mark.parametrize(
    "error", [KeyError("x"), ZeroDivisionError(), RuntimeError("secret detail"), OSError()]
)
def test_an_operation_with_a_fault_of_its_own(case: Stage, register: Register, error: Exception) -> None:
    register.failing = error
    case.do("one", "carla", n=1)
    assert kept(case)[-1] == ("one", {"n": 1})
    assert_waits_before(case, "act", cause=f"fault in the software ({type(error).__name__})")
    assert "secret detail" not in case.incidents[0].cause
    register.failing = None
    assert_goes_on(case, ["done"])


def test_an_operation_whose_query_fails(case: Stage, register: Register) -> None:
    register.query = "SELECT * FROM no_such_table"
    case.do("one", "carla", n=1)
    assert kept(case)[-1] == ("one", {"n": 1})
    assert_waits_before(case, "act", cause="fault in the software")
    register.query = None
    assert_goes_on(case, ["done"])


@pytest.mark.parametrize("value", [0.5, {1, 2}, {1: 2}, {"$date": "x"}, 2**70, "\ud800"], ids=ascii)
def test_an_operation_whose_result_cannot_be_kept(stage: Stage, value: Any) -> None:
    stage.operations = FakeOperations({"do": lambda p, c: OperationResult(value)})
    stage.release(line())
    stage.start()
    stage.do("one", "carla", n=1)
    assert_waits_before(stage, "act", cause="cannot be kept")


def test_a_retry_that_fails_again_leaves_one_incident_with_the_new_cause(
    case: Stage, register: Register
) -> None:
    register.failing = OperationFailed("First cause.")
    case.do("one", "carla", n=1)
    register.failing = OperationFailed("Second cause.")
    first = case.incidents[0].id
    assert case.retry() is False
    assert [i.cause for i in case.incidents] == ["Second cause."]
    assert case.instance.incidents == 1
    with pytest.raises(Conflict, match="resolved meanwhile"):
        case.engine.incidents.retry(Actor("admin"), first, "again")
    with pytest.raises(NotFound):
        case.engine.incidents.retry(Actor("admin"), "0" * 32, "again")
    register.failing = None
    assert_goes_on(case, ["done"])


def test_a_retry_is_on_record_with_who_and_why(case: Stage, register: Register) -> None:
    register.failing = OperationFailed("Closed.")
    case.do("one", "carla", n=1)
    register.failing = None
    case.engine.incidents.retry(Actor("admin"), case.incidents[0].id, "The register is open again")
    entries = case.read(lambda c: case.engine.audit.entries(c, case.instance_id))
    retried = [e for e in entries if e.event == "incident:retried"]
    assert [(e.actor, e.payload["reason"]) for e in retried if e.payload] == [
        ("admin", "The register is open again")
    ]


@pytest.mark.parametrize(
    "error",
    [OperationFailed("There are no more numbers."), NotFound("risk", "R-9"), ValueError("x"), KeyError()],
)
def test_an_effect_that_fails_in_its_savepoint(case: Stage, register: Register, error: Exception) -> None:
    register.effects = [Effect("write", {})]
    register.breaking = error
    case.do("one", "carla", n=1)
    assert kept(case)[-1] == ("one", {"n": 1})
    cause = "fault in the software" if isinstance(error, (ValueError, KeyError)) else str(error)
    assert_waits_before(case, "act", cause=cause)
    assert register.applied == []
    register.breaking = None
    assert_goes_on(case, ["done"])
    assert [effect.name for effect in register.applied] == ["write"]


def test_what_a_refused_effect_had_written_is_undone(case: Stage, register: Register) -> None:
    register.effects = [Effect("write", {})]
    register.writing = text("INSERT INTO definitions (key, title) VALUES ('written-by-effect', 'x')")
    register.breaking = OperationFailed("Not today.")
    case.do("one", "carla", n=1)
    assert "written-by-effect" not in repr(
        case.read(lambda c: c.execute(text("SELECT key FROM definitions")).all())
    )
    assert_waits_before(case, "act", cause="Not today")


def test_an_effect_that_breaks_a_rule_of_the_database(case: Stage, register: Register) -> None:
    register.effects = [Effect("write", {})]
    register.writing = insert(instances).values(
        id="x", key="no such key", version_hash="", state="running", started_at=case.clock.time,
        started_by="x", revision=1, incidents=0, engine_state=b"",
    )  # fmt: skip
    case.do("one", "carla", n=1)
    assert_waits_before(case, "act", cause="fault in the software")


def test_an_effect_that_finds_its_row_there_is_no_race(case: Stage, register: Register) -> None:
    """It fails of it once more when applied again, and not 25 times: the submission is kept."""
    register.effects = [Effect("write", {})]
    key = f"twice-{case.token()}"
    register.writing = text(f"INSERT INTO definitions (key, title) VALUES ('{key}', 'x'), ('{key}', 'x')")
    case.do("one", "carla", n=1)
    assert kept(case)[-1] == ("one", {"n": 1})
    assert_waits_before(case, "act", cause="fault in the software")
    register.writing = None
    assert_goes_on(case, ["done"])


def test_a_due_time_that_failed_is_worked_out_by_a_retry(stage: Stage) -> None:
    drawing = Drawing().start().parallel("both", "join").user("dated", parley_due="mended.on").user("mended")
    stage.release(drawing.end().path("start both dated join end", "both mended join"))
    stage.start()
    assert [each.element_id for each in stage.incidents] == ["dated"]
    assert (stage.open, stage.task("dated").due_at) == (["dated", "mended"], None)
    assert not stage.retry(), "nothing has changed"
    stage.do("mended", "carla", on=date(2026, 3, 20))
    assert stage.retry()
    assert stage.incidents == []
    assert stage.task("dated").due_at == datetime(2026, 3, 21, tzinfo=UTC)
    assert stage.faults() == []


def test_a_start_whose_operation_fails_starts_all_the_same(stage: Stage, register: Register) -> None:
    register.failing = OperationFailed("Closed.")
    stage.release(Drawing().start().service("act").user("done").end().path("start act done end"))
    stage.start(title="A risk")
    assert kept(stage) == [("start", {"title": "A risk"})]
    assert_waits_before(stage, "act", cause="Closed.")
    register.failing = None
    assert_goes_on(stage, ["done"])


def test_a_start_whose_effect_or_query_fails_starts_all_the_same(stage: Stage, register: Register) -> None:
    stage.release(Drawing().start().service("act").user("done").end().path("start act done end"))
    register.effects, register.breaking = [Effect("write", {})], KeyError("x")
    stage.start(title="A risk")
    assert_waits_before(stage, "act", cause="fault")
    register.query, register.breaking = "SELECT * FROM no_such_table", None
    stage.start(title="Another risk")
    assert_waits_before(stage, "act", cause="fault")
    register.query = None
    assert_goes_on(stage, ["done"])


def test_a_multi_instance_is_entered_when_the_operation_that_seats_it_is_mended(
    stage: Stage, register: Register
) -> None:
    drawing = (
        Drawing()
        .start()
        .user("one")
        .service("seat")
        .user("each", inner=over("seat.members"))
        .user("done")
        .end()
    )
    stage.release(drawing.path("start one seat each done end"))
    stage.start()
    stage.do("one", "carla")
    assert_waits_before(stage, "each", cause="must be a list")
    stage.operations = FakeOperations({"do": lambda p, c: OperationResult({"members": [1, 2]})})
    assert stage.retry() is False  # its seats are still those that were drawn up


def test_other_cases_and_other_branches_are_untouched_by_an_incident(
    stage: Stage, register: Register
) -> None:
    drawing = Drawing().start().parallel("split", "join").user("one").service("act").user("beside").end()
    stage.release(drawing.path("start split one act join end", "split beside join"))
    stage.start()
    register.failing = OperationFailed("Closed.")
    stage.do("one", "carla")
    assert_waits_before(stage, "act", cause="Closed.", at=["beside"])
    stage.do("beside", "carla", n=1)
    assert len(stage.incidents) == 1
    register.failing = None
    assert stage.retry() is True
    assert stage.instance.state == "completed"


def test_an_operation_runs_once_in_a_retried_case(case: Stage, register: Register) -> None:
    register.failing = OperationFailed("Closed.")
    case.do("one", "carla", n=1)
    register.failing, register.calls = None, 0
    register.effects = [Effect("write", {})]
    case.retry()
    case.do("done", "carla")
    assert (register.calls, len(register.applied)) == (1, 1)
