"""Which versions of a policy are endorsed: since when, by whom, and by what. Never changed, never deleted.

docs/constructive-tension.md, "Who is who": an executive endorses the policies. A version that was installed
when the database was set up is in use, and endorsed only with the charter; every decision under it says so
until then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from workflows.context import Writing
from workflows.events import DomainEvent, policy_chain
from workflows.identity.queries import people_by_id
from workflows.identity.types import Role
from workflows.keys import new_id
from workflows.policies.models import version_endorsements as table
from workflows.wording import day


@dataclass(frozen=True, slots=True)
class Endorsement:
    """That a version was endorsed."""

    version_hash: str
    at: datetime
    person_id: str
    person_name: str
    role: Role
    case_id: str

    @property
    def sentence(self) -> str:
        """ "Endorsed on 3 March 2026 by Eva Brandt (Executive sponsor)"."""
        return f"Endorsed on {day(self.at)} by {self.person_name} ({self.role.label})"


NOT_ENDORSED = "Not endorsed by an executive or the committee"


def endorse(
    writing: Writing, *, key: str, version_hash: str, person_id: str, role: Role, case_id: str
) -> None:
    """Write down that a version is endorsed; a second endorsement of the same version changes nothing."""
    if endorsed(writing.connection, [version_hash], writing.now):
        return
    row = {
        "key": key,
        "version_hash": version_hash,
        "person_id": person_id,
        "role": role.value,
        "case_id": case_id,
    }
    writing.connection.execute(insert(table).values(id=new_id(), at=writing.now, **row))
    writing.record(policy_chain(key), DomainEvent.POLICY_ENDORSED, row)


def endorsed(
    connection: Connection, hashes: Iterable[str], at: datetime | None = None
) -> dict[str, Endorsement]:
    """The first endorsement of each of these versions, by hash; only those given by a moment, where one is
    named. What is missing was not endorsed."""
    wanted = set(hashes)
    if not wanted:
        return {}
    query = select(table).where(table.c.version_hash.in_(wanted)).order_by(table.c.at.desc(), table.c.id)
    if at is not None:
        query = query.where(table.c.at <= at)
    rows = connection.execute(query).all()
    people = people_by_id(connection, {row.person_id for row in rows})
    return {
        row.version_hash: Endorsement(
            row.version_hash,
            row.at,
            row.person_id,
            people[row.person_id].name if row.person_id in people else row.person_id,
            Role(row.role),
            row.case_id,
        )
        for row in rows
    }
