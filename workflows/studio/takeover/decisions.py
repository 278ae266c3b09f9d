"""Decision tables that business rule tasks name: asked with their inputs, which are declared if need be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from engine.diagrams.xml import local, read_xml
from engine.dmn import DmnError, parse
from engine.dmn.model import DecisionElement, DecisionTable, Model
from workflows.studio.takeover.diagrams import Diagram, Setting
from workflows.studio.takeover.dialects import CAMUNDA, JUEL_FAMILY, SPIFF, ZEEBE
from workflows.studio.takeover.expressions import rests_on
from workflows.studio.takeover.naming import in_feel
from workflows.studio.takeover.survey import Survey, own
from workflows.studio.takeover.types import Edit

_DECISIONS = ("decisionRef", "calledDecision", "calledDecisionId")
_RESULTS = ("resultVariable", "mapDecisionResult")
_BRING_TABLE = "Put the .dmn file that has the decision in as well, or choose a table for it in the editor."
_ONE_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_TYPES = {
    "boolean": "boolean",
    "date": "date",
    "double": "number",
    "integer": "number",
    "long": "number",
    "number": "number",
    "string": "string",
}
"""Types of Camunda's tables by DMN's."""


def read_decisions(survey: Survey, diagram: Diagram) -> None:
    """Decisions that business rule tasks name, and the variables their results are."""
    for task in diagram.every("businessRuleTask"):
        for each in diagram.of(task, (*JUEL_FAMILY, ZEEBE, SPIFF), *_DECISIONS):
            _decision(survey, diagram, task, each)


def _decision(survey: Survey, diagram: Diagram, task: etree._Element, setting: Setting) -> None:
    node = setting.node
    name = setting.value if node is None else node.get("decisionId") or (node.text or "").strip()
    places = [
        (path, model, element)
        for path, model in _models(survey)
        for element in model.elements.values()
        if isinstance(element, DecisionElement) and name in (element.id, element.name)
    ]
    if len(places) != 1:
        why = (
            "Several tables have a decision of this name."
            if places
            else "Its decision is not among the files."
        )
        survey.leave(diagram, setting, why, _BRING_TABLE)
        return
    survey.claim(setting)
    path, model, element = places[0]
    _result(survey, diagram, task, setting, element)
    if own(task, "decision"):
        return
    asked = [each for one in _asked(model, element) for each in _inputs(one)]
    edits = [Edit(diagram.path, diagram.at(task), "own", "decision", f"{path}#{element.id}")]
    given, missing, needs = [], [], []
    for each in dict.fromkeys(each for each, _ in asked):
        found = in_feel(survey, diagram, task, each)
        if found is None or found.unknown or len(found.texts) != 1:
            missing.append(each)
            continue
        given.append(f"{each} = {found.texts[0]}")
        needs += rests_on(survey, diagram, found)
        edits.append(Edit(diagram.path, diagram.at(task), "parameter", each, found.texts[0]))
    declared = list(_undeclared(survey.files[path], path, model, element))
    words = [
        f"It asks the decision “{element.name}” of {path}{', with ' if given else ''}{', '.join(given)}."
    ]
    if declared:
        words.append(
            f"The table then says that it takes {', '.join(dict.fromkeys(e.name for e in declared))}."
        )
    if missing:
        words.append(f"Say under its parameters what {', '.join(missing)} is.")
    survey.offer(
        "decisions",
        diagram,
        [task],
        found=f"The file names the decision {name} for it.",
        becomes=f"{path}#{element.id}{' with ' if given else ''}{', '.join(given)}",
        sentence=" ".join(words),
        edits=[*edits, *declared],
        needs=needs,
    )


def _models(survey: Survey) -> list[tuple[str, Model]]:
    found = []
    for path, data in sorted(survey.files.items()):
        if path.endswith(".dmn"):
            try:
                found.append((path, parse(data)))
            except DmnError:
                continue
    return found


def _asked(model: Model, element: DecisionElement) -> list[DecisionElement]:
    """A decision and those that it requires, each once."""
    found: dict[str, DecisionElement] = {}
    waiting = [element]
    while waiting:
        one = waiting.pop()
        if one.id in found:
            continue
        found[one.id] = one
        waiting += [each for each in _required(model, one) if isinstance(each, DecisionElement)]
    return list(found.values())


def _required(model: Model, element: DecisionElement) -> list[object]:
    there = (model.elements.get(each.rpartition("#")[2]) for each in element.requires)
    return [each for each in there if each is not None]


def _inputs(element: DecisionElement) -> list[tuple[str, str]]:
    """Variables that a decision's own table reads, where each input is one name, and their types."""
    if not isinstance(element.logic, DecisionTable):
        return []
    found = ((each.expression.strip(), _TYPES.get(each.type_ref or "", "")) for each in element.logic.inputs)
    return [(name, kind) for name, kind in found if _ONE_NAME.fullmatch(name)]


def _undeclared(data: bytes, path: str, model: Model, element: DecisionElement) -> Iterator[Edit]:
    """Inputs that tables read and do not say that they require: Camunda 7 lets them be drawn so."""
    places = {
        node.get("id"): place
        for place, node in enumerate(read_xml(data).iter("*"))
        if local(node) == "decision"
    }
    for one in _asked(model, element):
        known = {getattr(each, "name", "") for each in _required(model, one)}
        for name, kind in dict(_inputs(one)).items():
            if name not in known and one.id in places:
                yield Edit(path, places[one.id], "input", name, kind)


def _result(
    survey: Survey, diagram: Diagram, task: etree._Element, setting: Setting, element: DecisionElement
) -> None:
    """The variable that a result is: in Parley the task's own name, one value or one of each output."""
    node = setting.node
    settings = diagram.of(task, JUEL_FAMILY, *_RESULTS)
    name = node.get("resultVariable") if node is not None else None
    name = next((each.value for each in settings if each.name == "resultVariable"), name)
    mapped = next((each.value for each in diagram.of(task, (CAMUNDA,), "mapDecisionResult")), "")
    outputs = len(element.logic.outputs) if isinstance(element.logic, DecisionTable) else 1
    if name and (node is not None or mapped == ("singleEntry" if outputs == 1 else "singleResult")):
        survey.claim(*settings)
        survey.results.setdefault((diagram.path, name), []).append(task.get("id", ""))
