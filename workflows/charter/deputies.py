"""Deputies are named in the charter (docs/constructive-tension.md, rule 9): once one is in force, who is not
named in it may be appointed, and acts in nobody's name before the charter is endorsed anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from engine.types import Authority
from workflows.charter.models import charter_endorsements, charters
from workflows.errors import NotEntitled
from workflows.identity.queries import people_by_id


def check_named(connection: Connection, authority: Authority, now: datetime) -> None:
    """Refuse who acts in another person's name and is no deputy of that person by the charter in force.
    Raises `NotEntitled`."""
    why = unnamed(connection, authority, now)
    if why is not None:
        raise NotEntitled(f"{why} Nothing of yours was stored.", person_id=authority.person_id)


def unnamed(connection: Connection, authority: Authority | None, now: datetime) -> str | None:
    """Why a deputy may not act, as sentences; None where the charter names the deputy, none is in force, or
    nobody is stood in for."""
    if authority is None or authority.on_behalf_of is None:
        return None
    row = connection.execute(
        select(charters.c.number, charters.c.content)
        .join(charter_endorsements, charter_endorsements.c.number == charters.c.number)
        .where(charter_endorsements.c.at <= now)
        .order_by(charter_endorsements.c.at.desc(), charters.c.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    pair = (authority.person_id, authority.on_behalf_of)
    people = people_by_id(connection, pair)
    names = {key: people[key].name if key in people else key for key in pair}
    if any(_is(each, *pair, names[pair[1]]) for each in row.content["deputies"]):
        return None
    return (
        f"{names[pair[0]]} deputises for {names[pair[1]]}, and charter {row.number} does not say so. Until "
        f"a charter that does is endorsed, {names[pair[1]]} acts alone."
    )


def _is(row: Mapping[str, Any], person_id: str, principal: str, principal_name: str) -> bool:
    """Whether a charter's line names this deputy of this person; early charters have the person's name."""
    return (
        row["person"] == person_id
        and row.get("for", principal) == principal
        and ("for" in row or row["for_name"] == principal_name)
    )
