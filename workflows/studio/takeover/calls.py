"""Called processes, messages, repeated steps and the process a case runs."""

from __future__ import annotations

import re

from lxml import etree

from engine.diagrams.elements import NODES
from engine.diagrams.xml import BPMN, PARLEY, local
from workflows.studio.takeover.diagrams import Diagram
from workflows.studio.takeover.dialects import JUEL_FAMILY, ZEEBE
from workflows.studio.takeover.expressions import remark, rests_on, text_of
from workflows.studio.takeover.naming import in_feel
from workflows.studio.takeover.survey import Survey, own
from workflows.studio.takeover.types import Choice, Edit

_BRING_POLICY = "Put the diagram that has it in as well, or choose a policy for it in the editor."
_HAND_OVER = "Give it as a parameter of the call, in FEEL, once the called policy's start has a form."
_PASSED = "What is handed over goes by name to fields of the called policy's start form. This does not."


def read_processes(survey: Survey) -> None:
    """Which process a case runs, where no diagram says so."""
    every = [(each, process) for each in survey.diagrams for process in each.every("process")]
    if any(process.get("isExecutable") == "true" for _, process in every):
        return
    drawn = [(d, p) for d, p in every if any(local(node) in NODES for node in p)]
    several = len(drawn) > 1
    for diagram, process in drawn:
        survey.offer(
            "processes",
            diagram,
            [process],
            found="No process in the file is marked as one that can be run.",
            becomes="a case runs this process",
            sentence="A case runs this process." + (" Take one of them only." if several else ""),
            edits=[
                Edit(
                    diagram.path,
                    diagram.at(process),
                    "attribute",
                    "isExecutable",
                    None if several else "true",
                )
            ],
            choices=[Choice("true", "A case runs this one")] if several else [],
        )


def read_called(survey: Survey, diagram: Diagram) -> None:
    """Processes that call activities call, and what is handed over."""
    known = {
        process.get("id"): (each, process) for each in survey.diagrams for process in each.every("process")
    }
    for call in diagram.every("callActivity"):
        called = (call.get("calledElement") or "").rpartition(":")[2]
        named = diagram.of(call, (ZEEBE,), "calledElement")
        wished = (
            next((each.node.get("processId", "") for each in named if each.node is not None), "") or called
        )
        if wished in known and wished:
            survey.claim(*named)
            _handed_over(survey, diagram, call, *known[wished])
            if called != wished:
                survey.offer(
                    "calls",
                    diagram,
                    [call],
                    found=f"The file lets it call the process {wished}.",
                    becomes=wished,
                    sentence=f"It calls {wished}.",
                    edits=[Edit(diagram.path, diagram.at(call), "attribute", "calledElement", wished)],
                )
            continue
        why = f"It calls {wished or 'nothing'}, which is no process of these files."
        for each in named:
            survey.leave(diagram, each, why, _BRING_POLICY)
        if called and not named:
            survey.leave_at(diagram, call, "calledElement", called, why, _BRING_POLICY)


def _handed_over(
    survey: Survey, diagram: Diagram, call: etree._Element, home: Diagram, process: etree._Element
) -> None:
    """What goes to the fields of the called process's start form."""
    there = call.find(f"{{{BPMN}}}extensionElements/{{{PARLEY}}}parameters")
    for each in diagram.of(call, (*JUEL_FAMILY, ZEEBE), "in", "input"):
        if each.node is None:
            continue
        target, source = (
            each.node.get("target", ""),
            each.node.get("source") or each.node.get("sourceExpression", ""),
        )
        found = in_feel(survey, diagram, call, source) if source else None
        start = process.find(f"{{{BPMN}}}startEvent")
        begins = (home.path, start.get("id", "")) if start is not None else ("", "")
        asked = target in survey.fields.get(begins, frozenset())
        if not target or found is None or len(found.texts) != 1 or not asked:
            survey.leave(diagram, each, _PASSED, _HAND_OVER)
            continue
        survey.claim(each)
        if there is not None and any(part.get("name") == target for part in there):
            continue
        survey.offer(
            "calls",
            diagram,
            [call],
            found=f"The file hands over {source} as {target}.",
            becomes=f"{target} = {found.texts[0]}",
            sentence=f"It hands over {found.texts[0]} as {target}.{remark(found)}",
            edits=[Edit(diagram.path, diagram.at(call), "parameter", target, found.texts[0])],
            needs=rests_on(survey, diagram, found),
        )


def read_messages(survey: Survey, diagram: Diagram) -> None:
    """Keys by which Camunda 8 tells which case a message is for."""
    for each in diagram.settings:
        if each.namespace != ZEEBE or each.name != "subscription" or each.node is None:
            continue
        text = each.node.get("correlationKey", "")
        waiting = [node for node in _about(diagram, each.owner.get("id", "")) if local(node) != "startEvent"]
        offered = False
        for node in waiting:
            found = in_feel(survey, diagram, node, text)
            if found is None or len(found.texts) != 1 or found.unknown:
                continue
            offered = True
            if own(node, "correlation"):
                continue
            survey.offer(
                "messages",
                diagram,
                [node],
                found=f"The message finds its case by {text}.",
                becomes=found.texts[0],
                sentence=f"The message finds its case by {found.texts[0]}.",
                edits=[Edit(diagram.path, diagram.at(node), "own", "correlation", found.texts[0])],
                needs=rests_on(survey, diagram, found),
            )
        if offered:
            survey.claim(each)
        else:
            survey.leave(
                diagram, each, "The variable by which the message finds its case is asked by no form here.",
                "Set the key at the event that waits for the message, in FEEL.",
            )  # fmt: skip


def _about(diagram: Diagram, message: str) -> list[etree._Element]:
    """Events and tasks that are about a message."""
    found = []
    for node in diagram.every("messageEventDefinition", "receiveTask", "sendTask"):
        if (node.get("messageRef") or "").rpartition(":")[2] == message:
            parent = node.getparent()
            found.append(parent if local(node) == "messageEventDefinition" and parent is not None else node)
    return found


def read_loops(survey: Survey, diagram: Diagram) -> None:
    """Lists over which a step is repeated."""
    for loop in diagram.every("multiInstanceLoopCharacteristics"):
        owner = loop.getparent()
        if owner is None:
            continue
        names = diagram.of(owner, JUEL_FAMILY, "collection")
        names += diagram.of(owner, (ZEEBE,), "loopCharacteristics")
        for each in names:
            text = each.value if each.node is None else each.node.get("inputCollection", "")
            text = text if re.match(r"\s*(?:[$#]\{|=)", text) else f"={text}"
            found = in_feel(survey, diagram, owner, text)
            if (
                found is None
                or found.unknown
                or len(found.texts) != 1
                or local(owner) not in ("userTask", "manualTask")
            ):
                survey.leave(
                    diagram, each, "No form here gathers its list, or the step is no person's.",
                    "Name the list, in FEEL, at the step in the editor; the one item is then called “item”.",
                )  # fmt: skip
                continue
            survey.claim(each)
            if text_of(loop, "loopDataInputRef"):
                continue
            survey.offer(
                "loops",
                diagram,
                [owner],
                found=f"It is repeated for each of {text.removeprefix('=')}.",
                becomes=found.texts[0],
                sentence=f"It is opened once for each of {found.texts[0]}; the one item is called “item”.",
                edits=[Edit(diagram.path, diagram.at(loop), "loop", "", found.texts[0])],
                needs=rests_on(survey, diagram, found),
            )
