"""Who may read a risk: those who read the register, and whoever raised it."""

from __future__ import annotations

from sqlalchemy import select

from workflows.context import Reading, may
from workflows.errors import NotEntitled, NotFound
from workflows.identity.types import Person
from workflows.permissions import Permission
from workflows.risks.models import risks


def check_risk(reading: Reading, reader: Person, risk_id: str) -> None:
    """Refuse who may not read this risk. Raises `NotFound`, `NotEntitled`."""
    raised_by = reading.connection.execute(
        select(risks.c.raised_by).where(risks.c.id == risk_id)
    ).scalar_one_or_none()
    if raised_by is None:
        raise NotFound("risk", risk_id)
    if may(reading.organisation, reader, Permission.READ_REGISTER):
        return
    if raised_by == reader.id and may(reading.organisation, reader, Permission.READ_OWN_RISKS):
        return
    raise NotEntitled(
        "Your posts do not let you read this risk. You may read those you raised yourself.",
        person_id=reader.id,
    )


def limited_to(reading: Reading, reader: Person) -> str | None:
    """None for who may read the whole register; the reader's id for who may read the own risks alone."""
    return None if may(reading.organisation, reader, Permission.READ_REGISTER) else reader.id
