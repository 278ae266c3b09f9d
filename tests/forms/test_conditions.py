"""Conditional fields: what is hidden is decided on the server, and the page's script is told the same."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import check
from forms.conditions import MAX_COMBINATIONS, holds, visible
from forms.types import Group
from tests.forms.build import NOW, checked, component, form, hide, presented

DECISIONS = [{"label": word.title(), "value": word} for word in ("mitigate", "accept", "exempt")]
DECIDE = form(
    component("radio", "decision", values=DECISIONS, validate={"required": True}),
    component(
        "number", "days", validate={"required": True, "max": 365}, conditional=hide('decision != "exempt"')
    ),
    component(
        "group",
        None,
        label="Acceptance",
        conditional=hide('decision != "accept"'),
        components=[
            component("datetime", "review", validate={"required": True}),
            component("checkbox", "budgeted"),
            component("textfield", "account", validate={"required": True}, conditional=hide("not(budgeted)")),
        ],
    ),
)


def test_hidden_fields_are_neither_required_nor_stored():
    found = checked(DECIDE, {"decision": "mitigate", "days": "nonsense", "review": ["x"], "account": "4711"})
    assert found.errors == {}
    assert found.values == {"decision": "mitigate"}


def test_shown_fields_are_required():
    assert list(checked(DECIDE, {"decision": "exempt"}).errors) == ["days"]
    assert list(checked(DECIDE, {"decision": "accept", "budgeted": "true"}).errors) == ["review", "account"]


def test_a_hidden_group_hides_all_it_holds_and_conditions_inside_add_up():
    answers = {"decision": "accept", "review": "2026-06-01", "account": "4711"}
    assert checked(DECIDE, answers).values == {
        "decision": "accept",
        "review": checked(DECIDE, answers).values["review"],
        "budgeted": False,
    }
    assert "account" in checked(DECIDE, answers | {"budgeted": "on"}).values


def test_without_an_answer_what_depends_on_it_is_hidden():
    assert list(checked(DECIDE, {}).errors) == ["decision"]


def test_an_answer_that_is_no_option_shows_nothing_by_itself():
    found = checked(DECIDE, {"decision": "obey", "days": "5"})
    assert list(found.errors) == ["decision"]


def test_hidden_answers_do_not_show_others():
    built = form(
        component("radio", "a"),
        component("radio", "b", conditional=hide('a != "yes"')),
        component("textfield", "c", conditional=hide('b != "yes"')),
    )
    assert checked(built, {"a": "no", "b": "yes", "c": "x"}).values == {"a": "no"}
    assert checked(built, {"a": "yes", "b": "yes", "c": "x"}).values == {"a": "yes", "b": "yes", "c": "x"}


def test_conditions_may_read_fields_further_down():
    built = form(
        component("textfield", "why", conditional=hide('choice = "yes"')), component("radio", "choice")
    )
    assert checked(built, {"why": "x", "choice": "yes"}).values == {"choice": "yes"}
    assert checked(built, {"why": "x", "choice": "no"}).values == {"why": "x", "choice": "no"}


def test_conditions_read_the_case_and_typed_answers():
    built = form(
        component("number", "days"),
        component("textfield", "why", conditional=hide("days <= decide.days")),
        component("datetime", "until"),
        component("textfield", "late", conditional=hide('until <= today() + duration("P30D")')),
    )
    data = {"decide": {"days": 30}}
    assert "why" not in checked(built, {"days": "9", "why": "x"}, data).values
    assert checked(built, {"days": "100", "why": "x", "until": "2026-03-31"}, data).values["why"] == "x"
    assert "late" not in checked(built, {"until": "2026-03-31", "late": "x"}, data).values
    assert checked(built, {"until": "2026-04-01", "late": "x"}, data).values["late"] == "x"


def test_answers_come_before_data_of_the_same_name():
    built = form(
        component("radio", "decide"), component("textfield", "why", conditional=hide('decide = "yes"'))
    )
    assert "why" in checked(built, {"why": "x"}, {"decide": "yes"}).values


@pytest.mark.parametrize(
    "expression", ["1", "null", '"true"', "nowhere", "nowhere.at.all", "[true]", "1/0 > 1"]
)
def test_only_true_hides(expression):
    built = component("textfield", conditional=hide(expression))
    assert checked(built, {"answer": "x"}).values == {"answer": "x"}


def test_a_condition_that_fails_drops_no_answer():
    built = component("textfield", conditional=hide("case.score > 1"))
    assert checked(built, {"answer": "x"}, {"case": {"score": 1.5}}).values == {"answer": "x"}


# What the page is told


def items(presentation):
    return {item.key: item for item in presentation.controls()}


def test_what_the_case_alone_hides_is_not_on_the_page():
    built = form(component("textfield", "a", conditional=hide("case.closed")), component("textfield", "b"))
    assert list(items(presented(built, data={"case": {"closed": True}}))) == ["b"]
    shown = items(presented(built, data={"case": {"closed": False}}))["a"]
    assert not shown.visibility.conditional


def test_combinations_that_hide_are_given_to_the_script():
    shown = items(presented(DECIDE))
    assert json.loads(shown["days"].visibility.hide_when) == [
        {"decision": None}, {"decision": "mitigate"}, {"decision": "accept"},
    ]  # fmt: skip
    assert shown["days"].visibility.hidden
    assert not items(presented(DECIDE, values={"decision": "exempt"}))["days"].visibility.hidden


def test_the_cases_part_of_a_condition_is_worked_out_beforehand():
    built = form(
        component("radio", "choice"),
        component("textfield", "why", conditional=hide('choice != "yes" or decide.decision = "exempt"')),
    )
    assert list(items(presented(built, data={"decide": {"decision": "exempt"}}))) == ["choice"]
    shown = items(presented(built, data={"decide": {"decision": "accept"}}))["why"]
    assert json.loads(shown.visibility.hide_when) == [{"choice": None}, {"choice": "no"}]


@pytest.mark.parametrize(
    ("trigger", "expression"),
    [
        ("number", "a > 5"),
        ("textfield", "a = null"),
        ("checklist", 'list contains(a, "yes")'),
        ("datetime", "a > today()"),
    ],
)
def test_what_script_cannot_tell_the_page_asks_the_server(trigger, expression):
    built = form(component(trigger, "a"), component("textfield", "b", conditional=hide(expression)))
    page = presented(built)
    assert items(page)["b"].visibility.ask_server
    assert items(page)["b"].visibility.hide_when is None
    assert page.triggers == ("a",)


def test_too_many_combinations_are_left_to_the_server():
    many = [{"value": f"{n}", "label": f"{n}"} for n in range(MAX_COMBINATIONS)]
    built = form(
        component("select", "a", values=many), component("textfield", "b", conditional=hide('a = "1"'))
    )
    assert items(presented(built))["b"].visibility.ask_server


EXPRESSIONS = st.recursive(
    st.sampled_from(
        ['a = "yes"', 'a != "no"', "a = null", "b", "not(b)", 'c in ("yes", "no")', "c = a", "case.flag"]
    ),
    lambda inner: st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
        lambda two: f"({' '.join(two)})"
    ),
    max_leaves=5,
)


@given(EXPRESSIONS, st.booleans())
def test_script_and_server_hide_alike(expression, flag):
    built = form(
        component("radio", "a"),
        component("checkbox", "b"),
        component("select", "c"),
        component("textfield", "t", conditional=hide(expression)),
    )
    data = {"case": {"flag": flag}}
    shown = items(presented(built, data=data)).get("t")
    for a, b, c in itertools.product([None, "yes", "no"], [True, False], [None, "yes", "no"]):
        answers = {"a": a, "b": b, "c": c}
        if shown is None:
            by_script = True
        elif shown.visibility.hide_when is None:
            by_script = False
        else:
            combinations = json.loads(shown.visibility.hide_when)
            by_script = any(
                all(answers[key] == value for key, value in each.items()) for each in combinations
            )
        assert by_script == ("t" not in check(built, answers | {"t": "x"}, data, NOW).values)


def test_the_answer_of_a_group_is_that_of_its_condition():
    group = next(each for each in DECIDE.components if isinstance(each, Group))
    shown, context = visible(DECIDE, {"decision": "mitigate"}, {}, NOW)
    assert shown == {"decision"}
    assert holds(group.condition.hide, context, NOW)
