"""Cancelling instances: the one way a person ends a case from outside its diagram."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import update

from engine.db.uow import Database, UnitOfWork
from engine.errors import AnswersRefused
from engine.events import Event
from engine.incidents.models import incidents
from engine.instances.change import Change
from engine.instances.commands import InstanceCommands, insist
from engine.instances.models import instances
from engine.instances.writing import write
from engine.types import Actor


class Cancelling:
    """Cancels instances, with a reason, on the record. Who may do so is the caller's rule."""

    def __init__(self, database: Database, commands: InstanceCommands) -> None:
        self._database = database
        self._commands = commands

    def cancel(
        self,
        actor: Actor,
        instance_id: str,
        reason: str,
        within: Callable[[UnitOfWork, datetime], None] | None = None,
    ) -> None:
        """End a running instance without an outcome; its open tasks and timers are withdrawn.

        Args:
            actor: who cancels.
            instance_id: which.
            reason: why, for the record.
            within: what the caller writes in the same unit of work, given that and the time pinned for it.

        Raises:
            NotFound; Conflict: where it has ended; AnswersRefused: where no reason is given.
        """
        if not reason.strip():
            raise AnswersRefused({"reason": ["Please say why the case is cancelled."]})

        def attempt(forced: Mapping[str, str]) -> None:
            with self._database.reading() as connection:
                loaded = self._commands.load(connection, instance_id)
                change = Change(
                    kind="cancel",
                    event=Event.INSTANCE_CANCELLED,
                    actor=actor.person_id,
                    now=self._commands.clock.now(connection),
                    payload={"reason": reason.strip()},
                )
                outcome = self._commands.restore(connection, loaded, actor, change.now, forced).cancel()
            with self._database.unit_of_work() as uow:
                write(uow, loaded, outcome, change, self._commands.directory, self._commands.operations)
                uow.connection.execute(
                    update(incidents)
                    .where(incidents.c.instance_id == instance_id, incidents.c.resolved_at.is_(None))
                    .values(resolved_at=change.now, resolved_by=actor.person_id)
                )
                uow.connection.execute(
                    update(instances).where(instances.c.id == instance_id).values(incidents=0)
                )
                if within is not None:
                    within(uow, change.now)

        self._database.retrying(lambda: insist(attempt))
