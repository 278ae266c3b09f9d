"""Cases that stopped before a step, for those who may try it again; nothing of their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workflows.context import Context, Reading
from workflows.wording import sentence


@dataclass(frozen=True, slots=True)
class Stopped:
    """A step that could not be carried out."""

    id: str
    """Of the incident."""
    policy: str
    """ "Risk decision, version 3"."""
    step: str
    cause: str
    since: datetime


def stopped(context: Context, reading: Reading) -> list[Stopped]:
    """Every open incident, the oldest first."""
    engine, connection = context.engine, reading.connection
    found = []
    for incident in sorted(engine.incidents.open(connection), key=lambda each: each.opened_at):
        case = engine.instances.get(connection, incident.instance_id)
        element = engine.definitions.elements(connection, case.version_hash).get(incident.element_id or "")
        step = element.name if element is not None and element.name else incident.element_id or "The case"
        policy = f"{case.title}, version {case.version_number}"
        found.append(Stopped(incident.id, policy, step, sentence(incident.cause), incident.opened_at))
    return found
