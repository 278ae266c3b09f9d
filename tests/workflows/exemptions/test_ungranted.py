"""An exemption that was decided and not granted leaves nobody waiting: both leaders decide the risk again."""

from __future__ import annotations

from engine.types import Instance, InstanceState
from tests.workflows.world import EXEMPT, World
from workflows.types import RiskStatus

CONCUR = {"response": "concur"}


def running(world: World, risk_id: str) -> list[Instance]:
    with world.parley.database.reading() as connection:
        cases = world.parley.engine.instances.of_subject(connection, risk_id)
    return [one for one in cases if one.state is InstanceState.RUNNING]


def exempt(world: World, case_id: str) -> None:
    world.positions(case_id)
    world.act(case_id, "decide", "cio", EXEMPT | {"days": "20"})
    world.act(case_id, "respond", "ciso", CONCUR)


def test_controls_that_nobody_names_leave_the_risk_to_be_decided_again(world: World) -> None:
    risk, case_id = world.raise_risk()
    exempt(world, case_id)
    world.pass_time(days=11)

    assert world.risk(risk.id).status is RiskStatus.UNDECIDED
    [again] = running(world, risk.id)
    assert (again.linked_from, again.id != case_id) == (case_id, True)
    world.positions(again.id)
    assert world.audit_faults() == []


def test_over_the_cap_no_exemption_is_offered_any_more(world: World) -> None:
    risk, case_id = world.raise_risk()
    for _ in range(2):  # once, and one renewal at most for a risk this high
        exempt(world, case_id)
        world.approve(case_id)
        world.pass_time(days=21)
        [again] = running(world, risk.id)
        case_id = again.id
    world.positions(case_id)
    page = world.parley.cases.task_page(world.people["cio"], world.task_id(case_id, "decide", "cio"))
    assert page.presentation is not None
    decision = next(one for one in page.presentation.controls() if one.key == "decision")
    assert "exempt" not in {choice.value for choice in decision.choices}
    assert "mitigate" in {choice.value for choice in decision.choices}
