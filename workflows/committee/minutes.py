"""Minutes of a matter, drawn up from the record alone: nobody writes them, and nobody edits them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.db.types import dump_tagged
from engine.errors import OperationFailed
from engine.ports import Effect, OperationResult
from engine.types import Submission
from workflows.committee import meetings, queries, rules
from workflows.committee.matters import DECLARE, OPEN, VOTED, docket_of, has_interest
from workflows.committee.models import committee_minutes, minutes_confirmations
from workflows.committee.rulings import ruling_on
from workflows.committee.types import CommitteeRuling, Confirmation, DocketEntry, Minutes, Seat
from workflows.context import Writing
from workflows.errors import NotFound, RuleBroken
from workflows.events import DomainEvent, risk_chain
from workflows.identity.queries import organisation_at, people_by_id
from workflows.operations import Application, Call

MINUTES = "committee.minutes"


def draw_up(call: Call) -> OperationResult:
    """Draw up the minutes. The value: `docket`, under which they are kept. Raises `OperationFailed`."""
    docket_id = docket_of(call).get("docket")
    if docket_id is None:
        raise OperationFailed("This matter was never put on a docket, so there is nothing to minute.")
    return OperationResult({"docket": docket_id}, [Effect("committee.minuted", {"docket": docket_id})])


def apply_minuted(application: Application) -> None:
    """Keep the minutes as they are drawn up, under the hash of their content."""
    context, writing = application.context, application.writing
    entry = meetings.entry(writing.connection, application.payload["docket"])
    submissions = application.engine.instances.submissions(
        writing.connection, context.instance_id, reader=None
    )
    content = _content(writing.connection, entry, submissions)
    digest = sha256(dump_tagged(content)).hexdigest()
    writing.connection.execute(
        insert(committee_minutes).values(
            docket_id=entry.id, content=content, hash=digest, drawn_at=context.now
        )
    )
    writing.record(
        risk_chain(application.risk_id), DomainEvent.MINUTES_DRAWN_UP, {"docket": entry.id, "hash": digest}
    )


def _content(connection: Connection, entry: DocketEntry, submissions: Sequence[Submission]) -> dict[str, Any]:
    places = queries.seats_on(connection, entry.id)
    roster = queries.latest_roster(places)
    found = ruling_on(connection, entry.id)
    by_seat: dict[str | None, Submission] = {one.seat: one for one in submissions if one.seat}
    deciding = next((one for one in submissions if found and one.id == found.deciding), None)
    return {
        "matter": entry.matter,
        "question": entry.question,
        "risk": entry.risk_id,
        "case": entry.case_id,
        "met_at": entry.meets_at,
        "notified": [_person(one) for one in places if one.purpose == queries.NOTICE],
        "seated": [_person(one) for one in roster],
        "absent": [_person(one) for one in roster if one.id not in by_seat],
        "interests": _interests(places, by_seat),
        "procedure": _procedure(connection, entry, submissions),
        "votes": [_vote(one, by_seat.get(one.id), found) for one in roster],
        "quorum": {"voters": rules.MIN_VOTERS, "functions": rules.MIN_FUNCTIONS},
        "tally": dict(found.tally) if found and found.tally else None,
        "ruling": _ruling(connection, found, deciding),
    }


def _person(seat: Seat) -> dict[str, Any]:
    return {
        "person": seat.person_id,
        "name": seat.person_name,
        "function": seat.function,
        "is_chair": seat.is_chair,
        "alternate": seat.alternate_for is not None,
    }


def _interests(places: Sequence[Seat], by_seat: Mapping[str | None, Submission]) -> list[dict[str, Any]]:
    """Who stepped aside, before the vote or in it, and why."""
    found = []
    for seat in places:
        made = by_seat.get(seat.id)
        if made is not None and made.element_id in (DECLARE, VOTED) and has_interest(made.answers):
            why = made.answers.get("nature") or made.answers.get("reason") or ""
            found.append({**_person(seat), "why": str(why), "at": made.at})
    return found


def _procedure(
    connection: Connection, entry: DocketEntry, submissions: Sequence[Submission]
) -> list[dict[str, Any]]:
    """What the chair ruled on procedure, on this docket and on the one it was postponed from."""
    dockets = [entry.id, *([entry.postponed_from] if entry.postponed_from else [])]
    places = {one.id: one for docket in dockets for one in queries.seats_on(connection, docket)}
    return [
        {
            **_person(places[one.seat]),
            "ruling": str(one.answers.get("procedure")),
            "reason": str(one.answers.get("reason") or ""),
            "at": one.at,
        }
        for one in submissions
        if one.element_id == OPEN and one.seat in places
    ]


def _vote(seat: Seat, made: Submission | None, found: CommitteeRuling | None) -> dict[str, Any]:
    answers: Mapping[str, Any] = made.answers if made else {}
    choice = answers.get("choice")
    outcome = found.tally.get("outcome") if found and found.tally else None
    return {
        **_person(seat),
        "choice": choice,
        "terms": {
            key: answers[key]
            for key in ("days", "conditions", "compensating_controls", "likelihood", "impact")
            if answers.get(key) not in (None, "")
        },
        "reason": str(answers.get("reason") or ""),
        "at": made.at if made else None,
        "dissent": outcome is not None and choice not in (None, outcome, "abstain", "recuse"),
    }


def _ruling(
    connection: Connection, found: CommitteeRuling | None, deciding: Submission | None
) -> dict[str, Any] | None:
    if found is None:
        return None
    by = people_by_id(connection, [deciding.person_id])[deciding.person_id].name if deciding else ""
    return {
        "ruling": found.ruling,
        "tier": found.tier,
        "by": by if found.tier != "committee" else "",
        "authority": deciding.authority if deciding and found.tier != "committee" else "",
        "reason": found.reason,
        "response": found.terms.response,
        "days": found.terms.days,
        "conditions": found.terms.conditions,
        "compensating_controls": found.terms.compensating_controls,
        "likelihood": found.terms.likelihood,
        "impact": found.terms.impact,
        "at": found.ruled_at,
    }


def minutes_of(connection: Connection, docket_id: str) -> Minutes | None:
    """The minutes of a matter with the chair's word on them; None while they are not drawn up."""
    row = connection.execute(
        select(committee_minutes).where(committee_minutes.c.docket_id == docket_id)
    ).one_or_none()
    if row is None:
        return None
    said = connection.execute(
        select(minutes_confirmations).where(minutes_confirmations.c.docket_id == docket_id)
    ).one_or_none()
    word = None
    if said is not None:
        name = people_by_id(connection, [said.by])[said.by].name
        word = Confirmation(said.by, name, said.procedure_kept, said.words, said.at)
    return Minutes(docket_id, row.content, row.hash, row.drawn_at, word)


