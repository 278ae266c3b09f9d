"""Who does a step: groups, assignees and owners of other tools, and lanes, as roles of Parley's."""

from __future__ import annotations

import re
from collections.abc import Collection

from lxml import etree

from engine.diagrams.xml import BPMN, local
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
    """Groups, persons, owners and lanes of a diagram: an offer for each name, wherever it stands."""
    lanes = _lanes(diagram)
    groups: dict[str, list[etree._Element]] = {name: list(found) for name, found in lanes.items()}
    for node in diagram.every(*PEOPLE):
        _step(survey, diagram, node, groups)
    settled = {
        (_title(lane), key) for lane in diagram.every("lane") if own(lane, "role") for key in _held(lane)
    }
    for name, every in groups.items():
        nodes = [node for node in every if (name, node.get("id")) not in settled]
        if not nodes:
            continue
        _role(survey, diagram, nodes, name, {key for lane in lanes.get(name, ()) for key in _held(lane)})


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
    for name in _owners(diagram, node):
        if _EXPRESSION.fullmatch(name):
            survey.leave_at(diagram, node, "owner", name, _WORKED_OUT, _CHOOSE_ROLE)
        else:
            wanted.append(name)
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
    survey: Survey, diagram: Diagram, nodes: list[etree._Element], name: str, within: Collection[str]
) -> None:
    """The role of lanes and steps that the file gives one name; `within`: steps that such a lane holds."""
    steps = [node for node in nodes if local(node) != "lane"]
    owned = [node for node in steps if any(node.find(f"{{{BPMN}}}{tag}") is not None for tag in _OWNERS)]
    edits = [
        Edit(diagram.path, diagram.at(node), "own", "role") for node in nodes if node.get("id") not in within
    ]
    edits += [Edit(diagram.path, diagram.at(node), "owners") for node in owned]
    found = []
    if len(steps) < len(nodes):
        found.append(f"There is a lane “{name}” with steps of people.")
    if steps:
        found.append(f"The file gives {', '.join(diagram.spoken(each) for each in steps)} to “{name}”.")
    survey.offer(
        "people",
        diagram,
        nodes,
        found=" ".join(found),
        becomes=f"role of “{name}”",
        sentence=f"Which role is “{name}” here?"
        + (
            " The owner named at the step is then taken out, as roles are held by appointment."
            if owned
            else ""
        ),
        edits=edits,
        choices=role_choices(),
        chosen=role_named(name),
    )


def _lanes(diagram: Diagram) -> dict[str, list[etree._Element]]:
    """Lanes by name that hold steps of people and have no role yet."""
    found: dict[str, list[etree._Element]] = {}
    for lane in diagram.every("lane"):
        name = _title(lane)
        held = (diagram.by_id(key) for key in _held(lane))
        people = any(
            each is not None and any(True for _ in each.iter(*(f"{{{BPMN}}}{tag}" for tag in PEOPLE)))
            for each in held
        )
        inner = lane.find(f"{{{BPMN}}}childLaneSet") is not None
        if name and people and not inner and not own(lane, "role"):
            found.setdefault(name, []).append(lane)
    return found


def _title(lane: etree._Element) -> str:
    return " ".join((lane.get("name") or "").split())


def _held(lane: etree._Element) -> list[str]:
    """Ids of what a lane holds."""
    return [(each.text or "").strip() for each in lane.iter(f"{{{BPMN}}}flowNodeRef")]
