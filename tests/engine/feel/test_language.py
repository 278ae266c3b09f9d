"""The language itself: operators, three values, loops, paths, filters, names, types, unary tests."""

from __future__ import annotations

import pytest

from engine.feel import compile_expression, compile_unary_tests, evaluate

DATA = {
    "level": 4,
    "name": "gateway",
    "risk appetite": 9,
    "vote": [{"choice": "exempt", "days": 30}, {"choice": "reject"}, {"choice": "exempt", "days": 10}],
    "flag": True,
    "nothing": None,
    "deep": {"er": {"still": [1, 2, 3]}},
    "item": "outside",
}

SAME = """
1 + 2 * 3 - 4 / 2 = 5
2 ** 3 ** 2 = 64
-2 ** 2 = 4
(1 + 2) * 3 = 9
"a" + "b" = "ab"
0.1 + 0.2 = 0.3
1/3*3 = 0.9999999999999999999999999999999999
@"2026-01-31" + @"P1M" = @"2026-02-28"
@"2026-03-01" - @"2026-02-01" = @"P28D"
@"P1Y" * 2 = @"P2Y"
@"PT1H" / @"PT30M" = 2
not(level < 4) = true
level between 4 and 5 = true
level in [1..4] = true
level in (1..4) = false
level in (1, < 3, >= 4) = true
"b" in ("a".."c") = true
null = null
(null = 1) = false
("a" != null) = true
(false and null) = false
(true or null) = true
(if level > 3 then "high" else "low") = "high"
(if null then 1 else 2) = 2
(if 1 = 2 then 1 else if 2 = 2 then 2 else 3) = 2
(for i in 1..3 return i * i) = [1, 4, 9]
(for i in 3..1 return i) = [3, 2, 1]
(for i in [1..3] return i) = [1, 2, 3]
(for i in [1, 2], j in [10, 20] return i + j) = [11, 21, 12, 22]
(for i in [[1, 2], [3]], j in i return j) = [1, 2, 3]
(for i in 0..4 return if i = 0 then 1 else i * partial[-1]) = [1, 1, 2, 6, 24]
count(for d in @"2026-02-27"..@"2026-03-01" return d) = 3
(some v in vote satisfies v.days > 20) = true
(every v in vote satisfies v.choice = "exempt") = false
vote[choice = "exempt"].days = [30, 10]
vote[2].choice = "reject"
vote[-1].days = 10
vote[4] = null
[1, 2, 3][item > 1] = [2, 3]
[{item: 5}][item = 5] = [{item: 5}]
[1, 2, 3][level - 2] = 2
deep.er.still[1] = 1
{a: 1, b: a + 1}.b = 2
{f: function(x: number) x * 2, r: f(4)}.r = 8
{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(5)}.r = 120
risk appetite + 1 = 10
[1..5].end = 5
(> 5).start included = false
[1..5[.end included = false
@"2026-03-01".weekday = 7
@"2026-03-01T10:20:30+02:00".time offset = @"PT2H"
@"P1Y2M".months = 2
1 instance of number = true
[1] instance of list<number> = true
["a"] instance of list<number> = false
{a: 1} instance of context<a: number> = true
@"P1D" instance of days and time duration = true
(function(a: number) a) instance of function<number> -> Any = true
null instance of string = false
1 /* in between */ + 1 // at the end
"a\\nb" = "a\\u000Ab"
"\\uD83D\\uDD12" = "\\U01F512"
""".replace("\\\\", "\\")

NULL = """
1 + "a"
"a" < 1
1 = "1"
null < 1
true and null
false or null
1 and true
some x in [1, null] satisfies x > 5
unknown.path.further
level.nothing
for i in "a".."z" return i
@"2026-13-01"
[1..5] < 3
{a: 1, a: 2}
-"a"
null[1]
"text"(1)
@"2026-01-01" + 1
@"10:00:00" < @"10:00:00Z"
"""


@pytest.mark.parametrize("line", SAME.strip().splitlines())
def test_an_expression_gives(line: str) -> None:
    found = evaluate(line, DATA)
    assert found is True or line.startswith("1 /*")


@pytest.mark.parametrize("line", NULL.strip().splitlines())
def test_what_has_no_value_is_null(line: str) -> None:
    found = evaluate(line, DATA)
    assert found is None or (line == "null[1]" and found in (None, []))


