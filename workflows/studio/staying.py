"""Cases that no release moves: those in dispute. A rule changed under a dispute would take a side in it
(docs/constructive-tension.md, rule 11)."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from engine import Engine
from engine.types import Instance

CHALLENGED = "answer_challenge"
ARBITRATION = "committee_arbitration"
"""Id of the process that arbitrates, whichever policy called it."""


def in_dispute(engine: Engine) -> Callable[[Connection, Instance], str | None]:
    """Why a case stays under its version, as a sentence; None where nothing of this kind keeps it."""

    def reason(connection: Connection, case: Instance) -> str | None:
        path = engine.instances.path(connection, case.id)
        stands_at = {*path.waiting, *path.failed}
        elements = engine.definitions.elements(connection, case.version_hash)
        if any(elements[one].process == ARBITRATION for one in stands_at if one in elements):
            return "It is before the committee; it is ruled on under the version it was disputed under."
        if CHALLENGED in stands_at:
            return "The decision is challenged; the dispute ends under the version it began under."
        return None

    return reason
