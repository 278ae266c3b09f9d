"""Values of a diagram in words."""

from __future__ import annotations

import re

from engine.types import Element, VoteRule
from workflows.identity.types import Role

_DURATION = re.compile(
    r"P(?:(?P<year>\d+)Y)?(?:(?P<month>\d+)M)?(?:(?P<week>\d+)W)?(?:(?P<day>\d+)D)?"
    r"(?:T(?:(?P<hour>\d+)H)?(?:(?P<minute>\d+)M)?(?:(?P<second>\d+)S)?)?"
)
KINDS = {
    "boundaryEvent": "event",
    "businessRuleTask": "decision table",
    "callActivity": "called policy",
    "endEvent": "end",
    "eventBasedGateway": "gateway that waits",
    "exclusiveGateway": "either-or gateway",
    "inclusiveGateway": "and-or gateway",
    "intermediateCatchEvent": "event that waits",
    "intermediateThrowEvent": "event",
    "manualTask": "step outside the software",
    "parallelGateway": "gateway for ways side by side",
    "receiveTask": "step that waits for a message",
    "scriptTask": "script",
    "sendTask": "step that sends a message",
    "serviceTask": "step done by the software",
    "startEvent": "start",
    "subProcess": "part",
    "task": "step of no kind",
    "userTask": "step done by a person",
}


def kind(name: str) -> str:
    """BPMN's tag in words."""
    return KINDS.get(name, name)


def duration(text: str) -> str:
    """`P5D` as "5 days"; anything that is no plain duration as it stands."""
    found = _DURATION.fullmatch(text.strip())
    parts = [
        f"{int(count)} {unit}{'' if int(count) == 1 else 's'}"
        for unit, count in (found.groupdict() if found else {}).items()
        if count
    ]
    return " ".join(parts) if parts else text


def role(name: str | None) -> str:
    """A role as pages name it."""
    if not name:
        return "nobody"
    return Role(name).label if name in set(Role) else name


def doer(element: Element) -> str:
    """Who does a step: its role, else its lane."""
    return role(element.role) if element.role else (element.lane or "nobody")


def vote(rule: VoteRule | None) -> str:
    """A vote's rule in words."""
    if rule is None:
        return "no vote"
    majority = "more than half" if rule.majority == "half" else rule.majority
    closes = {"all": "when all have voted", "certain": "when the outcome is certain", "due": "when it is due"}
    return f"{rule.quorum} must vote, {majority} decides, it closes {closes.get(rule.close, rule.close)}"
