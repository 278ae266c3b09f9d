"""Who is signed in, kept here and not in the cookie alone: what has ended here, no copy brings back.

Sessions use real time, not the installation's clock: nobody stays signed in by a demonstration's clock.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select

from engine.db import Database
from workflows.identity.models import persons, sessions
from workflows.identity.queries import as_person
from workflows.identity.types import Person

KEPT = timedelta(days=2)
"""How long a session that was never ended stays in its table; longer than any may last."""


class Sessions:
    """Begins, reads and ends sessions. Only a digest of a session's id is stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, person_id: str) -> str:
        """Begin a session for somebody who has just signed in; the id that the cookie holds."""
        session_id, now = secrets.token_urlsafe(32), datetime.now(UTC)

        def command() -> None:
            with self._database.unit_of_work() as uow:
                uow.connection.execute(delete(sessions).where(sessions.c.began_at < now - KEPT))
                uow.connection.execute(
                    insert(sessions).values(digest=_digest(session_id), person_id=person_id, began_at=now)
                )

        self._database.retrying(command)
        return session_id

    def person(self, session_id: str) -> Person | None:
        """Who is signed in by this session; None where it has ended, or the person has left."""
        with self._database.reading() as connection:
            row = connection.execute(_PERSON.where(sessions.c.digest == _digest(session_id))).one_or_none()
        return as_person(row) if row is not None and row.active else None

    def end(self, session_id: str) -> None:
        """End a session, for every copy of its cookie."""

        def command() -> None:
            with self._database.unit_of_work() as uow:
                uow.connection.execute(delete(sessions).where(sessions.c.digest == _digest(session_id)))

        self._database.retrying(command)


def end_all(connection: Connection, person_id: str) -> None:
    """End every session of a person, within a command: after a new password, nobody stays by the old one."""
    connection.execute(delete(sessions).where(sessions.c.person_id == person_id))


_PERSON = select(persons).join(sessions, sessions.c.person_id == persons.c.id)


def _digest(session_id: str) -> str:
    return sha256(session_id.encode()).hexdigest()
