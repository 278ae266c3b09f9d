"""Storage: databases, the unit of work, column types and migrations."""

from __future__ import annotations

from engine.db.base import metadata
from engine.db.types import TaggedJson, UtcDateTime
from engine.db.uow import Database, UnitOfWork

__all__ = ["Database", "TaggedJson", "UnitOfWork", "UtcDateTime", "metadata"]
