"""An arbitration from docket to ruling, by the real policy and the real commands, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.errors import NotEntitled
from tests.workflows.committee.sitting import MEMBERS, Sitting
from tests.workflows.world import World
from workflows.committee.minutes import minutes_of


def content(sitting: Sitting) -> dict[str, Any]:
    with sitting.world.parley.database.reading() as connection:
        found = minutes_of(connection, sitting.docket)
    assert found is not None
    return dict(found.content)


def test_a_meeting_from_docket_to_ruling_with_a_recusal_and_a_dissent(world: World) -> None:
    sitting = Sitting(world)
    assert sitting.waiting() == {"declare_interest"}
    assert sitting.asked("declare_interest") == sorted(MEMBERS)
    sitting.declare(hr="The project is paid by my department.")
    assert sitting.waiting() == {"meeting_begins"}
    sitting.meet()
    assert sitting.asked("vote") == ["cfo", "legal", "operations", "retail"]
    amend = {"choice": "amend", "days": "90", "conditions": "A weekly test."}
    longer = {"choice": "amend", "days": "120", "conditions": "A monthly report."}
    sitting.vote(cfo=amend, legal="overturn", operations=longer, retail=amend | {"days": "100"})
    assert sitting.waiting() == set()
    found = sitting.ruling()
    assert found is not None
    assert (found.ruling, found.tier, found.terms.response) == ("amend", "committee", "exempt")
    assert found.terms.days == 90
    assert found.terms.conditions.split("; ") == [
        "No new repositories are taken in.",
        "A weekly test.",
        "A monthly report.",
    ]
    assert len(found.rests_on) == 4
    minutes = content(sitting)
    assert [one["person"] for one in minutes["interests"]] == ["hr"]
    assert [one["person"] for one in minutes["votes"] if one["dissent"]] == ["legal"]
    assert minutes["absent"] == []
    assert minutes["ruling"]["days"] == 90
    assert world.audit_faults() == []


def test_the_meeting_leaves_the_notice_period_and_else_one_is_called(small_world: World) -> None:
    world = small_world
    committee, governance = world.parley.committee, world.people["cfo"]
    begins = world.now
    soon = committee.plan_meeting(governance, "steering", begins_at=begins.replace(day=begins.day + 4))
    planned = committee.plan_meeting(governance, "steering", begins_at=begins.replace(day=begins.day + 9))
    first = Sitting(world).data()["put_on_docket"]
    assert first["meeting"] == planned.id != soon.id
    world.clock.time = planned.begins_at
    second = Sitting(world).data()["put_on_docket"]
    assert second["meeting"] not in (planned.id, soon.id)
    assert second["meets_at"] >= planned.begins_at.replace(day=planned.begins_at.day + 5)
    assert second["meets_at"].weekday() < 5
    urgent = Sitting(world, matter="emergency").data()["put_on_docket"]
    assert urgent["meets_at"] <= world.now + timedelta(days=4)


def test_votes_are_sealed_until_the_ballot_closes(small_world: World) -> None:
    sitting = Sitting(small_world)
    sitting.declare()
    sitting.meet()
    sitting.vote(cfo="uphold", hr="overturn")
    for reader in ("legal", "auditor", "cio", None):
        cast = [one for one in sitting.submissions(reader or "nobody") if one.element_id == "vote"]
        assert all(one.sealed and not one.answers for one in cast)
    own = [one for one in sitting.submissions("cfo") if one.element_id == "vote" and not one.sealed]
    assert [one.answers["choice"] for one in own] == ["uphold"]
    told = " ".join(small_world.told(sitting.case_id))
    assert "uphold" not in told
    assert "vote" not in sitting.data()
    sitting.vote(legal="uphold", operations="uphold", retail="abstain")
    assert not any(one.sealed for one in sitting.submissions("auditor"))
    found = sitting.ruling()
    assert found is not None
    assert found.ruling == "uphold"


def test_an_interest_declared_in_the_vote_seats_the_alternate(world: World) -> None:
    world.member("coo", "change", alternate_for="hr")
    sitting = Sitting(world)
    sitting.declare()
    sitting.meet()
    sitting.vote(cfo="uphold", legal="uphold", operations="uphold", retail="uphold", hr="recuse")
    assert sitting.asked("vote") == ["cfo", "coo", "legal", "operations", "retail"]
    before = [one for one in sitting.submissions("auditor") if one.element_id == "vote"]
    assert all(one.sealed for one in before)
    assert sitting.ruling() is None
    sitting.vote(cfo="overturn", legal="overturn", operations="overturn", retail="uphold", coo="uphold")
    found = sitting.ruling()
    assert found is not None
    assert (found.ruling, found.tier) == ("overturn", "committee")
    assert [one["person"] for one in content(sitting)["interests"]] == ["hr"]


@pytest.mark.parametrize(
    ("votes", "reason"),
    [
        (("uphold", "uphold", "overturn", "overturn", "abstain"), "tie"),
        (("refer",) * 5, "referred"),
        (("uphold", "recuse", "recuse", "recuse", "uphold"), "no quorum"),
        (("uphold", "uphold", "rate", "abstain", "abstain"), "no majority"),
    ],
)
def test_what_does_not_settle_it_goes_to_the_chief_risk_officer(
    small_world: World, votes: tuple[str, ...], reason: str
) -> None:
    sitting = Sitting(small_world)
    sitting.declare()
    sitting.meet()
    rating = {"likelihood": "high", "impact": "high"}
    cast = dict(zip(MEMBERS, votes, strict=True))
    sitting.vote(**{k: {"choice": v, **rating} if v == "rate" else v for k, v in cast.items()})
    assert sitting.data()["count_votes"] == {"result": "up", "outcome": None, "reason": reason}
    assert sitting.waiting() == {"arbitrate"}
    for key in ("cio", "ciso", "sponsor", "cfo", "cio_deputy"):
        with pytest.raises(AssertionError):
            sitting.act("arbitrate", key, {"ruling": "uphold", "reason": "Mine."})
    sitting.act("arbitrate", "cro", {"ruling": "overturn", "reason": "Not defensible."})
    found = sitting.ruling()
    assert found is not None
    assert (found.ruling, found.tier, found.reason) == ("overturn", "cro", "Not defensible.")


def test_three_of_one_function_are_no_committee_after_a_recusal(small_world: World) -> None:
    world = small_world
    admin = world.people["admin"]
    [page] = world.parley.committee.committees(admin)
    for member in page.members:
        if member.person_id in ("legal", "retail", "hr", "operations"):
            world.parley.committee.end_membership(admin, member.id, ends_at=world.now, basis="New charter")
    for key in ("legal", "retail", "hr"):
        world.member(key, "Operations", alternate_for=None)
    sitting = Sitting(world)
    sitting.declare()
    sitting.meet()
    sitting.vote(cfo="recuse", legal="uphold", retail="uphold", hr="uphold")
    assert sitting.data()["vote_tally"]["outcome"] == "uphold"
    assert sitting.data()["count_votes"]["reason"] == "no quorum"
    assert sitting.waiting() == {"arbitrate"}


def test_silence_goes_up_and_at_the_top_nothing_is_accepted(world: World) -> None:
    sitting = Sitting(world)
    sitting.reach_meeting()
    assert sitting.waiting() == {"open_meeting"}
    sitting.wait(days=1)
    assert sitting.waiting() == {"vote"}
    sitting.vote(cfo="uphold")
    sitting.wait(days=3)
    assert sitting.waiting() == {"arbitrate"}
    sitting.wait(days=5)
    assert sitting.waiting() == {"sponsor_arbitrate"}
    sitting.wait(days=10)
    assert sitting.waiting() == set()
    found = sitting.ruling()
    assert found is not None
    assert (found.ruling, found.tier, found.deciding, found.rests_on) == ("none", None, None, ())
    minutes = content(sitting)
    assert {one["person"] for one in minutes["absent"]} == {"legal", "retail", "hr", "operations"}
    assert world.audit_faults() == []


def test_the_chair_postpones_once_with_a_reason(small_world: World) -> None:
    sitting = Sitting(small_world)
    sitting.declare(legal="My brother works for the vendor.")
    sitting.reach_meeting()
    assert sitting.asked("open_meeting") == ["cfo"]
    first = sitting.data()["put_on_docket"]["meets_at"]
    sitting.act("open_meeting", "cfo", {"procedure": "postpone", "reason": "The test report is missing."})
    assert sitting.data()["put_on_docket"]["meets_at"] > first
    assert len(sitting.dockets()) == 2
    sitting.declare()
    sitting.reach_meeting()
    assert sitting.waiting() == {"vote"}
    assert sitting.asked("vote") == ["cfo", "hr", "operations", "retail"]
    sitting.vote(cfo="uphold", hr="uphold", operations="uphold", retail="uphold")
    assert [one["ruling"] for one in content(sitting)["procedure"]] == ["postpone"]


def test_a_conflicted_or_vacant_chief_risk_officer_is_passed_over(small_world: World) -> None:
    world = small_world
    sitting = Sitting(world, referrer="cro")
    sitting.declare()
    sitting.meet()
    sitting.vote(**dict.fromkeys(MEMBERS, "refer"))
    assert sitting.waiting() == {"sponsor_arbitrate"}
    sitting.act(
        "sponsor_arbitrate",
        "sponsor",
        {"ruling": "rate", "likelihood": "high", "impact": "very_high", "reason": "Both are off."},
    )
    found = sitting.ruling()
    assert found is not None
    assert (found.ruling, found.tier) == ("rate", "sponsor")
    assert (found.terms.likelihood, found.terms.impact) == ("high", "very_high")


def test_on_the_rating_alone_to_overturn_is_to_rate_as_the_ciso_did(small_world: World) -> None:
    sitting = Sitting(small_world, matter="rating", response=None, days=None)
    sitting.declare()
    sitting.meet()
    sitting.vote(**dict.fromkeys(MEMBERS, "overturn"))
    found = sitting.ruling()
    assert found is not None
    assert (found.ruling, found.terms.likelihood, found.terms.impact) == ("rate", "very_high", "high")


def test_the_chair_confirms_the_procedure_once_and_nobody_else_does(small_world: World) -> None:
    world = small_world
    sitting = Sitting(world)
    sitting.declare()
    sitting.meet()
    sitting.vote(**dict.fromkeys(MEMBERS, "uphold"))
    committee, before = world.parley.committee, content(sitting)
    for key in ("cio", "ciso", "legal", "auditor"):
        with pytest.raises((NotEntitled, Exception)) as refused:
            committee.confirm_minutes(world.people[key], sitting.docket, procedure_kept=True)
        assert getattr(refused.value, "rule", "permission") in ("chair", "permission")
    committee.confirm_minutes(
        world.people["cfo"], sitting.docket, procedure_kept=False, words="Notice came late."
    )
    with pytest.raises(Exception, match="already"):
        committee.confirm_minutes(world.people["cfo"], sitting.docket, procedure_kept=True)
    assert content(sitting) == before
    assert world.audit_faults() == []


def test_neither_leader_owns_the_committee(small_world: World) -> None:
    world = small_world
    for key in ("cio", "ciso", "cio_deputy", "architect"):
        with pytest.raises(Exception, match="Nothing was changed") as refused:
            world.parley.committee.add_committee(
                world.people["admin"], id=f"owned-{key}", name="Council", owner=key
            )
        assert getattr(refused.value, "rule", "") == "owner"
    made = world.parley.committee.add_committee(
        world.people["admin"], id="council", name="Council", owner="coo"
    )
    assert made.owner == "coo"


def test_an_extraordinary_meeting_is_called_in_working_hours() -> None:
    from workflows.committee.docket import working_hour

    saturday = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
    assert working_hour(saturday) == datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
    late = datetime(2026, 11, 26, 11, 0, tzinfo=UTC)
    assert working_hour(late) == datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
