"""What is in dispute today, and what contains it: the CISO's challenge of a decision in force, or of one that
a case is making; and which decisions were made without the CISO's advice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import BindParameter, Connection, bindparam, select

from engine.instances.models import instances, submissions
from engine.types import InstanceState
from workflows.identity.queries import people_by_id
from workflows.record import ADVICE_INSTEAD, DECIDE, POSITIONS, RESPOND
from workflows.risks.models import challenges, decisions, risks
from workflows.risks.standing import Dispute
from workflows.risks.types import RiskStatus

ADVICE = (POSITIONS[1], *ADVICE_INSTEAD, RESPOND)
"""Steps at which the CISO, or whoever is asked instead, is heard."""


_IDS: BindParameter[str] = bindparam("ids", expanding=True)
# Built once: with a risk's page, the building took as long as the asking.
_CHALLENGED = (
    select(challenges)
    .join(risks, risks.c.id == challenges.c.risk_id)
    .where(
        challenges.c.risk_id.in_(_IDS),
        risks.c.status == RiskStatus.UNDECIDED,
        challenges.c.at >= risks.c.status_since,
    )
    .order_by(challenges.c.at)
)
_ANSWERED = (
    select(
        submissions.c.at,
        submissions.c.person_id,
        submissions.c.answers,
        instances.c.id,
        instances.c.subject,
    )
    .join(instances, instances.c.id == submissions.c.instance_id)
    .join(risks, risks.c.id == instances.c.subject)
    .where(
        instances.c.subject.in_(_IDS),
        instances.c.state == InstanceState.RUNNING.value,
        submissions.c.element_id == RESPOND,
        risks.c.status == RiskStatus.UNDECIDED,
    )
    .order_by(submissions.c.at, submissions.c.seq)
)
_HEARD = select(submissions.c.instance_id, submissions.c.element_id).where(
    submissions.c.instance_id.in_(_IDS), submissions.c.element_id.in_([DECIDE, *ADVICE])
)
_DECIDED = (
    select(decisions.c.risk_id, decisions.c.case_id)
    .join(risks, risks.c.id == decisions.c.risk_id)
    .where(decisions.c.risk_id.in_(_IDS), risks.c.status != RiskStatus.UNDECIDED)
    .order_by(decisions.c.decided_at, decisions.c.id)
)


def disputes(connection: Connection, risk_ids: Iterable[str]) -> dict[str, Dispute]:
    """The open dispute of each risk that has one."""
    ids = list(risk_ids)
    found = _within_cases(connection, ids)
    rows = connection.execute(_CHALLENGED, {"ids": ids}).all()
    people = people_by_id(connection, (row.by for row in rows))
    for row in rows:
        # What was said within the new case comes later, and counts; the containment named first stays.
        later = found.get(row.risk_id)
        if later is not None and later.at > row.at and later.containment:
            continue
        found[row.risk_id] = Dispute(
            row.case_id,
            people[row.by].name,
            row.at,
            row.ground,
            row.argument,
            row.new_evidence,
            row.containment,
            row.goes_to,
            row.challenged_case,
            row.status_before,
        )
    return found


def _within_cases(connection: Connection, ids: list[str]) -> dict[str, Dispute]:
    """Challenges of a decision that a running case is making: the latest answer is one."""
    rows = connection.execute(_ANSWERED, {"ids": ids}).all()
    latest = {row.subject: row for row in rows}
    people = people_by_id(connection, (row.person_id for row in latest.values()))
    return {
        risk_id: Dispute(
            row.id,
            people[row.person_id].name,
            row.at,
            str(row.answers.get("ground") or ""),
            str(row.answers.get("argument") or ""),
            str(row.answers.get("new_evidence") or ""),
            str(row.answers.get("containment") or ""),
            "cio",
        )
        for risk_id, row in latest.items()
        if row.answers.get("response") == "challenge"
    }


def unadvised_cases(connection: Connection, case_ids: Sequence[str]) -> frozenset[str]:
    """Those of the cases that were decided without the CISO, or anybody asked instead, having been heard."""
    if not case_ids:
        return frozenset()
    rows = connection.execute(_HEARD, {"ids": list(case_ids)}).all()
    advised = {row.instance_id for row in rows if row.element_id in ADVICE}
    return frozenset({row.instance_id for row in rows if row.element_id == DECIDE} - advised)


def without_advice(connection: Connection, risk_ids: Iterable[str]) -> frozenset[str]:
    """Risks whose decision in force was made without the CISO's advice."""
    rows = connection.execute(_DECIDED, {"ids": list(risk_ids)}).all()
    newest = {row.risk_id: row.case_id for row in rows}
    unadvised = unadvised_cases(connection, list(newest.values()))
    return frozenset(risk_id for risk_id, case_id in newest.items() if case_id in unadvised)
