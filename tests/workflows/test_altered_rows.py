"""Rows that were changed, taken away or added past the software are found and named; no table that is only
ever added to is left out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, text

from engine.instances.models import reveals
from tests.workflows.altering import check_removed_and_added, without_triggers
from tests.workflows.treatment.test_treatment import LOW, plan, report, treat, verify
from tests.workflows.world import MITIGATE, World
from workflows.cases.models import case_cancellations, position_changes
from workflows.committee.models import seats
from workflows.models import installation, metadata
from workflows.risks.models import challenges, envelope_signatures, risk_link_endings, risk_links
from workflows.treatment.models import (
    acceptance_reviews,
    acceptance_schedules,
    milestones,
    security_incidents,
    treatment_ends,
    treatment_plans,
    treatments,
    verifications,
)
from workflows.verification import COMPARISONS, NOT_COMPARED, compared, domain_faults

ALTERED: tuple[tuple[Table, dict[str, Any], str], ...] = (
    (seats, {"person_id": "auditor"}, "is not as it was recorded: person_id"),
    (seats, {"position": 9}, "is not as it was recorded: position"),
    (reveals, {"seq": 1}, "names a step that was not taken then"),
    (reveals, {"blind": "another"}, "has no record of how it came"),
    (treatments, {"decided_plan": "Nothing at all."}, "is not as it was recorded: decided_plan"),
    (treatment_plans, {"owner": "auditor"}, "is not as it was recorded: owner"),
    (milestones, {"text": "Something easier"}, "is not as it was recorded: text"),
    (verifications, {"verdict": "returned"}, "is not as it was recorded: verdict"),
    (verifications, {"by": "cio"}, "is not as it was recorded: by"),
    (treatment_ends, {"outcome": "stopped"}, "is not as it was recorded: outcome"),
    (acceptance_schedules, {"case_id": "another"}, "is not as it was recorded: case_id"),
    (acceptance_reviews, {"outcome": "not confirmed"}, "is not as it was recorded: outcome"),
    (security_incidents, {"foreseen": "neither"}, "is not as it was recorded: foreseen"),
    (challenges, {"argument": "Nothing much."}, "Challenge in case"),
    (challenges, {"status_before": "closed"}, "is not as it was recorded: status_before"),
    (challenges, {"by": "auditor"}, "is not as it was recorded: by"),
    (case_cancellations, {"reason": "No reason."}, "Cancellation of case"),
    (case_cancellations, {"by": "auditor"}, "is not as it was recorded: by"),
    (position_changes, {"at_request_of": None}, "is not as it was recorded: at_request_of"),
    (position_changes, {"answers": {"likelihood": "high"}}, "Change of position"),
    (envelope_signatures, {"by": "auditor"}, "Signature of an envelope"),
    (envelope_signatures, {"conditions": "None."}, "is not as it was recorded: conditions"),
    (risk_links, {"kind": "related"}, "Link"),
    (risk_link_endings, {"reason": "Another."}, "End of link"),
)


def _filled(world: World) -> World:
    """A treatment that ended, an acceptance whose review lapsed, an incident, a seated committee."""
    risk_id, case_id = treat(world)
    world.act(case_id, "draw_up_plan", "cio", plan(world, 20))
    report(world, case_id)
    verify(world, case_id, **LOW)
    world.parley.treatment.link_incident(
        world.people["ciso"],
        risk_id,
        case_id,
        {
            "title": "Misuse of the build servers",
            "what": "Somebody ran their own code on them.",
            "happened_on": world.now.date().isoformat(),
            "foreseen": "ciso",
        },
    )
    _, accepted = world.raise_risk(title="A second risk")
    world.positions(accepted)
    review = (world.now + timedelta(days=40)).date().isoformat()
    world.act(
        accepted, "decide", "cio", {"decision": "accept", "reason": "It is small.", "review_date": review}
    )
    world.act(accepted, "respond", "ciso", {"response": "concur"})
    world.pass_time(days=50)
    _, disputed = world.raise_risk(title="A third risk")
    world.pass_time(hours=1)
    world.escalate(disputed)
    _disputed(world)
    return world


def _disputed(world: World) -> None:
    """A changed position, a class decision with an envelope that was signed, and challenged; its case
    cancelled; two risks linked, and not any more."""
    people, parley = world.people, world.parley
    world.appoint("hr", "governance")
    world.clock.time += timedelta(minutes=1)
    low = {"likelihood": "low", "impact": "low"}
    known = {"kind": "class", "class_scope": "Old parsers", "envelope": "They are cut off.", "cve_id": ""}
    of_class, case_id = world.raise_risk(**known, **low)
    world.positions(case_id)
    changed = {"element": "ciso_position", **low, "treatment": "accept", "reason": "It was wished."}
    parley.cases.change_position(people["ciso"], case_id, changed | {"at_request_of": "cio"})
    world.act(case_id, "decide", "cio", MITIGATE)
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    parley.risks.sign_envelope(people["cio"], of_class.id, "builds", accepts=True)
    case = parley.risks.challenge(people["ciso"], of_class.id, "rating", "It is worse.")
    parley.cases.cancel(people["hr"], case.id, "Started twice.")
    other, _ = world.raise_risk(**low)
    link_id = parley.register.link(people["cio"], other.id, "causes", other_id=of_class.id)
    parley.register.unlink(people["cio"], other.id, link_id, "Looked into.")


@pytest.fixture
def filled(small_world: World) -> World:
    return _filled(small_world)


def test_every_altered_row_is_found_and_named(filled: World) -> None:
    with filled.parley.database.reading() as connection:
        assert domain_faults(connection) == []
    for table, change, said in ALTERED:
        with without_triggers(filled.parley.database, table) as connection:
            assert connection.execute(table.update().values(**change)).rowcount > 0, table.name
            found = [fault.sentence for fault in domain_faults(connection)]
            assert any(said in sentence for sentence in found), (table.name, change, found)
    several = [one for one in COMPARISONS if one.table is not installation]
    alone = {one.table.name for one in several if check_removed_and_added(filled.parley.database, one)}
    assert {table.name for table, _, _ in ALTERED} <= alone
    with filled.parley.database.reading() as connection:
        assert domain_faults(connection) == []


def test_every_table_that_is_only_added_to_is_compared_or_says_why_not(small_world: World) -> None:
    with small_world.parley.database.reading() as connection:
        guarded = connection.execute(text("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"))
        permanent = set(guarded.scalars()) & set(metadata.tables)
    assert permanent - compared() == set(NOT_COMPARED)
    assert all(reason.endswith(".") for reason in NOT_COMPARED.values())
