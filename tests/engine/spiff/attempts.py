"""Diagrams that try to run Python wherever SpiffWorkflow takes text, and ways to run them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs.defaults import ParallelMultiInstanceTask, SequentialMultiInstanceTask

from engine.diagrams import read_definitions, read_elements
from engine.errors import OperationFailed
from engine.ports import OperationResult
from engine.spiff import run
from engine.spiff.compile import Compiled
from engine.testing import START
from engine.types import Bundle
from tests.engine.drawing import Drawing, extended

SPIFF = 'xmlns:x="http://spiffworkflow.org/bpmn/schema/1.0/core"'
CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
TABLE = "table.dmn"

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A bundle made around a text, and the library's parser that follows where it stands."""

    draw: Callable[[str], Files]
    parser: str = "bpmn"
    text: str = "{}"
    """How the text stands there; `{}` is what is to be run."""

    def files(self, payload: str) -> Files:
        """The bundle."""
        return self.draw(self.text.format(payload))


def _line(middle: Callable[[Drawing, str], Drawing], beside: Callable[[str], str] | None = None) -> Any:
    """A process of one node between start and end, with something beside the process."""

    def draw(text: str) -> Files:
        drawing = middle(Drawing().start(), text).end().path("start at end")
        files = drawing.files()
        if beside is not None:
            whole = files["p.bpmn"].decode()
            files["p.bpmn"] = whole.replace("<bpmn:process", beside(text) + "<bpmn:process", 1).encode()
        return files

    return draw


def _gateway(kind: str) -> Callable[[str], Files]:
    def draw(text: str) -> Files:
        drawing = Drawing().start().node(kind, "at").end("yes").end("no").path("start at")
        return drawing.when("at", "yes", text).default("at", "no").files()

    return draw


def _ad_hoc(completion: str | None) -> Any:
    """An ad-hoc subprocess: the text completes it, or says how often a task inside is done."""

    def middle(drawing: Drawing, text: str) -> Drawing:
        loop = "" if completion is None else _repeated(text)
        inner = Drawing("inner").user("first").user("work", inner=loop)
        condition = f"<bpmn:completionCondition>{escape(completion or text)}</bpmn:completionCondition>"
        data = '<bpmn:dataObject id="d" name="d"/>'  # without one, the library fails of itself
        return drawing.node("adHocSubProcess", "at", data + inner.body() + condition)

    return _line(middle)


def _loop(tag: str, *, sequential: bool = False, cardinality: str | None = None) -> Any:
    """A subprocess of no task, as often as it says; the text is its cardinality or its completion."""

    def middle(drawing: Drawing, text: str) -> Drawing:
        inner = Drawing("inner").start("s", form=None).end("e").path("s e").body()
        count = "" if cardinality is None else f"<bpmn:loopCardinality>{cardinality}</bpmn:loopCardinality>"
        loop = (
            f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">{count}'
            f"<bpmn:{tag}>{escape(text)}</bpmn:{tag}></bpmn:multiInstanceLoopCharacteristics>"
        )
        return drawing.node("subProcess", "at", loop + inner)

    return _line(middle)


def _standard_loop(drawing: Drawing, text: str) -> Drawing:
    return drawing.user("at", inner=_repeated(text))


def _repeated(text: str) -> str:
    condition = f"<bpmn:loopCondition>{escape(text)}</bpmn:loopCondition>"
    return (
        f'<bpmn:standardLoopCharacteristics testBefore="true">{condition}</bpmn:standardLoopCharacteristics>'
    )


def _script(drawing: Drawing, text: str) -> Drawing:
    return drawing.node("scriptTask", "at", f"<bpmn:script>{escape(text)}</bpmn:script>")


def _script_of_another_language(drawing: Drawing, text: str) -> Drawing:
    script = f"<bpmn:script>{escape(text)}</bpmn:script>"
    return drawing.node("scriptTask", "at", script, scriptFormat="text/javascript")


def _extension_script(name: str) -> Any:
    return _line(
        lambda drawing, text: drawing.user("at", inner=_spiff(f"<x:{name}>{escape(text)}</x:{name}>"))
    )


def _spiff(inner: str) -> str:
    return extended(inner.replace(">", f" {SPIFF}>", 1))


def _spiff_service(drawing: Drawing, text: str) -> Drawing:
    parameter = f'<x:parameter id="a" type="str" value={quoteattr(text)}/>'
    inner = f'<x:serviceTaskOperator id="do"><x:parameters>{parameter}</x:parameters></x:serviceTaskOperator>'
    return drawing.node("serviceTask", "at", _spiff(inner))


