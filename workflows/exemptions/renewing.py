"""How often a weakness may be exempted: the policy's cap, counted by asset and weakness and not by case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from workflows.exemptions.queries import of_same_weakness
from workflows.wording import count, listed


def why_no_more(connection: Connection, risk_id: str, renewals_at_most: int, now: datetime) -> str:
    """Why the policy allows no further exemption, as a sentence; empty where it allows one.

    Every earlier exemption of the same weakness on the same assets counts, however it ended: the first needs
    no renewal, and each further one is a renewal, whether it was asked for as one or in a case of its own.
    """
    before = of_same_weakness(connection, risk_id, now)
    if len(before) <= renewals_at_most:
        return ""
    ids = listed(one.id for one in before)
    allowed = "no renewal" if renewals_at_most == 0 else f"at most {count(renewals_at_most, 'renewal')}"
    times = "once" if len(before) == 1 else f"{len(before)} times"
    return (
        f"This weakness on these assets has been exempted {times} already ({ids}), and the policy allows "
        f"{allowed}. It has to be mitigated, avoided or transferred."
    )
