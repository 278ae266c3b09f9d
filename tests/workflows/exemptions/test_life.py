"""The life of an exemption, from the request to its end, through the real commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, text, update

from engine.errors import AnswersRefused, Conflict, NotEntitled
from tests.workflows.exemptions.asking import CONTROLS, FAILS, WORKS, concurred, granted, short, untouched
from tests.workflows.world import World
from workflows.errors import RuleBroken
from workflows.exemptions import verification
from workflows.exemptions.models import exemption_checks, exemption_controls
from workflows.types import Exemption, RiskStatus, is_active


@pytest.fixture
def case_id(world: World, tmp_path: Path) -> str:
    """A risk that was raised under a policy that calls the exemption."""
    short(world, tmp_path)
    return world.raise_risk()[1]


def outcome(world: World, case_id: str) -> tuple[str, str | None]:
    with world.parley.database.reading() as connection:
        instance = world.parley.engine.instances.get(connection, case_id)
        assert world.parley.engine.incidents.open(connection, case_id) == []
    return str(instance.state), instance.outcome


def exemption(world: World, exemption_id: str) -> Exemption:
    return world.parley.exemptions.exemption(world.people["auditor"], exemption_id)


def follow_up(world: World, case_id: str) -> str:
    """The one case that followed from another."""
    with world.parley.database.reading() as connection:
        (found,) = world.parley.engine.instances.linked_from(connection, case_id)
    return found.id


def faults(world: World) -> list[str]:
    with world.parley.database.reading() as connection:
        found = verification.faults(connection)
    return world.audit_faults() + [fault.sentence for fault in found]


def test_it_is_granted_only_once_its_controls_were_found_to_work(world: World, case_id: str) -> None:
    with untouched(world):
        concurred(world, case_id)
        world.act(case_id, "name_controls", "cio", CONTROLS)
    world.act(case_id, "verify_controls", "ciso", WORKS)
    page = world.parley.exemptions.page(world.people["auditor"], "E-0001")
    assert page.exemption is not None
    assert (page.exemption.state, page.exemption.days_left) == ("active", 120)
    assert [control.operator for control in page.controls] == ["architect"]
    assert [step.state for step in page.steps] == ["proposed", "under review", "approved", "active"]
    assert faults(world) == []


def test_it_ends_on_its_day_and_the_risk_is_decided_again(world: World, case_id: str) -> None:
    found = granted(world, case_id, days="60")
    world.pass_time(days=59, hours=23)
    assert is_active(exemption(world, found.id), world.now)
    world.pass_time(hours=1)
    assert not is_active(exemption(world, found.id), world.now)
    assert exemption(world, found.id).state == "expired"
    assert outcome(world, case_id) == ("completed", "Done")
    assert world.risk(found.risk_id).status is RiskStatus.UNDECIDED
    world.act(follow_up(world, case_id), "decide", "cio", {"decision": "mitigate", "reason": "Now we can."})
    assert faults(world) == []


def test_reminders_go_out_thirty_and_seven_days_before_the_end(world: World, case_id: str) -> None:
    found = granted(world, case_id, days="60")
    for days, reminders in ((29, 0), (1, 1), (22, 1), (1, 2), (1, 2)):
        world.pass_time(days=days)
        page = world.parley.exemptions.page(world.people["auditor"], found.id)
        assert len(page.reminders) == reminders
    assert page.reminders[0].told == ("Cio",)


def test_a_short_one_has_a_single_reminder_half_way(world: World, case_id: str) -> None:
    found = granted(world, case_id, days="6")
    world.pass_time(days=3)
    world.pass_time(days=2)
    assert len(world.parley.exemptions.page(world.people["auditor"], found.id).reminders) == 1


def test_controls_that_do_not_work_are_mended_once_and_then_it_is_rejected(
    world: World, case_id: str
) -> None:
    with untouched(world):
        concurred(world, case_id)
        for _ in range(2):
            world.act(case_id, "name_controls", "cio", CONTROLS)
            world.act(case_id, "verify_controls", "ciso", FAILS)
    assert outcome(world, case_id) == ("completed", "Done")
    page = world.parley.exemptions.page(world.people["auditor"], "E-0001")
    assert page.exemption is None
    assert page.request is not None
    assert page.request.state == "rejected"
    assert page.request.ending_reason == "Its compensating controls were not found to work"
    assert faults(world) == []


def test_silence_never_grants(world: World, case_id: str) -> None:
    with untouched(world):
        concurred(world, case_id)
        world.pass_time(days=10)
    assert outcome(world, case_id) == ("completed", "Done")


def test_the_chief_risk_officer_checks_where_the_ciso_has_not(world: World, case_id: str) -> None:
    concurred(world, case_id)
    world.act(case_id, "name_controls", "cio", CONTROLS)
    world.pass_time(days=7)
    world.act(case_id, "verify_instead", "cro", WORKS)
    assert exemption(world, "E-0001").state == "active"


def test_a_check_that_nobody_makes_grants_nothing(world: World, case_id: str) -> None:
    with untouched(world):
        concurred(world, case_id)
        world.act(case_id, "name_controls", "cio", CONTROLS)
        world.pass_time(days=7)
        world.pass_time(days=5)
    assert outcome(world, case_id) == ("completed", "Done")


def test_who_operates_a_control_does_not_check_it(world: World, case_id: str) -> None:
    concurred(world, case_id)
    world.act(case_id, "name_controls", "cio", CONTROLS | {"operator_1": "raiser"})
    # The operator comes to be a deputy of the CISO after having been named.
    world.appoint("raiser", "ciso", deputy_for="ciso", valid_from=world.now, valid_until=None)
    with untouched(world), pytest.raises(NotEntitled, match="You operate “The build servers"):
        world.act(case_id, "verify_controls", "raiser", WORKS)


@pytest.mark.parametrize("operator", ["ciso", "cro"])
def test_who_may_have_to_check_is_not_offered_as_an_operator(
    world: World, case_id: str, operator: str
) -> None:
    concurred(world, case_id)
    with pytest.raises(AnswersRefused):
        world.act(case_id, "name_controls", "cio", CONTROLS | {"operator_1": operator})


def test_a_failed_check_is_reviewed_and_the_exemption_revoked(world: World, case_id: str) -> None:
    found = granted(world, case_id)
    world.pass_time(days=90)
    world.act(case_id, "check_controls", "ciso", FAILS)
    assert exemption(world, found.id).state == "active"
    world.act(case_id, "review_revocation", "cro", {"ruling": "revoke", "reason": "The rule is gone."})
    assert exemption(world, found.id).state == "revoked"
    assert world.risk(found.risk_id).status is RiskStatus.UNDECIDED
    assert outcome(world, case_id) == ("completed", "Done")
    assert faults(world) == []


def test_a_missed_check_that_nobody_rules_on_revokes(world: World, case_id: str) -> None:
    found = granted(world, case_id)
    world.pass_time(days=90)
    world.pass_time(days=14)
    world.pass_time(days=10)
    assert exemption(world, found.id).state == "revoked"
    assert exemption(world, found.id).ending_reason == (
        "In the last check nobody checked its controls, and nobody ruled on it in time"
    )


def test_a_check_that_is_asked_for_again_can_keep_it(world: World, case_id: str) -> None:
    found = granted(world, case_id, days="180")
    world.pass_time(days=90)
    world.act(case_id, "check_controls", "ciso", FAILS)
    world.act(case_id, "review_revocation", "cro", {"ruling": "check_again", "reason": "It is mended."})
    world.act(case_id, "check_controls", "ciso", WORKS)
    world.pass_time(days=80)
    assert exemption(world, found.id).state == "active"
    page = world.parley.exemptions.page(world.people["auditor"], found.id)
    assert [check.result for check in page.checks] == ["passed", "failed", "passed"]


def test_a_reported_breach_revokes_at_once(world: World, case_id: str) -> None:
    found = granted(world, case_id)
    exemptions = world.parley.exemptions
    for key in ("cio", "raiser", "auditor"):
        with pytest.raises(NotEntitled):
            exemptions.report_breach(world.people[key], found.id, "A new repository.", "The log.", "token-12")
    with pytest.raises(AnswersRefused):
        exemptions.report_breach(world.people["ciso"], found.id, "", "The log.", "token-12")
    for _ in range(2):
        exemptions.report_breach(world.people["ciso"], found.id, "A new repository.", "The log.", "token-12")
    assert exemption(world, found.id).state == "revoked"
    assert world.risk(found.risk_id).status is RiskStatus.UNDECIDED
    assert outcome(world, case_id) == ("completed", "Done")
    with pytest.raises(Conflict):
        exemptions.report_breach(world.people["ciso"], found.id, "Again.", "The log.", "token-13")
    page = exemptions.page(world.people["auditor"], found.id)
    assert [breach.what for breach in page.breaches] == ["A new repository."]
    assert page.steps[-1].sentence == "A condition was broken: A new repository."
    assert faults(world) == []


def test_a_renewal_is_a_new_review_and_over_the_cap_it_is_refused(world: World, case_id: str) -> None:
    first = granted(world, case_id)
    exemptions = world.parley.exemptions
    with pytest.raises(NotEntitled):
        exemptions.ask_renewal(world.people["ciso"], first.id, "The upgrade is late.")
    renewal = exemptions.ask_renewal(world.people["cio"], first.id, "The upgrade is late.")
    with pytest.raises(RuleBroken, match="under review already"):
        exemptions.ask_renewal(world.people["cio"], first.id, "Once more.")
    assert exemption(world, first.id).state == "active"
    second = granted(world, renewal)
    world.parley.engine.worker.run_until_idle()
    assert (exemption(world, first.id).state, second.state) == ("renewed", "active")
    assert second.renews == first.id
    assert outcome(world, case_id) == ("completed", "Done")
    assert world.risk(first.risk_id).status is RiskStatus.EXEMPTED
    page = exemptions.page(world.people["cio"], second.id)
    assert [one.id for one in page.chain] == [first.id, second.id]
    with pytest.raises(RuleBroken, match="exempted 2 times already"):
        exemptions.ask_renewal(world.people["cio"], second.id, "Once more.")
    assert faults(world) == []


def test_a_new_case_of_the_same_weakness_starts_no_new_count(world: World, case_id: str) -> None:
    granted(world, case_id, days="10")
    world.pass_time(days=10)
    granted(world, follow_up(world, case_id), days="10")
    world.pass_time(days=10)
    # Raised anew as another risk, with the same weakness on the same asset.
    _, other = world.raise_risk(title="The same again, in other words")
    with untouched(world):
        concurred(world, other)
    assert outcome(world, other) == ("completed", "Done")
    rejected = world.parley.exemptions.requests(world.people["auditor"])[0]
    assert rejected.state == "rejected"
    assert "has been exempted 2 times already" in rejected.ending_reason


def test_a_renewal_that_comes_to_nothing_leaves_the_exemption_as_it_was(world: World, case_id: str) -> None:
    first = granted(world, case_id)
    renewal = world.parley.exemptions.ask_renewal(world.people["cio"], first.id, "The upgrade is late.")
    concurred(world, renewal)
    world.pass_time(days=10)
    # Nobody named controls: the first one stays as it was granted.
    assert exemption(world, first.id).state == "active"


def test_more_days_than_the_policy_allows_are_refused(world: World, case_id: str) -> None:
    with untouched(world):
        concurred(world, case_id, days="181")
    (asked,) = world.parley.exemptions.requests(world.people["auditor"])
    assert asked.ending_reason == (
        "The policy lets a risk like this be exempted for at most 180 days, not 181."
    )


def test_the_figures_of_the_list(world: World, case_id: str) -> None:
    concurred(world, case_id, days="20")
    world.pass_time(days=3)
    figures = world.parley.exemptions.figures(world.people["auditor"])
    assert (figures.awaiting, figures.longest_waiting_days, figures.mean_days_to_decision) == (1, 3, None)
    world.act(case_id, "name_controls", "cio", CONTROLS)
    world.act(case_id, "verify_controls", "ciso", WORKS)
    figures = world.parley.exemptions.figures(world.people["auditor"])
    assert (figures.awaiting, figures.mean_days_to_decision, figures.expiring_soon) == (0, 3.0, 1)
    assert (figures.active, figures.expired_undecided, figures.never_expires) == (1, 0, 0)
    world.pass_time(days=20)
    figures = world.parley.exemptions.figures(world.people["auditor"])
    assert (figures.active, figures.expired_undecided) == (0, 1)


def test_what_was_altered_past_the_triggers_is_found(small_world: World, tmp_path: Path) -> None:
    world = small_world
    short(world, tmp_path)
    granted(world, world.raise_risk()[1])
    assert faults(world) == []
    with world.parley.database.unit_of_work() as uow:
        for table in ("exemption_checks", "exemption_controls"):
            for event in ("update", "delete"):
                uow.connection.execute(text(f"DROP TRIGGER {table}_no_{event}"))
        uow.connection.execute(update(exemption_controls).values(operator="ciso"))
        uow.connection.execute(delete(exemption_checks))
    assert sorted(faults(world)) == [
        "A check that it records is gone.",
        "A control of E-0001 is not as it was recorded.",
        "A control that it records is gone.",
    ]