def _spiff_operation(drawing: Drawing, text: str) -> Drawing:
    inner = f"<x:serviceTaskOperator id={quoteattr(text)}><x:parameters/></x:serviceTaskOperator>"
    return drawing.node("serviceTask", "at", _spiff(inner))


def _condition_event(drawing: Drawing, text: str) -> Drawing:
    inner = f"<bpmn:condition>{escape(text)}</bpmn:condition>"
    event = f'<bpmn:conditionalEventDefinition id="c">{inner}</bpmn:conditionalEventDefinition>'
    return drawing.node("intermediateCatchEvent", "at", event)


def _throws(inner: str = "", attributes: str = "") -> Callable[[Drawing, str], Drawing]:
    """A thrown message. `{}` is the text."""

    def middle(drawing: Drawing, text: str) -> Drawing:
        event = (
            f'<bpmn:messageEventDefinition id="m_at" messageRef="m" {attributes.format(quoteattr(text))}>'
            f"{inner.format(escape(text))}</bpmn:messageEventDefinition>"
        )
        return drawing.node("intermediateThrowEvent", "at", event)

    return middle


def _signals(drawing: Drawing, text: str) -> Drawing:
    event = '<bpmn:signalEventDefinition id="s_at" signalRef="s"/>'
    return drawing.node("intermediateThrowEvent", "at", event)


def _signal(text: str) -> str:
    inner = _spiff(f"<x:payloadExpression>{escape(text)}</x:payloadExpression>")
    return f'<bpmn:signal id="s" name="s">{inner}</bpmn:signal>'


def _message(_: str) -> str:
    return '<bpmn:message id="m" name="m"/>'


def _correlated(text: str) -> str:
    return (
        '<bpmn:collaboration id="c"><bpmn:participant id="pa" processRef="p"/><bpmn:correlationKey id="ck" '
        'name="key"><bpmn:correlationPropertyRef>cp</bpmn:correlationPropertyRef></bpmn:correlationKey>'
        '</bpmn:collaboration><bpmn:message id="m" name="m"/><bpmn:correlationProperty id="cp" name="cp">'
        '<bpmn:correlationPropertyRetrievalExpression messageRef="m"><bpmn:messagePath>'
        f"{escape(text)}</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression>"
        "</bpmn:correlationProperty>"
    )


def _parley_message(drawing: Drawing, text: str) -> Drawing:
    rows = f'<parley:parameters><parley:parameter name="a" value={quoteattr(text)}/></parley:parameters>'
    event = '<bpmn:messageEventDefinition id="m_at" messageRef="m"/>'
    return drawing.node("intermediateThrowEvent", "at", extended(rows) + event, parley_correlation="1")


def _parley_correlation(drawing: Drawing, text: str) -> Drawing:
    event = '<bpmn:messageEventDefinition id="m_at" messageRef="m"/>'
    return drawing.node("intermediateThrowEvent", "at", event, parley_correlation=text)


def _parley_service(drawing: Drawing, text: str) -> Drawing:
    return drawing.service("at", a=text.replace("\n", " "))


def _table(cell: str = "-", given: str = "1", output: str = "1") -> Callable[[str], Files]:
    """A business rule task over a table of one rule; `{}` is the text, in one of its cells."""

    def draw(text: str) -> Files:
        called = _spiff("<x:calledDecisionId>d</x:calledDecisionId>")
        drawing = Drawing().start().node("businessRuleTask", "at", called, parley_decision=f"{TABLE}#d")
        cells = (escape(part.format(text)) for part in (given, cell, output))
        dmn = (
            '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t" '
            'namespace="urn:t"><decision id="d" name="d"><decisionTable id="dt"><input id="i" label="i">'
            '<inputExpression id="ie"><text>{}</text></inputExpression></input><output id="o" name="o"/>'
            '<rule id="r"><inputEntry id="ic"><text>{}</text></inputEntry><outputEntry id="oc">'
            "<text>{}</text></outputEntry></rule></decisionTable></decision></definitions>"
        ).format(*cells)
        return {**drawing.end().path("start at end").files(), TABLE: dmn.encode()}

    return draw


