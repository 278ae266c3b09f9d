"""The only wiring: opens Parley on a database, with the engine, the forms and the domain put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from workflows.cases.facade import Cases
from workflows.clock import InstallationClock, SystemClock
from workflows.committee.facade import Committees
from workflows.context import Settings
from workflows.exemptions.facade import Exemptions
from workflows.identity.facade import Identity
from workflows.identity.types import Installation, Person
from workflows.migrations import upgrade
from workflows.policies.facade import Policies
from workflows.risks.facade import Risks

if TYPE_CHECKING:
    from engine import Engine
    from engine.db import Database

__all__ = ["Parley", "Settings", "create_installation", "init", "open_parley", "upgrade"]


@dataclass(frozen=True, slots=True)
class Parley:
    """Everything a caller needs, put together. `settings` are those it was opened with."""

    settings: Settings
    database: Database
    engine: Engine
    clock: InstallationClock
    identity: Identity
    risks: Risks
    exemptions: Exemptions
    committee: Committees
    cases: Cases
    policies: Policies

    def now(self) -> datetime:
        """The time now, in UTC, by the installation's clock (a demonstration's may be moved)."""
        raise NotImplementedError

    def installation(self) -> Installation | None:
        """What this database is; None where it is not set up yet."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the database connections."""
        raise NotImplementedError


def open_parley(settings: Settings, *, clock: SystemClock | None = None) -> Parley:
    """Open Parley on a database that `upgrade` has brought to this release.

    Args:
        settings: where and how.
        clock: the base clock, for tests; the machine's where None.
    """
    raise NotImplementedError


def create_installation(
    parley: Parley, kind: str, organisation: str, *, notice: str = "", starts_at: datetime | None = None
) -> Installation:
    """Say what this database is, once and for all.

    Args:
        parley: opened on an empty, upgraded database.
        kind: `demonstration` or `real`.
        organisation: its name.
        notice: the sentence every page of a demonstration shows.
        starts_at: for a demonstration, the moment its clock begins at; it may only move forward from there.

    Raises:
        AlreadyInstalled: the database already is something.
    """
    raise NotImplementedError


def init(parley: Parley, *, organisation: str, name: str, email: str, password: str) -> Person:
    """Set up a real organisation: the shipped policies, a first administrator with a password, and nothing constructed.

    Raises `AlreadyInstalled`, `RuleBroken` (the password).
    """
    raise NotImplementedError
