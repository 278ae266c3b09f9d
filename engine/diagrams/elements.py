"""The element table: every node and flow of a diagram with our own attributes.

SpiffWorkflow keeps only a lane's title; roles, forms, due times and the rules of a vote are read here.
"""

from __future__ import annotations

from lxml import etree

from engine.diagrams.xml import BPMN, PARLEY, is_bpmn, local
from engine.types import Element, Parameter, VoteRule

SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
TASKS = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
    }
)
EVENTS = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
GATEWAYS = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"}
)
NODES = SUBPROCESSES | TASKS | EVENTS | GATEWAYS | {"callActivity"}


def read_elements(root: etree._Element) -> dict[str, Element]:
    """All flow nodes and sequence flows of all processes of a diagram, by id."""
    elements: dict[str, Element] = {}
    for process in root.iter(f"{{{BPMN}}}process"):
        _read_container(process, process.get("id", ""), _lanes(process), None, elements)
    return elements


def _lanes(process: etree._Element) -> dict[str, etree._Element]:
    """Flow node id to its innermost lane: inner lanes come later in the document, so the last one wins."""
    lanes: dict[str, etree._Element] = {}
    for lane in process.iter(f"{{{BPMN}}}lane"):
        for reference in lane.findall(f"{{{BPMN}}}flowNodeRef"):
            lanes[(reference.text or "").strip()] = lane
    return lanes


def _read_container(
    container: etree._Element,
    process: str,
    lanes: dict[str, etree._Element],
    inherited: etree._Element | None,
    into: dict[str, Element],
) -> None:
    for node in container:
        kind = local(node)
        key = node.get("id")
        if not is_bpmn(node) or key is None:
            continue
        if kind == "sequenceFlow":
            into[key] = _flow(node, key, process)
        elif kind in NODES:
            lane = lanes.get(key, inherited)
            into[key] = _node(node, key, kind, process, lane)
            if kind in SUBPROCESSES:
                _read_container(node, process, lanes, lane, into)


def _flow(node: etree._Element, key: str, process: str) -> Element:
    condition = node.find(f"{{{BPMN}}}conditionExpression")
    return Element(
        id=key,
        kind="sequenceFlow",
        name=_title(node),
        process=process,
        source=node.get("sourceRef"),
        target=node.get("targetRef"),
        condition=None if condition is None else (condition.text or "").strip(),
    )


def _node(node: etree._Element, key: str, kind: str, process: str, lane: etree._Element | None) -> Element:
    role = _own(node, "role")
    if role is None and lane is not None:
        role = _own(lane, "role")
    documentation = node.find(f"{{{BPMN}}}documentation")
    return Element(
        id=key,
        kind=kind,
        name=_title(node),
        process=process,
        lane=None if lane is None else lane.get("name"),
        role=role,
        form=_own(node, "form"),
        due=_own(node, "due"),
        performer=_own(node, "performer"),
        separate_from=tuple((_own(node, "separateFrom") or "").split()),
        blind=_own(node, "blind"),
        milestone=_own(node, "milestone"),
        operation=_own(node, "operation"),
        parameters=_parameters(node),
        vote=_vote(node),
        decision=_own(node, "decision"),
        correlation=_own(node, "correlation"),
        remind=_own(node, "remind"),
        documentation="" if documentation is None else (documentation.text or "").strip(),
    )


def _title(node: etree._Element) -> str:
    return " ".join((node.get("name") or "").split())


def _own(node: etree._Element, name: str) -> str | None:
    value = node.get(f"{{{PARLEY}}}{name}")
    return value.strip() if value is not None and value.strip() else None


def _parameters(node: etree._Element) -> tuple[Parameter, ...]:
    path = f"{{{BPMN}}}extensionElements/{{{PARLEY}}}parameters/{{{PARLEY}}}parameter"
    return tuple(Parameter(p.get("name", ""), p.get("value", "")) for p in node.iterfind(path))


def _vote(node: etree._Element) -> VoteRule | None:
    vote = node.find(f"{{{BPMN}}}extensionElements/{{{PARLEY}}}vote")
    if vote is None:
        return None
    quorum = vote.get("quorum", "")
    return VoteRule(
        field=vote.get("field", "choice"),
        # A quorum that is no number can never be met: the vote then leads up, never to acceptance.
        quorum=int(quorum) if quorum.isdigit() and len(quorum) < 7 else 10**6,
        majority=vote.get("majority", "half"),
        close=vote.get("close", "all"),
        abstain=vote.get("abstain", "abstain"),
        recuse=vote.get("recuse", "recuse"),
    )
