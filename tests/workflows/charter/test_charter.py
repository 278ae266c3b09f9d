"""The charter: proposed, both leaders heard, endorsed by an executive, reviewed every year."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.workflows.treatment.test_treatment import treat
from tests.workflows.world import CIO_POSITION, World
from workflows.charter import content
from workflows.errors import Conflict, NotEntitled, RuleBroken
from workflows.types import Role

AGREE = {"answer": "agree"}
ENDORSE = {"answer": "endorse"}


def governed(world: World) -> World:
    world.appoint("coo", "governance")
    return world


def proposed(world: World, reason: str = "The first charter.", **more: Any) -> str:
    """A proposed charter's case."""
    return world.parley.charter.propose(world.people["coo"], reason=reason, **more).id


def endorsed(world: World) -> str:
    case_id = proposed(world)
    world.act(case_id, "cio_on_charter", "cio", AGREE)
    world.act(case_id, "ciso_on_charter", "ciso", AGREE)
    world.act(case_id, "endorse_charter", "sponsor", ENDORSE)
    return case_id


def test_from_a_proposal_to_a_charter_in_force(world: World) -> None:
    governed(world)
    world.appoint("cio_deputy", "cio", deputy_for="cio", valid_until=world.now + timedelta(days=200))
    reader = world.people["auditor"]
    assert world.parley.charter.page(reader).in_force is None
    case_id = proposed(world, purpose="What this bank wants of its leaders.")
    page = world.parley.charter.page(reader)
    assert page.proposed is not None
    assert page.proposed.content["purpose"] == "What this bank wants of its leaders."
    world.act(case_id, "ciso_on_charter", "ciso", {"answer": "object", "words": "I have no deputy."})
    world.act(case_id, "cio_on_charter", "cio", AGREE)
    world.act(case_id, "endorse_charter", "sponsor", ENDORSE)
    page = world.parley.charter.page(reader)
    charter = page.in_force
    assert charter is not None
    assert (charter.number, charter.endorsed_by, charter.endorsed_at) == (1, "Sponsor", world.now)
    assert charter.review_due == world.now + timedelta(days=365)
    assert charter.content_hash == content.digest(charter.content)
    assert charter.gaps == ("Nobody deputises for Ciso (CISO)",)
    [deputy] = charter.content["deputies"]
    assert (deputy["name"], deputy["for_name"], deputy["title"]) == ("Cio Deputy", "Cio", "CIO")
    assert deputy["until"], "deputies are named with dates"
    assert page.differences == ()
    assert not page.is_out_of_date
    assert world.audit_faults() == []


def test_who_can_act_at_each_tier(small_world: World) -> None:
    world = governed(small_world)
    tiers = {tier.title: tier for tier in world.parley.charter.page(world.people["raiser"]).tiers}
    assert tiers["CIO"].names == ("Cio",)
    assert set(tiers["Steering committee"].names) == {"Cfo", "Legal", "Retail", "Hr", "Operations"}
    [held] = world.parley.identity.page(world.people["admin"], "cro").appointments
    world.parley.identity.end_appointment(
        world.people["admin"], held.id, ends_at=world.now + timedelta(hours=1), basis="Retires"
    )
    world.clock.advance(hours=2)
    page = world.parley.charter.page(world.people["raiser"])
    cro = next(tier for tier in page.tiers if tier.title == "Chief risk officer")
    assert (cro.names, cro.vacancy) == (
        ("Sponsor",),
        "The post of chief risk officer is vacant; its tasks go to the executive sponsor",
    )
    assert cro.vacancy in page.gaps


def test_the_policies_in_force_are_endorsed_with_the_charter(small_world: World) -> None:
    """Until then every decision under them says that nobody has endorsed them."""
    world = governed(small_world)
    reader = world.people["auditor"]
    before = world.parley.charter.report(reader)
    assert all(each.endorsement is None for each in before.policies)
    early, _ = treat(world)
    world.pass_time(hours=1)
    endorsed(world)
    late, _ = treat(world)
    for risk_id, said in ((early, ""), (late, "Endorsed on 2 March 2026 by Sponsor (Executive sponsor)")):
        [decision] = world.parley.risks.risk(reader, risk_id).decisions
        assert decision.endorsement == said, "an endorsement that came later does not count"
    after = world.parley.charter.report(reader)
    assert [each.endorsement.sentence for each in after.policies if each.endorsement] == [
        "Endorsed on 2 March 2026 by Sponsor (Executive sponsor)"
    ] * len(after.policies)
    assert after.charter is not None


