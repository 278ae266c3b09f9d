"""Hostile input: huge, of wrong types, nested, or made to run away. A refusal, never a failure."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from decimal import Decimal

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import FormError, Kind, check, parse, present
from forms.components import ATTRIBUTES, FORM_ATTRIBUTES, VALIDATE
from forms.limits import MAX_ANSWER_CHARACTERS, MAX_ANSWERS
from tests.forms.build import NOW, checked, component, definition, form, hide

EVERYTHING = form(
    component("textfield", "line", validate={"required": True, "pattern": "^(a+)+$", "maxLength": 50}),
    component("textarea", "area", validate={"minLength": 2}),
    component("number", "count", decimalDigits=2, increment="0.5", validate={"min": 0, "max": "=cap"}),
    component("checkbox", "tick", validate={"required": True}),
    component("radio", "one"),
    component("select", "from_case", valuesKey="options"),
    component("checklist", "many", conditional=hide('one = "yes" and tick')),
    component("taglist", "tags"),
    component(
        "datetime", "day", disallowPassedDates=True, properties={"parley:max": '=today() + duration("P9D")'}
    ),
    component("datetime", "moment", subtype="datetime", timeInterval=15, conditional=hide("count > 3")),
)
KEYS = [field.key for field in EVERYTHING.fields]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text()
    | st.binary() | st.dates() | st.datetimes()
    | st.sampled_from(["yes", "true", "2026-03-02", "1.5", "2026-03-02T10:15", "a" * 300, "9" * 5000]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), JSON),
    st.dictionaries(st.sampled_from(["cap", "options", "one"]), JSON),
)
def test_a_check_never_raises_and_answers_in_sentences(answers, data):
    found = check(EVERYTHING, answers, data, NOW)
    for sentences in found.errors.values():
        assert sentences
        assert all(each.endswith((".", "?")) and len(each) < 400 for each in sentences)
    assert set(found.values) <= set(KEYS)
    page = present(EVERYTHING, values=answers, errors=found.errors, data=data, now=NOW)
    assert {each.key for each in page.controls()} <= set(KEYS)


GOOD = st.fixed_dictionaries(
    {"line": st.just("aaa"), "tick": st.just("on")},
    optional={
        "area": st.text(min_size=2, max_size=99),
        "count": st.sampled_from(["", "0.5", "4.0", 3]),
        "one": st.sampled_from(["", "yes", "no"]),
        "from_case": st.sampled_from(["", "A-1"]),
        "many": st.lists(st.sampled_from(["yes", "no"])),
        "day": st.dates(NOW.date(), NOW.date() + timedelta(days=12)).map(str),
        "moment": st.datetimes().map(lambda moment: moment.strftime("2026-%m-%dT%H:15")),
    },
)


@given(GOOD)
def test_values_taken_are_taken_again_as_they_are(answers):
    data = {"cap": 5, "options": ["A-1"]}
    found = check(EVERYTHING, answers, data, NOW)
    hypothesis.assume(found.ok)
    again = check(EVERYTHING, found.values, data, NOW)
    assert (again.values, again.errors) == (found.values, {})


@given(JSON)
def test_whatever_is_submitted_instead_of_answers_is_refused_or_checked(answers):
    assert check(EVERYTHING, answers, {}, NOW).errors


ATTRIBUTE_NAMES = sorted(set().union(*ATTRIBUTES.values()) - {"type", "components"})
RULE_NAMES = sorted(set().union(*VALIDATE.values()))
COMPONENTS = st.builds(
    lambda kind, given, validate: {"type": kind} | given | ({"validate": validate} if validate else {}),
    st.sampled_from(sorted(Kind)),
    st.dictionaries(st.sampled_from(ATTRIBUTE_NAMES), JSON, max_size=3),
    st.dictionaries(st.sampled_from(RULE_NAMES), JSON, max_size=2),
)


@given(
    st.lists(COMPONENTS, max_size=3),
    st.dictionaries(st.sampled_from(sorted(FORM_ATTRIBUTES)), JSON, max_size=1),
)
def test_reading_a_form_raises_nothing_but_its_own_error(components, attributes):
    labelled = [{"label": "Why?", "key": f"k{at}"} | each for at, each in enumerate(components)]
    data = json.dumps({"components": labelled} | attributes, default=str).encode()
    try:
        read = parse(data)
    except FormError:
        return
    assert present(read, data={}, now=NOW).controls() is not None


@given(st.binary(max_size=60))
def test_reading_bytes_raises_nothing_but_its_own_error(data):
    with pytest.raises(FormError):
        parse(data)


@pytest.mark.parametrize(
    "answers",
    [
        {"line": "x" * 10_000_000},
        {"x" * 10_000_000: "x"},
        {f"k{n}": "" for n in range(100_000)},
        {"many": ["x"] * 1_000_000},
        {"line": "x" * (MAX_ANSWER_CHARACTERS // 2), "area": "x" * MAX_ANSWER_CHARACTERS},
        {1: "x"},
        {None: "x"},
        ["line"],
        None,
        "line",
    ],
)  # fmt: skip
def test_what_is_too_much_is_refused_as_a_whole_and_at_once(answers):
    begun = time.perf_counter()
    found = checked(EVERYTHING, answers)
    assert time.perf_counter() - begun < 1
    assert list(found.errors) == [""]
    assert found.values == {}
    assert all(len(each) < 300 for each in found.errors[""])


def test_as_many_answers_as_are_allowed_are_looked_at():
    found = checked(component("textfield"), {f"k{n}": "" for n in range(MAX_ANSWERS)})
    assert len(found.errors) == MAX_ANSWERS


@pytest.mark.parametrize(
    "sent",
    [
        "a" * 49 + "!",
        "a" * 50_000 + "!",
        {"$ne": None},
        [["a"]],
        {"a": {"b": {}}},
        10**5000,
        Decimal("1E+400000"),
        float("nan"),
        object(),
    ],
    ids=lambda sent: type(sent).__name__,
)
def test_single_answers_are_refused_in_well_under_a_second(sent):
    for key in KEYS:
        begun = time.perf_counter()
        found = checked(EVERYTHING, {key: sent}, {"cap": 5, "options": ["a"]})
        assert time.perf_counter() - begun < 1
        assert found.errors


def test_deep_answers_are_not_descended_into():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    assert "area" in checked(EVERYTHING, {"area": deep}).errors


@pytest.mark.parametrize(
    "pattern", ["((a{1,200}){1,200}){1,200}", "(?:" * 100 + "a" + ")*" * 100, "(a?){400}a{400}"]
)
def test_patterns_that_grow_are_refused_or_harmless(pattern):
    begun = time.perf_counter()
    try:
        read = parse(definition(component("textfield", validate={"pattern": pattern})))
    except FormError:
        return
    check(read, {"answer": "a" * 500}, {}, NOW)
    assert time.perf_counter() - begun < 1
