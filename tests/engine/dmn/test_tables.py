"""Decision tables under every hit policy, with defaults, allowed values, and why they decided so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.dmn import DmnEvaluationError, Model, decide
from tests.engine.dmn.building import decision, input_data, model, one_table, table

LEVELS = '"critical", "high", "low"'
RULES = [["> 100", '"low"'], ["> 1000", '"critical"'], ["> 500", '"high"'], ["> 10000", '"critical"']]


def amounts(
    policy: str, aggregation: str = "", rules: Sequence[Sequence[str]] = RULES, default: str = ""
) -> Model:
    return one_table(
        ["amount"],
        [("level", LEVELS, default)],
        rules,
        policy=policy,
        aggregation=aggregation,
        names=["amount"],
    )


@pytest.mark.parametrize(
    ("policy", "amount", "expected"),
    [
        ("UNIQUE", 200, "low"),
        ("UNIQUE", 50, None),
        ("ANY", 200, "low"),
        ("FIRST", 20_000, "low"),
        ("PRIORITY", 20_000, "critical"),
        ("PRIORITY", 700, "high"),
        ("RULE ORDER", 2_000, ["low", "critical", "high"]),
        ("OUTPUT ORDER", 20_000, ["critical", "critical", "high", "low"]),
        ("COLLECT", 700, ["low", "high"]),
        ("COLLECT", 50, None),
    ],
)
def test_a_hit_policy_decides(policy: str, amount: int, expected: object) -> None:
    assert decide(amounts(policy), "level", {"amount": amount}).value == expected


@pytest.mark.parametrize(
    ("aggregation", "amount", "expected"),
    [
        ("SUM", 2_000, 6),
        ("MIN", 2_000, 1),
        ("MAX", 2_000, 3),
        ("COUNT", 2_000, 3),
        ("COUNT", 1, 0),
        ("SUM", 1, None),
    ],
)
def test_collecting_adds_up(aggregation: str, amount: int, expected: int | None) -> None:
    rules = [["> 100", "1"], ["> 500", "2"], ["> 1000", "3"]]
    found = one_table(
        ["amount"], ["points"], rules, policy="COLLECT", aggregation=aggregation, names=["amount"]
    )
    assert decide(found, "level", {"amount": amount}).value == expected


def test_two_rules_of_a_unique_table_are_never_chosen_between() -> None:
    with pytest.raises(DmnEvaluationError, match="rules 1 and 3 all match") as caught:
        decide(amounts("UNIQUE"), "level", {"amount": 700})
    assert caught.value.element == "level"


def test_any_with_one_result_is_fine_and_with_two_is_not() -> None:
    same = [["> 100", '"high"'], ["> 500", '"high"']]
    assert decide(amounts("ANY", rules=same), "level", {"amount": 700}).value == "high"
    with pytest.raises(DmnEvaluationError, match="different results"):
        decide(amounts("ANY"), "level", {"amount": 700})


def test_not_strict_a_conflict_is_null_and_a_problem() -> None:
    found = decide(amounts("UNIQUE"), "level", {"amount": 700}, strict=False)
    assert found.value is None
    assert "rules 1 and 3" in found.problems[0]


def test_the_default_stands_in_where_no_rule_matches() -> None:
    assert decide(amounts("UNIQUE", default='"high"'), "level", {"amount": 1}).value == "high"
    assert decide(amounts("COLLECT", default='"high"'), "level", {"amount": 1}).value == ["high"]


def test_several_outputs_are_a_context_and_priority_goes_by_the_first() -> None:
    outputs = [("who", '"committee", "CIO"'), ("days", "10, 30, 90")]
    rules = [["> 1", '"CIO"', "10"], ["> 5", '"committee"', "90"], ["> 9", '"committee"', "30"]]
    first = one_table(["n"], outputs, rules, policy="PRIORITY", names=["n"])
    assert decide(first, "level", {"n": 20}).value == {"who": "committee", "days": Decimal(30)}
    collected = one_table(["n"], outputs, rules, policy="OUTPUT ORDER", names=["n"])
    assert [row["days"] for row in decide(collected, "level", {"n": 20}).value] == [30, 90, 10]


def test_an_input_outside_its_allowed_values_is_refused() -> None:
    found = one_table([("zone", "string", '"EU", "US"')], ["ok"], [["-", "true"]], names=["zone"])
    assert decide(found, "level", {"zone": "EU"}).value is True
    with pytest.raises(DmnEvaluationError, match='"Mars" is not among the allowed values "EU", "US"'):
        decide(found, "level", {"zone": "Mars"})


def test_an_output_outside_its_allowed_values_is_refused() -> None:
    with pytest.raises(DmnEvaluationError, match="not among the allowed values"):
        decide(amounts("UNIQUE", rules=[["-", '"extreme"']]), "level", {"amount": 1})


def test_an_input_of_the_wrong_type_is_refused() -> None:
    found = one_table([("amount", "number")], ["x"], [["> 1", "1"]], names=["amount"])
    with pytest.raises(DmnEvaluationError, match="not of the type “number”"):
        decide(found, "level", {"amount": "much"})


def test_a_cell_may_use_other_inputs_and_the_input_itself() -> None:
    found = one_table(
        ["loss", "appetite"],
        ["over"],
        [["? > appetite and ? > 10", "-", "true"], ["<= appetite", "-", "false"]],
        names=["loss", "appetite"],
        policy="FIRST",
    )
    assert decide(found, "level", {"loss": 20, "appetite": 15}).value is True
    assert decide(found, "level", {"loss": 12, "appetite": 15}).value is False


def test_a_broken_cell_names_its_rule() -> None:
    with pytest.raises(DmnEvaluationError, match=r"Rule 2, condition 1 .*line 1, column 3"):
        decide(amounts("FIRST", rules=[["> 9", '"low"'], ["> >", '"low"']]), "level", {"amount": 1})


def test_an_explanation_tells_which_rules_matched_on_what() -> None:
    made = table(
        ["loss", "zone"],
        ["who"],
        [
            ["< 100", "-", '"head"', "small"],
            [">= 100", '"EU"', '"CIO"', "article 7"],
            [">= 100", "-", '"both"', ""],
        ],
        policy="FIRST",
        annotations=["basis"],
    )
    found = model(input_data("loss"), input_data("zone"), decision("approval", made, ["in_loss", "in_zone"]))
    result = decide(found, "approval", {"loss": 500, "zone": "EU"})
    (explained,) = result.explanation.tables
    assert result.value == "CIO"
    assert explained.decision == "approval"
    assert explained.inputs == (("loss", Decimal(500)), ("zone", "EU"))
    (rule,) = explained.rules
    assert (rule.number, rule.id) == (2, "rule_2")
    assert rule.outputs == (("who", "CIO"),)
    assert rule.annotations == (("basis", "article 7"),)
    assert not explained.default_used
    assert result.explanation.decisions == (("approval", "CIO"),)


def test_today_in_a_table_is_the_moment_given() -> None:
    found = one_table(["due"], ["late"], [["< today()", "true"], [">= today()", "false"]], names=["due"])
    at = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
    day = at.date()
    assert decide(found, "level", {"due": day}, now=at).value is False
    assert decide(found, "level", {"due": day.replace(day=1, month=2)}, now=at).value is True
