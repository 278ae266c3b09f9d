"""What every area of the domain is given: one object, built in `workflows.bootstrap`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, func, select

from engine.audit.commands import append
from engine.db import Database, UnitOfWork
from workflows.events import DomainEvent
from workflows.identity.directory import OrganisationDirectory, remembering
from workflows.identity.organisation import Organisation
from workflows.identity.queries import organisation_at
from workflows.identity.types import SYSTEM_PERSON, Person
from workflows.permissions import Permission, permissions_of, require

if TYPE_CHECKING:
    from engine import Engine
    from workflows.clock import InstallationClock
    from workflows.forms_port import BundleForms

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """How to open Parley."""

    database_url: str
    """An SQLAlchemy URL: `sqlite:////absolute/path.db` or `postgresql+psycopg://…`."""
    bpmn_dir: Path | None = None
    """Folder of the policies that ship; None for those of this release."""
    risk_policy: str = "risk-decision"
    """Key of the policy that decides a risk."""
    pool_size: int = 5
    """Database connections kept open per process."""
    durable: bool = True
    """False for a SQLite file that is thrown away, which a power cut may damage."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A connection to read with, the time, and the organisation as it is then: read once for a whole page."""

    connection: Connection
    now: datetime
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class Writing:
    """A unit of work, the time pinned for it, and who acts. `record` adds to an audit chain "
    "in the same unit."""

    uow: UnitOfWork
    now: datetime
    actor: Person
    record: Callable[[str, DomainEvent, dict[str, Any]], None]
    """(chain, event, payload)"""

    @property
    def connection(self) -> Connection:
        """The unit of work's connection."""
        return self.uow.connection

    def alone(self, what: str) -> None:
        """Wait until no other unit of work changes the same thing, and keep others waiting until this one
        ends.

        For rules over several rows, which two commands at the same moment could break together. SQLite has
        one writer at a time anyway.
        """
        if self.connection.dialect.name == "postgresql":
            key = int.from_bytes(sha256(f"workflows:{what}".encode()).digest()[:8], signed=True)
            self.connection.execute(select(func.pg_advisory_xact_lock(key)))


@dataclass(frozen=True, slots=True)
class Context:
    """The wiring, as the areas see it."""

    settings: Settings
    database: Database
    engine: Engine
    clock: InstallationClock
    directory: OrganisationDirectory
    forms: BundleForms

    def now(self) -> datetime:
        """The time now, in UTC, by the installation's clock."""
        with self.database.reading() as connection:
            return self.clock.now(connection)

    def read(self, query: Callable[[Reading], T]) -> T:
        """Run a query with what a page needs at hand."""
        with self.database.reading() as connection:
            now = self.clock.now(connection)
            organisation = self.directory.organisation(connection, now)
            with remembering(connection, organisation):
                return query(Reading(connection, now, organisation))

    def write(self, actor: Person, permission: Permission | None, command: Callable[[Writing], T]) -> T:
        """Run a command as one transaction, after the check of the actor's permission in that same
        transaction.

        Run again where another transaction came first. Raises `NotEntitled`, and what the command raises.
        """

        def attempt() -> T:
            with self.database.unit_of_work() as uow:
                now = self.clock.now(uow.connection)
                if permission is not None:
                    check(organisation_at(uow.connection, now), actor, permission)

                return command(writing(uow, now, actor))

        return self.database.retrying(attempt)


def writing(uow: UnitOfWork, now: datetime, actor: Person) -> Writing:
    """What a command is given, in a unit of work that somebody else opened."""

    def record(chain: str, event: DomainEvent, payload: dict[str, Any]) -> None:
        append(uow, chain, now, [(event.value, actor.id, payload)])

    return Writing(uow, now, actor, record)


def may(organisation: Organisation, person: Person, permission: Permission) -> bool:
    """Whether a person has a permission at this moment."""
    return person is SYSTEM_PERSON or permission in permissions_of(organisation.roles(person.id))


def check(organisation: Organisation, person: Person, permission: Permission) -> None:
    """Refuse where a person has no such permission. Raises `NotEntitled`."""
    if person is not SYSTEM_PERSON:
        require(organisation.roles(person.id), permission, person.id)
