"""The measures over a real record, on both databases: what they read, who may, and what they never show."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.workflows.world import CIO_POSITION, CISO_POSITION, EXEMPT, MITIGATE, World
from workflows.bootstrap import Parley
from workflows.errors import NotEntitled, NotFound
from workflows.metrics.facts import CaseFact
from workflows.metrics.periods import Step
from workflows.metrics.record import read
from workflows.metrics.types import Figures
from workflows.permissions import ROLE_PERMISSIONS
from workflows.risks.scales import Level
from workflows.types import Permission, Role

CONCUR = {"response": "concur"}


def whole(found: Figures, key: str) -> int:
    return found.series[key].whole.count


def figures(world: World) -> Figures:
    return world.parley.metrics.figures(world.people["auditor"])


def test_a_conflict_is_followed_from_the_raise_to_the_ruling(world: World) -> None:
    _, case_id = world.raise_risk()
    world.clock.time += timedelta(days=1)
    world.escalate(case_id)
    found = figures(world)
    assert (whole(found, "escalated-committee"), whole(found, "decisions")) == (1, 0)
    assert (whole(found, "fate-escalated"), whole(found, "unacceptable-undecided")) == (1, 1)
    world.clock.time += timedelta(days=2)
    world.vote(case_id, cfo="amend", legal="amend", retail="amend", hr="amend", operations="overturn")
    world.carry_out(case_id)
    world.approve(case_id)
    found = figures(world)
    assert (whole(found, "decisions"), whole(found, "decisions-escalated")) == (1, 1)
    assert (whole(found, "challenged"), whole(found, "changed")) == (1, 1)  # 180 days became 90
    assert found.series["to-decision"].whole.median_days == 9
    assert found.series["desk-committee"].whole.days == 2
    assert (whole(found, "unacceptable-undecided"), whole(found, "unacceptable-exempted")) == (0, 1)


def test_an_expired_exemption_is_undecided_and_implicit_before_any_timer_has_noticed(world: World) -> None:
    risk, case_id = world.raise_risk()
    world.positions(case_id)
    world.act(case_id, "decide", "cio", EXEMPT | {"days": "10"})
    world.act(case_id, "respond", "ciso", CONCUR)
    world.approve(case_id)
    world.clock.time += timedelta(days=12)
    found = figures(world)
    assert [one.risk_id for one in found.series["unacceptable-undecided"].last.members] == [risk.id]
    assert found.series["implicit-expired"].whole.days == 2
    assert found.warnings[0].key == "expired"
    assert world.pass_time(days=1) > 0  # now a new case asks both leaders again
    assert figures(world).series["implicit-expired"].whole.days == 3


def test_a_revoked_exemption_is_none_from_its_end_on_and_was_one_before(world: World) -> None:
    risk, case_id = world.raise_risk()
    world.positions(case_id)
    world.act(case_id, "decide", "cio", EXEMPT | {"days": "20"})
    world.act(case_id, "respond", "ciso", CONCUR)
    world.approve(case_id)
    world.pass_time(days=3)
    before = figures(world)
    assert (whole(before, "unacceptable-exempted"), whole(before, "expiring")) == (1, 1)
    world.clock.time += timedelta(days=1)
    exemptions = world.parley.exemptions
    (held,) = exemptions.active(world.people["ciso"])
    exemptions.report_breach(world.people["ciso"], held.id, "A new repository.", "The log.", "token-12")
    after = figures(world)
    assert [one.risk_id for one in after.series["unacceptable-undecided"].last.members] == [risk.id]
    assert (whole(after, "unacceptable-exempted"), whole(after, "expiring")) == (0, 0)
    assert world.parley.metrics.figures(world.people["auditor"], as_of=before.as_of) == before
    world.pass_time(days=30)
    assert whole(figures(world), "expired") == 0


def test_a_decision_counts_from_when_it_took_effect_not_from_the_act(world: World) -> None:
    _, case_id = world.raise_risk()
    world.positions(case_id)
    world.act(case_id, "decide", "cio", MITIGATE)
    decided = world.now
    assert whole(figures(world), "decisions") == 0
    world.clock.time += timedelta(days=3)
    world.act(case_id, "respond", "ciso", CONCUR)
    assert whole(figures(world), "decisions") == 1
    then = world.parley.metrics.figures(world.people["auditor"], as_of=decided)
    assert whole(then, "decisions") == 0


def test_blind_positions_are_not_even_read_before_the_reveal(world: World) -> None:
    _, case_id = world.raise_risk()
    world.act(case_id, "cio_position", "cio", CIO_POSITION)
    before = world.now
    world.clock.time += timedelta(days=1)
    found = figures(world)
    assert (whole(found, "pairs"), whole(found, "differed"), whole(found, "fate-open")) == (0, 0, 0)
    with world.parley.database.reading() as connection:
        case = read(connection, world.now, "risk-decision").cases[case_id]
    assert (case.revealed_at, case.cio, case.ciso) == (None, (), ())
    world.act(case_id, "ciso_position", "ciso", CISO_POSITION)
    found = figures(world)
    assert (whole(found, "pairs"), whole(found, "differed"), whole(found, "fate-open")) == (1, 1, 1)
    with world.parley.database.reading() as connection:
        then = read(connection, before, "risk-decision").cases[case_id]
    assert (then.revealed_at, then.cio, then.ciso) == (None, (), ())


def cases_now(world: World) -> CaseFact:
    """The only case, as the record has it."""
    with world.parley.database.reading() as connection:
        (case,) = read(connection, world.now, "risk-decision").cases.values()
    return case


def test_the_deputys_advice_is_the_ciso_sides_position(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    world.act(case_id, "cio_position", "cio", CIO_POSITION)
    for _ in range(20):
        if asked := world.asked(case_id, "deputy_advice") or world.asked(case_id, "cro_advice"):
            break
        world.pass_time(days=1)
    element = "deputy_advice" if world.asked(case_id, "deputy_advice") else "cro_advice"
    world.act(case_id, element, asked[0], CISO_POSITION)
    case = cases_now(world)
    assert [one.treatment for one in case.ciso] == [CISO_POSITION["treatment"]]
    assert whole(figures(world), "pairs") == 1


def test_positions_are_rated_by_the_table_that_held_at_the_reveal(small_world: World) -> None:
    world = small_world
    worst = [["very high"] * 5] * 5
    world.parley.register.set_matrix(world.people["sponsor"], worst, basis="Board, today.")
    world.clock.time += timedelta(hours=1)
    _, case_id = world.raise_risk()
    world.positions(case_id)
    first = cases_now(world)
    assert {one.level for one in (*first.cio, *first.ciso)} == {Level.VERY_HIGH}
    world.clock.time += timedelta(days=1)
    world.parley.register.set_matrix(world.people["sponsor"], [], basis="Board, later.")
    world.clock.time += timedelta(hours=1)
    assert cases_now(world).ciso == first.ciso


def test_who_may_read_the_measures_and_who_is_told_what_of_the_cases(
    small_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, metrics = small_world, small_world.parley.metrics
    risk, case_id = world.raise_risk()
    world.positions(case_id)
    for stranger in ("raiser", "admin"):
        with pytest.raises(NotEntitled):
            metrics.figures(world.people[stranger])
        with pytest.raises(NotEntitled):
            metrics.cases(world.people[stranger], "differed")
        with pytest.raises(NotEntitled):
            metrics.closed_months(world.people[stranger])
    (shown,) = metrics.cases(world.people["cfo"], "differed").rows
    assert (shown.risk_id, shown.risk_title, shown.case_id) == (risk.id, risk.title, case_id)
    assert "CIO: exempt" in shown.note
    # A post that reads the register alone is told which risks, not what was said in their cases.
    monkeypatch.setitem(ROLE_PERMISSIONS, Role.AUDITOR, frozenset({Permission.READ_REGISTER}))
    (shown,) = metrics.cases(world.people["auditor"], "differed").rows
    assert (shown.risk_id, shown.case_id, shown.note) == (risk.id, None, "")


def test_a_number_that_is_none_is_not_found(small_world: World) -> None:
    reader = small_world.people["auditor"]
    for key, period in (("nothing", "all"), ("decisions", "1999-01"), ("settled-well.none", "all")):
        with pytest.raises(NotFound):
            small_world.parley.metrics.cases(reader, key, period)


def test_every_number_is_as_many_cases_as_its_page_lists(demonstration: Parley) -> None:
    reader = demonstration.identity.person("strand")
    for step in Step:
        found = demonstration.metrics.figures(reader, step=step)
        keys = [(key, period.key) for key in found.series for period in found.periods]
        keys += [(key, "all") for key in found.series]
        keys += [(f"{key}.{side}", "all") for key in found.shares for side in ("part", "whole")]
        asked = [one for one in keys if found.cell(*one).count][:: 1 if step is Step.QUARTER else 9]
        assert len(asked) > 10
        for key, period in asked:
            page = demonstration.metrics.cases(reader, key, period, step=step, as_of=found.as_of)
            assert page.total == len(page.rows) == found.cell(key, period).count
            # The weekly dialogue of the two is about no risk; every other case is, and has its title.
            about_none = key in ("dialogues-held", "dialogues-skipped")
            assert all(bool(row.risk_id) is bool(row.risk_title) is not about_none for row in page.rows)


def test_the_number_of_queries_does_not_grow_with_the_cases(small_world: World) -> None:
    asked: list[str] = []
    with small_world.parley.database.reading() as connection:
        engine = connection.engine

    def count() -> int:
        asked.clear()
        event.listen(engine, "before_cursor_execute", listen)
        figures(small_world)
        event.remove(engine, "before_cursor_execute", listen)
        return len(asked)

    def listen(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    small_world.raise_risk()
    few = count()
    for _ in range(5):
        small_world.positions(small_world.raise_risk()[1])
    # One a table that is read, and who reads: risks (6), cases (4), decisions and reviews (2), exemptions,
    # appetites, tables of levels, and what follows decisions (7).
    assert count() == few <= 22
