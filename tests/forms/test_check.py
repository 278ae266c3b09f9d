"""Checking answers: each component's type, each rule with its limit repeated, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from forms import check, parse
from tests.forms.build import NOW, checked, component, definition, form


def value(built, answer, **given):
    found = checked(built, {"answer": answer}, **given)
    assert found.errors == {}
    assert found.ok
    return found.values["answer"]


def refused(built, answer, **given):
    found = checked(built, {"answer": answer}, **given)
    assert list(found.errors) == ["answer"]
    assert not found.ok
    return " ".join(found.errors["answer"])


REQUIRED = {"required": True}


# Types


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        ("textfield", "  Cost of delay ", "Cost of delay"),
        ("textfield", "e\u0301", "é"),
        ("textarea", "one\r\ntwo\rthree\n", "one\ntwo\nthree"),
        ("number", "12", Decimal(12)),
        ("number", " 1234.50 ", Decimal("1234.50")),
        ("number", "-0.5", Decimal("-0.5")),
        ("number", "−5", Decimal(-5)),
        ("number", "+5", Decimal(5)),
        ("number", 7, Decimal(7)),
        ("number", Decimal("0.1"), Decimal("0.1")),
        ("number", Decimal("1E+3"), Decimal(1000)),
        ("number", "0", Decimal(0)),
        ("number", "007", Decimal(7)),
        ("checkbox", "true", True),
        ("checkbox", "on", True),
        ("checkbox", True, True),
        ("checkbox", "false", False),
        ("checkbox", "", False),
        ("checkbox", None, False),
        ("checklist", ["yes", "no"], ["yes", "no"]),
        ("checklist", ["no", "no"], ["no"]),
        ("checklist", "yes", ["yes"]),
        ("checklist", [], []),
        ("checklist", "", []),
        ("taglist", ["no"], ["no"]),
        ("radio", "yes", "yes"),
        ("select", "no", "no"),
        ("datetime", "2026-03-31", date(2026, 3, 31)),
        ("datetime", date(2026, 3, 31), date(2026, 3, 31)),
    ],
)
def test_answers_are_kept_in_their_fields_type(kind, sent, kept):
    found = value(component(kind), sent)
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2026-03-31T14:30", datetime(2026, 3, 31, 14, 30, tzinfo=UTC)),
        ("2026-03-31T14:30:15Z", datetime(2026, 3, 31, 14, 30, 15, tzinfo=UTC)),
        ("2026-03-31T14:30+02:00", datetime(2026, 3, 31, 12, 30, tzinfo=UTC)),
        (datetime(2026, 3, 31, 14, 30), datetime(2026, 3, 31, 14, 30, tzinfo=UTC)),
        (
            datetime(2026, 3, 31, 14, 30, tzinfo=timezone(timedelta(hours=-1))),
            datetime(2026, 3, 31, 15, 30, tzinfo=UTC),
        ),
    ],
)
def test_moments_are_kept_in_utc(sent, kept):
    found = value(component("datetime", subtype="datetime"), sent)
    assert found == kept
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "sent",
    ["1,234.5", "1 234,5", "1,5", "1e3", "0x10", "1_000", "NaN", "Infinity", "--1", "1.", ".5", "١٢",
     "twelve", "1 2", True, False, ["1"], {"a": 1}, Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"),
     b"1"],
)  # fmt: skip
def test_numbers_are_digits_and_a_point_and_the_message_says_so(sent):
    assert "Enter a number in digits, with a point before decimals" in refused(component("number"), sent)


@pytest.mark.parametrize("sent", [0.1, 1.0, float("nan"), float("inf")])
def test_binary_fractions_are_refused(sent):
    assert "binary fractions" in refused(component("number"), sent)


@pytest.mark.parametrize(
    "sent",
    [
        "9" * 25,
        "0." + "1" * 11,
        10**24,
        -(10**24),
        pytest.param(10**100_000, id="huge"),
        Decimal("1E+999999"),
        Decimal("1E-999999"),
    ],
)
def test_numbers_beyond_what_is_stored_exactly_are_refused(sent):
    assert "at most 24 digits before and 10 after" in refused(component("number"), sent)


@pytest.mark.parametrize(
    "sent", ["31.3.2026", "2026-02-30", "2026-3-1", "20260331", "2026-W01-1", "today", 5, ["2026-03-31"], NOW]
)
def test_dates_are_iso_dates_that_exist(sent):
    assert "like 2026-03-31" in refused(component("datetime"), sent)


@pytest.mark.parametrize("sent", ["0001-01-01", "9999-12-31", date(1899, 12, 31)])
def test_dates_of_other_ages_are_refused(sent):
    assert "from 1900 to 2199" in refused(component("datetime"), sent)


@pytest.mark.parametrize(
    "sent",
    ["2026-03-31", "2026-03-31 14:30", "2026-03-31T25:00", "2026-03-31T14:30+99:99", date(2026, 3, 31), 3],
)
def test_moments_are_iso_and_exist(sent):
    assert "like 2026-03-31T14:30" in refused(component("datetime", subtype="datetime"), sent)


@pytest.mark.parametrize("sent", ["maybe", 1, 0, ["true"], 0.0, {"on": True}])
def test_a_checkbox_is_ticked_or_not(sent):
    assert "Tick this or leave it" in refused(component("checkbox"), sent)


@pytest.mark.parametrize("kind", ["radio", "select", "checklist", "taglist"])
@pytest.mark.parametrize("sent", ["perhaps", "YES", "Yes, please", "x" * 1000])
def test_only_options_are_taken(kind, sent):
    assert "Choose" in refused(component(kind), sent)


@pytest.mark.parametrize("kind", ["radio", "select"])
@pytest.mark.parametrize("sent", [["yes"], ["yes", "no"], 1, True, {"value": "yes"}])
def test_one_choice_is_one_text(kind, sent):
    assert refused(component(kind), sent)


@pytest.mark.parametrize(
    "sent", [[1], [None], [["yes"]], {"yes": True}, 7, ["yes"] * 501, ["yes", "perhaps"]]
)
def test_several_choices_are_texts(sent):
    assert refused(component("checklist"), sent)


@pytest.mark.parametrize("kind", ["textfield", "textarea"])
@pytest.mark.parametrize("sent", [["a"], ["a", "b"], {"a": 1}, 7, True, Decimal(1), b"a"])
def test_a_text_is_one_text(kind, sent):
    assert "Write a text here" in refused(component(kind), sent)


@pytest.mark.parametrize("sent", ["a\x00b", "a\x1bb", "\ud800"])
def test_what_no_database_stores_is_refused(sent):
    assert "control characters" in refused(component("textarea"), sent)


def test_a_text_field_is_one_line():
    assert "on one line" in refused(component("textfield"), "a\nb")


# Missing answers


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("textfield", "write an answer"),
        ("textarea", "write an answer"),
        ("number", "enter a number"),
        ("checkbox", "tick it"),
        ("checklist", "at least one"),
        ("taglist", "at least one"),
        ("radio", "choose one"),
        ("select", "choose one"),
        ("datetime", "enter a date"),
    ],
)
@pytest.mark.parametrize(
    "answers", [{}, {"answer": None}, {"answer": ""}, {"answer": "  \n"}, {"answer": []}]
)
def test_required_answers_are_asked_for(kind, words, answers):
    found = checked(component(kind, validate=REQUIRED), answers)
    assert found.errors["answer"][0].startswith("This is required")
    assert words in found.errors["answer"][0]


@pytest.mark.parametrize("sent", [False, "false", "off", "0"])
def test_a_required_box_must_be_ticked(sent):
    assert "tick it" in refused(component("checkbox", validate=REQUIRED), sent)


@pytest.mark.parametrize("sent", ["\u200b", "\u200b\u2060 \ufeff", "\u00ad", "\u3000"])
def test_a_reason_nobody_can_see_is_none(sent):
    assert "required" in refused(component("textarea", validate=REQUIRED), sent)


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("textfield", None),
        ("number", None),
        ("checkbox", False),
        ("checklist", []),
        ("radio", None),
        ("datetime", None),
    ],
)
def test_answers_not_given_are_there_as_nothing(kind, kept):
    assert checked(component(kind), {}).values == {"answer": kept}


# Rules


@pytest.mark.parametrize(
    ("validate", "sent", "words"),
    [
        ({"min": 1, "max": 365}, "0", "must be 1 or more; it is 0."),
        ({"min": 1, "max": 365}, "366", "must be 365 or less; it is 366."),
        ({"max": "1000000"}, "1000000.01", "must be 1,000,000 or less; it is 1,000,000.01."),
        ({"max": "=cap * 2"}, "21", "must be 20 or less"),
        ({"max": "=nowhere"}, "1", "could not be worked out"),
        ({"min": '="x"'}, "1", "could not be worked out"),
        ({"min": "=5", "max": "=cap - 9"}, "1", "No answer is possible"),
    ],
)
def test_bounds_of_numbers(validate, sent, words):
    assert words in refused(component("number", validate=validate), sent, data={"cap": Decimal(10)})


@pytest.mark.parametrize("sent", ["1", "365", "90"])
def test_bounds_are_included(sent):
    assert value(component("number", validate={"min": 1, "max": 365}), sent) == Decimal(sent)


def test_decimals_and_steps():
    assert "whole number" in refused(component("number", decimalDigits=0), "1.5")
    assert value(component("number", decimalDigits=0), "1.0") == 1
    assert "at most 2 digits after" in refused(component("number", decimalDigits=2), "1.125")
    assert "multiple of 0.25" in refused(component("number", increment="0.25"), "0.3")
    assert value(component("number", increment="0.25"), "1.75") == Decimal("1.75")


def test_the_largest_and_finest_numbers_are_checked_to_the_last_digit():
    finest = "9" * 24 + "." + "9" * 10
    assert value(component("number", increment="0.0000000001", decimalDigits=10), finest) == Decimal(finest)
    assert "multiple of 0.5" in refused(component("number", increment="0.5"), finest)
    assert "at most 9 digits after" in refused(component("number", decimalDigits=9), finest)
    assert "must be 1 or less" in refused(component("number", validate={"max": 1}), finest)


@pytest.mark.parametrize(
    ("kind", "validate", "sent", "words"),
    [
        ("textfield", {"minLength": 5}, "abcd", "at least 5 characters; this has 4"),
        ("textarea", {"maxLength": 1}, "ab", "at most 1 character; this has 2"),
        ("textarea", {}, "x" * 10_001, "at most 10,000 characters; this has 10,001"),
        ("textfield", {}, "x" * 501, "at most 500 characters"),
        ("textfield", {"maxLength": "=size"}, "abcd", "at most 3 characters"),
        ("textfield", {"maxLength": "=nowhere"}, "a", "could not be worked out"),
        ("textfield", {"minLength": "=-1"}, "a", "could not be worked out"),
    ],
)
def test_lengths(kind, validate, sent, words):
    assert words in refused(component(kind, validate=validate), sent, data={"size": 3})


def test_lengths_count_what_is_stored():
    assert value(component("textarea", validate={"maxLength": 3}), " a\r\nb ") == "a\nb"
    assert len(value(component("textarea", validate={"maxLength": 50_000}), "x" * 50_000)) == 50_000


CVE = component(
    "textfield",
    validate={"pattern": r"^CVE-\d{4}-\d{4,7}$"},
    properties={"parley:patternHint": "CVE-2024-12345"},
)


def test_patterns_say_what_is_asked_for():
    assert value(CVE, "CVE-2024-3400") == "CVE-2024-3400"
    assert refused(CVE, "2024-3400") == "This is not in the form asked for: CVE-2024-12345."
    assert (
        refused(component("textfield", validate={"pattern": "^x$"}), "y")
        == "This is not in the form asked for."
    )


def test_patterns_mean_what_they_mean_in_the_browser():
    assert value(component("textfield", validate={"pattern": "b"}), "abc") == "abc"
    assert refused(component("textfield", validate={"pattern": r"^\d$"}), "٣")


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "(.*)*x", r"^(\w+\s?)*$"])
def test_patterns_that_run_away_are_stopped(pattern):
    said = checked(component("textfield", validate={"pattern": pattern}), {"answer": "a" * 400 + "!"})
    assert said.errors


@pytest.mark.parametrize("sent", ["ciso@bank.example", "a.b+c@x-y.example.org"])
def test_addresses_of_mail(sent):
    assert value(component("textfield", validate={"validationType": "email"}), sent) == sent


@pytest.mark.parametrize("sent", ["ciso", "a@b", "a b@c.de", "<a@b.de>", "a@b.de, c@d.ef", "@b.de"])
def test_no_addresses_of_mail(sent):
    assert "name@example.org" in refused(component("textfield", validate={"validationType": "email"}), sent)


def test_phone_numbers():
    phone = component("textfield", validate={"validationType": "phone"})
    assert value(phone, "+49 (0)30 123-456") == "+49 (0)30 123-456"
    assert refused(phone, "call me")


BOUNDED = component(
    "datetime",
    properties={"parley:min": '=today() + duration("P1D")', "parley:max": '=today() + duration("P1Y")'},
)


def test_dates_keep_to_their_bounds_of_the_day():
    assert value(BOUNDED, "2026-03-02") == date(2026, 3, 2)
    assert value(BOUNDED, "2027-03-01") == date(2027, 3, 1)
    assert "must be 2 March 2026 or later; it is 1 March 2026." in refused(BOUNDED, "2026-03-01")
    assert "must be 1 March 2027 or earlier; it is 2 March 2027." in refused(BOUNDED, "2027-03-02")
    assert refused(BOUNDED, "2026-03-02", now=NOW + timedelta(days=1))


def test_dates_of_the_past():
    coming = component("datetime", disallowPassedDates=True)
    assert value(coming, "2026-03-01") == date(2026, 3, 1)
    assert "1 March 2026 or later" in refused(coming, "2026-02-28")
    moment = component("datetime", subtype="datetime", disallowPassedDates=True)
    assert value(moment, "2026-03-01T00:00")
    assert refused(moment, "2026-02-28T23:59")


@pytest.mark.parametrize(
    "bound", ["decide.review", '"2026-06-30"', 'date("2026-06-30")', 'date and time("2026-06-30T12:00:00Z")']
)
def test_bounds_of_dates_come_from_the_case(bound):
    field = component("datetime", properties={"parley:max": bound})
    data = {"decide": {"review": date(2026, 6, 30)}}
    assert value(field, "2026-06-30", data=data)
    assert refused(field, "2026-07-01", data=data)


@pytest.mark.parametrize("bound", ["decide.review", "5", '"soon"', "null"])
def test_a_bound_nobody_knows_lets_nothing_through(bound):
    assert "could not be worked out" in refused(
        component("datetime", properties={"parley:max": bound}), "2026-06-30"
    )


def test_moments_keep_to_days_and_steps():
    field = component(
        "datetime", subtype="datetime", timeInterval=15, properties={"parley:max": 'date("2026-06-30")'}
    )
    assert value(field, "2026-06-30T23:45")
    assert "30 June 2026 23:59 UTC or earlier" in refused(field, "2026-07-01T00:00")
    assert "steps of 15 minutes" in refused(field, "2026-06-30T23:50")


# Options from the case


@pytest.mark.parametrize(
    "source",
    [
        {"valuesKey": "assets"},
        {"valuesExpression": "=assets"},
        {"valuesExpression": "=for a in assets return a"},
    ],
)
def test_options_come_from_the_case(source):
    field = component("select", **source)
    data = {
        "assets": [{"value": "A-1", "label": "Payments"}, "A-2", Decimal(3), 4.5, None, {"label": "x"}, ""]
    }
    data["assets"].remove(4.5)
    assert value(field, "A-1", data=data) == "A-1"
    assert value(field, "A-2", data=data) == "A-2"
    assert value(field, "3", data=data) == "3"
    assert refused(field, "A-9", data=data) == "Choose among the options offered: Payments, A-2, 3."


@pytest.mark.parametrize("data", [{}, {"assets": None}, {"assets": "A-1"}, {"assets": []}, {"assets": [1.5]}])
def test_without_options_nothing_is_taken(data):
    assert "nothing to choose from" in refused(component("checklist", valuesKey="assets"), ["A-1"], data=data)


# The whole


def test_unknown_fields_are_refused_by_name():
    found = checked(component("textfield"), {"answer": "a", "is_admin": "true", "": "x"})
    assert found.errors["is_admin"] == ["The form has no such field, so this cannot be taken."]
    assert found.values == {"answer": "a"}


def test_every_fault_is_found_at_once():
    built = form(
        component("number", "a"), component("textfield", "b", validate=REQUIRED), component("radio", "c")
    )
    assert list(checked(built, {"a": "x", "c": "y", "d": "z"}).errors) == ["a", "b", "c", "d"]


def test_keys_never_meet_the_schemas_own_names():
    names = [
        "Meta",
        "load",
        "fields",
        "opts",
        "context",
        "validate",
        "dump",
        "error_messages",
        "self",
        "data",
    ]
    built = form(*(component("textfield", name) for name in names))
    assert checked(built, dict.fromkeys(names, "x")).values == dict.fromkeys(names, "x")


def test_values_stand_in_the_forms_order():
    built = form(component("textfield", "b"), component("textfield", "a", readonly=True, defaultValue="x"))
    assert list(checked(built, {"b": "1"}).values) == ["b", "a"]


def test_read_only_values_are_the_servers():
    field = component("number", readonly=True, properties={"parley:default": "=decide.days"})
    assert value(field, "999", data={"decide": {"days": Decimal(90)}}) == 90
    assert checked(field, {}, {}).values == {"answer": None}


def test_disabled_fields_are_not_stored():
    assert checked(component("textfield", disabled=True, defaultValue="x"), {"answer": "y"}).values == {}


def test_a_check_changes_neither_answers_nor_data():
    built = parse(definition(component("checklist", "many"), component("number", "n", defaultValue=4)))
    answers, data = {"many": ["yes", "yes"], "n": " 5 "}, {"decide": {"days": 1}}
    check(built, answers, data, NOW)
    assert answers == {"many": ["yes", "yes"], "n": " 5 "}
    assert data == {"decide": {"days": 1}}
