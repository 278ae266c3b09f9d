"""What somebody could put into a condition to read, to crash or to exhaust the program: refused or stopped.

Each is stopped with an error that says what was too much, or has no value; within a second of processor time,
and with less than 50 MB. Memory is counted while it runs, which makes it run slower than it would.
"""

from __future__ import annotations

import contextlib
import gc
import time
import tracemalloc

import pytest

from engine.feel import FeelError, FeelLimitError, FeelSyntaxError, compile_unary_tests, evaluate
from engine.feel.translate import translate

SECONDS = 1.0
BYTES = 50_000_000

ten = ",".join
LISTS = (
    "a:["
    + ten("1" * 10)
    + "],"
    + ",".join(f"{chr(c)}:[{','.join(chr(c - 1) * 10)}]" for c in range(ord("b"), ord("i")))
)
LONG = 's: string join(for i in 1..9000 return "aaaaaaaaaa")'
SUBJECT = 's: string join(for i in 1..1900 return "aaaaaaaaaa")'

REACHES_NOTHING = {
    "an attribute": '"".__class__.__mro__[1].__subclasses__()',
    "an attribute of a number": "(1).__class__",
    "an attribute of a list": "[1].__len__()",
    "an attribute of a function": "count.__globals__",
    "an attribute of a date": '@"2026-01-01".__class__',
    "a dunder name": "__class__",
    "the built-ins": "__builtins__",
    "an import": '__import__("os").system("id")',
    "eval": 'eval("1")',
    "a statement": "import os",
    "a file": 'open("/etc/passwd")',
    "an external function": '(function() external {java: {class: "java.lang.System"}})()',
    "a method of a list": "[1].append(2)",
    "a format string": '"{0.__class__}".format(1)',
    "a time zone's file": '@"2026-01-01T00:00:00@../../../etc/passwd"',
    "get value": 'get value({a: 1}, "__class__")',
}

TOO_MUCH = {
    "nested lists flattened": f"{{{LISTS}, r: flatten(h)}}.r",
    "nested lists as text": f"{{{LISTS}, r: string(h)}}.r",
    "nested lists compared": f"{{{LISTS}, r: h = h}}.r",
    "nested lists as the result": f"{{{LISTS}}}.h",
    "nested lists counted": f"{{{LISTS}, r: distinct values(flatten(h))}}.r",
    "a text doubled": '{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f("aaaaaaaaaa", 40)}.r',
    "many long texts": f"{{{LONG}, r: for i in 1..9000 return s + string(i)}}.r",
    "many wide texts": '{s: string join(for i in 1..9000 return "\U0001f512\U0001f512\U0001f512"), '
    "r: for i in 1..9000 return s + string(i)}.r",
    "upper case": f"{{{LONG}, r: for i in 1..49000 return upper case(s)}}.r",
    "substrings": f"{{{LONG}, r: for i in 1..49000 return substring(s, 2)}}.r",
    "substrings after": f'{{{LONG}, r: for i in 1..49000 return substring after(s, "a")}}.r',
    "replacing": f'{{{SUBJECT}, r: for i in 1..49000 return replace(s, "a", "b")}}.r',
    "replacing with more": f'{{{SUBJECT}, r: replace(s, "a", "bbbbbbbbbb")}}.r',
    "splitting": f'{{{SUBJECT}, r: for i in 1..49000 return split(s, "a")}}.r',
    "powers of powers": "9 ** (9 ** (9 ** 9))",
    "a huge product": "product(for i in 1..9000 return 1e100)",
    "a huge exponential": "exp(99999999)",
    "roots without end": "for i in 1..49000 return 1.0000001 ** 0.33333333",
    "powers without end": "for i in 1..49000 return 1.0000001 ** 99999999.5",
    "a number of many digits": "1" + "0" * 19_000,
    "a large exponent": "1e999999999",
    "a large product": "1e6000 * 1e6000",
    "a huge range": "for i in 1..1000000000 return i",
    "a huge range of dates": 'for d in @"-999999999-01-01"..@"999999999-01-01" return d',
    "loops in loops": "count(for i in 1..40000 return for j in 1..40000 return 1)",
    "a loop of four": "for a in 1..100, b in 1..100, c in 1..100, d in 1..100 return 1",
    "a search without end": "some a in 1..40000, b in 1..40000 satisfies a > b + 1000000",
    "filters in filters": "(for i in 1..40000 return i)[count((for j in 1..4000 return j)[item > 3]) > 3]",
    "partial results copied": "for i in 1..40000 return partial",
    "lists appended": "for i in 1..40000 return append(partial, 1)",
    "brackets": "(" * 5000 + "1" + ")" * 5000,
    "lists in lists": "[" * 5000 + "]" * 5000,
    "contexts in contexts": "{a:" * 5000,
    "conditions in conditions": "if true then " * 1400 + "1",
    "signs": "-" * 19_000 + "1",
    "calls in calls": "f(" * 5000,
    "comparisons in a row": "=".join("1" * 9000),
    "paths": "a" + ".b" * 9000,
    "filters in a row": "a" + "[1]" * 5000,
    "calls in a row": "f" + "()" * 5000,
    "types in types": "1 instance of " + "list<" * 3000,
    "endless recursion": "{f: function(n) f(n + 1), r: f(1)}.r",
    "a function given itself": "{f: function(n) n(n), r: f(f)}.r",
    "recursion that branches": "{f: function(n) if n < 2 then n else f(n - 1) + f(n - 2), r: f(50)}.r",
    "a long sort": "sort(for i in 1..40000 return -i, function(a, b) a < b)",
    "a long comparison": "distinct values(for i in 1..40000 return [i])",
    "a pattern that runs away": 'matches("' + "a" * 60 + '", "(a|aa)+b")',
    "patterns that are slow together": 'for i in 1..9000 return matches("' + "a" * 300 + 'b", "(a+)+$")',
    "many patterns": 'for i in 1..2000 return matches("x", string join(["(a|b){1,900}", string(i)]))',
    "a long pattern": 'matches("x", "' + "a" * 600 + '")',
    "a long subject": f'{{{LONG}, r: matches(s, "b")}}.r',
    "a long duration": '@"P999999999D" + @"P999999999D"',
    "a megabyte": "1+" * 500_000 + "1",
    "a megabyte of text": '"' + "a" * 1_000_000 + '"',
}

