"""Declaring an emergency: by the CIO alone, for a risk where nothing is decided that stands against it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from engine.instances.models import submissions
from engine.types import Actor, Version
from forms import check as check_form
from forms.types import Form
from workflows.context import Context, Writing
from workflows.emergencies.models import emergencies
from workflows.emergencies.operations import POLICY, STATUSES
from workflows.emergencies.types import RiskChoice
from workflows.errors import AnswersRefused, Conflict, NotEntitled, NotFound, RuleBroken
from workflows.identity.directory import asset_units
from workflows.identity.organisation import Organisation
from workflows.identity.queries import organisation_at
from workflows.identity.types import Role
from workflows.risks.models import risks
from workflows.risks.transitions import LEGAL_OBLIGATION


def declare(context: Context, writing: Writing, risk_id: str, answers: Mapping[str, Any], token: str) -> str:
    """Start the case that goes ahead at once; its id. The same token again gets the same case.

    Raises `NotFound`, `NotEntitled`, `RuleBroken`, `AnswersRefused`, `Conflict`.
    """
    connection = writing.connection
    if not 8 <= len(token) <= 64:
        raise Conflict("This page is out of date. Reload it and send your answers again.")
    before = connection.execute(
        select(submissions.c.instance_id, submissions.c.person_id).where(submissions.c.token == token)
    ).one_or_none()
    if before is not None:
        if before.person_id != writing.actor.id:
            raise Conflict("This page was sent before by somebody else. Reload it.")
        return str(before.instance_id)
    writing.alone(f"emergency:{risk_id}")
    authority = authority_of(connection, organisation_at(connection, writing.now), risk_id, writing.actor.id)
    if authority is None:
        raise NotEntitled(
            "An emergency is declared by the CIO who answers for the risk. Nothing was changed.",
            person_id=writing.actor.id,
        )
    _check_risk(context, connection, risk_id)
    _, form = start_form(context, connection)
    checked = check_form(form, answers, {}, writing.now)
    if checked.errors:
        raise AnswersRefused(checked.errors)
    case = context.engine.instances.start(
        writing.uow,
        key=POLICY,
        actor=Actor(writing.actor.id),
        subject=risk_id,
        answers=checked.values,
        authority=authority,
        linked_from=_last_case(context, connection, risk_id),
        checked=True,
        token=token,
    )
    return case.id


def authority_of(
    connection: Connection, organisation: Organisation, risk_id: str, person_id: str
) -> str | None:
    """Why a person may declare an emergency for a risk; None where not.

    A deputy decides within appetite only, and so declares none.
    """
    desk = organisation.desk(Role.CIO, asset_units(connection, risk_id))
    found = organisation.authority(person_id, desk)
    return found.basis if found is not None and found.on_behalf_of is None else None


def start_form(context: Context, connection: Connection) -> tuple[Version, Form]:
    """The policy's newest version, and the form of its start event. Raises `NotFound`."""
    definitions = context.engine.definitions
    version = definitions.latest(connection, POLICY)
    start = definitions.elements(connection, version.hash)["emergency"]
    return version, context.forms.form(definitions.bundle(connection, version.hash), start.form or "")


def choices(connection: Connection, organisation: Organisation, person_id: str) -> list[RiskChoice]:
    """Risks for which a person may declare an emergency, the newest first."""
    rows = connection.execute(
        select(risks.c.id, risks.c.title)
        .where(
            risks.c.status.in_(sorted(status.value for status in STATUSES)),
            risks.c.category != LEGAL_OBLIGATION,
        )
        .order_by(risks.c.raised_at.desc(), risks.c.id.desc())
    ).all()
    return [
        RiskChoice(row.id, row.title)
        for row in rows
        if authority_of(connection, organisation, row.id, person_id) is not None
    ]


def new_token() -> str:
    """A token by which a page that is sent twice is known."""
    return secrets.token_urlsafe(24)


def _check_risk(context: Context, connection: Connection, risk_id: str) -> None:
    row = connection.execute(
        select(risks.c.status, risks.c.category).where(risks.c.id == risk_id)
    ).one_or_none()
    if row is None:
        raise NotFound("risk", risk_id)
    if row.category == LEGAL_OBLIGATION:
        raise RuleBroken(
            "A legal obligation cannot be exempted from, in an emergency neither. Nothing was changed.",
            rule="legal",
        )
    if row.status not in {status.value for status in STATUSES}:
        raise RuleBroken(
            f"{risk_id} is {row.status}: what is decided holds until then. Nothing was changed.",
            rule="status",
        )
    open_now = connection.execute(
        select(emergencies.c.case_id).where(emergencies.c.risk_id == risk_id)
    ).scalars()
    instances = context.engine.instances
    if any(instances.get(connection, case_id).ended_at is None for case_id in open_now):
        raise RuleBroken(f"An emergency is open for {risk_id} already. Nothing was changed.", rule="open")


def _last_case(context: Context, connection: Connection, risk_id: str) -> str | None:
    found = [one for one in context.engine.instances.of_subject(connection, risk_id) if one.key != POLICY]
    return found[0].id if found else None