ATTEMPTS: dict[str, Attempt] = {
    "condition": Attempt(_gateway("exclusiveGateway")),
    "condition of an inclusive gateway": Attempt(_gateway("inclusiveGateway")),
    "script": Attempt(_line(_script)),
    "script of another language": Attempt(_line(_script_of_another_language)),
    "pre-script": Attempt(_extension_script("preScript"), "spiff"),
    "post-script": Attempt(_extension_script("postScript"), "spiff"),
    "date": Attempt(_line(lambda drawing, text: drawing.timer("at", "Date", text))),
    "duration": Attempt(_line(lambda drawing, text: drawing.timer("at", "Duration", text))),
    "cycle": Attempt(_line(lambda drawing, text: drawing.timer("at", "Cycle", text))),
    "conditional event": Attempt(_line(_condition_event)),
    "ad-hoc completion": Attempt(_ad_hoc(None)),
    "loop in an ad-hoc subprocess": Attempt(_ad_hoc("1 > 2")),
    "standard loop": Attempt(_line(_standard_loop)),
    "cardinality": Attempt(_loop("loopCardinality")),
    "cardinality of a sequence": Attempt(_loop("loopCardinality", sequential=True)),
    "completion condition": Attempt(_loop("completionCondition", cardinality="2")),
    "completion condition of a sequence": Attempt(
        _loop("completionCondition", cardinality="2", sequential=True)
    ),
    "camunda cardinality": Attempt(_loop("loopCardinality"), "camunda"),
    "camunda message": Attempt(
        _line(_throws(attributes=f"{CAMUNDA} camunda:expression={{}}"), _message), "camunda"
    ),
    "correlation property": Attempt(_line(_throws(), _correlated)),
    "spiff message": Attempt(
        _line(_throws(_spiff("<x:messagePayload>{}</x:messagePayload>")), _message), "spiff"
    ),
    "spiff signal": Attempt(_line(_signals, _signal), "spiff"),
    "spiff parameter": Attempt(_line(_spiff_service), "spiff"),
    "spiff operation": Attempt(_line(_spiff_operation), "spiff"),
    "table's input": Attempt(_table("2", "{}"), "spiff"),
    "table's input, asked for": Attempt(_table("? > 2", "{}"), "spiff"),
    "table's cell": Attempt(_table("{}"), "spiff"),
    "table's cell, compared": Attempt(_table("> {}"), "spiff"),
    "table's cell, asked for": Attempt(_table("? > {}"), "spiff"),
    "table's output": Attempt(_table(output="{}"), "spiff"),
    "message's payload": Attempt(_line(_parley_message, _message), ""),
    "message's correlation": Attempt(_line(_parley_correlation, _message), ""),
    "operation's parameter": Attempt(_line(_parley_service), ""),
    "due time": Attempt(_line(lambda drawing, text: drawing.user("at", parley_due=text)), ""),
}
"""Every place of a diagram or a table where SpiffWorkflow or Parley takes an expression."""


def by_the_library(files: Files, parser: str) -> Compiled:
    """A bundle parsed by one of the library's own parsers: its own specs, where Parley has others."""
    made = _parser(parser)
    root = read_definitions(files["p.bpmn"])
    if TABLE in files:
        made.add_dmn_str(files[TABLE])
    made.add_bpmn_str(files["p.bpmn"])
    with pytest.MonkeyPatch.context() as patch:
        # Parley's multi-instances are in place wherever the engine is loaded.
        patch.setattr(TaskParser, "PARALLEL_MI_CLASS", ParallelMultiInstanceTask)
        patch.setattr(TaskParser, "SEQUENTIAL_MI_CLASS", SequentialMultiInstanceTask)
        spec = made.get_spec("p")
    elements = read_elements(root)
    return Compiled("drawn", "p", spec, made.get_subprocess_specs("p"), elements, {}, Bundle("drawn", files))


def _parser(name: str) -> Any:
    if name == "spiff":
        from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser

        return SpiffBpmnParser()
    if name == "camunda":
        from SpiffWorkflow.camunda.parser.CamundaParser import CamundaParser

        return CamundaParser()
    from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser

    return BpmnParser()


def play(version: Compiled, most: int = 6) -> list[str]:
    """Run a case to its end, or until nobody can go on, as people who answer nothing.

    Returns:
        The causes of its incidents.
    """
    around = run.Surroundings(START, _answered, lambda _: ())
    outcome = run.start(version, around, {})
    tasks = list(outcome.opened)
    causes = [trouble.cause for trouble in outcome.trace.troubles]
    while tasks and most:
        most -= 1
        outcome = run.Running(version, outcome.state, replace(around)).complete(tasks.pop(0).id, {})
        tasks += outcome.opened
        causes += [trouble.cause for trouble in outcome.trace.troubles]
    return causes


def _answered(name: str, parameters: Mapping[str, Any], key: str, data: Mapping[str, Any]) -> OperationResult:
    if name != "do":
        raise OperationFailed(f"There is no operation {name!r}.")
    return OperationResult(dict(parameters))
