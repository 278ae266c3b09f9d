"""Reading incidents, and trying again what failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from engine.db.uow import Database
from engine.errors import Conflict, NotFound
from engine.events import Event
from engine.incidents.models import incidents
from engine.instances.change import Change
from engine.instances.commands import InstanceCommands, insist
from engine.instances.models import instances
from engine.instances.writing import write
from engine.types import Actor, Incident

_OPEN = (
    select(incidents).where(incidents.c.resolved_at.is_(None)).order_by(incidents.c.opened_at, incidents.c.id)
)
_OPEN_IN = _OPEN.where(incidents.c.instance_id == bindparam("instance"))


class IncidentCommands:
    """What can be done about incidents."""

    def __init__(self, database: Database, commands: InstanceCommands) -> None:
        self._database = database
        self._commands = commands

    def open(self, connection: Connection, instance_id: str | None = None) -> list[Incident]:
        """Incidents that are open, the oldest first."""
        if instance_id is None:
            return [_view(row) for row in connection.execute(_OPEN)]
        return [_view(row) for row in connection.execute(_OPEN_IN, {"instance": instance_id})]

    def retry(self, actor: Actor, incident_id: str, reason: str) -> bool:
        """Try again everything that failed in the incident's instance, in one transaction.

        Args:
            reason: why it should work now; kept for the record.

        Returns:
            Whether the instance now goes on without an incident.

        Raises:
            NotFound; Conflict: where it was resolved meanwhile.
        """

        def attempt(forced: Mapping[str, str]) -> bool:
            with self._database.reading() as connection:
                row = connection.execute(select(incidents).where(incidents.c.id == incident_id)).one_or_none()
                if row is None:
                    raise NotFound("incident", incident_id)
                if row.resolved_at is not None:
                    raise Conflict("This incident was resolved meanwhile.", instance_id=row.instance_id)
                loaded = self._commands.load(connection, row.instance_id)
                change = Change(
                    kind="retry",
                    event=Event.INCIDENT_RETRIED,
                    actor=actor.person_id,
                    now=self._commands.clock.now(connection),
                    element_id=row.element_id,
                    payload={"incident": incident_id, "reason": reason},
                )
                outcome = self._commands.restore(connection, loaded, actor, change.now, forced).retry()
            with self._database.unit_of_work() as uow:
                resolved = uow.connection.execute(
                    update(incidents)
                    .where(incidents.c.instance_id == loaded.id, incidents.c.resolved_at.is_(None))
                    .values(resolved_at=change.now, resolved_by=actor.person_id)
                )
                write(uow, loaded, outcome, change, self._commands.directory, self._commands.operations)
                uow.connection.execute(
                    update(instances)
                    .where(instances.c.id == loaded.id)
                    .values(incidents=instances.c.incidents - resolved.rowcount)
                )
            return not outcome.trace.troubles

        return self._database.retrying(lambda: insist(attempt))


def _view(row: Row[Any]) -> Incident:
    return Incident(
        id=row.id,
        instance_id=row.instance_id,
        element_id=row.element_id,
        cause=row.cause,
        names=tuple(row.names),
        opened_at=row.opened_at,
    )
