"""Tables of instances, their journal and what people submitted."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, text

from engine.db.base import metadata
from engine.db.types import TaggedJson, UtcDateTime

instances = Table(
    "instances",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", ForeignKey("definitions.key"), nullable=False),
    Column("version_hash", String(64), nullable=False),
    Column("subject", String(64), nullable=True),
    Column("state", String(12), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("started_by", String(64), nullable=False),
    Column("ended_at", UtcDateTime, nullable=True),
    Column("outcome", Text, nullable=True),
    Column("linked_from", String(32), nullable=True),
    Column("revision", Integer, nullable=False),
    Column("incidents", Integer, nullable=False, default=0),
    Column("engine_state", LargeBinary, nullable=False),
    Index("ix_instances_subject", "subject"),
    Index("ix_instances_key_state", "key", "state", "started_at", "id"),
)
"""`revision` counts the commands: a command writes only where it is still the one it read."""

journal = Table(
    "journal",
    metadata,
    Column("instance_id", ForeignKey("instances.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("element_id", Text, nullable=True),
    Column("elements", TaggedJson, nullable=False),
    Column("flows", TaggedJson, nullable=False),
    Column("payload", TaggedJson, nullable=False),
)
"""One row a command; never changed, never deleted."""

submissions = Table(
    "submissions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("instance_id", ForeignKey("instances.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("task_id", String(32), nullable=True),
    Column("element_id", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("seat", String(64), nullable=True),
    Column("person_id", String(64), nullable=False),
    Column("on_behalf_of", String(64), nullable=True),
    Column("authority", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("form", Text, nullable=True),
    Column("version_hash", String(64), nullable=False),
    Column("blind", String(64), nullable=True),
    Column("answers", TaggedJson, nullable=False),
    Column("salt", String(32), nullable=False),
    Column("token", String(64), nullable=True, unique=True),
    Index("ix_submissions_instance", "instance_id", "seq"),
    Index("ix_submissions_performed", "instance_id", "element_id", "person_id"),
)
"""Every submission, for good. `seq` is the journal's row; `token` makes a repeated submit do nothing
twice.
"""

_STOOD_IN = text("on_behalf_of IS NOT NULL")

Index(
    "ix_submissions_on_behalf",
    submissions.c.instance_id,
    submissions.c.element_id,
    submissions.c.on_behalf_of,
    sqlite_where=_STOOD_IN,
    postgresql_where=_STOOD_IN,
)

reveals = Table(
    "reveals",
    metadata,
    Column("instance_id", ForeignKey("instances.id"), primary_key=True),
    Column("blind", String(64), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
"""Blind answers given up to journal row `seq` are revealed."""
