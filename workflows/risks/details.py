"""What the register says of a risk beside its ratings: kept in versions, each whole, the newest counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, select

from workflows.errors import NotFound
from workflows.identity.queries import people_by_id
from workflows.risks.models import risk_readers, risk_versions, risks


@dataclass(frozen=True, slots=True)
class LossRange:
    """What the risk may cost: how often a year, and how much each time. Ranges, since points would claim to
    know more than anybody does (FAIR: loss event frequency × loss magnitude)."""

    frequency_low: Decimal
    frequency_high: Decimal
    """Events a year."""
    magnitude_low: Decimal
    magnitude_high: Decimal
    """Money an event, in `currency`."""
    currency: str
    """ISO 4217, such as `EUR`."""

    @property
    def yearly(self) -> tuple[Decimal, Decimal]:
        """Lowest and highest loss expected in a year."""
        return self.frequency_low * self.magnitude_low, self.frequency_high * self.magnitude_high


@dataclass(frozen=True, slots=True)
class RiskDetails:
    """The fields that people may change, each change with who, when and why."""

    title: str
    description: str
    category: str
    due_date: date | None = None
    priority: int | None = None
    """1 is looked at first; None where nobody has set one."""
    loss: LossRange | None = None
    response_cost_low: Decimal | None = None
    response_cost_high: Decimal | None = None
    """Cost of the response, in the currency of the loss, or in the organisation's own."""
    response_description: str = ""
    controls: tuple[str, ...] = ()
    """Controls that operate today, one a line."""
    is_confidential: bool = False
    readers: tuple[str, ...] = ()
    """Ids of people who may read it beside those who answer for it, where it is confidential."""


@dataclass(frozen=True, slots=True)
class RiskVersion:
    """A version of a risk's details."""

    seq: int
    details: RiskDetails
    changed: tuple[str, ...]
    """Names of the fields that differ from the version before; empty for the first."""
    reason: str
    by_name: str
    at: datetime


LOSS_FIELDS = tuple(one.name for one in fields(LossRange))
DETAIL_FIELDS = tuple(one.name for one in fields(RiskDetails))


def plain(details: RiskDetails) -> dict[str, Any]:
    """The details as they are stored and hashed."""
    found = {name: getattr(details, name) for name in DETAIL_FIELDS}
    loss = details.loss
    return {
        **found,
        "loss": {name: getattr(loss, name) for name in LOSS_FIELDS} if loss else None,
        "controls": list(details.controls),
        "readers": list(details.readers),
    }


def read(stored: Mapping[str, Any]) -> RiskDetails:
    """The details as they were stored."""
    loss = stored.get("loss")
    return RiskDetails(
        **{
            **stored,
            "loss": LossRange(**loss) if loss else None,
            "controls": tuple(stored.get("controls") or ()),
            "readers": tuple(stored.get("readers") or ()),
        }
    )


def details_of(connection: Connection, risk_id: str) -> tuple[int, RiskDetails]:
    """Number and details of the newest version. Raises `NotFound`."""
    row = connection.execute(
        select(risk_versions.c.seq, risk_versions.c.details)
        .where(risk_versions.c.risk_id == risk_id)
        .order_by(risk_versions.c.seq.desc())
        .limit(1)
    ).one_or_none()
    if row is not None:
        return row.seq, read(row.details)
    raised = connection.execute(select(risks).where(risks.c.id == risk_id)).one_or_none()
    if raised is None:
        raise NotFound("risk", risk_id)
    return 0, _as_raised(raised)


def details_by_id(connection: Connection, risk_ids: list[str]) -> dict[str, RiskDetails]:
    """The newest details of many risks."""
    rows = connection.execute(select(risks).where(risks.c.id.in_(risk_ids))).all()
    found = {row.id: _as_raised(row) for row in rows}
    for row in connection.execute(
        select(risk_versions.c.risk_id, risk_versions.c.details)
        .where(risk_versions.c.risk_id.in_(risk_ids))
        .order_by(risk_versions.c.risk_id, risk_versions.c.seq)
    ):
        found[row.risk_id] = read(row.details)
    return found


def versions_of(connection: Connection, risk_id: str) -> tuple[RiskVersion, ...]:
    """All versions, newest first."""
    rows = connection.execute(
        select(risk_versions).where(risk_versions.c.risk_id == risk_id).order_by(risk_versions.c.seq)
    ).all()
    people = people_by_id(connection, (row.by for row in rows))
    found: list[RiskVersion] = []
    for row in rows:
        details = read(row.details)
        before = found[-1].details if found else details
        found.append(
            RiskVersion(
                row.seq, details, changed_fields(before, details), row.reason, people[row.by].name, row.at
            )
        )
    return tuple(reversed(found))


def changed_fields(before: RiskDetails, after: RiskDetails) -> tuple[str, ...]:
    """Names of the fields in which two versions differ."""
    return tuple(name for name in DETAIL_FIELDS if getattr(before, name) != getattr(after, name))


def readers_of(connection: Connection, risk_id: str) -> tuple[str, ...]:
    """Ids of those named to read a confidential risk."""
    return tuple(
        connection.execute(
            select(risk_readers.c.person_id)
            .where(risk_readers.c.risk_id == risk_id)
            .order_by(risk_readers.c.person_id)
        ).scalars()
    )


def _as_raised(row: Row[Any]) -> RiskDetails:
    return RiskDetails(row.title, row.description, row.category, row.due_date)
