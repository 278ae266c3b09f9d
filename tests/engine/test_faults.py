"""Expressions that cannot be worked out, and faults that nobody foresaw: each an incident, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from engine.spiff import workflow
from tests.engine.drawing import Drawing
from tests.engine.drawing import instances as over
from tests.engine.failing import assert_goes_on, assert_waits_before, kept
from tests.engine.playing import Stage


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
