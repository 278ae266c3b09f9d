"""All tables of the domain, gathered on one metadata for the migrations, and those of the installation
itself."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from engine.db.types import UtcDateTime
from workflows.cases import models as _cases
from workflows.charter import models as _charter
from workflows.committee import models as _committee
from workflows.dialogue import models as _dialogue
from workflows.emergencies import models as _emergencies
from workflows.exemptions import models as _exemptions
from workflows.identity import models as _identity
from workflows.imports import models as _imports
from workflows.metadata import metadata
from workflows.playing import models as _playing
from workflows.policies import models as _policies
from workflows.risks import models as _risks
from workflows.studio import models as _studio
from workflows.studio.takeover import models as _takeover
from workflows.treatment import models as _treatment

__all__ = ["clock_offset", "installation", "metadata"]

installation = Table(
    "installation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("organisation", String(200), nullable=False),
    Column("notice", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint("id = 1", name="single"),
    CheckConstraint("kind IN ('demonstration', 'real')", name="kind"),
    UniqueConstraint("id", "kind", name="uq_installation_id_kind"),
)

clock_offset = Table(
    "clock_offset",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("microseconds", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="single"),
    # With the foreign key: no database but a demonstration can hold an offset at all.
    CheckConstraint("kind = 'demonstration'", name="demonstration"),
    ForeignKeyConstraint(["id", "kind"], ["installation.id", "installation.kind"]),
)

_GATHERED = (
    _cases,
    _charter,
    _committee,
    _dialogue,
    _emergencies,
    _exemptions,
    _identity,
    _imports,
    _playing,
    _policies,
    _risks,
    _studio,
    _takeover,
    _treatment,
)
