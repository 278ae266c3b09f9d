"""Going ahead at once, through the real commands: who may, what the review does, what silence does."""

from __future__ import annotations

from secrets import token_urlsafe

import pytest

from engine.errors import AnswersRefused, NotEntitled
from tests.workflows.world import World
from workflows.emergencies.types import Emergency
from workflows.errors import RuleBroken
from workflows.exemptions import verification
from workflows.types import RiskStatus

ANSWERS = {
    "what": "The payment gateway goes live without the patch.",
    "reason": "Salaries of forty firms are paid tonight.",
    "containment": "Access from two addresses only, watched by the operations centre.",
    "conditions": "The watch holds through the night.",
    "days": "5",
    "roll_back": "The old gateway takes over in an hour.",
}
APPROVE = {"verdict": "approve", "reason": "The containment holds."}
DENY = {"verdict": "deny", "ground": "not_defensible", "reason": "The old gateway would do."}
ROLLED_BACK = {"done": "rolled_back", "account": "The old gateway runs since noon."}


def declared(world: World, risk_id: str, by: str = "cio", **changes: str) -> str:
    return world.parley.emergencies.declare(world.people[by], risk_id, ANSWERS | changes, token_urlsafe(16))


def newest(world: World) -> Emergency:
    return world.parley.emergencies.all(world.people["auditor"])[0]


def kinds(world: World) -> list[str]:
    return [step.kind for step in newest(world).steps]


def no_incidents(world: World) -> None:
    with world.parley.database.reading() as connection:
        assert world.parley.engine.incidents.open(connection) == []
        assert [one.sentence for one in verification.faults(connection)] == []
    assert world.audit_faults() == []


def test_it_goes_ahead_at_once_is_approved_and_ends_on_its_day(world: World) -> None:
    risk, case_id = world.raise_risk()
    emergency = declared(world, risk.id)
    assert world.risk(risk.id).status is RiskStatus.EXEMPTED
    world.act(emergency, "review_emergency", "ciso", APPROVE)
    world.pass_time(days=4)
    carried = newest(world).exemption
    assert carried is not None
    assert (carried.state, carried.decided_tier, carried.days) == ("active", "cio", 5)
    world.pass_time(days=1)
    carried = newest(world).exemption
    assert carried is not None
    assert carried.state == "expired"
    assert world.risk(risk.id).status is RiskStatus.UNDECIDED
    assert kinds(world) == ["begun", "approved", "ended"]
    # The case that decides the risk was open all the while, so no second one begins.
    assert world.risk(risk.id).open_case_id == case_id
    no_incidents(world)


@pytest.mark.parametrize("by", ["ciso", "cro", "raiser", "cio_deputy"])
def test_nobody_but_the_cio_declares_one(small_world: World, by: str) -> None:
    world = small_world
    world.appoint("cio_deputy", "cio", deputy_for="cio", valid_until=None)
    risk, _ = world.raise_risk()
    with pytest.raises(NotEntitled):
        declared(world, risk.id, by)
    assert world.risk(risk.id).status is RiskStatus.UNDECIDED


@pytest.mark.parametrize("changes", [{"days": "15"}, {"days": "0"}, {"reason": ""}, {"conditions": ""}])
def test_never_longer_than_fourteen_days_nor_without_a_reason(
    small_world: World, changes: dict[str, str]
) -> None:
    risk, _ = small_world.raise_risk()
    with pytest.raises(AnswersRefused):
        declared(small_world, risk.id, **changes)


def test_the_same_page_sent_twice_is_one_emergency(small_world: World) -> None:
    world = small_world
    risk, _ = world.raise_risk()
    token = token_urlsafe(16)
    first = world.parley.emergencies.declare(world.people["cio"], risk.id, ANSWERS, token)
    assert world.parley.emergencies.declare(world.people["cio"], risk.id, ANSWERS, token) == first


def test_one_at_a_time(small_world: World) -> None:
    risk, _ = small_world.raise_risk()
    declared(small_world, risk.id)
    with pytest.raises(RuleBroken):
        declared(small_world, risk.id)


def test_silence_is_no_consent_and_it_lapses_on_its_day(world: World) -> None:
    risk, _ = world.raise_risk()
    declared(world, risk.id)
    world.pass_time(days=1)
    assert kinds(world) == ["begun"]
    world.pass_time(days=4)
    assert kinds(world) == ["begun", "ended"]
    assert world.risk(risk.id).status is RiskStatus.UNDECIDED
    no_incidents(world)


def test_after_a_day_the_chief_risk_officer_reviews(small_world: World) -> None:
    world = small_world
    risk, _ = world.raise_risk()
    emergency = declared(world, risk.id)
    world.pass_time(days=1)
    world.act(emergency, "review_emergency_in_place", "cro", APPROVE)
    assert kinds(world) == ["begun", "approved"]


def test_what_is_denied_stops_is_rolled_back_and_goes_to_the_committee(world: World) -> None:
    risk, _ = world.raise_risk()
    emergency = declared(world, risk.id)
    world.act(emergency, "review_emergency", "ciso", DENY)
    carried = newest(world).exemption
    assert carried is not None
    assert carried.state == "revoked"
    assert world.risk(risk.id).status is RiskStatus.UNDECIDED
    assert kinds(world) == ["begun", "denied", "stopped"]
    with world.parley.database.reading() as connection:
        waiting = world.parley.engine.instances.path(connection, emergency).waiting
    assert "roll_back" in waiting
    assert len(waiting) > 1
    world.pass_time(days=3)
    world.act(emergency, "enforce_roll_back", "cro", ROLLED_BACK)
    no_incidents(world)


def test_a_second_one_within_ninety_days_goes_to_the_chief_risk_officer(world: World) -> None:
    risk, _ = world.raise_risk()
    world.act(declared(world, risk.id), "review_emergency", "ciso", APPROVE)
    world.pass_time(days=5)
    # As another risk, in another case: the same weakness on the same asset.
    again, _ = world.raise_risk(title="The same in other words")
    second = declared(world, again.id)
    assert world.risk(again.id).status is RiskStatus.UNDECIDED
    assert "less than 90 days ago" in newest(world).why_above
    world.act(second, "rule_on_emergency", "cro", {"ruling": "go_ahead", "reason": "Once more."})
    assert world.risk(again.id).status is RiskStatus.EXEMPTED
    carried = newest(world).exemption
    assert carried is not None
    assert (carried.decided_tier, carried.decided_by) == ("cro", "cro")
    no_incidents(world)


@pytest.mark.parametrize("silent", [True, False])
def test_where_the_chief_risk_officer_lets_nothing_go_ahead_nothing_does(
    small_world: World, silent: bool
) -> None:
    world = small_world
    risk, _ = world.raise_risk()
    world.act(declared(world, risk.id), "review_emergency", "ciso", APPROVE)
    world.pass_time(days=5)
    second = declared(world, risk.id)
    if silent:
        world.pass_time(days=3)
    else:
        world.act(second, "rule_on_emergency", "cro", {"ruling": "stop", "reason": "No more."})
    assert kinds(world) == ["refused"]
    assert world.risk(risk.id).status is RiskStatus.UNDECIDED
    no_incidents(world)


def test_after_ninety_days_the_cio_goes_ahead_alone_again(small_world: World) -> None:
    world = small_world
    risk, _ = world.raise_risk()
    world.act(declared(world, risk.id), "review_emergency", "ciso", APPROVE)
    world.pass_time(days=91)
    again, _ = world.raise_risk(title="The same in other words")
    declared(world, again.id)
    assert world.risk(again.id).status is RiskStatus.EXEMPTED
