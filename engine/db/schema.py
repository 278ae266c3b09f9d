"""All of the engine's tables, on one metadata: for migrations and tests."""

from __future__ import annotations

from engine import outbox as _outbox
from engine.audit import models as _audit
from engine.db.base import metadata
from engine.definitions import models as _definitions
from engine.incidents import models as _incidents
from engine.instances import models as _instances
from engine.messages import models as _messages
from engine.moving import models as _moving
from engine.tasks import models as _tasks
from engine.timers import models as _timers

__all__ = ["metadata"]

TABLES = (_audit, _definitions, _incidents, _instances, _messages, _moving, _outbox, _tasks, _timers)
