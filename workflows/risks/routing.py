"""What a case asks the register on its way: how the risk is rated, and whether what was decided stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from engine.ports import OperationResult
from workflows.cases.models import position_changes
from workflows.exemptions.queries import of_same_weakness
from workflows.operations import Call
from workflows.risks.appetite import appetite_at, matrix_at
from workflows.risks.models import risks
from workflows.risks.rating import Rating, rate_positions
from workflows.risks.scales import Level, Matrix, level_of_risk
from workflows.risks.transitions import LEGAL_OBLIGATION, NEVER_FOR_OBLIGATIONS

RATE = "risks.rate"
SETTLE = "risks.settle"
CHALLENGE = "challenge"
"""Origin of a case that the CISO opened against a decision in force: its silence settles nothing."""
CONCURRED = frozenset({"concur", "concur_with_conditions"})


def rate(call: Call) -> OperationResult:
    """Rate the risk by both positions, or by what was raised where neither is in.

    Parameter: `decisions`, how many decisions were made before. The value: as `Rating.value` gives it,
    `decisions`, and `exemptions_before`, how often this weakness was exempted on these assets. Raises
    `OperationFailed` where the case is about no risk.
    """
    data = call.context.data
    found = rate_case(
        call.connection,
        call.risk_id,
        mapping(data.get("raise")),
        mapping(data.get("positions")),
        mapping(mapping(data.get("arbitration")).get("record_ruling")),
        call.context.now,
        call.context.instance_id,
    )
    before = of_same_weakness(call.connection, call.risk_id, call.context.now)
    value = {
        **found.value(),
        "decisions": call.parameters.get("decisions") or 0,
        "exemptions_before": Decimal(len(before)),
    }
    return OperationResult(value)


def rate_case(
    connection: Connection,
    risk_id: str,
    raised: Mapping[str, Any],
    positions: Mapping[str, Any],
    ruled: Mapping[str, Any],
    at: datetime,
    case_id: str,
) -> Rating:
    """The rating of a case by the appetite and the table of levels that held at a moment, and by what its
    positions were changed to up to then where that rates higher."""
    category = connection.execute(select(risks.c.category).where(risks.c.id == risk_id)).scalar_one_or_none()
    appetite = appetite_at(connection, category or "", at)
    matrix = matrix_at(connection, at)
    positions = _with_changes(connection, case_id, positions, matrix, at)
    return rate_positions(raised, positions, ruled, appetite, matrix)


def _with_changes(
    connection: Connection, case_id: str, positions: Mapping[str, Any], matrix: Matrix, at: datetime
) -> Mapping[str, Any]:
    """The first positions, each with the rating of a later change of it where that is higher."""
    found = dict(positions)
    for row in connection.execute(
        select(position_changes)
        .where(position_changes.c.case_id == case_id, position_changes.c.at <= at)
        .order_by(position_changes.c.element_id, position_changes.c.seq)
    ):
        before = found.get(row.element_id)
        if isinstance(before, Mapping) and _rank(row.answers, matrix) > _rank(before, matrix):
            rated = {key: row.answers[key] for key in ("likelihood", "impact")}
            found[row.element_id] = {**before, **rated}
    return found


def _rank(answers: Mapping[str, Any], matrix: Matrix) -> int:
    try:
        return level_of_risk(Level.read(answers["likelihood"]), Level.read(answers["impact"]), matrix).rank
    except (KeyError, ValueError):
        return -1


def see_what_stands(call: Call) -> OperationResult:
    """Whether the CIO's decision stands between the two: concurred with, or within appetite unanswered.

    Parameter: `decisions`, how many were made so far. The value: `stands`, and `advice`, whether the CISO
    was heard. Nothing stands that was not decided since the rating, and no challenge that was not answered
    by a concurrence lapses by silence.
    """
    data = dict(call.context.data)
    rated = mapping(data.get("rate"))
    if rated.get("within_appetite") is True and not mapping(data.get("arbitration")):
        # A position that was changed since, and rates higher, takes the case above appetite.
        raised, positions = mapping(data.get("raise")), mapping(data.get("positions"))
        context = call.context
        now = rate_case(
            call.connection, call.risk_id, raised, positions, {}, context.now, context.instance_id
        )
        data["rate"] = {**rated, "within_appetite": now.within_appetite}
    return OperationResult(what_stands(data, call.parameters.get("decisions") or 0))


def what_stands(data: Mapping[str, Any], decisions: Any) -> dict[str, bool]:
    """The rule of `see_what_stands`, over a case's data."""
    rated, decided, answered = (mapping(data.get(key)) for key in ("rate", "decide", "respond"))
    decision = str(decided.get("decision") or "")
    fresh = bool(decision) and decisions > (rated.get("decisions") or 0)
    response = str(answered.get("response") or "")
    raised = mapping(data.get("raise"))
    alone = rated.get("within_appetite") is True and raised.get("origin") != CHALLENGE
    agreed = response in CONCURRED or (not response and alone)
    category = raised.get("category")
    forbidden = category == LEGAL_OBLIGATION and decision in NEVER_FOR_OBLIGATIONS
    advised = bool(response) or rated.get("ciso_heard") is True
    return {"stands": fresh and agreed and not forbidden, "advice": advised}


def mapping(found: Any) -> Mapping[str, Any]:
    """What is there of a case's data; empty where nothing is, or something else."""
    return found if isinstance(found, Mapping) else {}
