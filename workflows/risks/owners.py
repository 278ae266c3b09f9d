"""Who answers for a risk today: the CIO of the units that own its assets, or of the whole organisation."""

from __future__ import annotations

from workflows.context import Context, Reading
from workflows.identity.types import Role
from workflows.wording import listed


def owner_of(context: Context, reading: Reading, risk_id: str) -> str:
    """Name and post, as a register names a risk's owner; says so where the post is vacant."""
    directory, connection, now = context.directory, reading.connection, reading.now
    desk = directory.desk(connection, Role.CIO.value, risk_id, now)
    found = [one for one in directory.candidates(connection, desk, now) if one.on_behalf_of is None]
    if not found:
        return "Vacant: nobody holds the post of CIO"
    names = listed([reading.organisation.name(one.person_id) for one in found])
    return f"{names} ({found[0].basis.split(',')[0]})"
