"""What goes wrong behind a good submission never loses it: the case waits, says why, and can be retried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import insert, text

from engine.errors import Conflict, NotFound, OperationFailed
from engine.instances.models import instances
from engine.ports import Effect, OperationContext, OperationResult
from engine.spiff import workflow
from engine.testing import FakeOperations
from engine.types import Actor
from tests.engine.drawing import Drawing
from tests.engine.drawing import instances as over
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


def kept(stage: Stage) -> list[tuple[str, dict[str, Any]]]:
    found = stage.read(lambda c: stage.engine.instances.submissions(c, stage.instance_id, reader=None))
    return [(s.element_id, dict(s.answers)) for s in found]


def assert_waits_before(
    stage: Stage, element: str | None, *, cause: str, at: list[str] | None = None
) -> None:
    """The submission is kept, the case waits, one incident says why; the record is whole."""
    assert [(i.element_id, cause in i.cause) for i in stage.incidents] == [(element, True)], stage.incidents
    assert stage.open == (at or [])
    assert stage.instance.state == "running"
    assert stage.instance.incidents == 1
    assert stage.path.failed == ((element,) if element else ())
    events = [e.event for e in stage.read(lambda c: stage.engine.audit.entries(c, stage.instance_id))]
    assert events.count("incident:opened") == 1


def assert_goes_on(stage: Stage, to: list[str]) -> None:
    """A retry mends it: the case goes on, and no incident is left."""
    assert stage.retry() is True
    assert stage.incidents == []
    assert stage.instance.incidents == 0
    assert stage.open == to


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


def choice(condition: str, *, default: bool = False) -> Drawing:
    drawing = Drawing().start().user("one").exclusive("which").user("left").user("right").end()
    drawing.path("start one which", "left end", "right end").when("which", "left", condition)
    return drawing.default("which", "right") if default else drawing.when("which", "right", "one.n = 2")


@pytest.mark.parametrize(
    "condition", ["one.missing > 1", "one.missing", "one.n", "one.n + 1", '"yes"', "1 / 0 > 1"]
)
@pytest.mark.parametrize("default", [True, False])
def test_a_condition_that_is_neither_true_nor_false_is_no_way(
    stage: Stage, condition: str, default: bool
) -> None:
    stage.release(choice(condition, default=default))
    stage.start()
    stage.do("one", "carla", n=5)
    assert kept(stage)[-1] == ("one", {"n": 5})
    assert_waits_before(stage, "which", cause="neither true nor false")


def test_no_condition_that_holds_and_no_default(stage: Stage) -> None:
    stage.release(choice("one.n = 1"))
    stage.start()
    stage.do("one", "carla", n=5)
    assert_waits_before(stage, "which", cause="None of the conditions holds")
    assert stage.retry() is False


@pytest.mark.parametrize(("kind", "expression"), [("Date", "one.when"), ("Duration", "one.missing")])
def test_a_timer_whose_time_cannot_be_worked_out(stage: Stage, kind: str, expression: str) -> None:
    drawing = Drawing().start().user("one").timer("wait", kind, expression).user("done").end()
    stage.release(drawing.path("start one wait done end"))
    stage.start()
    stage.do("one", "carla", when="some day")
    assert_waits_before(stage, "wait", cause="")
    assert stage.timers == []
    assert stage.retry() is False
    assert len(stage.incidents) == 1


@pytest.mark.parametrize(("kind", "cause"), [("Date", "gives no date"), ("Cycle", "is no cycle")])
def test_a_boundary_timer_without_a_time_leaves_the_task_open(stage: Stage, kind: str, cause: str) -> None:
    drawing = Drawing().start().user("one").user("two").end().end("over")
    drawing.boundary("late", "two", kind, "one.when", interrupting=kind == "Date")
    stage.release(drawing.path("start one two end", "late over"))
    stage.start()
    stage.do("one", "carla", when=None)
    assert_waits_before(stage, "late", cause=cause, at=["two"])
    stage.do("two", "carla")
    assert stage.instance.state == "completed"


def test_a_due_time_that_cannot_be_worked_out_keeps_nobody_from_acting(stage: Stage) -> None:
    stage.release(Drawing().start().user("one", parley_due="start.when").end().path("start one end"))
    stage.start()
    assert_waits_before(stage, "one", cause="gives no date", at=["one"])
    stage.do("one", "carla")
    assert stage.instance.state == "completed"


@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.parametrize("members", [None, "carla", 5, {"a": 1}])
def test_a_multi_instance_over_something_that_is_no_list(
    stage: Stage, sequential: bool, members: Any
) -> None:
    drawing = (
        Drawing().start().user("one").user("each", inner=over("one.members", sequential=sequential)).end()
    )
    stage.release(drawing.path("start one each end"))
    stage.start()
    stage.do("one", "carla", members=members)
    assert_waits_before(stage, "each", cause="must be a list")


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


def test_a_fault_inside_the_library_after_a_good_submission(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from SpiffWorkflow.bpmn.specs.defaults import UserTask

    drawing = Drawing().start().parallel("split", "join").user("one").user("other").exclusive("next")
    drawing.user("done").end().path("start split one next join done end", "split other join")
    stage.release(drawing)
    stage.start()
    with monkeypatch.context() as patch:
        patch.setattr(UserTask, "_update_hook", raising(UserTask._update_hook, "done"))
        stage.do("other", "carla", n=2)
        stage.do("one", "carla", n=1)
        assert kept(stage)[-2:] == [("other", {"n": 2}), ("one", {"n": 1})]
        assert_waits_before(stage, "join", cause="fault in the software (ArithmeticError)")
        assert stage.retry() is False
    assert_goes_on(stage, ["done"])
    stage.do("done", "carla")
    assert stage.instance.state == "completed"


def raising(original: Any, name: str) -> Any:
    def hook(self: Any, my_task: Any) -> Any:
        if self.name == name and my_task.parent.state == 64:  # completed: the task is being entered
            raise ArithmeticError("inside the library")
        return original(self, my_task)

    return hook


def test_a_fault_inside_the_library_at_the_very_task_that_is_completed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from SpiffWorkflow.bpmn.specs.defaults import UserTask

    drawing = Drawing().start().parallel("split", "join").user("one").user("two").user("other").end()
    stage.release(drawing.path("start split one two join end", "split other join"))
    stage.start()
    with monkeypatch.context() as patch:
        patch.setattr(UserTask, "_update_hook", raising(UserTask._update_hook, "two"))
        stage.do("one", "carla", n=1)
        assert kept(stage)[-1] == ("one", {"n": 1})
        assert_waits_before(stage, "one", cause="fault in the software", at=["other"])
        # What is beside it goes on, and does not open the incident again.
        stage.do("other", "carla", n=2)
        assert len(stage.incidents) == 1
    assert_goes_on(stage, ["two"])
    assert stage.path.completed["one"] == 1
    stage.do("two", "carla")
    assert stage.instance.state == "completed"


def test_a_fault_when_a_timer_fires_is_an_incident_and_not_a_timer_that_fires_for_ever(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from SpiffWorkflow.bpmn.specs.defaults import UserTask

    stage.release(
        Drawing().start().timer("wait", "Duration", "P1D").user("done").end().path("start wait done end")
    )
    stage.start()
    timer = stage.timers[0].id
    stage.clock.advance(days=2)
    with monkeypatch.context() as patch:
        patch.setattr(UserTask, "_update_hook", raising(UserTask._update_hook, "done"))
        assert stage.engine.timers.fire(timer) is True
        assert_waits_before(stage, "wait", cause="fault in the software")
        assert stage.timers == []
        assert stage.engine.timers.fire(timer) is False
    assert_goes_on(stage, ["done"])


def test_a_diagram_that_goes_round_without_anybody_is_stopped(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workflow, "STEPS_PER_COMMAND", 200)
    drawing = (
        Drawing().start().user("one").exclusive("a", "b").end().path("start one a b").when("b", "a", "true")
    )
    stage.release(drawing.default("b", "end"))
    stage.start()
    stage.do("one", "carla", n=1)
    assert kept(stage)[-1] == ("one", {"n": 1})
    assert [i.element_id in ("a", "b") for i in stage.incidents] == [True]
    assert "200 automatic steps" in stage.incidents[0].cause


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