def test_comments_are_passed_over() -> None:
    assert evaluate("1 /* one */ + 1 // and one\n + 1", {}) == 3


@pytest.mark.parametrize(
    ("tests", "value", "expected"),
    [
        ("-", 1, True),
        ("", 1, True),
        ("5", 5, True),
        ("< 5, > 9", 10, True),
        ("< 5, > 9", 7, False),
        ("[1..5]", 5, True),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ('not("a", "b")', "c", True),
        ("not(< 5)", 7, True),
        ("? > 3 and ? < 9", 5, True),
        ("even(?)", 4, True),
        ("null", None, True),
        ("null", 1, False),
        ("true", True, True),
        ("false", True, False),
        ("limit", 9, True),
        ("> limit", 9, False),
        ("[1, 2, 3]", 2, True),
        ("not(flag)", False, True),
        ("flag and ? > 1", 2, True),
        ('@"2026-03-01"', "2026-03-01", None),
        ("< 5", "a", None),
    ],
)
def test_unary_tests(tests: str, value: object, expected: bool | None) -> None:
    assert compile_unary_tests(tests).matches(value, {"limit": 9, "flag": True}) is expected


def test_one_leading_equals_sign_is_passed_over() -> None:
    assert compile_expression("= level > 3").evaluate(DATA) is True
    assert compile_unary_tests("=5").matches(5) is True


def test_a_name_with_an_operator_or_a_keyword_is_one_where_it_is_declared() -> None:
    data = {
        "cost-benefit": 7,
        "cost": 5,
        "benefit": 1,
        "approved and signed": False,
        "approved": True,
        "signed": True,
    }
    assert evaluate("cost-benefit", data) == 4
    assert evaluate("cost-benefit", data, names=["cost-benefit"]) == 7
    assert evaluate("approved and signed", data) is True
    assert evaluate("approved  and signed", data, names=data) is False
    assert evaluate("{a-b: 3, c: a-b}.c", {"a": 9, "b": 1}) == 3
    assert evaluate("{f: function(x+y) x+y * 2, r: f(4)}.r", {}) == 8


def test_free_names_are_known() -> None:
    expression = compile_expression(
        'decide.decision = "exempt" and count(vote[choice = "x"]) > n and (some v in vote satisfies v > low)'
    )
    assert expression.names == {"decide", "vote", "n", "low"}
    assert expression.possible_names == {"choice"}
    assert compile_unary_tests("> limit").names == {"limit"}
    assert compile_expression("{a: 1, b: a}.b + f(2) + (for i in l return i + partial[1])").names == {
        "f",
        "l",
    }


def test_calls_that_never_have_a_value_are_warned_of() -> None:
    (one,) = compile_expression("level > abs(1, 2)").warnings
    assert one == "“abs” is called with 2 arguments; it is abs(n)"
    (two,) = compile_unary_tests('substring(text: "a", start: 1)').warnings
    assert "text, start" in two
    assert "substring(string, start position, [length])" in two
    assert compile_expression("substring(x, 1) + string(y) + sum(1, 2, 3) + unknown(1)").warnings == ()


def test_compiled_expressions_are_kept() -> None:
    assert compile_expression("1 + 1") is compile_expression("1 + 1")
    assert compile_expression("a-b") is not compile_expression("a-b", ["a-b"])


@pytest.mark.parametrize("name", ["count", "not", "sum", "string", "min", "now", "date", "today"])
def test_data_never_shadows_a_built_in_function(name: str) -> None:
    call = {"now": "now()", "today": "today()", "not": "not(true)", "date": 'date("2026-01-01")'}.get(
        name, f"{name}([1, 2])"
    )
    plain = compile_expression(call)
    assert (plain.evaluate({name: "from a form"}) is None) == (plain.evaluate({}) is None)
    if name not in ("now",):
        assert plain.evaluate({name: "from a form"}) == plain.evaluate({})


def test_a_loop_variable_or_parameter_of_the_expression_itself_may_have_a_functions_name() -> None:
    assert evaluate("for count in [1, 2] return count + 1", {}) == [2, 3]
    assert evaluate("{count: function(x) 7, r: count([1])}.r", {}) == 7
