"""A confidential risk stands in no list of what hangs on it: exemptions, emergencies, treatment, reviews, the
look back, the agenda of a dialogue."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

import pytest

from tests.workflows.emergencies.test_emergencies import ANSWERS
from tests.workflows.world import CIO_POSITION, MITIGATE, World
from workflows.errors import NotEntitled
from workflows.types import SYSTEM_PERSON

INSIDE = ("cio", "ciso", "cro", "sponsor", "auditor")
OUTSIDE = ("coo", "hr")
"""Of governance, and a member of the committee who is not asked about it."""


def hide(world: World, risk_id: str) -> None:
    world.parley.register.amend(world.people["cio"], risk_id, {"is_confidential": True}, "Not announced yet")


@pytest.fixture
def staffed(world: World) -> World:
    world.appoint("coo", "governance")
    return world


def test_exemptions_and_emergencies_of_it_are_listed_and_counted_for_nobody_else(staffed: World) -> None:
    world, parley = staffed, staffed.parley
    risk, _ = world.raise_risk()
    parley.emergencies.declare(world.people["cio"], risk.id, ANSWERS, token_urlsafe(16))
    for reader in (*INSIDE, *OUTSIDE):
        assert len(parley.exemptions.active(world.people[reader])) == 1, reader
    hide(world, risk.id)

    def seen(reader: str) -> list[int]:
        person = world.people[reader]
        return [
            len(parley.exemptions.all(person)),
            len(parley.exemptions.active(person)),
            len(parley.exemptions.expiring(person)),
            parley.exemptions.figures(person).active,
            len(parley.emergencies.all(person)),
        ]

    for reader in INSIDE:
        assert seen(reader) == [1, 1, 1, 1, 1], reader
    (exemption,) = parley.exemptions.all(world.people["auditor"])
    (emergency,) = parley.emergencies.all(world.people["auditor"])
    for reader in OUTSIDE:
        assert seen(reader) == [0, 0, 0, 0, 0], reader
        with pytest.raises(NotEntitled, match="confidential"):
            parley.exemptions.page(world.people[reader], exemption.id)
        with pytest.raises(NotEntitled, match="confidential"):
            parley.emergencies.emergency(world.people[reader], emergency.id)


def test_a_request_for_an_exemption_of_it_is_listed_for_nobody_else(staffed: World) -> None:
    world, parley = staffed, staffed.parley
    risk, case_id = world.raise_risk()
    world.positions(case_id)
    decide(
        world,
        case_id,
        {
            "decision": "exempt",
            "days": "30",
            "reason": "The release cannot wait.",
            "conditions": "None are taken in.",
            "compensating_controls": "Cut off.",
        },
    )
    hide(world, risk.id)
    assert [one.risk_id for one in parley.exemptions.requests(world.people["auditor"])] == [risk.id]
    assert parley.exemptions.requests(world.people["coo"]) == []
    assert parley.exemptions.figures(world.people["auditor"]).awaiting == 1
    assert parley.exemptions.figures(world.people["coo"]).awaiting == 0


def decide(world: World, case_id: str, answers: dict[str, Any]) -> None:
    world.act(case_id, "decide", "cio", answers)
    world.act(case_id, "respond", "ciso", {"response": "concur"})


def test_treatment_and_look_back_of_it_are_listed_for_nobody_else(staffed: World) -> None:
    world, parley = staffed, staffed.parley
    risk, case_id = world.raise_risk()
    world.positions(case_id)
    decide(world, case_id, MITIGATE)
    parley.treatment.link_incident(
        world.people["ciso"],
        risk.id,
        case_id,
        {
            "title": "Misuse of the build servers",
            "what": "Somebody ran their own code on them.",
            "happened_on": world.now.date().isoformat(),
            "foreseen": "ciso",
        },
    )
    hide(world, risk.id)
    (treatment,) = parley.treatment.plans(world.people["auditor"]).open
    assert len(parley.treatment.look_back(world.people["auditor"])) == 1
    for reader in OUTSIDE:
        assert parley.treatment.plans(world.people[reader]).open == ()
        assert parley.treatment.look_back(world.people[reader]) == []
        with pytest.raises(NotEntitled, match="confidential"):
            parley.treatment.treatment(world.people[reader], treatment.id)


def test_a_review_of_it_is_listed_for_nobody_else(staffed: World) -> None:
    world, parley = staffed, staffed.parley
    risk, case_id = world.raise_risk()
    world.positions(case_id)
    decide(
        world,
        case_id,
        {
            "decision": "accept",
            "reason": "It is small.",
            "review_date": world.now.date().replace(year=world.now.year + 1).isoformat(),
        },
    )
    hide(world, risk.id)
    assert [one.risk_id for one in parley.treatment.reviews(world.people["auditor"]).due] == [risk.id]
    for reader in OUTSIDE:
        assert parley.treatment.reviews(world.people[reader]).due == ()


def test_the_agenda_shows_it_to_no_leader_who_may_not_read_it(staffed: World) -> None:
    world, parley = staffed, staffed.parley
    parley.identity.add_unit(SYSTEM_PERSON, id="branches", name="Branches", parent_id="group")
    world.appoint("retail", "cio", unit="branches")
    parley.risks.add_asset(
        SYSTEM_PERSON, id="counters", name="Counters", owner_unit="branches", criticality="high"
    )
    risk, _ = world.raise_risk(assets=["counters"])
    world.pass_time(hours=1)
    parley.dialogue.open_missing()

    def lines(reader: str) -> list[str | None]:
        week = parley.dialogue.page(world.people[reader], "branches").current
        assert week is not None
        return [line.risk_id for line in week.agenda]

    assert lines("retail") == [risk.id]
    # The asset goes to another unit, whose risk it is from now on; and then it becomes confidential.
    parley.register.change_asset(world.people["coo"], "counters", {"owner_unit": "group"}, "Reorganised")
    assert lines("retail") == [risk.id]
    hide(world, risk.id)
    assert lines("retail") == []
    assert lines("auditor") == [risk.id]


def test_a_position_of_it_is_in_nobody_elses_inbox(staffed: World) -> None:
    world = staffed
    risk, case_id = world.raise_risk()
    hide(world, risk.id)
    world.act(case_id, "cio_position", "cio", CIO_POSITION)
    for reader in OUTSIDE:
        assert world.parley.cases.inbox(world.people[reader]) == []
        assert world.parley.cases.cases(world.people[reader]) == []
