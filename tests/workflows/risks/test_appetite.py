"""Appetite, tolerance and the table of levels: dated, only ever added to, and set by those who may."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.workflows.keeping import Keeping
from workflows.errors import NotEntitled, RuleBroken
from workflows.identity.types import SYSTEM_PERSON, Role
from workflows.risks.appetite import all_appetites, appetite_at, is_unacceptable, matrix_at, tolerance_at
from workflows.risks.scales import SP_800_30, level_of_risk, read_matrix
from workflows.types import Level, RiskStatus

OWN = [
    ["very low", "very low", "low", "moderate", "high"],
    ["very low", "low", "low", "moderate", "high"],
    ["very low", "low", "moderate", "high", "very high"],
    ["low", "low", "moderate", "high", "very high"],
    ["low", "moderate", "high", "very high", "very high"],
]


def test_the_appetite_of_the_past_stays_as_it_was(keeping: Keeping) -> None:
    register, clock = keeping.parley.register, keeping.clock
    begin = clock.time
    clock.advance(days=1)
    register.set_appetite(keeping.people["sponsor"], "", Level.MODERATE, Level.HIGH, basis="Board, 3 March")
    first = clock.time
    clock.advance(days=1)
    register.set_appetite(keeping.people["gov"], "privacy", Level.VERY_LOW, Level.LOW, basis="Policy 7")
    second = clock.time
    register.set_appetite(
        keeping.people["gov"],
        "",
        Level.LOW,
        Level.LOW,
        basis="Policy 8",
        valid_from=second + timedelta(days=9),
    )
    with keeping.parley.database.reading() as connection:
        assert appetite_at(connection, "privacy", begin) is Level.LOW
        assert appetite_at(connection, "privacy", first) is Level.MODERATE
        assert appetite_at(connection, "privacy", second) is Level.VERY_LOW
        assert appetite_at(connection, "fraud", second) is Level.MODERATE
        assert tolerance_at(connection, "fraud", second) is Level.HIGH
        assert appetite_at(connection, "fraud", second + timedelta(days=10)) is Level.LOW
        held = all_appetites(connection).held("privacy", second)
        assert held is not None
        assert (held.by_name, held.basis) == ("Gov", "Policy 7")


def test_unacceptable_is_above_appetite_and_not_settled(keeping: Keeping) -> None:
    with keeping.parley.database.reading() as connection:

        def counts(level: Level | None, status: RiskStatus) -> bool:
            return is_unacceptable(connection, level, "fraud", status, keeping.clock.time)

        for status in RiskStatus:
            settled = status in (RiskStatus.ACCEPTED, RiskStatus.CLOSED)
            assert counts(Level.MODERATE, status) is not settled
            assert not counts(Level.LOW, status)
        assert counts(None, RiskStatus.EXEMPTED)


@pytest.mark.parametrize(
    ("appetite", "tolerance", "basis", "days", "rule"),
    [
        (Level.HIGH, Level.LOW, "Board", 0, "tolerance"),
        (Level.LOW, Level.LOW, " ", 0, "basis"),
        (Level.LOW, Level.LOW, "Board", -1, "past"),
    ],
)
def test_what_does_not_hold_is_not_set(
    keeping: Keeping, appetite: Level, tolerance: Level, basis: str, days: int, rule: str
) -> None:
    at = keeping.clock.time + timedelta(days=days)
    with pytest.raises(RuleBroken) as refused:
        keeping.parley.register.set_appetite(
            keeping.people["sponsor"], "", appetite, tolerance, basis=basis, valid_from=at
        )
    assert refused.value.rule == rule


@pytest.mark.parametrize("key", ["cio", "ciso", "raiser", "auditor"])
def test_nobody_sets_the_appetite_he_is_measured_by(keeping: Keeping, key: str) -> None:
    with pytest.raises(NotEntitled):
        keeping.parley.register.set_appetite(
            keeping.people[key], "", Level.HIGH, Level.HIGH, basis="I like it"
        )
    with pytest.raises(NotEntitled):
        keeping.parley.register.set_matrix(keeping.people[key], OWN, basis="I like it")


def test_a_leader_who_is_governance_staff_as_well_sets_it_neither(keeping: Keeping) -> None:
    for key in ("cio", "ciso"):
        keeping.parley.identity.appoint(
            SYSTEM_PERSON,
            keeping.people[key].id,
            Role.GOVERNANCE,
            valid_from=keeping.clock.time,
            basis="A small organisation",
        )
        with pytest.raises(NotEntitled, match="Ask the executive sponsor"):
            keeping.parley.register.set_appetite(
                keeping.people[key], "", Level.HIGH, Level.HIGH, basis="I like it"
            )


def test_the_organisations_own_table_rates_from_its_day_on(keeping: Keeping) -> None:
    before = keeping.risk("Before", likelihood=Level.LOW, impact=Level.HIGH)
    keeping.clock.advance(days=1)
    keeping.parley.register.set_matrix(keeping.people["sponsor"], OWN, basis="Board")
    after = keeping.risk("After", likelihood=Level.LOW, impact=Level.HIGH)
    rows = {row.id: row.level for row in keeping.parley.risks.register(keeping.people["cio"]).rows}
    assert rows == {before: Level.LOW, after: Level.MODERATE}
    with keeping.parley.database.reading() as connection:
        assert matrix_at(connection, keeping.clock.time - timedelta(hours=1)) == SP_800_30
        own = matrix_at(connection, keeping.clock.time)
    assert level_of_risk(Level.VERY_HIGH, Level.HIGH, own) is Level.VERY_HIGH
    keeping.clock.advance(days=1)
    keeping.parley.register.set_matrix(keeping.people["sponsor"], [], basis="Back to the standard")
    assert keeping.parley.register.limits(keeping.people["cio"]).matrix == SP_800_30


@pytest.mark.parametrize(
    "cells",
    [
        OWN[:4],
        [row[:4] for row in OWN],
        [["grave"] * 5] * 5,
        [["high", "low", "low", "low", "low"], *OWN[1:]],
        [*OWN[:4], OWN[0]],
    ],
)
def test_a_table_that_is_none_is_refused(keeping: Keeping, cells: list[list[str]]) -> None:
    with pytest.raises(ValueError, match=r"level|table"):
        read_matrix(cells)
    with pytest.raises(RuleBroken):
        keeping.parley.register.set_matrix(keeping.people["sponsor"], cells, basis="Board")
