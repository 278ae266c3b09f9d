"""Setting appetite, tolerance and the table of levels: each a new row, from now or from a moment ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Table, func, insert, select

from workflows.context import Writing
from workflows.errors import NotEntitled, RuleBroken
from workflows.events import REGISTER, DomainEvent
from workflows.identity.queries import organisation_at
from workflows.identity.types import Role
from workflows.risks.models import appetites, matrices, risks
from workflows.risks.scales import Level, read_matrix
from workflows.risks.snapshots import mark_outdated
from workflows.risks.types import RiskStatus

LONGEST_BASIS = 2_000


def set_appetite(
    writing: Writing,
    category: str,
    appetite: Level,
    tolerance: Level,
    valid_from: datetime | None,
    basis: str,
) -> int:
    """Set appetite and tolerance of a category (empty: of all that have none of their own); the row's number.

    Raises `NotEntitled`: one of the two leaders, whatever other post they hold. `RuleBroken`: a tolerance
    below the appetite, a moment in the past, no basis.
    """
    _check_no_leader(writing)
    if tolerance.rank < appetite.rank:
        raise RuleBroken(
            f"A tolerance of {tolerance.value} is below the appetite of {appetite.value}; it is at least as "
            "high. Nothing was changed.",
            rule="tolerance",
        )
    values = {
        "category": " ".join(category.split())[:100],
        "appetite": appetite.value,
        "tolerance": tolerance.value,
        "valid_from": _from(writing, valid_from),
        "basis": _basis(basis),
    }
    seq = _add(writing, appetites, values)
    writing.record(REGISTER, DomainEvent.APPETITE_SET, {"seq": seq, **values})
    decided = select(risks.c.id).where(
        risks.c.status.not_in([RiskStatus.UNDECIDED.value, RiskStatus.CLOSED.value])
    )
    if values["category"]:
        decided = decided.where(risks.c.category == values["category"])
    mark_outdated(writing, writing.connection.execute(decided.order_by(risks.c.id)).scalars().all())
    return seq


def set_matrix(
    writing: Writing, cells: Sequence[Sequence[str]], valid_from: datetime | None, basis: str
) -> int:
    """Set the organisation's own table of levels; without cells, that of SP 800-30r1 again.

    Raises `NotEntitled`: one of the two leaders, whatever other post they hold. `RuleBroken`: no table of
    five by five levels, one that falls, a moment in the past, no basis.
    """
    _check_no_leader(writing)
    try:
        plain = [[cell.value for cell in row] for row in read_matrix(cells).values()] if cells else []
    except ValueError as error:
        raise RuleBroken(f"{error} Nothing was changed.", rule="matrix") from None
    values = {"cells": plain, "valid_from": _from(writing, valid_from), "basis": _basis(basis)}
    seq = _add(writing, matrices, values)
    writing.record(REGISTER, DomainEvent.MATRIX_SET, {"seq": seq, **values})
    return seq


def _check_no_leader(writing: Writing) -> None:
    organisation = organisation_at(writing.connection, writing.now)
    for role in (Role.CIO, Role.CISO):
        if writing.actor.id in organisation.principals(role):
            raise NotEntitled(
                f"Who is {role.label} does not set the measure of the risks that both leaders decide on. Ask "
                "the executive sponsor. Nothing was changed."
            )


def _add(writing: Writing, table: Table, values: Mapping[str, object]) -> int:
    writing.alone(table.name)
    last = writing.connection.execute(select(func.coalesce(func.max(table.c.seq), 0))).scalar_one()
    writing.connection.execute(
        insert(table).values(seq=last + 1, by=writing.actor.id, at=writing.now, **values)
    )
    return int(last) + 1


def _from(writing: Writing, valid_from: datetime | None) -> datetime:
    if valid_from is None:
        return writing.now
    if valid_from < writing.now:
        raise RuleBroken(
            "What held in the past stays as it was: it can be set from now on, or from a day ahead. "
            "Nothing was changed.",
            rule="past",
        )
    return valid_from


def _basis(basis: str) -> str:
    text = basis.strip()
    if not text or len(text) > LONGEST_BASIS:
        raise RuleBroken(
            "Name what this rests on: a resolution, a policy, a date "
            f"(at most {LONGEST_BASIS:,} characters). Nothing was changed.",
            rule="basis",
        )
    return text
