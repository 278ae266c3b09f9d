"""A decision that is taken up again ends the case that carries it out, in the same transaction: its open
tasks end with the reason, and nothing that it had begun has any effect. Nothing is decided by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, select

from engine.db import UnitOfWork
from engine.errors import Collision
from engine.types import SYSTEM, Instance, InstanceState
from workflows.cases.giving_way import close
from workflows.context import Context, Writing, writing
from workflows.errors import Conflict
from workflows.identity.types import Person
from workflows.risks.models import decisions, risks
from workflows.risks.types import RiskStatus

CARRIED_OUT = frozenset({RiskStatus.IN_TREATMENT.value, RiskStatus.ACCEPTED.value})
"""Where the case that decided waits for what follows. An exemption's is told by a message of its own."""
ATTEMPTS = 5


class _Moved(Exception):
    """Another case carries the decision out by now than was found before."""


def carrying(context: Context, connection: Connection, risk_id: str) -> str | None:
    """The running case that carries out the newest decision on a risk; None where none does."""
    row = connection.execute(
        select(decisions.c.case_id)
        .join(risks, risks.c.id == decisions.c.risk_id)
        .where(decisions.c.risk_id == risk_id, risks.c.status.in_(sorted(CARRIED_OUT)))
        .order_by(decisions.c.decided_at.desc(), decisions.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    cases = context.engine.instances.of_subject(connection, risk_id)
    running = (one.id for one in cases if one.state is InstanceState.RUNNING)
    return next((one for one in running if one == row.case_id), None)


def supersede(
    context: Context, actor: Person, risk_id: str, reason: str, command: Callable[[Writing], Instance]
) -> Instance:
    """Run a command that starts the case which decides anew; the case that carries out the decision made
    before ends with `reason`, by both or by neither. The new case.

    Raises what the command raises, and `Collision`.
    """

    def checked(w: Writing, before: str | None) -> Instance:
        if before is None and carrying(context, w.connection, risk_id) is not None:
            raise _Moved
        case = command(w)
        if before is not None:
            close(w, before, risk_id, reason, case.id)
        return case

    for _ in range(ATTEMPTS):
        before = context.read(lambda reading: carrying(context, reading.connection, risk_id))
        try:
            if before is None:
                return context.write(actor, None, lambda w: checked(w, None))
            return _ending(context, actor, before, reason, checked)
        except _Moved:
            continue
        except Conflict:
            if before == context.read(lambda reading: carrying(context, reading.connection, risk_id)):
                raise
    raise Collision(instance_id=before or "")


def _ending(
    context: Context,
    actor: Person,
    before: str,
    reason: str,
    command: Callable[[Writing, str | None], Instance],
) -> Instance:
    started: list[Instance] = []

    def within(uow: UnitOfWork, now: datetime) -> None:
        started[:] = [command(writing(uow, now, actor), before)]

    context.engine.instances.cancel(SYSTEM, before, reason, within)
    return started[0]
