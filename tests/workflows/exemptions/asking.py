"""A policy of the tests that decides a risk in two acts and calls the shipped exemption, and people who act in it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.workflows.world import World
from workflows.types import Exemption

SHIPPED = Path(__file__).parents[3] / "bpmn"

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:parley="urn:parley:bpmn:1"
 id="short_definitions" targetNamespace="urn:parley:policies">
  <bpmn:process id="risk_decision" name="Short decision" isExecutable="true">
    <bpmn:laneSet id="lanes">
      <bpmn:lane id="lane_raiser" name="Raiser" parley:role="raiser">
        <bpmn:flowNodeRef>raise</bpmn:flowNodeRef><bpmn:flowNodeRef>exemption_case</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>done</bpmn:flowNodeRef>
      </bpmn:lane>
      <bpmn:lane id="lane_short_cio" name="CIO" parley:role="cio"><bpmn:flowNodeRef>decide</bpmn:flowNodeRef></bpmn:lane>
      <bpmn:lane id="lane_short_ciso" name="CISO" parley:role="ciso"><bpmn:flowNodeRef>respond</bpmn:flowNodeRef></bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="raise" name="Raised" parley:form="raise.form"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="decide" name="Decide" parley:form="short-decide.form"><bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:userTask>
    <bpmn:userTask id="respond" name="Respond" parley:form="short-respond.form"><bpmn:incoming>b</bpmn:incoming><bpmn:outgoing>c</bpmn:outgoing></bpmn:userTask>
    <bpmn:callActivity id="exemption_case" name="Exemption" calledElement="exemption">
      <bpmn:extensionElements><parley:parameters>
        <parley:parameter name="days" value="decide.days"/>
        <parley:parameter name="conditions" value="decide.conditions"/>
        <parley:parameter name="compensating_controls" value="decide.compensating_controls"/>
        <parley:parameter name="justification" value="decide.reason"/>
        <parley:parameter name="tier" value="&quot;cio&quot;"/>
        <parley:parameter name="longest_days" value="180"/>
        <parley:parameter name="renewals_at_most" value="1"/>
      </parley:parameters></bpmn:extensionElements>
      <bpmn:incoming>c</bpmn:incoming><bpmn:outgoing>d</bpmn:outgoing>
    </bpmn:callActivity>
    <bpmn:endEvent id="done" name="Done"><bpmn:incoming>d</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="raise" targetRef="decide"/>
    <bpmn:sequenceFlow id="b" sourceRef="decide" targetRef="respond"/>
    <bpmn:sequenceFlow id="c" sourceRef="respond" targetRef="exemption_case"/>
    <bpmn:sequenceFlow id="d" sourceRef="exemption_case" targetRef="done"/>
  </bpmn:process>
</bpmn:definitions>
"""

DECIDE = {
    "decision": "exempt",
    "days": "120",
    "conditions": "No new repositories are taken in.",
    "compensating_controls": "The build servers are cut off from the internet.",
    "reason": "The release cannot wait.",
}
CONTROLS = {
    "control_1": "The build servers are cut off from the internet.",
    "operator_1": "architect",
    "evidence_1": "The firewall's rule 17, tested on Monday.",
}
WORKS = {"result_1": "works", "evidence_1": "I tried to reach them from outside, and could not."}
FAILS = {"result_1": "fails", "evidence_1": "The rule was gone."}


def short(world: World, folder: Path) -> None:
    """Release the short policy as the one that decides risks, together with the exemption that it calls."""
    policy = folder / "risk-decision"
    policy.mkdir()
    shutil.copytree(SHIPPED / "exemption", folder / "exemption")
    (policy / "risk-decision.bpmn").write_text(DIAGRAM, encoding="utf-8")
    shutil.copy(SHIPPED / "risk-decision" / "raise.form", policy)
    _form(
        policy,
        "short-decide",
        [*(_field("textfield", key) for key in DECIDE if key != "days"), _field("number", "days")],
    )
    _form(policy, "short-respond", [_field("textfield", "response")])
    world.release(policy)


def _field(kind: str, key: str) -> dict[str, Any]:
    return {"type": kind, "id": f"field_{key}", "key": key, "label": key}


def _form(folder: Path, name: str, fields: list[dict[str, Any]]) -> None:
    form = {"id": name, "type": "default", "title": name, "schemaVersion": 19, "components": fields}
    (folder / f"{name}.form").write_text(json.dumps(form), encoding="utf-8")


def concurred(world: World, case_id: str, **changes: str) -> None:
    """The CIO decides for an exemption and the CISO concurs."""
    world.act(case_id, "decide", "cio", DECIDE | changes)
    world.act(case_id, "respond", "ciso", {"response": "concur"})


def granted(world: World, case_id: str, **changes: str) -> Exemption:
    """The same, with controls named and found to work; the exemption then in force."""
    concurred(world, case_id, **changes)
    world.act(case_id, "name_controls", "cio", CONTROLS)
    world.act(case_id, "verify_controls", "ciso", WORKS)
    (found,) = [one for one in world.parley.exemptions.all(world.people["auditor"]) if one.case_id == case_id]
    return found


@contextmanager
def untouched(world: World) -> Iterator[None]:
    """Nothing is exempt within the block that was not before."""
    before = [one.id for one in world.parley.exemptions.active(world.people["auditor"])]
    yield
    assert [one.id for one in world.parley.exemptions.active(world.people["auditor"])] == before