def may_confirm(connection: Connection, entry: DocketEntry, person_id: str) -> bool:
    """Whether somebody is the chair of a matter: who was asked to open it, or else whom the roster seats as
    chair, who had notice as chair, or, where there is no chair at all, anybody who had notice."""
    places = queries.seats_on(connection, entry.id)
    for asked in (
        {one.person_id for one in places if one.purpose == queries.CHAIR},
        {one.person_id for one in queries.latest_roster(places) if one.is_chair},
        {one.person_id for one in places if one.is_chair},
        {one.person_id for one in places},
    ):
        if asked:
            return person_id in asked
    return False


def confirm(writing: Writing, docket_id: str, procedure_kept: bool, words: str) -> None:
    """Record the chair's word on whether the procedure was kept; the minutes themselves stay as they are.

    Raises `NotFound`, `RuleBroken`: not the chair, barred, a second time, or an objection without words.
    """
    connection = writing.connection
    entry = meetings.entry(connection, docket_id)
    writing.alone(f"minutes:{docket_id}")
    found = minutes_of(connection, docket_id)
    if found is None:
        raise NotFound("minutes", docket_id)
    against = rules.why_barred(organisation_at(connection, writing.now), writing.actor.id)
    if against or not may_confirm(connection, entry, writing.actor.id):
        raise RuleBroken(
            against or "Only the chair confirms that the procedure was kept. Nothing was recorded.",
            rule="chair",
        )
    if found.confirmation is not None:
        raise RuleBroken("The chair has confirmed these minutes already. Nothing was changed.", rule="twice")
    if not procedure_kept and not words.strip():
        raise RuleBroken(
            "Say in which way the procedure was not kept. Nothing was recorded.", rule="objection"
        )
    values = {
        "docket_id": docket_id,
        "by": writing.actor.id,
        "procedure_kept": procedure_kept,
        "words": words.strip(),
    }
    connection.execute(insert(minutes_confirmations).values(**values, at=writing.now))
    writing.record(risk_chain(entry.risk_id), DomainEvent.MINUTES_CONFIRMED, {**values, "hash": found.hash})
