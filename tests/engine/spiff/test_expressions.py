"""Expressions where SpiffWorkflow meets them: FEEL over the case's data, whatever the data is called."""

from __future__ import annotations

import importlib.util
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any

import pytest
from SpiffWorkflow.bpmn.script_engine import TaskDataEnvironment

from engine.spiff.case import ROOT, Case
from engine.testing import START
from tests.engine.drawing import Drawing, extended
from tests.engine.playing import Stage

MESSAGE = '<bpmn:message id="m" name="verdict"/>'


def case_of(data: dict[str, Any]) -> Case:
    case = Case({}, {}, START, lambda *_: pytest.fail("no operation is called"), lambda _: ())
    case.scopes[ROOT] = data
    return case


# --- Names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("count([1, 2])", 2),
        ("count.n", 5),
        ("count(list) + count.n", 8),
        ("not(false)", True),
        ("now() = @\"2026-03-02T09:00:00Z\"", True),
        ("now.n", 5),
        ("today() < now()", None),
        ("string length(sum)", 3),
        ("sum([1, 2])", 3),
        ("min(list) = 1 and max.n = 5", True),
        ('date("2026-03-02") = today()', True),
        ("number(\"1\")", 1),
        ("if true then if_ else null", 5),
        ("some x in list satisfies x = count([1])", True),
        ("list[item > 1]", [2, 3]),
        ("__class__", None),
        ("count.__class__", None),
    ],
)  # fmt: skip
def test_no_name_of_the_data_shadows_a_built_in(text: str, value: Any) -> None:
    """A name before a bracket is a function of the language; the same name alone is the case's data."""
    named = ("count", "now", "today", "min", "max", "date", "number", "string", "list contains", "abs")
    data: dict[str, Any] = {key: {"n": 5} for key in named} | {"list": [1, 2, 3], "sum": "abc", "if_": 5}
    data |= {"not": {"n": 5}, "true": False, "null": 1, "item": 99, "string length": 7}
    assert case_of(data).evaluate(text, ROOT, {}) == value
    assert case_of({}).evaluate(text, ROOT, data) == value


@pytest.mark.parametrize("name", ["count", "now", "sum", "min", "string", "abs", "contains", "date"])
def test_a_form_cannot_turn_a_refusal_into_an_approval(stage: Stage, name: str) -> None:
    """SpiffWorkflow's data override the functions of an expression; a task named like one, and answers that
    are, change nothing here.
    """
    condition = (
        'count(["a", "b"]) = 2 and sum([1, 2]) = 3 and min([1, 2]) = 1 and string(1) = "1" and abs(-1) = 1 '
        'and contains("abc", "b") and date("2026-01-01") < date(now()) and '
        f"{name}.n = 1"
    )
    drawing = Drawing().start().user(name).exclusive("which").user("held").user("failed").end()
    drawing.path(f"start {name} which", "held end", "failed end")
    stage.release(drawing.when("which", "held", condition).default("which", "failed"))
    answers: dict[str, Any] = {name: "function() 0", "true": False}
    stage.start(**answers)
    stage.do(name, "carla", n=1, count="0", now=0, sum=-1)
    assert stage.incidents == []
    assert stage.open == ["held"]


# --- Loops -------------------------------------------------------------------------------------------------


def repeated(cardinality: str, *, sequential: bool, until: str = "") -> str:
    condition = f"<bpmn:completionCondition>{until}</bpmn:completionCondition>" if until else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"<bpmn:loopCardinality>{cardinality}</bpmn:loopCardinality>{condition}"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.parametrize(
    ("cardinality", "answers", "times"),
    [
        ("3", {}, 3),
        ("= ask.people", {"people": Decimal(2)}, 2),
        ("count(ask.seats) - 1", {"seats": ["a", "b", "c"]}, 2),
        ("if ask.urgent then 1 else 3", {"urgent": True}, 1),
        ("floor(2.9)", {}, 2),
    ],
)
def test_how_often_is_worked_out_in_feel(
    stage: Stage, sequential: bool, cardinality: str, answers: dict[str, Any], times: int
) -> None:
    each = repeated(cardinality, sequential=sequential)
    drawing = Drawing().start().user("ask").user("each", inner=each).user("after").end()
    stage.release(drawing.path("start ask each after end"))
    stage.start()
    stage.do("ask", "carla", **answers)
    for number in range(times):
        assert stage.open == ["each"] * (1 if sequential else times - number)
        stage.do("each", "carla", n=number)
    assert stage.open == ["after"]
    assert [answer["n"] for answer in stage.data["each"]] == list(range(times))