def test_a_deputy_whom_the_charter_does_not_name_acts_in_nobodys_name(small_world: World) -> None:
    world = governed(small_world)
    endorsed(world)
    for key, post in (("cio_deputy", "cio"), ("ciso_deputy", "ciso")):
        world.appoint(key, post, deputy_for=post, valid_until=world.now + timedelta(days=200))
    risk_id, treated = treat(world)
    _, case_id = world.raise_risk(title="Another")
    with pytest.raises(NotEntitled, match="Cio Deputy deputises for Cio, and charter 1 does not say so"):
        world.act(case_id, "cio_position", "cio_deputy", CIO_POSITION)
    with pytest.raises(NotEntitled, match="charter 1 does not say so"):
        world.parley.risks.challenge(world.people["ciso_deputy"], risk_id, "rating", "It is worse.")
    assert world.case(treated).instance.ended_at is None, "nothing came of it"
    world.pass_time(hours=1)
    endorsed(world)
    world.act(case_id, "cio_position", "cio_deputy", CIO_POSITION)
    assert "Cio Deputy for Cio" in "\n".join(world.told(case_id))


@pytest.mark.parametrize("answer", [{"answer": "return", "reason": "Who deputises?"}, None])
def test_returned_or_in_silence_nothing_is_in_force(
    small_world: World, answer: dict[str, str] | None
) -> None:
    world = governed(small_world)
    case_id = proposed(world)
    world.pass_time(days=14)
    if answer is not None:
        world.act(case_id, "endorse_charter", "sponsor", answer)
    else:
        world.pass_time(days=30)
    page = world.parley.charter.page(world.people["auditor"])
    assert (page.in_force, page.proposed) == (None, None)
    assert world.case(case_id).instance.outcome
    assert proposed(world, "Again, with a deputy named.")


def test_it_is_reviewed_yearly_and_said_to_be_out_of_date(small_world: World) -> None:
    world = governed(small_world)
    first = endorsed(world)
    world.pass_time(days=336)
    world.appoint("hr", "process_owner", valid_from=world.now)
    world.appoint("architect", "cio", deputy_for="cio", valid_from=world.now)
    assert world.parley.charter.page(world.people["cio"]).differences == (
        "Since then: Architect deputises for Cio (CIO)",
        "Architect acts for Cio only once a charter names that",
    )
    world.act(first, "review_charter", "coo", {"words": "The CIO has a deputy."})
    page = world.parley.charter.page(world.people["auditor"])
    assert page.proposed is not None
    assert (page.proposed.number, page.proposed.reason) == (2, "The CIO has a deputy.")
    assert [each["name"] for each in page.proposed.content["deputies"]] == ["Architect"]
    assert not world.parley.charter.out_of_date()
    world.pass_time(days=30)
    assert world.parley.charter.out_of_date(), "the second one waits for its endorsement"
    assert world.parley.charter.page(world.people["cio"]).is_out_of_date


def test_a_year_without_a_review_begins_the_next_endorsement_all_the_same(small_world: World) -> None:
    world = governed(small_world)
    endorsed(world)
    world.pass_time(days=336)
    world.pass_time(days=31)
    page = world.parley.charter.page(world.people["auditor"])
    assert page.proposed is not None
    assert page.proposed.reason == "The yearly review is due."


def test_what_is_refused(small_world: World) -> None:
    world = governed(small_world)
    for key in ("cio", "ciso", "sponsor", "admin", "auditor", "raiser"):
        with pytest.raises(NotEntitled):
            world.parley.charter.propose(world.people[key], reason="Mine.")
    with pytest.raises(RuleBroken, match="Say why"):
        proposed(world, " ")
    proposed(world)
    with pytest.raises(Conflict, match="Charter 1 still waits"):
        proposed(world)
    with pytest.raises(NotEntitled):
        world.parley.charter.report(world.people["raiser"])


def test_a_charter_is_never_rewritten(world: World) -> None:
    governed(world)
    endorsed(world)
    for statement in (
        "UPDATE charters SET reason = 'another'",
        "DELETE FROM charters",
        "UPDATE charter_endorsements SET person_id = 'cio'",
        "DELETE FROM version_endorsements",
    ):
        with (
            pytest.raises(DBAPIError, match="never changed or deleted"),
            world.parley.database.unit_of_work() as uow,
        ):
            uow.connection.execute(text(statement))


def test_the_gaps_of_a_small_organisation(small_world: World) -> None:
    """One person in both posts, no committee that can sit, one person at two tiers."""
    world = small_world
    identity, admin = world.parley.identity, world.people["admin"]
    with world.parley.database.reading() as connection:
        found = world.parley.context.directory.organisation(connection, world.now)
    assert "Nobody deputises for Cio (CIO)" in content.gaps(found)
    world.appoint("cro", "executive")
    [held] = identity.page(admin, "ciso").appointments
    identity.end_appointment(admin, held.id, ends_at=world.now + timedelta(days=1), basis="Left")
    world.appoint("legal", "adviser", valid_until=world.now + timedelta(days=90))
    world.appoint(
        "cio", "ciso", valid_from=world.now + timedelta(days=1), valid_until=world.now + timedelta(days=90)
    )
    world.clock.advance(days=2)
    gaps = world.parley.charter.page(admin).gaps
    assert "Cro acts at more than one tier" in gaps
    assert not any("nobody is independent adviser" in gap for gap in gaps)
    posts = {post.role for post in identity.posts(admin) if not post.is_vacant}
    assert Role.ADVISER in posts
