"""What a decision rests on is pinned; what changes afterwards marks it out of date; a person asks anew."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from tests.workflows.keeping import Keeping
from workflows.errors import RuleBroken
from workflows.risks.commands import assess
from workflows.risks.models import decision_snapshots, outdated_decisions
from workflows.risks.snapshots import digest
from workflows.types import AssessmentKind, Level, RiskStatus

KEV = b"""cveID,vendorProject,product,vulnerabilityName,dateAdded,shortDescription,requiredAction,dueDate,\
knownRansomwareCampaignUse,notes,cwes
CVE-2024-3400,Maker,Wall,A hole,2026-01-01,A hole.,Mend it.,2026-02-01,%s,,
"""


def reasons(keeping: Keeping, risk_id: str) -> list[str]:
    page = keeping.parley.risks.risk(keeping.people["cio"], risk_id)
    assert [one.reason for one in page.outdated] == [
        one.reason for each in page.decisions for one in each.outdated
    ]
    return [one.reason for one in page.outdated]


def test_the_snapshot_holds_what_the_decision_rests_on_and_its_digest_proves_it(keeping: Keeping) -> None:
    risk_id = keeping.risk(cve_id="CVE-2024-3400")
    keeping.decide(risk_id)
    page = keeping.parley.risks.risk(keeping.people["auditor"], risk_id)
    pinned = keeping.parley.register.rests_on(keeping.people["auditor"], risk_id, page.decisions[0].id)
    assert pinned.sha256 == page.decisions[0].snapshot == digest(pinned.content)
    assert pinned.content["risk"]["title"] == "A risk"
    assert pinned.content["assessments"]["inherent"]["level"] == "high"
    assert pinned.content["appetite"]["appetite"] == "low"
    assert [one["id"] for one in pinned.content["assets"]] == ["core"]
    assert page.outdated == ()


@pytest.mark.parametrize("table", [decision_snapshots, outdated_decisions])
def test_it_is_never_changed(keeping: Keeping, table: Any) -> None:
    risk_id = keeping.risk()
    keeping.decide(risk_id)
    keeping.parley.register.amend(keeping.people["cio"], risk_id, {"description": "Worse."}, "Audit")
    with pytest.raises(DBAPIError), keeping.parley.database.unit_of_work() as uow:
        uow.connection.execute(table.update().values(sha256="0" * 64))


def test_each_material_change_is_told_once(keeping: Keeping) -> None:
    risk_id = keeping.risk(cve_id="CVE-2024-3400")
    keeping.decide(risk_id)
    register, people = keeping.parley.register, keeping.people
    register.amend(people["cio"], risk_id, {"priority": 3}, "Order of work")
    assert reasons(keeping, risk_id) == []
    register.amend(people["cio"], risk_id, {"description": "It happened elsewhere."}, "News")
    register.change_asset(people["gov"], "core", {"owner_unit": "retail"}, "Reorganised")
    register.change_asset(people["gov"], "core", {"criticality": "very high"}, "New use")
    keeping.parley.risks.import_kev(people["ciso"], "kev.csv", KEV % b"Unknown")
    keeping.write(
        "ciso",
        lambda w: assess(w, risk_id, AssessmentKind.CURRENT, Level.VERY_HIGH, Level.VERY_HIGH, "", None),
    )
    assert reasons(keeping, risk_id) == [
        "The description was changed (version 3)",
        "The asset core went from group to retail",
        "The asset core became more critical: very high",
        "CVE-2024-3400 is in the catalogue of known exploited vulnerabilities now",
        "The level with today's controls was rated for the first time: very high",
    ]
    keeping.parley.risks.import_kev(people["ciso"], "kev.csv", KEV % b"Unknown")
    assert len(reasons(keeping, risk_id)) == 5


def test_a_level_that_falls_and_an_appetite_that_grows_leave_the_decision_as_it_is(keeping: Keeping) -> None:
    risk_id = keeping.risk()
    keeping.decide(risk_id)
    keeping.write(
        "ciso", lambda w: assess(w, risk_id, AssessmentKind.INHERENT, Level.LOW, Level.LOW, "", None)
    )
    keeping.parley.register.set_appetite(keeping.people["sponsor"], "", Level.HIGH, Level.HIGH, basis="Board")
    assert reasons(keeping, risk_id) == []
    keeping.clock.advance(days=1)
    keeping.parley.register.set_appetite(
        keeping.people["sponsor"], "vulnerability", Level.VERY_LOW, Level.LOW, basis="Board"
    )
    assert reasons(keeping, risk_id) == ["The appetite for vulnerability was lowered from low to very low"]


def test_nobody_decides_by_itself_and_an_undecided_risk_has_nothing_to_mark(keeping: Keeping) -> None:
    risk_id = keeping.risk()
    keeping.parley.register.amend(keeping.people["cio"], risk_id, {"description": "Worse."}, "Audit")
    assert reasons(keeping, risk_id) == []
    keeping.decide(risk_id)
    keeping.parley.register.amend(keeping.people["cio"], risk_id, {"description": "Still worse."}, "Audit")
    page = keeping.parley.risks.risk(keeping.people["cio"], risk_id)
    assert page.risk.status is RiskStatus.ACCEPTED
    assert page.outdated


def test_a_decision_that_is_up_to_date_is_not_asked_for_again(keeping: Keeping) -> None:
    risk_id = keeping.risk()
    keeping.decide(risk_id)
    with pytest.raises(RuleBroken) as refused:
        keeping.parley.register.ask_for_decision(keeping.people["ciso"], risk_id, "I do not like it")
    assert refused.value.rule == "up to date"
