"""Writes of the charter."""

from __future__ import annotations

from sqlalchemy import insert

from engine import Engine
from engine.errors import NotFound
from engine.types import Actor, Instance
from workflows.charter import content, queries
from workflows.charter.models import charters
from workflows.context import Writing
from workflows.errors import Conflict, RuleBroken
from workflows.events import CHARTER, DomainEvent
from workflows.identity.queries import organisation_at

KEY = "charter"
SUBJECT = "charter:"
"""Before the number of a charter, the subject of its case."""
LONGEST = 10_000
"""Characters of a purpose or a reason."""
PURPOSE = (
    "Decisions on cyber risks are taken by those who answer for the assets, on independent advice, and what "
    "the two do not settle is arbitrated in the open. Tension between them is wanted, and has its place in "
    "the process."
)
"""What a first charter says it is for, where nothing else is written."""


def propose(
    engine: Engine,
    writing: Writing,
    reason: str,
    purpose: str | None,
    *,
    authority: str,
    linked_from: str | None = None,
) -> Instance:
    """Draw up a charter from the organisation as it is and start its endorsement.

    Args:
        purpose: its own words; None for those of the one before.

    Raises:
        RuleBroken: no reason; the policy of the endorsement is not installed. Conflict: another one waits for
        its endorsement.
    """
    if not reason.strip():
        raise RuleBroken(
            "Say why this charter is proposed: it stands beside it for good. Nothing was stored."
        )
    writing.alone(CHARTER)
    connection = writing.connection
    known = queries.all_charters(engine, connection)
    waiting = next((each for each in known if each.is_open), None)
    if waiting is not None:
        raise Conflict(
            f"Charter {waiting.number} still waits for its endorsement. Nothing was proposed; its case says "
            "whom it waits for."
        )
    words = (purpose or "").strip()[:LONGEST] or (known[0].content["purpose"] if known else PURPOSE)
    definitions = engine.definitions
    policies = [definitions.latest(connection, key) for key in definitions.keys(connection)]
    drawn = content.draw_up(organisation_at(connection, writing.now), words, policies)
    number, digest = queries.next_number(connection), content.digest(drawn)
    why = reason.strip()[:LONGEST]
    try:
        case = engine.instances.start(
            writing.uow,
            key=KEY,
            actor=Actor(writing.actor.id),
            subject=f"{SUBJECT}{number}",
            answers={"charter": f"Charter {number}", "content": digest, "reason": why},
            authority=authority,
            linked_from=linked_from,
            checked=True,
        )
    except NotFound:
        raise RuleBroken(
            "The policy that governs the charter is not installed here. Nothing was proposed; run "
            "“parley policy install”."
        ) from None
    row = {"number": number, "content_hash": digest, "reason": why, "case_id": case.id}
    connection.execute(
        insert(charters).values(**row, content=drawn, proposed_at=writing.now, proposed_by=writing.actor.id)
    )
    writing.record(CHARTER, DomainEvent.CHARTER_PROPOSED, row)
    return case