MALFORMED = {
    "nothing": "",
    "a quotation mark": '"' + "\\" * 19_000,
    "comments": "/*" * 9000,
    "a null character": "a\x00b",
    "operators": "+-*/" * 400,
    "colons": "f(" + "a" * 9000 + ":" * 50,
    "spaces before no colon": "f(a" + " " * 19_000 + ")" + ")",
    "two equals signs": "a == b",
    "an assignment": "a := 1",
    "a lambda": "lambda: 1",
    "Python's and": "a && b",
}


def measured(text: str) -> tuple[object, float, int]:
    gc.collect()
    tracemalloc.start()
    begun = time.thread_time()
    try:
        found: object = evaluate(text, {})
    except FeelError as error:
        found = error
    finally:
        spent = time.thread_time() - begun
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return found, spent, peak


@pytest.mark.parametrize("text", REACHES_NOTHING.values(), ids=REACHES_NOTHING)
def test_nothing_outside_the_data_is_reached(text: str) -> None:
    found, spent, peak = measured(text)
    assert found is None
    assert spent < SECONDS
    assert peak < BYTES


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_is_too_much_is_stopped(text: str) -> None:
    found, spent, peak = measured(text)
    assert isinstance(found, FeelLimitError)
    assert spent < SECONDS
    assert peak < BYTES
    assert len(str(found)) < 250


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_expression_is_refused(text: str) -> None:
    found, spent, peak = measured(text)
    assert isinstance(found, FeelSyntaxError)
    assert found.line is not None
    assert found.column is not None
    assert spent < SECONDS
    assert peak < BYTES


@pytest.mark.parametrize("text", [*TOO_MUCH.values(), *MALFORMED.values()], ids=[*TOO_MUCH, *MALFORMED])
def test_unary_tests_and_translation_are_no_way_round(text: str) -> None:
    begun = time.thread_time()
    with contextlib.suppress(FeelError):
        compile_unary_tests(text)
    assert translate(text) is None or len(text) < 100
    assert time.thread_time() - begun < SECONDS


def test_names_of_python_are_look_ups_in_the_data_alone() -> None:
    data = {"__class__": "a field's value", "x": {"__dict__": 1}}
    assert evaluate("__class__", data) == "a field's value"
    assert evaluate("x.__dict__", data) == 1
    assert evaluate("x.keys", data) is None


def test_many_declared_names_do_no_harm() -> None:
    names = [f"field-{number} and more" for number in range(2_000)]
    begun = time.thread_time()
    assert evaluate("field-7 and more", {"field-7 and more": 3}, names=names) == 3
    assert time.thread_time() - begun < SECONDS
