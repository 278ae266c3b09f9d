"""Cases that no release moves: those in dispute. A rule changed under a dispute would take a side in it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from engine import Engine
from engine.types import Instance

CHALLENGED, ARBITRATION = "answer_challenge", "arbitration"


def in_dispute(engine: Engine) -> Callable[[Connection, Instance], str | None]:
    """Why a case stays under its version, as a sentence; None where nothing of this kind keeps it."""

    def reason(connection: Connection, case: Instance) -> str | None:
        waiting = engine.instances.path(connection, case.id).waiting
        if ARBITRATION in waiting:
            return "It is before the committee; it is ruled on under the version it was disputed under."
        if CHALLENGED in waiting:
            return "The decision is challenged; the dispute ends under the version it began under."
        return None

    return reason
