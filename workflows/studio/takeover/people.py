"""Who does a step: groups, assignees and owners of other tools, and lanes, as roles of Parley's."""

from __future__ import annotations

import re

from lxml import etree

from engine.diagrams.xml import BPMN
from workflows.studio.takeover.diagrams import Diagram, Setting, text_in
from workflows.studio.takeover.dialects import JUEL_FAMILY, ZEEBE
from workflows.studio.takeover.survey import Survey, own, role_choices, role_named
from workflows.studio.takeover.types import Edit

PEOPLE = ("userTask", "manualTask", "task")
_OWNERS = ("potentialOwner", "humanPerformer", "performer", "resourceRole")
_EXPRESSION = re.compile(r"\s*(?:[$#]\{.*\}|=.*)\s*", re.DOTALL)
_ONE_NAME = re.compile(r"\s*[$#]\{\s*(\w+)\s*\}\s*|\s*=\s*(\w+)\s*|\s*\$(INITIATOR)\s*")

_PERSONS = "It names persons. In Parley people hold roles by dated appointment, and no diagram names them."
_APPOINT = "Appoint them to the role of this step, under Organisation."
_WORKED_OUT = (
    "It works out who does it while a case runs. In Parley authority never comes from a case's data."
)
_CHOOSE_ROLE = "Give the step a role, in the editor or by its lane."


def read_people(survey: Survey, diagram: Diagram) -> None:
    """Groups, persons, owners and lanes of a diagram."""
    groups: dict[str, list[etree._Element]] = {}
    for node in diagram.every(*PEOPLE):
        _step(survey, diagram, node, groups)
    for name, nodes in groups.items():
        shown = ", ".join(diagram.spoken(each) for each in nodes)
        _role(survey, diagram, nodes, name, f"The file gives {shown} to “{name}”.", owners=True)
    _lanes(survey, diagram)


def _step(
    survey: Survey, diagram: Diagram, node: etree._Element, groups: dict[str, list[etree._Element]]
) -> None:
    spaces = (*JUEL_FAMILY, ZEEBE)
    wanted: list[str] = []
    for each in diagram.of(node, spaces, "candidateGroups"):
        if _EXPRESSION.fullmatch(each.value):
            survey.leave(diagram, each, _WORKED_OUT, _CHOOSE_ROLE)
        else:
            survey.claim(each)
            wanted.append(", ".join(part.strip() for part in each.value.split(",") if part.strip()))
    for each in diagram.of(node, spaces, "candidateUsers"):
        survey.leave(diagram, each, _PERSONS, _APPOINT)
    for each in diagram.of(node, spaces, "assignee"):
        _assignee(survey, diagram, node, each)
    wanted += _owners(diagram, node)
    names = list(dict.fromkeys(name for name in wanted if name))
    if names and not own(node, "role"):
        groups.setdefault(" or ".join(names), []).append(node)


def _assignee(survey: Survey, diagram: Diagram, node: etree._Element, setting: Setting) -> None:
    """Whoever began the case is a performer of Parley's; other persons and expressions are not."""
    found = _ONE_NAME.fullmatch(setting.value)
    name = next((part for part in found.groups() if part), "") if found else ""
    if name and (name == "INITIATOR" or name in diagram.starters):
        survey.claim(setting)
        if own(node, "performer"):
            return
        survey.offer(
            "people",
            diagram,
            [node],
            found=f"The file gives {diagram.spoken(node)} to whoever began ({setting.value}).",
            becomes="whoever began the case",
            sentence="The person who began the case does it.",
            edits=[Edit(diagram.path, diagram.at(node), "own", "performer", "starter")],
        )
    elif _EXPRESSION.fullmatch(setting.value):
        survey.leave(diagram, setting, _WORKED_OUT, _CHOOSE_ROLE)
    else:
        survey.leave(diagram, setting, _PERSONS, _APPOINT)


def _owners(diagram: Diagram, node: etree._Element) -> list[str]:
    """Names of BPMN's own resources at a step."""
    names = []
    for part in node:
        if part.tag not in {f"{{{BPMN}}}{each}" for each in _OWNERS}:
            continue
        reference = part.find(f"{{{BPMN}}}resourceRef")
        resource = (
            diagram.by_id((reference.text or "").strip().rpartition(":")[2])
            if reference is not None
            else None
        )
        text = " ".join(text_in(part).split())
        names.append((resource.get("name") if resource is not None else part.get("name")) or text)
    return names


def _role(
    survey: Survey, diagram: Diagram, nodes: list[etree._Element], name: str, found: str, *, owners: bool
) -> None:
    edits = [Edit(diagram.path, diagram.at(node), "own", "role") for node in nodes]
    if owners:
        edits += [
            Edit(diagram.path, diagram.at(node), "owners")
            for node in nodes
            if any(node.find(f"{{{BPMN}}}{tag}") is not None for tag in _OWNERS)
        ]
    survey.offer(
        "people",
        diagram,
        nodes,
        found=found,
        becomes=f"role of “{name}”",
        sentence=f"Which role is “{name}” here?",
        edits=edits,
        choices=role_choices(),
        chosen=role_named(name),
    )


def _lanes(survey: Survey, diagram: Diagram) -> None:
    """Lanes that hold steps of people and have no role yet."""
    for lane in diagram.every("lane"):
        name = " ".join((lane.get("name") or "").split())
        held = (diagram.by_id((each.text or "").strip()) for each in lane.iter(f"{{{BPMN}}}flowNodeRef"))
        people = any(
            each is not None and any(True for _ in each.iter(*(f"{{{BPMN}}}{tag}" for tag in PEOPLE)))
            for each in held
        )
        inner = lane.find(f"{{{BPMN}}}childLaneSet") is not None
        if name and people and not inner and not own(lane, "role"):
            _role(
                survey, diagram, [lane], name, f"There is a lane “{name}” with steps of people.", owners=False
            )
