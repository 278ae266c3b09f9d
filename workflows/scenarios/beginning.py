"""How a case of a policy begins on a stage: about a risk, unless its policy is about something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from secrets import token_urlsafe
from typing import Any

from engine.types import Actor
from workflows.bootstrap import Parley
from workflows.charter import commands as charter
from workflows.context import Writing
from workflows.dialogue import commands as dialogue
from workflows.identity.types import SYSTEM_PERSON, Role
from workflows.risks.commands import NewRisk, add_decision, add_risk, change_status
from workflows.risks.operations import RECORD_DECISION
from workflows.risks.scales import Level
from workflows.risks.transitions import transition
from workflows.scenarios.stage import ASSET
from workflows.scenarios.types import Scenario, Step
from workflows.studio import releasing

Begin = Callable[[Parley, Scenario, Step], str]
"""Starts a case with the first step's answers; the case's id."""

SMALL = (
    b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:parley="urn:parley:bpmn:1" '
    b'id="small" targetNamespace="urn:parley:small"><process id="small_process" isExecutable="true">'
    b'<startEvent id="begun"/><userTask id="look" name="Look" parley:role="cio" parley:form="look.form"/>'
    b'<endEvent id="over"/>'
    b'<sequenceFlow id="begun_look" sourceRef="begun" targetRef="look"/>'
    b'<sequenceFlow id="look_over" sourceRef="look" targetRef="over"/></process></definitions>'
)
"""A policy to be released where the release of one is what is told."""
LOOK = (
    b'{"id": "look", "type": "default", "title": "Look", "components": [{"type": "textarea", "key": "seen", '
    b'"id": "look_seen", "label": "What do you see?", "validate": {"required": true, "maxLength": 2000}}]}'
)
WEAKNESS = "CVE-2024-3400"
"""By which two risks on one asset are known to be of the same weakness."""


def begin(parley: Parley, scenario: Scenario, first: Step) -> str:
    """Start the scenario's case. Raises what the start itself raises."""
    return _BY_POLICY.get(scenario.policy, _about_a_risk)(parley, scenario, first)


def _raised(parley: Parley, scenario: Scenario, first: Step) -> str:
    """A risk raised as its page does it."""
    _, case = parley.risks.raise_risk(
        parley.identity.person(first.role), dict(first.answers or {}), token_urlsafe(16)
    )
    return case.id


def _about_a_risk(parley: Parley, scenario: Scenario, first: Step) -> str:
    """A case about a risk that stands in the register already."""
    raiser = parley.identity.person(Role.CRO if scenario.arbiter == "sponsor" else Role.RAISER)
    risk_id = parley.context.write(raiser, None, _register)
    # No member of the committee starts its arbitration: whoever does is a party to the matter.
    starter = raiser if first.role == Role.COMMITTEE else parley.identity.person(first.role)
    return parley.context.write(
        starter, None, lambda writing: _start(parley, writing, scenario, first, risk_id)
    )


def _declared(parley: Parley, scenario: Scenario, first: Step) -> str:
    """An emergency declared as its page does it: the second one of a weakness, where the story says so."""
    cio = parley.identity.person(first.role)

    def declare() -> str:
        raiser = parley.identity.person(Role.RAISER)
        risk_id = parley.context.write(raiser, None, lambda writing: _register(writing, WEAKNESS))
        return parley.emergencies.declare(cio, risk_id, dict(first.answers or {}), token_urlsafe(16))

    if scenario.earlier_emergency:
        declare()
    return declare()


def _register(writing: Writing, cve_id: str | None = None) -> str:
    new = NewRisk(
        title="Remote takeover of the internet gateway",
        description="The firewall before customer banking has a weakness that attackers use.",
        category="vulnerability",
        likelihood=Level.VERY_HIGH,
        impact=Level.HIGH,
        asset_ids=(ASSET,),
        cve_id=cve_id,
        due_date=None,
        token=token_urlsafe(16),
    )
    return add_risk(writing, new)


def _of_a_pair(parley: Parley, scenario: Scenario, first: Step) -> str:
    """The weekly dialogue of CIO and CISO."""
    return parley.context.write(
        SYSTEM_PERSON, None, lambda writing: dialogue.start(parley.context, writing, None, None).id
    )


def _of_a_draft(parley: Parley, scenario: Scenario, first: Step) -> str:
    """A draft sent to review by whoever made it."""
    author, engine = parley.identity.person(first.role), parley.engine

    def command(writing: Writing) -> str:
        by = Actor(author.id)
        files = {"small.bpmn": SMALL, "look.form": LOOK}
        draft = engine.drafts.make(writing.uow, key="small", title="Small", by=by, files=files)
        engine.drafts.submit(writing.uow, draft.id, revision=draft.revision, by=by, note="A first version")
        return _start(parley, writing, scenario, first, f"{releasing.DRAFT}{draft.id}")

    return parley.context.write(author, None, command)


def _of_the_charter(parley: Parley, scenario: Scenario, first: Step) -> str:
    """A charter proposed for endorsement."""
    answers: Mapping[str, Any] = first.answers or {}
    return parley.context.write(
        parley.identity.person(first.role),
        None,
        lambda writing: (
            charter.propose(
                parley.engine, writing, str(answers.get("reason", "")), None, authority="As its scenario says"
            ).id
        ),
    )


def _start(parley: Parley, writing: Writing, scenario: Scenario, first: Step, subject: str) -> str:
    return parley.engine.instances.start(
        writing.uow,
        key=scenario.policy,
        actor=Actor(writing.actor.id),
        subject=subject,
        answers=dict(first.answers or {}),
        authority="As its scenario says",
    ).id


def _decided(parley: Parley, scenario: Scenario, first: Step) -> str:
    """A case that carries out a decision on a risk, which is in force already."""
    answers: Mapping[str, Any] = first.answers or {}
    response = str(answers.get("response", "accept"))
    raiser = parley.identity.person(Role.RAISER)
    decider = parley.identity.person(Role.CIO)
    raised = {
        "kind": "risk",
        "title": "Remote takeover of the internet gateway",
        "description": "The firewall before customer banking has a weakness that attackers use.",
        "category": "vulnerability",
        "assets": [ASSET],
        "likelihood": scenario.level,
        "impact": scenario.level,
    }
    risk, case = parley.risks.raise_risk(raiser, raised, token_urlsafe(16))

    def command(writing: Writing) -> str:
        change = transition(RECORD_DECISION, response)
        if change is None:
            raise ValueError(response)
        change_status(writing, risk.id, change, "Decided, as its scenario says", case.id)
        add_decision(
            writing,
            risk.id,
            case_id=case.id,
            response=response,
            reason=str(answers.get("reason", "")),
            decided_by=decider.id,
            on_behalf_of=None,
            tier="cio",
            decided_at=writing.now,
            submission_id="as-its-scenario-says",
            policy_hash=case.version_hash,
            review_date=date.fromisoformat(answers["review_date"]) if "review_date" in answers else None,
            plan=str(answers.get("plan", "")),
        )
        return _start(parley, writing, scenario, first, risk.id)

    return parley.context.write(decider, None, command)


_BY_POLICY: dict[str, Begin] = {
    "acceptance-review": _decided,
    "charter": _of_the_charter,
    "emergency-decision": _declared,
    "policy-release": _of_a_draft,
    "risk-decision": _raised,
    "risk-treatment": _decided,
    "weekly-dialogue": _of_a_pair,
}

HEX = re.compile(r"\b[0-9a-f]{32}\b")
"""Ids that are made anew at each telling."""