@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.parametrize("count", [-1, Decimal("1.5"), "two", None, True, [1, 2], {"n": 1}, 1001])
def test_what_is_no_number_of_times_is_said(stage: Stage, sequential: bool, count: Any) -> None:
    each = repeated("ask.people", sequential=sequential)
    drawing = Drawing().start().user("ask").user("each", inner=each).end()
    stage.release(drawing.path("start ask each end"))
    stage.start()
    stage.do("ask", "carla", people=count)
    (incident,) = stage.incidents
    assert incident.element_id == "each"
    assert "must be a whole number up to 1000" in incident.cause
    assert "fault" not in incident.cause


def test_two_of_three_close_it_whoever_they_are(stage: Stage) -> None:
    """SpiffWorkflow asks the condition of the last instance alone, and so waits for all three."""
    until = "count(each[ok]) = 2"
    each = repeated("3", sequential=False, until=until)
    stage.release(Drawing().start().user("each", inner=each).end().path("start each end"))
    stage.start()
    stage.do("each", "carla", ok=True)
    assert stage.open == ["each", "each"]
    stage.do("each", "carla", ok=True)
    assert stage.instance.state == "completed"


# --- Messages ----------------------------------------------------------------------------------------------


def asking_and_answering(key: str, *, sent: str) -> dict[str, bytes]:
    """A process that waits for a message of its risk, and one that sends it."""
    payload = extended(
        f'<parley:parameters><parley:parameter name="level" value="{sent}"/>'
        '<parley:parameter name="days" value="count(one.list) * 30"/></parley:parameters>'
    )
    event = '<bpmn:messageEventDefinition id="{}" messageRef="m"/>'
    drawing = (
        Drawing()
        .start()
        .user("one")
        .parallel("split", "join")
        .node("intermediateCatchEvent", "wait", event.format("w"), parley_correlation=key)
        .timer("later", "Duration", "P1D")
        .node("intermediateThrowEvent", "tell", payload + event.format("t"), parley_correlation=key)
        .user("check")
        .end()
    )
    drawing.path("start one split wait join check end", "split later tell join")
    files = drawing.files()
    files["p.bpmn"] = files["p.bpmn"].replace(b"<bpmn:process", MESSAGE.encode() + b"<bpmn:process", 1)
    return files


@pytest.mark.parametrize(
    ("key", "answers"),
    [("one.risk", {"risk": "R-7"}), ('= "R-" + string(one.n)', {"n": Decimal("7.0")}), ("one.n", {"n": 7})],
)
def test_keys_and_payloads_are_worked_out_in_feel(stage: Stage, key: str, answers: dict[str, Any]) -> None:
    stage.release(asking_and_answering(key, sent="if one.amount &gt; 10 then &quot;high&quot; else null"))
    stage.start()
    stage.do("one", "carla", amount=11, list=[1, 2, 3], **answers)
    stage.clock.advance(days=1)
    stage.sweep()
    stage.sweep()
    assert stage.incidents == []
    assert stage.open == ["check"]
    assert stage.data["wait"] == {"level": "high", "days": 90}


@pytest.mark.parametrize("risk", [None, "", True, ["R-7"], {"id": 1}])
def test_what_is_no_key_is_said_and_nothing_waits_for_anything(stage: Stage, risk: Any) -> None:
    stage.release(asking_and_answering("one.risk", sent="1"))
    stage.start()
    stage.do("one", "carla", risk=risk, list=[])
    assert [incident.element_id for incident in stage.incidents] == ["wait"]
    assert "correlation key must be" in stage.incidents[0].cause
    stage.clock.time += timedelta(days=1)
    stage.sweep()
    assert [incident.element_id for incident in stage.incidents] == ["wait", "tell"]


# --- What it costs -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def benchmark_of_feel(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_of_feel", root / "benchmarks" / "feel.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("condition", ["two answers", "a number", "a vote's majority", "a deadline"])
def test_what_a_gateway_calls_costs_no_more_than_the_librarys(
    benchmark_of_feel: ModuleType, condition: str
) -> None:
    """`Case.evaluate` with all it does (scopes, what is local, what is sealed), beside SpiffWorkflow's
    `evaluate` of the same in Python, in turn and in one process.
    """
    feel, python = benchmark_of_feel.CONDITIONS[condition]
    data = benchmark_of_feel.case_data()
    case, environment = case_of(data), TaskDataEnvironment()
    assert case.evaluate(feel, ROOT, {}) == environment.evaluate(python, dict(data))
    ours, theirs = [], []
    for _ in range(5):
        ours.append(benchmark_of_feel.microseconds(lambda: case.evaluate(feel, ROOT, {})))
        theirs.append(benchmark_of_feel.microseconds(lambda: environment.evaluate(python, data)))
    assert median(ours) <= median(theirs)
