"""What every area of the domain is given: one object, built in `workflows.bootstrap`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.db import Database

if TYPE_CHECKING:
    from engine import Engine
    from engine.ports import Clock
    from workflows.clock import InstallationClock
    from workflows.forms_port import BundleForms
    from workflows.identity.directory import OrganisationDirectory


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
