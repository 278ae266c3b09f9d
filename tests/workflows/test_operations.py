"""Operations refuse what the record does not hold, whatever a diagram hands them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import OperationFailed
from engine.ports import Effect, OperationContext, OperationResult
from tests.workflows.world import CONTROLS, EXEMPT, MITIGATE, WORKS, World
from workflows.bootstrap import operations
from workflows.types import RiskStatus

GIVEN = {"days": Decimal(90), "conditions": "Logs are read.", "compensating_controls": "A wall."}


def context(world: World, case_id: str | None, **more: Any) -> OperationContext:
    version = ""
    if case_id:
        version = world.case(case_id).instance.version_hash
    given = {"subject": "R-0001", "element_id": "grant_exemption", "actor": "ciso", "data": {}} | more
    return OperationContext(
        instance_id=case_id or "none", key="risk-decision", version_hash=version, now=world.now, **given
    )


def call(world: World, name: str, parameters: Mapping[str, Any], found: OperationContext) -> OperationResult:
    known = operations()
    known.bind(world.parley.engine)
    with world.parley.database.reading() as connection:
        return known.call(connection, name, parameters, found)


def apply(world: World, effect: Effect, found: OperationContext) -> None:
    known = operations()
    known.bind(world.parley.engine)
    with world.parley.database.unit_of_work() as uow, uow.savepoint():
        known.apply(uow, effect, found)


@pytest.mark.parametrize("days", [None, Decimal(0), Decimal(366), Decimal("1.5"), "90", True, Decimal(-1)])
def test_an_exemption_lasts_a_whole_number_of_days_up_to_a_year(small_world: World, days: Any) -> None:
    with pytest.raises(OperationFailed, match="Nothing was granted"):
        call(small_world, "exemptions.grant", GIVEN | {"days": days}, context(small_world, None))


def test_an_exemption_has_conditions_and_an_expiry(small_world: World) -> None:
    with pytest.raises(OperationFailed, match="needs conditions"):
        call(small_world, "exemptions.grant", GIVEN | {"conditions": "  "}, context(small_world, None))
    result = call(small_world, "exemptions.grant", GIVEN, context(small_world, None))
    assert result.value["expires"] == small_world.now + timedelta(days=90)


def granted(world: World, case_id: str, **changes: Any) -> None:
    """Apply a grant past any diagram."""
    result = call(world, "exemptions.grant", GIVEN | changes, context(world, case_id))
    apply(world, result.effects[0], context(world, case_id))


def test_nothing_is_granted_without_a_ruling_in_the_record(world: World) -> None:
    _, case_id = world.raise_risk()
    with pytest.raises(OperationFailed, match="holds no ruling that grants"):
        granted(world, case_id)
    world.positions(case_id)
    world.act(case_id, "decide", "cio", EXEMPT)
    with pytest.raises(OperationFailed, match="holds no ruling that grants"):
        granted(world, case_id)
    assert world.parley.exemptions.all(world.people["auditor"]) == []
    assert world.risk("R-0001").status is RiskStatus.UNDECIDED


def test_nothing_is_granted_past_the_process_of_exemptions(small_world: World) -> None:
    """A diagram that grants on a ruling alone, without a request and without controls that were checked."""
    world = small_world
    _, case_id = world.raise_risk()
    world.positions(case_id)
    world.act(case_id, "decide", "cio", EXEMPT)
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    with pytest.raises(OperationFailed, match="controls were not checked and found to work"):
        granted(world, case_id)
    with world.parley.database.unit_of_work() as uow:
        uow.connection.exec_driver_sql("DROP TRIGGER exemption_requests_no_delete")
        uow.connection.exec_driver_sql("DELETE FROM exemption_requests")
    with pytest.raises(OperationFailed, match="No exemption was asked for in this case"):
        granted(world, case_id)
    assert world.parley.exemptions.all(world.people["auditor"]) == []
    assert world.risk("R-0001").status is RiskStatus.UNDECIDED


def test_nothing_is_granted_for_longer_than_was_decided_or_twice(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    world.positions(case_id)
    world.act(case_id, "decide", "cio", EXEMPT)
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    world.approve(case_id)
    assert len(world.parley.exemptions.all(world.people["auditor"])) == 1
    with pytest.raises(OperationFailed, match="in force already"):
        granted(world, case_id)
    with pytest.raises(OperationFailed, match="longer than was decided"):
        granted(world, case_id, days=Decimal(181))
    with pytest.raises(OperationFailed, match="the record says the CIO"):
        granted(world, case_id, decided_by_tier="committee")
    assert len(world.parley.exemptions.all(world.people["auditor"])) == 1


def test_no_decision_is_recorded_that_the_ciso_did_not_concur_with(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    world.positions(case_id)
    world.act(case_id, "decide", "cio", MITIGATE)
    with pytest.raises(OperationFailed, match="holds no decision that takes effect"):
        apply(world, Effect("risks.decided", {}), context(world, case_id))
    assert world.risk("R-0001").status is RiskStatus.UNDECIDED


@pytest.mark.parametrize("review", ["soon", date(2027, 3, 4)])
def test_an_acceptance_is_reviewed_within_a_year(small_world: World, review: object) -> None:
    data = {"decide": {"decision": "accept", "review_date": review}}
    with pytest.raises(OperationFailed, match="An accepted risk"):
        call(small_world, "risks.record_decision", {}, context(small_world, None, data=data))


def test_an_acceptance_without_a_date_is_reviewed_within_the_longest_time(small_world: World) -> None:
    data = {"decide": {"decision": "accept", "review_date": None}}
    found = call(small_world, "risks.record_decision", {}, context(small_world, None, data=data))
    reviewed = found.value["review_date"]
    assert small_world.now.date() < reviewed <= small_world.now.date() + timedelta(days=366)


def test_a_decision_to_exempt_puts_nothing_in_force(small_world: World) -> None:
    data = {"decide": {"decision": "exempt", "days": Decimal(30)}}
    found = call(small_world, "risks.record_decision", {}, context(small_world, None, data=data))
    assert (found.value["status"], list(found.effects)) == ("", [])


@pytest.mark.parametrize("decision", ["ignore", "", None])
def test_other_decisions_are_not_recorded(small_world: World, decision: Any) -> None:
    data = {"decide": {"decision": decision}}
    with pytest.raises(OperationFailed, match="cannot be recorded here"):
        call(small_world, "risks.record_decision", {}, context(small_world, None, data=data))


def test_a_risk_nobody_ruled_on_is_not_accepted(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    apply(world, Effect("risks.refused", {}), context(world, case_id))
    page = world.parley.risks.risk(world.people["auditor"], "R-0001")
    assert page.risk.status is RiskStatus.NOT_ACCEPTED
    assert page.history[0].reason == "Nobody ruled on it, and silence never accepts a risk"


def test_a_risk_is_opened_again_only_after_its_exemption(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    effect = Effect("exemptions.reopened", {})
    with pytest.raises(OperationFailed, match="granted no exemption"):
        apply(world, effect, context(world, case_id))
    world.positions(case_id)
    world.act(case_id, "decide", "cio", EXEMPT)
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    world.approve(case_id)
    with pytest.raises(OperationFailed, match="still in force"):
        apply(world, effect, context(world, case_id))


def test_who_was_not_in_the_post_is_no_basis(small_world: World) -> None:
    """The engine lets nobody act without a post; the record is looked at again all the same."""
    world = small_world
    _, case_id = world.raise_risk()
    world.positions(case_id)
    world.act(case_id, "decide", "cio", EXEMPT)
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    world.act(case_id, "name_controls", "cio", CONTROLS)
    with world.parley.database.unit_of_work() as uow:
        for table in ("appointments",):
            uow.connection.exec_driver_sql(f"DROP TRIGGER {table}_no_update")
        uow.connection.exec_driver_sql("UPDATE appointments SET role = 'auditor' WHERE role = 'cio'")
    world.act(case_id, "verify_controls", "ciso", WORKS)
    case = world.case(case_id)
    assert case.exemptions == ()
    [incident] = case.incidents
    assert "Cio was not CIO when" in incident.cause
    assert case.waiting[0].sentence.startswith("Stopped before “Grant exemption”.")


def test_unknown_names_are_refused_in_a_sentence(small_world: World) -> None:
    with pytest.raises(OperationFailed, match="There is no operation"):
        call(small_world, "risks.forget", {}, context(small_world, None))
    with pytest.raises(OperationFailed, match="There is no effect"):
        apply(small_world, Effect("risks.forgotten", {}), context(small_world, None))
    with pytest.raises(OperationFailed, match="There is no committee"):
        call(small_world, "committee.seat", {"committee": "council"}, context(small_world, None))


def test_a_case_about_no_risk_records_nothing(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    with pytest.raises(OperationFailed, match="about no risk"):
        apply(world, Effect("risks.refused", {}), context(world, case_id, subject=None))
