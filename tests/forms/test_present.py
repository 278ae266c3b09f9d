"""What a page is given: values to begin with, words, hints, native inputs, errors in the form's order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from forms.presentation import Divider, Prose, ProseBlock, Section
from tests.forms.build import checked, component, form, hide, presented


def control(built, **given):
    return presented(built, **given).controls()[0]


def test_a_form_begins_with_its_defaults():
    built = form(
        component("textfield", "a", defaultValue="as ever"),
        component("number", "b", properties={"parley:default": "=decide.days"}),
        component("checkbox", "c", defaultValue=True),
        component("checklist", "d", defaultValue=["no"]),
        component("datetime", "e", properties={"parley:default": '=today() + duration("P30D")'}),
        component("radio", "f", properties={"parley:default": "=proposal"}),
        component("textfield", "g", properties={"parley:default": "=5"}),
        component("number", "h", properties={"parley:default": "=nowhere / 0"}),
        component("datetime", "i", subtype="datetime", properties={"parley:default": "=now()"}),
    )
    shown = {
        each.key: each
        for each in presented(built, data={"decide": {"days": 90}, "proposal": "yes"}).controls()
    }
    assert shown["a"].value == "as ever"
    assert shown["b"].value == "90"
    assert shown["c"].checked
    assert [each.chosen for each in shown["d"].choices] == [False, True]
    assert shown["e"].value == "2026-03-31"
    assert [each.chosen for each in shown["f"].choices] == [True, False]
    assert shown["g"].value == shown["h"].value == ""
    assert shown["i"].value == "2026-03-01T09:30"


def test_what_was_submitted_comes_back_as_it_was_typed():
    typed = {"answer": "1,5"}
    assert control(component("number", defaultValue=3), values=typed).value == "1,5"
    assert control(component("number", defaultValue=3), values={}).value == ""
    assert control(component("datetime"), values={"answer": "31.3."}).value == "31.3."
    assert not control(component("checkbox", defaultValue=True), values={}).checked


@pytest.mark.parametrize(
    ("kind", "stored", "shown"),
    [
        ("number", Decimal("1E+3"), "1000"),
        ("number", Decimal("0.50"), "0.50"),
        ("number", 7, "7"),
        ("number", Decimal("NaN"), ""),
        pytest.param("number", 10**5000, "", id="huge"),
        ("number", True, ""),
        ("datetime", date(2026, 3, 31), "2026-03-31"),
        ("textfield", {"a": 1}, ""),
        ("textfield", ["a"], ""),
        ("textfield", None, ""),
    ],
)
def test_stored_answers_are_shown_as_the_control_takes_them(kind, stored, shown):
    assert control(component(kind), values={"answer": stored}).value == shown


def test_moments_are_shown_in_utc():
    stored = datetime(2026, 3, 31, 14, 30, tzinfo=UTC)
    assert (
        control(component("datetime", subtype="datetime"), values={"answer": stored}).value
        == "2026-03-31T14:30"
    )


def attributes(built, **given):
    return dict(control(built, **given).attributes)


def test_inputs_are_native_and_fit_their_answer():
    assert attributes(component("textfield")) == {"type": "text", "autocomplete": "off"}
    assert attributes(component("textfield", validate={"validationType": "email"}))["type"] == "email"
    assert attributes(component("textfield", validate={"validationType": "phone"}))["type"] == "tel"
    assert (
        attributes(component("textfield", properties={"parley:autocomplete": "organization"}))["autocomplete"]
        == "organization"
    )
    assert attributes(component("number", decimalDigits=0, validate={"min": 1}))["inputmode"] == "numeric"
    assert attributes(component("number", validate={"min": 0}))["inputmode"] == "decimal"
    assert attributes(component("number"))["inputmode"] == "text"
    bounded = component("datetime", disallowPassedDates=True, properties={"parley:max": 'date("2026-12-31")'})
    assert attributes(bounded) == {
        "type": "date", "min": "2026-03-01", "max": "2026-12-31", "autocomplete": "off",
    }  # fmt: skip
    moment = attributes(component("datetime", subtype="datetime", timeInterval=15, disallowPassedDates=True))
    assert (moment["type"], moment["min"], moment["step"]) == ("datetime-local", "2026-03-01T00:00", "900")


@pytest.mark.parametrize(
    ("built", "hint"),
    [
        (
            component("number", validate={"min": 1, "max": 365}, decimalDigits=0),
            "From 1 to 365. A whole number.",
        ),
        (component("number", validate={"min": 1}), "At least 1."),
        (component("number", validate={"max": "=cap"}), "At most 1,000."),
        (component("number", validate={"min": 1, "max": 9}, description="From 1 to 9, in days."), ""),
        (
            component("number", validate={"min": 1}, description="At least 1,000 in most cases."),
            "At least 1.",
        ),
        (component("datetime", disallowPassedDates=True), "Not before 1 March 2026."),
        (component("datetime", subtype="datetime"), "In UTC."),
        (
            component("textfield", validate={"minLength": 3, "maxLength": 60}),
            "At least 3 characters. At most 60 characters.",
        ),
        (component("textarea"), ""),
        (
            component("textfield", validate={"pattern": "^x"}, properties={"parley:patternHint": "x…"}),
            "In this form: x….",
        ),
    ],
)
def test_rules_are_said_beforehand(built, hint):
    assert control(built, data={"cap": 1000}).hint == hint


def test_labels_and_texts_take_values_of_the_case_in_human_words():
    built = form(
        component(
            "textfield",
            "why",
            label="Why {{decide.days}} days?",
            description='= "Until " + string(decide.days)',
        ),
        component(
            "text",
            text="# Proposed by {{who}}\n\nOn {{on}}\nfor {{sum}}.\n\n- {{flag}}\n- {{none}}\n\n1. {{xs}}",
        ),
    )
    data = {
        "decide": {"days": 90}, "who": "<b>CISO</b> & co\n# x", "on": date(2026, 2, 3),
        "sum": Decimal("12500.5"), "flag": True, "none": None, "xs": ["a", Decimal(2)],
    }  # fmt: skip
    page = presented(built, data=data)
    assert page.controls()[0].label == "Why 90 days?"
    assert page.controls()[0].description == "Until 90"
    prose = page.rows[1][0]
    assert isinstance(prose, Prose)
    assert prose.blocks == (
        ProseBlock("h", ("Proposed by <b>CISO</b> & co\n# x",), level=2),
        ProseBlock("p", ("On 3 February 2026 for 12,500.5.",)),
        ProseBlock("ul", ("yes", "—")),
        ProseBlock("ol", ("a, 2",)),
    )


def test_a_text_that_fails_shows_a_dash():
    built = component("text", text="Score {{case.score + 1}}")
    assert presented(built, data={"case": {"score": 1.5}}).rows[0][0].blocks[0].lines == ("Score —",)


def test_durations_and_data_in_texts():
    built = component("text", text="{{a}}, {{b}}, {{c}}")
    data = {"a": timedelta(days=90), "b": timedelta(days=1), "c": {"x": 1, "y": []}}
    assert presented(built, data=data).rows[0][0].blocks[0].lines == ("90 days, 1 day, x: 1, y: —",)


def test_rows_sections_and_dividers():
    built = form(
        component("radio", "a", layout={"row": "Row_1"}),
        component("radio", "b", layout={"row": "Row_1"}),
        component("separator"),
        component("spacer", height=30),
        component("group", None, label="More on {{x}}", components=[component("number", "c")]),
        component("group", None, label="Empty", components=[]),
    )
    rows = presented(built, data={"x": "it"}).rows
    assert [len(row) for row in rows] == [2, 1, 1, 1]
    assert [item.line for row in rows[1:3] for item in row if isinstance(item, Divider)] == [True, False]
    section = rows[3][0]
    assert isinstance(section, Section)
    assert section.label == "More on it"
    assert [each.key for each in presented(built).controls()] == ["a", "b", "c"]


def test_problems_lead_to_their_fields_in_the_forms_order():
    built = form(
        component("radio", "a", label="Which?", validate={"required": True}),
        component("number", "b"),
        component("textfield", "c", conditional=hide("case.closed"), validate={"required": True}),
    )
    errors = checked(built, {"z": "1", "b": "x"}).errors | {"": ["Look again."]}
    page = presented(built, values={"b": "x"}, errors=errors, data={"case": {"closed": True}})
    assert [(each.label, each.href) for each in page.problems] == [
        ("", ""), ("Which?", "#field-a"), ("Label of b", "#field-b"), ("c", ""), ("z", ""),
    ]  # fmt: skip
    assert page.problems[0].words == "Look again."
    assert page.problems[1].words == "Which? This is required: choose one."
    assert page.problems[2].words.startswith("Label of b: Enter a number")


def test_required_marks_are_only_where_something_can_be_answered():
    fixed = component("textfield", "a", readonly=True, defaultValue="x", validate={"required": True})
    assert not presented(fixed).has_required
    assert presented(component("radio", validate={"required": True})).has_required


def test_read_only_controls_show_the_servers_value():
    built = component("number", readonly=True, properties={"parley:default": "=decide.days"})
    shown = control(built, values={"answer": "999"}, data={"decide": {"days": 90}})
    assert (shown.value, shown.readonly) == ("90", True)


def test_ids_differ_between_forms_of_one_page():
    first, second = (control(component("radio"), prefix=prefix) for prefix in ("mine", "theirs"))
    assert not {each.id for each in first.choices} & {each.id for each in second.choices}


def test_dates_of_a_datetime_are_labelled_by_its_own_labels():
    built = component("datetime", label="", dateLabel="Review on", timeLabel="at")
    assert control(built).label == "Review on"
    assert control(built | {"subtype": "datetime"}).label == "Review on, at"
