"""The organisation kept in memory between readings, for as long as its record says nothing has changed.

Every command that changes people, units, posts or memberships adds to the organisation's audit chain in the
same transaction. The chain's last hash therefore tells whether what was read before still holds, and costs
one row to ask for, however large the organisation is. A connection that writes reads the tables themselves:
it may see what is not committed, which nobody else may.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, union_all

from engine.audit.models import audit_chains
from engine.db.types import UtcDateTime
from engine.db.uow import memo_of
from workflows.committee.models import committee_members, member_endings
from workflows.events import ORGANISATION
from workflows.identity.models import appointment_endings, appointments
from workflows.identity.organisation import Organisation
from workflows.identity.queries import organisation_at

_STAMP = select(audit_chains.c.hash).where(audit_chains.c.chain == ORGANISATION)
ORGANISATION_ALONGSIDE = {"organisation_stamp": _STAMP.scalar_subquery()}
"""What tells whether the organisation changed: a command reads it together with its task, into the memo."""
_NOW = bindparam("at", type_=UtcDateTime)
_CHANGES = union_all(
    *(
        select(column.label("at")).where(column > _NOW)
        for column in (
            appointments.c.valid_from,
            appointments.c.valid_until,
            appointment_endings.c.ends_at,
            committee_members.c.valid_from,
            committee_members.c.valid_until,
            member_endings.c.ends_at,
        )
    )
).subquery()
_NEXT_CHANGE = select(func.min(_CHANGES.c.at, type_=UtcDateTime))
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Held:
    """An organisation, the chain's hash when it was read, and a time in which no post begins or ends."""

    stamp: str
    since: datetime
    until: datetime
    organisation: Organisation


class RememberedOrganisation:
    """One organisation per process, asked for again only where it may have changed. Safe between threads."""

    def __init__(self) -> None:
        self._held: _Held | None = None

    def at(self, connection: Connection, at: datetime) -> Organisation:
        """The organisation at a moment, read once a reading at the most."""
        memo = memo_of(connection)
        if memo is None:
            return organisation_at(connection, at)
        found: Organisation | None = memo.get(("organisation", at))
        if found is None:
            found = memo["organisation", at] = self._found(connection, at, memo)
        return found

    def _found(self, connection: Connection, at: datetime, memo: dict[Any, Any]) -> Organisation:
        # The stamp first: what is read after it is as new or newer, and then goes by an old stamp.
        if "organisation_stamp" not in memo:
            memo["organisation_stamp"] = connection.execute(_STAMP).scalar_one_or_none()
        stamp: str | None = memo["organisation_stamp"]
        held = self._held
        if held is not None and held.stamp == stamp and held.since <= at < held.until:
            return replace(held.organisation, at=at)
        organisation = organisation_at(connection, at)
        if stamp is not None:
            until = connection.execute(_NEXT_CHANGE, {"at": at}).scalar_one_or_none() or _NEVER
            self._held = _Held(stamp, at, until, organisation)
        return organisation
