"""The register: who reads what of it, filters, and what raising a risk refuses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflows.world import RAISED, World
from workflows.errors import AnswersRefused, NotEntitled, NotFound
from workflows.types import Level, RiskFilters, RiskStatus


def test_who_does_not_read_the_register_reads_the_own_risks(small_world: World) -> None:
    world, risks = small_world, small_world.parley.risks
    risk, _ = world.raise_risk()
    other, _ = risks.raise_risk(world.people["architect"], RAISED, "token-of-architect")
    assert [row.id for row in risks.register(world.people["raiser"]).rows] == [risk.id]
    assert {row.id for row in risks.register(world.people["cio"]).rows} == {risk.id, other.id}
    with pytest.raises(NotEntitled):
        risks.risk(world.people["raiser"], other.id)
    with pytest.raises(NotFound):
        risks.risk(world.people["cio"], "R-9999")


def test_filters_narrow_and_the_highest_comes_first(small_world: World) -> None:
    world, risks = small_world, small_world.parley.risks
    low, _ = world.raise_risk(
        likelihood="low",
        impact="low",
        title="A small thing",
        category="other",
        cve_id="",
        description="Nothing much.",
    )
    high, _ = world.raise_risk()
    cio = world.people["cio"]

    def found(**filters: Any) -> list[str]:
        return [row.id for row in risks.register(cio, RiskFilters(**filters)).rows]

    assert found() == [high.id, low.id]
    assert found(text="SMALL thing") == [low.id]
    assert found(text="48384") == [high.id]
    assert found(text="%") == []
    assert found(level=Level.LOW) == [low.id]
    assert found(category="other") == [low.id]
    assert found(kev_only=True) == [high.id]
    assert found(asset_id="builds", status=RiskStatus.UNDECIDED) == [high.id, low.id]
    assert found(unit_id="elsewhere") == []
    assert found(status=RiskStatus.EXEMPTED) == []
    page = risks.register(cio)
    assert page.counts[RiskStatus.UNDECIDED] == 2
    assert page.counts[RiskStatus.CLOSED] == 0
    assert page.categories == ("other", "vulnerability")
    assert risks.register(cio, page=99).rows == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"assets": ["no-such-asset"]}, "assets"),
        ({"assets": []}, "assets"),
        ({"likelihood": "certain"}, "likelihood"),
        ({"cve_id": "CVE-1"}, "cve_id"),
        ({"surprise": "1"}, "surprise"),
    ],
)
def test_what_does_not_hold_is_refused_and_nothing_is_stored(
    small_world: World, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(AnswersRefused) as refused:
        small_world.raise_risk(**changes)
    assert field in refused.value.errors
    assert small_world.parley.risks.register(small_world.people["cio"]).total == 0
    assert small_world.parley.cases.cases(small_world.people["cio"]) == []


def test_the_page_shows_what_was_sent_with_its_errors(small_world: World) -> None:
    raiser = small_world.people["raiser"]
    page = small_world.parley.risks.raise_page(
        raiser, values={"title": "Mine"}, errors={"impact": ["Choose one."]}, token="the-same-token"
    )
    controls = {control.key: control for control in page.presentation.controls()}
    assert controls["title"].value == "Mine"
    assert controls["impact"].errors == ("Choose one.",)
    assert page.token == "the-same-token"
    assert [choice.value for choice in controls["assets"].choices] == ["builds"]


def test_cases_are_listed_for_those_who_may_see_them(small_world: World) -> None:
    world, cases = small_world, small_world.parley.cases
    _, first = world.raise_risk()
    world.clock.advance(minutes=1)
    _, second = world.raise_risk()
    for key in ("cio", "raiser"):
        rows = cases.cases(world.people[key])
        assert [row.instance_id for row in rows] == [second, first]
        assert [row.instance_id for row in cases.cases(world.people[key], after=second)] == [first]
        assert [row.instance_id for row in cases.cases(world.people[key], limit=1)] == [second]
    assert rows[0].waiting.startswith("Waits for Cio (CIO) to state business position.")
    assert cases.cases(world.people["architect"]) == []


def test_opening_a_risk_shows_its_open_case(small_world: World) -> None:
    risk, case_id = small_world.raise_risk()
    page = small_world.parley.risks.risk(small_world.people["raiser"], risk.id)
    assert page.risk.open_case_id == case_id
    assert [ref.id for ref in page.cases] == [case_id]
    assert [change.target for change in page.history] == [RiskStatus.UNDECIDED]
