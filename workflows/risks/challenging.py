"""The CISO challenges a decision in force, on new facts, at any time: it has no effect until the risk is
decided anew, in a linked case of the policy in force (docs/constructive-tension.md, rule 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.instances.models import instances, submissions
from engine.types import Actor, Authority, Instance
from workflows.charter.deputies import check_named
from workflows.context import Context, Writing
from workflows.errors import AnswersRefused, NotEntitled, NotFound, RuleBroken
from workflows.events import DomainEvent, risk_chain
from workflows.exemptions.replacing import suspend
from workflows.identity.directory import asset_units
from workflows.identity.organisation import Organisation
from workflows.identity.queries import organisation_at
from workflows.identity.types import Role
from workflows.record import RESPOND
from workflows.risks.asking import what_is_raised
from workflows.risks.commands import change_status
from workflows.risks.models import challenges, decisions
from workflows.risks.queries import risk as find_risk
from workflows.risks.routing import CHALLENGE
from workflows.risks.transitions import IN_FORCE, only
from workflows.risks.types import Risk

GROUNDS = {
    "not_informed": "not informed",
    "not_defensible": "not defensible",
    "beyond_appetite": "beyond appetite",
    "conditions_unmet": "conditions unmet",
    "rating": "rating",
}
"""Grounds of a challenge, as they stand in a sentence."""
TO = {"cio": "the CIO", "cro": "the chief risk officer", "sponsor": "the executive sponsor"}
"""Whom the CISO may go to: the CIO decides anew, or a tier above rules."""
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class NewChallenge:
    """What the CISO says."""

    ground: str
    argument: str
    new_evidence: str = ""
    """Needed where the same ground was raised before."""
    containment: str = ""
    """What has to be done until it is settled."""
    to: str = "cio"


def on_the_ground(ground: str) -> str:
    """ "on the ground “rating”", for a sentence."""
    return f"on the ground “{GROUNDS.get(ground, ground)}”"


def challenge(context: Context, writing: Writing, risk_id: str, given: NewChallenge) -> tuple[Instance, str]:
    """Suspend the decision in force, and start the case that decides anew; that case, and the id of a message
    to be delivered (empty where there is none).

    Raises `NotEntitled`, `NotFound`, `AnswersRefused`, `RuleBroken`.
    """
    connection = writing.connection
    writing.alone(f"challenge:{risk_id}")
    authority = entitled(connection, organisation_at(connection, writing.now), risk_id, writing.actor.id)
    if authority is None:
        raise NotEntitled(
            "The CISO of this risk challenges a decision in force. Nothing was changed; tell the CISO what "
            "is new.",
            person_id=writing.actor.id,
        )
    check_named(connection, authority, writing.now)
    risk = find_risk(connection, risk_id, writing.now)
    if risk.status not in IN_FORCE:
        raise RuleBroken(
            f"{risk_id} is {risk.status}: no decision on it is in force that could be challenged. Nothing "
            "was changed; where a case is deciding it, answer there.",
            rule="in force",
        )
    given = _checked(connection, risk_id, given)
    before = _decided_by(context, connection, risk)
    sentence = f"Challenged by the CISO {on_the_ground(given.ground)}: {given.argument}"
    case = context.engine.instances.start(
        writing.uow,
        key=context.settings.risk_policy,
        actor=Actor(writing.actor.id),
        subject=risk_id,
        answers={**_answers(context, connection, writing, risk, before), **_said(given)},
        authority=authority.basis,
        linked_from=before,
        checked=True,
    )
    message = ""
    if risk.exemption is not None:
        message = suspend(writing, risk.exemption, sentence, case.id)
    change_status(writing, risk_id, only("risks.challenge"), sentence, case.id)
    values = {
        **asdict(given),
        "goes_to": given.to,
        "case_id": case.id,
        "challenged_case": before,
        "status_before": risk.status.value,
        "by": writing.actor.id,
        "on_behalf_of": authority.on_behalf_of,
        "authority": authority.basis,
        "at": writing.now,
    }
    del values["to"]
    connection.execute(insert(challenges).values(risk_id=risk_id, **values))
    writing.record(risk_chain(risk_id), DomainEvent.RISK_CHALLENGED, values)
    return case, message


def entitled(
    connection: Connection, organisation: Organisation, risk_id: str, person_id: str
) -> Authority | None:
    """Why a person may challenge, from the CISO's desk of the risk; None where not."""
    return organisation.authority(person_id, organisation.desk(Role.CISO, asset_units(connection, risk_id)))


