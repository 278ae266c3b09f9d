"""What a case does at the end of an arbitration: the ruling, worked out and checked against the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.errors import OperationFailed
from engine.ports import Effect, OperationResult
from engine.types import Submission
from workflows.committee import meetings, queries
from workflows.committee.matters import (
    ARBITRATE,
    COUNTED,
    SPONSOR,
    VOTED,
    answers_at,
    docket_of,
    parties_of,
    submissions_of,
)
from workflows.committee.models import committee_rulings
from workflows.committee.operations import RULED
from workflows.committee.terms import NONE, terms
from workflows.committee.types import CommitteeRuling, DocketEntry, Terms
from workflows.events import DomainEvent, risk_chain
from workflows.identity.queries import organisation_at
from workflows.identity.types import Role
from workflows.operations import Application, Call
from workflows.record import latest_tally
from workflows.risks.appetite import matrix_at

RULE = "committee.rule"
TIER_OF = {ARBITRATE: "cro", SPONSOR: "sponsor"}
ROLES_OF = {ARBITRATE: {Role.CRO, Role.EXECUTIVE}, SPONSOR: {Role.EXECUTIVE}}
"""Whose word counts above the committee; the sponsor acts where the post of chief risk officer is vacant."""
NOBODY = "Nobody ruled on it, and silence never accepts a risk."


def rule(call: Call) -> OperationResult:
    """Say what was ruled, at the highest tier that acted.

    Parameters: what was referred, as `workflows.committee.terms` reads it. The value: `ruling` (`uphold`,
    `overturn`, `amend`, `rate` or `none`), `tier`, `response`, `days`, `conditions`,
    `compensating_controls`, `likelihood`, `impact`. Raises `OperationFailed`.
    """
    docket_id = docket_of(call).get("docket")
    if docket_id is None:
        raise OperationFailed("This matter was never put on a docket, so nothing can be ruled on it.")
    tier, outcome, acts = _acted(call)
    ruling, said = NONE, Terms()
    if outcome is not None:
        try:
            ruling, said = terms(outcome, acts, call.parameters, matrix_at(call.connection, call.context.now))
        except ValueError as error:
            raise OperationFailed(f"{error} Nothing was ruled; the case waits.") from error
    value = {"ruling": ruling, "tier": tier if ruling != NONE else None, **asdict(said)}
    payload = {**value, "docket": docket_id, "outcome": outcome}
    if said.days is not None:
        value["days"] = Decimal(said.days)
    return OperationResult(value, [Effect("committee.ruled", payload)])


def _acted(call: Call) -> tuple[str | None, str | None, list[Mapping[str, Any]]]:
    """Tier, choice, and the answers of those who made it; nothing where nobody ruled who may."""
    data = call.context.data
    for element in (SPONSOR, ARBITRATE):
        answers = data.get(element)
        if isinstance(answers, Mapping) and answers.get("ruling"):
            if _is_party(call, element):
                return None, None, []
            return TIER_OF[element], str(answers["ruling"]), [answers]
    counted = data.get(COUNTED)
    if isinstance(counted, Mapping) and counted.get("result") == RULED:
        outcome = str(counted["outcome"])
        return "committee", outcome, [one for one in answers_at(call, VOTED) if one.get("choice") == outcome]
    return None, None, []


def _is_party(call: Call, element: str) -> bool:
    """Whether whoever ruled above the committee is a party to the dispute: that word does not count."""
    entry = meetings.entry(call.connection, str(docket_of(call)["docket"]))
    made = [one for one in submissions_of(call) if one.element_id == element and one.at >= entry.put_at]
    # Where the ruling is the act of this very command, it is not among the submissions yet.
    people = {made[-1].person_id, made[-1].on_behalf_of} if made else {call.context.actor}
    return bool(people & parties_of(call))


def apply_ruled(application: Application) -> None:
    """Write the ruling down with everything it rests on, as the record holds it. Raises `OperationFailed`."""
    context, writing, payload = application.context, application.writing, application.payload
    entry = meetings.entry(writing.connection, payload["docket"])
    submissions = application.engine.instances.submissions(
        writing.connection, context.instance_id, reader=None
    )
    rests_on = _basis(writing.connection, entry, payload, submissions)
    deciding = rests_on[-1] if rests_on else None
    values = {
        "docket_id": entry.id,
        "case_id": context.instance_id,
        "ruling": payload["ruling"],
        "tier": payload["tier"],
        "terms": {key: payload[key] for key in asdict(Terms())},
        "reason": str(deciding.answers.get("reason") or "") if deciding else NOBODY,
        "deciding": deciding.id if deciding else None,
        "rests_on": [one.id for one in rests_on],
        "tally": _tally(application) if payload["tier"] == "committee" else None,
    }
    writing.connection.execute(insert(committee_rulings).values(**values, ruled_at=context.now))
    writing.record(risk_chain(application.risk_id), DomainEvent.MATTER_RULED, values)


def _tally(application: Application) -> dict[str, Any] | None:
    journal = application.engine.instances.journal(
        application.writing.connection, application.context.instance_id
    )
    found = latest_tally(journal)
    return None if found is None else dict(found)


def _basis(
    connection: Connection,
    entry: DocketEntry,
    payload: Mapping[str, Any],
    submissions: Sequence[Submission],
) -> list[Submission]:
    """The submissions a ruling rests on, the deciding one last, each by somebody entitled."""
    if payload["ruling"] == NONE:
        return []
    if payload["tier"] == "committee":
        return _ballot(connection, entry, payload, submissions)
    element = next(key for key, tier in TIER_OF.items() if tier == payload["tier"])
    made = [one for one in submissions if one.element_id == element and one.at >= entry.put_at]
    if not made or made[-1].answers.get("ruling") != payload["outcome"]:
        raise OperationFailed("The record holds no such ruling. Nothing was ruled; the case waits.")
    act = made[-1]
    organisation = organisation_at(connection, act.at, include_inactive=True)
    roles = organisation.roles(act.person_id)
    if not roles & ROLES_OF[element] or act.person_id in entry.parties:
        raise OperationFailed(
            f"{organisation.name(act.person_id)} was not entitled to rule on this. Nothing was ruled; the "
            "case waits."
        )
    return [act]


def _ballot(
    connection: Connection,
    entry: DocketEntry,
    payload: Mapping[str, Any],
    submissions: Sequence[Submission],
) -> list[Submission]:
    roster = {one.id: one for one in queries.latest_roster(queries.seats_on(connection, entry.id))}
    votes = [one for one in submissions if one.element_id == VOTED and one.seat in roster]
    for vote in votes:
        if roster[vote.seat or ""].person_id != vote.person_id:
            raise OperationFailed(
                "A vote was not cast by the person whom the roster seats. Nothing was ruled."
            )
    cast = [one for one in votes if one.answers.get("choice") == payload["outcome"]]
    stayed = [one for one in votes if one.answers.get("choice") != "recuse"]
    aside = len(votes) - len(stayed)
    if not cast or len(cast) * 2 <= len(roster) - aside:
        raise OperationFailed("The votes on record have no such majority. Nothing was ruled; the case waits.")
    return [one for one in votes if one is not cast[-1]] + [cast[-1]]


def ruling_on(connection: Connection, docket_id: str) -> CommitteeRuling | None:
    """What was ruled on a matter; None while it is open, and where it was postponed."""
    row = connection.execute(
        select(committee_rulings).where(committee_rulings.c.docket_id == docket_id)
    ).one_or_none()
    return None if row is None else _read(row)


def latest_ruling(connection: Connection, case_id: str) -> CommitteeRuling | None:
    """The latest ruling in a case, whatever the tier; None where there is none yet."""
    rows = connection.execute(
        select(committee_rulings)
        .where(committee_rulings.c.case_id == case_id)
        .order_by(committee_rulings.c.ruled_at.desc())
    ).all()
    return _read(rows[0]) if rows else None


def _read(row: Any) -> CommitteeRuling:
    return CommitteeRuling(
        docket_id=row.docket_id,
        case_id=row.case_id,
        ruling=row.ruling,
        tier=row.tier,
        terms=Terms(**row.terms),
        reason=row.reason,
        deciding=row.deciding,
        rests_on=tuple(row.rests_on),
        tally=row.tally,
        ruled_at=row.ruled_at,
    )
