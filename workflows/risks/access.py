"""Who may read a risk: those who read the register, and whoever raised it. A confidential one is read by
those who answer for it, those asked about it, and those named; no list, search or figure shows it else."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select, true

from engine.instances.models import instances, submissions
from workflows.committee.models import seats
from workflows.context import Reading, may
from workflows.errors import NotEntitled, NotFound
from workflows.identity.organisation import read_desk
from workflows.identity.types import SYSTEM_PERSON, Person, Role
from workflows.permissions import Permission
from workflows.risks.models import assets, risk_assets, risk_readers, risks

ALWAYS = frozenset({Role.ADVISER, Role.AUDITOR, Role.CRO, Role.EXECUTIVE})
"""Roles that read every risk: the last tiers of escalation, assurance, and who stands in for the CISO."""

_LEADERS = (Role.CIO, Role.CISO)


def check_risk(reading: Reading, reader: Person, risk_id: str) -> None:
    """Refuse who may not read this risk. Raises `NotFound`, `NotEntitled`."""
    connection = reading.connection
    raised_by = connection.execute(
        select(risks.c.raised_by).where(risks.c.id == risk_id)
    ).scalar_one_or_none()
    if raised_by is None:
        raise NotFound("risk", risk_id)
    if connection.execute(
        select(risks.c.id).where(risks.c.id == risk_id, readable(reading, reader))
    ).one_or_none():
        return
    if may(reading.organisation, reader, Permission.READ_REGISTER):
        raise NotEntitled(
            f"{risk_id} is confidential: those who answer for it, those asked about it and those named read "
            "it. Ask its owner to name you.",
            person_id=reader.id,
        )
    raise NotEntitled(
        "Your posts do not let you read this risk. You may read those you raised yourself.",
        person_id=reader.id,
    )


def readable(reading: Reading, reader: Person) -> ColumnElement[bool]:
    """The condition on a risk under which a reader may read it: part of every query of the register."""
    if reader is SYSTEM_PERSON:
        return true()
    if not may(reading.organisation, reader, Permission.READ_REGISTER):
        return risks.c.raised_by == reader.id
    return or_(risks.c.is_confidential.is_(False), _lets_in(reading, reader))


def hidden(reading: Reading, reader: Person) -> frozenset[str]:
    """Ids of the confidential risks that a reader may not read, for lists that are not the register's."""
    if reader is SYSTEM_PERSON:
        return frozenset()
    found = reading.connection.execute(
        select(risks.c.id).where(risks.c.is_confidential.is_(True), ~_lets_in(reading, reader))
    )
    return frozenset(found.scalars())


def _lets_in(reading: Reading, reader: Person) -> ColumnElement[bool]:
    """The condition under which a reader may read a confidential risk."""
    organisation = reading.organisation
    led = [read_desk(desk) for desk in organisation.desks(reader.id)]
    units = sorted({unit for role, unit in led if role in _LEADERS and unit is not None})
    if ALWAYS & organisation.roles(reader.id) or any(role in _LEADERS and unit is None for role, unit in led):
        return true()
    named = select(risk_readers.c.risk_id).where(risk_readers.c.person_id == reader.id)
    acted = (
        select(instances.c.subject)
        .join(submissions, submissions.c.instance_id == instances.c.id)
        .where(instances.c.subject.is_not(None), submissions.c.person_id == reader.id)
    )
    seated = (
        select(instances.c.subject)
        .join(seats, seats.c.case_id == instances.c.id)
        .where(instances.c.subject.is_not(None), seats.c.person_id == reader.id)
    )
    own = (
        select(risk_assets.c.risk_id)
        .join(assets, assets.c.id == risk_assets.c.asset_id)
        .where(assets.c.owner_unit.in_(units))
    )
    return or_(risks.c.raised_by == reader.id, *(risks.c.id.in_(ids) for ids in (named, acted, seated, own)))
