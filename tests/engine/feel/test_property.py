"""No text and no data make the language raise anything but its own errors."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import event, given, settings
from hypothesis import strategies as st

from engine.feel import FeelError, YearsMonthsDuration, compile_unary_tests, evaluate
from engine.feel.formatting import literal_of
from engine.feel.functions import BUILTINS
from engine.feel.translate import translate

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ATOMS = st.sampled_from(
    [
        *"""1 0 -1 2.5 1e6000 1e-6000 99999999999999999999999999999999999 "" "a" "a(b" "[x-" "\\uD800"
        true false null x y x.y ? item partial [] [1] [[1,"a"],null] {} {a:1} {a:{b:2}}
        [1..3] (1..3) ]1..3[ (<5) (=null) (null..1] @"2026-02-28" @"-999999999-01-01" @"999999999-12-31"
        @"10:00:00" @"10:00:00Z" @"10:00:00@Europe/Zurich" @"2026-02-28T10:00:00" @"2026-02-28T10:00:00Z"
        @"9999-12-31T23:59:59@Asia/Tokyo" @"0000-01-01T00:00:00+18:00" @"P1D" @"-P999999999D" @"P1Y"
        @"-P999999998Y" @"x" abs count""".split(),
        "function(a) a",
        "function(a, b) a < b",
        "risk appetite",
    ]
)
CALLS = st.sampled_from(sorted(BUILTINS))


def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from("+ - * / ** = != < <= > >= and or in".split())
    return st.one_of(
        st.builds("({} {} {})".format, inner, operators, inner),
        st.builds("-{}".format, inner),
        st.builds(
            "{}.{}".format, inner, st.sampled_from("year a hour timezone end days months weekday".split())
        ),
        st.builds("({})[{}]".format, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{{a: {}, b: {}}}".format, inner, inner),
        st.builds("[{}..{})".format, inner, inner),
        st.builds("if {} then {} else {}".format, inner, inner, inner),
        st.builds("for i in {} return {}".format, inner, inner),
        st.builds("for i in {}..{} return partial".format, inner, inner),
        st.builds("some i in {} satisfies {}".format, inner, inner),
        st.builds("({} between {} and {})".format, inner, inner, inner),
        st.builds("({} in ({}, > {}))".format, inner, inner, inner),
        st.builds(
            "({} instance of {})".format, inner, st.sampled_from(["number", "list<string>", "range<date>"])
        ),
        st.builds("{}({})".format, CALLS, inner),
        st.builds("{}({}, {})".format, CALLS, inner, inner),
        st.builds("{}({}, {}, {})".format, CALLS, inner, inner, inner),
        st.builds("{}({}, {}, {}, {})".format, CALLS, inner, inner, inner, inner),
    )


EXPRESSIONS = st.recursive(ATOMS, grow, max_leaves=12)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.times(),
    st.datetimes(timezones=st.none() | st.just(UTC)),
    st.timedeltas(),
    st.builds(YearsMonthsDuration, st.integers(-(10**12), 10**12)),
    st.binary(max_size=3),
)
VALUES = st.recursive(
    SCALARS, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=3), v, max_size=3)
)


@settings(max_examples=500)
@given(text=EXPRESSIONS, x=VALUES)
def test_an_expression_has_a_value_or_a_documented_error(text: str, x: object) -> None:
    try:
        literal_of(evaluate(text, {"x": x, "y": 3, "?": x}, now=NOW))
        compile_unary_tests(text).matches(x, {"x": x}, now=NOW)
    except FeelError as error:
        event(type(error).__name__)


@settings(max_examples=400)
@given(text=st.text(max_size=60) | st.text("()[]{}\"\\.,:=<>!?@-+*/' \nabif1efor", max_size=40))
def test_any_text_at_all_has_a_value_or_a_documented_error(text: str) -> None:
    for read in (evaluate, lambda text, data: compile_unary_tests(text).matches(1, data)):
        try:
            read(text, {"a": 1, "b": [1, 2]})
        except FeelError as error:
            event(type(error).__name__)


@settings(max_examples=200)
@given(text=st.text(max_size=60) | st.text("ab=!<>&|()'\"${} .notandr1", max_size=40))
def test_a_translation_is_feel_or_nothing(text: str) -> None:
    made = translate(text)
    assert made is None or evaluate(made, {"a": 1}) in (None, True, False) or made


@given(
    value=st.one_of(
        st.none(),
        st.booleans(),
        st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=4),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        st.dates(),
        st.times(),
        st.datetimes(),
        st.datetimes(timezones=st.just(UTC)),
        st.timedeltas(timedelta(days=-99_999), timedelta(days=99_999)),
        st.builds(YearsMonthsDuration, st.integers(-10_000, 10_000)),
    )
)
def test_a_value_written_as_feel_is_read_back_the_same(value: object) -> None:
    if isinstance(value, time):
        value = value.replace(fold=0)
    found = evaluate(literal_of(value), {})
    assert found == value
    assert type(found) is type(value) or isinstance(value, date)
