"""Statuses change by the table alone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.errors import OperationFailed
from tests.workflows.world import World
from workflows.context import Writing
from workflows.risks.commands import change_status
from workflows.risks.models import risk_statuses
from workflows.risks.transitions import TRANSITIONS, only, transition
from workflows.types import SYSTEM_PERSON, RiskStatus


def test_each_operation_and_response_leads_to_one_status() -> None:
    names = [(one.operation, one.response) for one in TRANSITIONS]
    assert len(names) == len(set(names))


def test_every_decision_starts_from_undecided() -> None:
    """Nothing in force is ever decided over: it is opened again first."""
    for one in TRANSITIONS:
        if one.target is not RiskStatus.UNDECIDED:
            assert one.sources == {RiskStatus.UNDECIDED}


def test_a_closed_risk_stays_closed() -> None:
    assert not any(RiskStatus.CLOSED in one.sources for one in TRANSITIONS)


def test_every_status_but_closed_can_be_opened_again() -> None:
    assert only("risks.reopen").sources == set(RiskStatus) - {RiskStatus.UNDECIDED, RiskStatus.CLOSED}


def test_unknown_operations_have_no_transition() -> None:
    assert transition("risks.record_decision", "ignore") is None
    with pytest.raises(LookupError):
        only("risks.ignore")


def test_a_status_that_does_not_fit_is_refused_and_left(small_world: World) -> None:
    risk, _ = small_world.raise_risk()

    def command(writing: Writing) -> None:
        change_status(writing, risk.id, only("risks.reopen"), "No reason", None)

    with pytest.raises(OperationFailed, match="R-0001 is undecided and cannot become undecided"):
        small_world.parley.context.write(SYSTEM_PERSON, None, command)
    assert small_world.risk(risk.id).status is RiskStatus.UNDECIDED
    with small_world.parley.database.reading() as connection:
        rows = connection.execute(select(risk_statuses).where(risk_statuses.c.risk_id == risk.id)).all()
    assert len(rows) == 1
