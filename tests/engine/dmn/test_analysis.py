"""Overlaps and gaps of tables, found without running them, and each shown by an example that is true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.dmn import Model, decide, gaps, overlaps, unchecked
from tests.engine.dmn.building import decision, input_data, model, one_table, table, the_table


def rules_of(column: str | tuple[str, ...], cells: Sequence[str], policy: str = "UNIQUE") -> Model:
    return one_table(
        [column], ["r"], [[cell, str(n)] for n, cell in enumerate(cells)], policy=policy, names=["a"]
    )


def test_thresholds_that_meet_have_neither() -> None:
    found = the_table(rules_of("a", ["< 100", "[100..1000)", ">= 1000"]))
    assert overlaps(found) == ()
    assert gaps(found) == ()
    assert unchecked(found) == ()


def test_a_number_that_two_rules_share_is_found() -> None:
    (one,) = overlaps(the_table(rules_of("a", ["<= 100", "[100..1000)", ">= 1000"])))
    assert one.rules == (1, 2)
    assert one.example == (("a", Decimal(100)),)
    assert one.conflict


def test_a_number_that_no_rule_has_is_found() -> None:
    (one,) = gaps(the_table(rules_of("a", ["< 100", "(100..1000)", ">= 1000"])))
    assert one.where == (("a", "100"),)
    assert one.example == (("a", Decimal(100)),)


def test_a_stretch_that_no_rule_has_is_one_gap() -> None:
    found = gaps(the_table(rules_of("a", ["[0..10)", "[20..30]"])))
    assert [gap.where for gap in found] == [(("a", "< 0, [10..20), > 30"),)]


def test_dates_lie_day_beside_day() -> None:
    cells = ['< @"2026-01-01"', '[date("2026-01-01")..@"2026-03-31"]', '> @"2026-04-01"']
    (one,) = gaps(the_table(rules_of("a", cells)))
    assert one.example == (("a", date(2026, 4, 1)),)
    assert gaps(the_table(rules_of("a", ['<= @"2026-03-31"', '>= @"2026-04-01"']))) == ()


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (['"a"', '"b", "c"', 'not("a", "b", "c")'], None),
        (['"a"', '"b"'], 'not("a", "b")'),
        (["true"], "false"),
        (["true", "false"], None),
        (['< @"P1Y"', '>= @"P1Y"'], None),
        (['< @"P30D"', '> @"P30D"'], '@"P30D"'),
        (['< @"10:00:00"', '>= @"10:00:00"'], None),
        (["? < 5 or ? > 7", "? between 5 and 6"], "(6..7]"),
        (["? in (1, 2)", "not(? in (1, 2))"], None),
        (["< 5, > 9", "[5..9]"], None),
        (["-"], None),
        ([""], None),
    ],
)
def test_columns_of_every_kind(cells: list[str], expected: str | None) -> None:
    found = gaps(the_table(rules_of("a", cells)))
    assert [gap.where[0][1] for gap in found] == ([] if expected is None else [expected])


def test_allowed_values_bound_the_column() -> None:
    assert gaps(the_table(rules_of(("a", "string", '"x", "y"'), ['"x"', '"y"']))) == ()
    (one,) = gaps(the_table(rules_of(("a", "string", '"x", "y", "z"'), ['"x"', '"y"'])))
    assert one.example == (("a", "z"),)
    assert gaps(the_table(rules_of(("a", "number", "[0..10]"), ["[0..5]", "(5..10]"]))) == ()


def test_a_types_allowed_values_bound_the_column_too() -> None:
    found = model(
        '<itemDefinition name="tZone"><typeRef>string</typeRef><allowedValues><text>"EU", "US"</text>'
        "</allowedValues></itemDefinition>",
        input_data("a"),
        decision("level", table([("a", "tZone")], ["r"], [['"EU"', "1"], ['"US"', "2"]]), ["in_a"]),
    )
    assert gaps(the_table(found), found) == ()
    assert len(gaps(the_table(found))) == 1


def test_columns_together() -> None:
    found = one_table(
        ["loss", "exploited", "zone"],
        ["r"],
        [["> 100", "true", "-", "1"], ["> 500", "-", '"EU"', "2"], ["<= 100", "-", "-", "3"]],
        names=["loss", "exploited", "zone"],
    )
    (shared,) = overlaps(the_table(found))
    assert shared.rules == (1, 2)
    assert dict(shared.example) == {"loss": Decimal(501), "exploited": True, "zone": "EU"}
    assert [gap.where for gap in gaps(the_table(found))] == [
        (("loss", "(100..500]"), ("exploited", "false")),
        (("loss", "> 500"), ("exploited", "false"), ("zone", 'not("EU")')),
    ]


@pytest.mark.parametrize(
    ("policy", "conflict"), [("UNIQUE", True), ("FIRST", False), ("ANY", True), ("COLLECT", False)]
)
def test_an_overlap_is_a_conflict_where_the_hit_policy_says_so(policy: str, conflict: bool) -> None:
    (one,) = overlaps(the_table(rules_of("a", ["> 1", "> 5"], policy)))
    assert one.conflict is conflict


def test_any_with_the_same_result_is_no_conflict() -> None:
    found = one_table(["a"], ["r"], [["> 1", '"x"'], ["> 5", '"x"']], policy="ANY", names=["a"])
    assert [one.conflict for one in overlaps(the_table(found))] == [False]


def test_what_cannot_be_told_is_said_and_nothing_claimed_of_it() -> None:
    found = the_table(rules_of("a", ["> limit", "even(?)", "< 5"]))
    assert gaps(found) == ()
    assert overlaps(found) == ()
    sentences = unchecked(found)
    assert len(sentences) == 2
    assert "Rule 1" in sentences[0]
    mixed = the_table(rules_of("a", ["> 5", '"x"']))
    assert "several kinds" in unchecked(mixed)[0]


def test_two_columns_on_the_same_input_are_one() -> None:
    found = one_table(
        ["a", "a"], ["r"], [["> 5", "< 10", "1"], [">= 10", "-", "2"], ["<= 5", "-", "3"]], names=["a"]
    )
    assert gaps(the_table(found)) == ()
    assert overlaps(the_table(found)) == ()


CELLS = st.one_of(
    st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">="]), st.integers(0, 6)),
    st.builds(
        "{}{}..{}{}".format,
        st.sampled_from("[("),
        st.integers(0, 3),
        st.integers(3, 6),
        st.sampled_from("])"),
    ),
    st.builds("{}, {}".format, st.integers(0, 6), st.integers(0, 6)),
    st.builds("not({})".format, st.integers(0, 6)),
    st.just("-"),
)


@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_what_is_found_is_what_running_the_table_shows(rows: list[tuple[str, str]]) -> None:
    """On every half number of a grid: a gap where no rule matches, an overlap where two do; no more and
    no less.
    """
    rules = [[*cells, str(number)] for number, cells in enumerate(rows, 1)]
    found = one_table(["a", "b"], ["r"], rules, policy="RULE ORDER", names=["a", "b"])
    pairs = {one.rules for one in overlaps(the_table(found))}
    holes = gaps(the_table(found))
    seen_pairs: set[tuple[int, int]] = set()
    empty = False
    grid = [Decimal(n) / 2 for n in range(-2, 16, 1)]
    for a in grid:
        for b in grid[:: len(grid) // 6]:
            hits = decide(found, "level", {"a": a, "b": b}).value or []
            empty = empty or not hits
            seen_pairs |= {(int(x), int(y)) for x in hits for y in hits if x < y}
    assert seen_pairs <= pairs
    assert not empty or holes
    for hole in holes:
        assert decide(found, "level", dict(hole.example)).value is None or not dict(hole.example)
    for one in overlaps(the_table(found)):
        data = {"a": 0, "b": 0, **dict(one.example)}
        hits = [int(hit) for hit in decide(found, "level", data).value]
        assert set(one.rules) <= set(hits)


def test_a_large_table_is_looked_through_quickly() -> None:
    cells = [f"[{n}..{n + 1})" for n in range(300)]
    found = the_table(rules_of("a", cells))
    assert overlaps(found) == ()
    assert [gap.where for gap in gaps(found)] == [(("a", "< 0, >= 300"),)]
