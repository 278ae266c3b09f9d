"""What people do about an exemption in force: report a broken condition, ask for a renewal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.messages.models import messages
from engine.types import Actor, InstanceState
from workflows.context import Context, Writing
from workflows.errors import AnswersRefused, Conflict, NotEntitled, RuleBroken
from workflows.events import DomainEvent, exemption_chain
from workflows.exemptions.ending import BREACH_MESSAGE
from workflows.exemptions.models import (
    exemption_breaches,
    exemption_checks,
    exemption_renewals,
    exemption_requests,
)
from workflows.exemptions.queries import exemption as find
from workflows.exemptions.renewing import why_no_more
from workflows.exemptions.types import Exemption, is_active
from workflows.identity.directory import asset_units
from workflows.identity.organisation import Organisation
from workflows.identity.queries import organisation_at
from workflows.identity.types import Role
from workflows.keys import new_id
from workflows.wording import day

LONGEST = 4000
DEFAULT_RENEWALS = 1
"""What was granted by a release that knew no requests may be renewed once."""


def report_breach(writing: Writing, exemption_id: str, what: str, evidence: str, token: str) -> str:
    """Record that a condition is broken, and tell the exemption's case, which revokes it; the message's id.

    Raises `NotFound`, `NotEntitled`, `AnswersRefused`, `Conflict` (not in force any more; sent by another).
    """
    connection = writing.connection
    found = find(connection, exemption_id, writing.now)
    if not may_report(connection, organisation_at(connection, writing.now), found, writing.actor.id):
        raise NotEntitled(
            "The CISO, the chief risk officer and whoever checked the controls may report a breach. Nothing "
            "was changed.",
            person_id=writing.actor.id,
        )
    _check_token(token)
    before = connection.execute(
        select(exemption_breaches).where(exemption_breaches.c.token == token)
    ).one_or_none()
    if before is not None:
        if before.reported_by != writing.actor.id or before.exemption_id != exemption_id:
            raise Conflict("This page was sent before for something else. Reload it.")
        return str(before.id)
    texts = _texts({"what": what, "evidence": evidence}, ("what", "evidence"))
    _check_in_force(found, writing)
    breach_id = new_id()
    values = {
        "id": breach_id,
        "exemption_id": exemption_id,
        "at": writing.now,
        "reported_by": writing.actor.id,
        **texts,
        "token": token,
    }
    connection.execute(insert(exemption_breaches).values(**values))
    writing.record(exemption_chain(exemption_id), DomainEvent.EXEMPTION_BREACHED, values)
    # Delivered by the worker too, should this process end before it does so itself.
    connection.execute(
        insert(messages).values(
            id=breach_id,
            kind="message",
            name=BREACH_MESSAGE,
            correlation=found.case_id,
            payload={"breach": breach_id, "exemption": exemption_id},
            sent_at=writing.now,
            sent_by=writing.actor.id,
            state="pending",
        )
    )
    return breach_id


def ask_renewal(context: Context, writing: Writing, exemption_id: str, reason: str) -> str:
    """Start a new review in which both leaders state their positions; the id of its case.

    Raises `NotFound`, `NotEntitled`, `AnswersRefused`, `RuleBroken` (the policy's cap), `Conflict`.
    """
    connection = writing.connection
    writing.alone(f"renewal:{exemption_id}")
    found = find(connection, exemption_id, writing.now)
    authority = may_renew(connection, organisation_at(connection, writing.now), found, writing.actor.id)
    if authority is None:
        raise NotEntitled(
            "The CIO who answers for this risk asks for a renewal. Nothing was changed.",
            person_id=writing.actor.id,
        )
    texts = _texts({"reason": reason}, ("reason",))
    refused = why_no_renewal(context, connection, found, writing)
    if refused:
        raise RuleBroken(f"{refused} Nothing was started.", rule="renewals")
    submissions = context.engine.instances.submissions(connection, found.case_id, reader=None)
    raised = [one for one in submissions if one.task_id is None]
    case = context.engine.instances.start(
        writing.uow,
        key=context.settings.risk_policy,
        actor=Actor(writing.actor.id),
        subject=found.risk_id,
        answers={
            **(raised[0].answers if raised else {}),
            "origin": "renewal",
            "exemption": exemption_id,
            "previous_case": found.case_id,
        },
        authority=authority,
        linked_from=found.case_id,
        checked=True,
    )
    values = {
        "case_id": case.id,
        "exemption_id": exemption_id,
        "asked_by": writing.actor.id,
        "at": writing.now,
        **texts,
    }
    connection.execute(insert(exemption_renewals).values(**values))
    writing.record(exemption_chain(exemption_id), DomainEvent.EXEMPTION_RENEWAL_ASKED, values)
    return case.id


def may_report(connection: Connection, organisation: Organisation, found: Exemption, person_id: str) -> bool:
    """Whether a person may report a breach: the CISO of the risk, the chief risk officer, who checked it."""
    units = asset_units(connection, found.risk_id)
    desks = (organisation.desk(role, units) for role in (Role.CISO, Role.CRO))
    if any(organisation.authority(person_id, desk) for desk in desks):
        return True
    checkers = select(exemption_checks.c.id).where(
        exemption_checks.c.exemption_id == found.id, exemption_checks.c.checked_by == person_id
    )
    return connection.execute(checkers.limit(1)).one_or_none() is not None


def may_renew(
    connection: Connection, organisation: Organisation, found: Exemption, person_id: str
) -> str | None:
    """Why a person may ask for a renewal, as a sentence for the record; None where not."""
    desk = organisation.desk(Role.CIO, asset_units(connection, found.risk_id))
    authority = organisation.authority(person_id, desk)
    return authority.basis if authority else None


def why_no_renewal(context: Context, connection: Connection, found: Exemption, at: Any) -> str:
    """Why no renewal can be asked for now, as a sentence; empty where one can. `at` has the time as `now`."""
    if not is_active(found, at.now):
        return f"{found.id} is not in force any more; its risk is decided again in a case of its own."
    running = open_renewal(context, connection, found.id)
    if running is not None:
        return f"A renewal of {found.id} is under review already."
    row = connection.execute(
        select(exemption_requests.c.renewals_at_most).where(exemption_requests.c.id == found.id)
    ).scalar_one_or_none()
    return why_no_more(connection, found.risk_id, DEFAULT_RENEWALS if row is None else row, at.now)


def open_renewal(context: Context, connection: Connection, exemption_id: str) -> str | None:
    """The case that reviews whether an exemption is renewed, while it runs."""
    cases = connection.execute(
        select(exemption_renewals.c.case_id).where(exemption_renewals.c.exemption_id == exemption_id)
    ).scalars()
    instances = context.engine.instances
    return next((one for one in cases if instances.get(connection, one).state is InstanceState.RUNNING), None)


def _check_in_force(found: Exemption, writing: Writing) -> None:
    if not is_active(found, writing.now):
        raise Conflict(
            f"{found.id} is not in force any more, since {day(found.ended_at or found.expires_at)}. "
            "Nothing was changed."
        )


def _check_token(token: str) -> None:
    if not 8 <= len(token) <= 64:
        raise Conflict("This page is out of date. Reload it and send your answers again.")


def _texts(given: dict[str, str], needed: Sequence[str]) -> dict[str, str]:
    errors: dict[str, list[str]] = {}
    texts = {key: text.strip() for key, text in given.items()}
    for key in needed:
        if not texts[key]:
            errors[key] = ["This is needed for the record. Please fill it in."]
        elif len(texts[key]) > LONGEST:
            errors[key] = [f"At most {LONGEST:,} characters are taken here; this has {len(texts[key]):,}."]
    if errors:
        raise AnswersRefused(errors)
    return texts