def _checked(connection: Connection, risk_id: str, given: NewChallenge) -> NewChallenge:
    errors: dict[str, list[str]] = {}
    texts = {key: getattr(given, key).strip() for key in ("argument", "new_evidence", "containment")}
    if given.ground not in GROUNDS:
        errors["ground"] = ["Choose the ground of the challenge."]
    if given.to not in TO:
        errors["to"] = ["Choose whom the challenge goes to."]
    if not texts["argument"]:
        errors["argument"] = ["Say what is new, and why the decision does not hold."]
    for key, text in texts.items():
        if len(text) > LONGEST:
            errors[key] = [f"At most {LONGEST:,} characters are taken here; this has {len(text):,}."]
    before = _evidence_before(connection, risk_id, given.ground)
    if before is not None and texts["new_evidence"].casefold() in before | {""}:
        errors["new_evidence"] = [
            f"The ground “{GROUNDS[given.ground]}” was raised on this risk before. The same ground again "
            "needs evidence that was not there then."
        ]
    if errors:
        raise AnswersRefused(errors)
    return replace(given, **texts)


def _evidence_before(connection: Connection, risk_id: str, ground: str) -> set[str] | None:
    """Evidence and arguments given with this ground before; None where it was never raised on the risk."""
    said: list[Mapping[str, Any]] = [
        {"argument": row.argument, "new_evidence": row.new_evidence}
        for row in connection.execute(
            select(challenges.c.argument, challenges.c.new_evidence).where(
                challenges.c.risk_id == risk_id, challenges.c.ground == ground
            )
        )
    ]
    answers = connection.execute(
        select(submissions.c.answers)
        .join(instances, instances.c.id == submissions.c.instance_id)
        .where(instances.c.subject == risk_id, submissions.c.element_id == RESPOND)
    ).scalars()
    said += [one for one in answers if one.get("response") == "challenge" and one.get("ground") == ground]
    if not said:
        return None
    keys = ("argument", "new_evidence")
    return {str(one.get(key) or "").strip().casefold() for one in said for key in keys}


def _decided_by(context: Context, connection: Connection, risk: Risk) -> str:
    """The case whose decision is in force. Raises `NotFound` where the risk has none."""
    decided = connection.execute(
        select(decisions.c.case_id)
        .where(decisions.c.risk_id == risk.id)
        .order_by(decisions.c.decided_at.desc(), decisions.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    cases = context.engine.instances.of_subject(connection, risk.id)
    if risk.exemption is not None:
        return risk.exemption.case_id
    found = next((one.id for one in cases if one.id == decided), cases[0].id if cases else None)
    if found is None:
        raise NotFound("case of a decision on", risk.id)
    return found


def _answers(
    context: Context, connection: Connection, writing: Writing, risk: Risk, before: str
) -> dict[str, Any]:
    """What the new case is told: the risk as it was raised, or as the register has it; what was decided."""
    raised = [
        one
        for one in context.engine.instances.submissions(connection, before, reader=None)
        if one.task_id is None and "category" in one.answers
    ]
    exempted = risk.exemption
    response = connection.execute(
        select(decisions.c.response)
        .where(decisions.c.risk_id == risk.id, decisions.c.case_id == before)
        .order_by(decisions.c.decided_at.desc())
        .limit(1)
    ).scalar_one_or_none()
    return {
        **(raised[0].answers if raised else {}),
        **what_is_raised(writing, risk),
        "kind": (raised[0].answers.get("kind") if raised else None) or "risk",
        "origin": CHALLENGE,
        "previous_case": before,
        "decided": "exempt" if exempted else response,
        "decided_days": exempted.days if exempted else None,
        "decided_conditions": exempted.conditions if exempted else None,
        "decided_controls": exempted.compensating_controls if exempted else None,
    }


def _said(given: NewChallenge) -> dict[str, Any]:
    return {
        "ground": given.ground,
        "argument": given.argument,
        "new_evidence": given.new_evidence or None,
        "containment": given.containment or None,
        "to": given.to if given.to != "cio" else None,
    }
