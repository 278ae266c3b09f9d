"""The built-in functions, by family: what each gives, what it gives for nothing, and by named arguments."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.feel import evaluate
from engine.feel.functions import BUILTINS

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

# expression = what it is equal to, both in FEEL
SAME = """
date("2026-02-28") = @"2026-02-28"
date(2026, 2, 28) = @"2026-02-28"
date(date and time("2026-02-28T10:00:00Z")) = @"2026-02-28"
time("10:20:30").minute = 20
time(10, 20, 30.5, duration("PT1H")) = @"10:20:30.5+01:00"
time(date and time("2026-02-28T10:00:00")) = @"10:00:00"
date and time("2026-02-28T24:00:00") = @"2026-03-01T00:00:00"
date and time(@"2026-02-28", @"10:00:00") = @"2026-02-28T10:00:00"
date and time(@"2026-07-01T10:00:00Z", "Europe/Zurich") = @"2026-07-01T12:00:00+02:00"
duration("P1DT2H").hours = 2
years and months duration(@"2024-02-29", @"2026-02-28") = @"P1Y11M"
years and months duration(@"2026-02-28", @"2024-02-29") = @"-P1Y11M"
number("1 000,5", " ", ",") = 1000.5
number(from: "1.000", grouping separator: ".") = 1000
string(1.50) = "1.5"
string([1, "a", @"2026-01-01", {b: null}]) = "[1, \\"a\\", 2026-01-01, {b: null}]"
string(@"P1Y") = "P1Y"
context([{key: "a", value: 1}]) = {a: 1}
range("[1..5)") = [1..5)
not(false) = true
all([true, true]) = true
any([false, true]) = true
all(true, false) = false
is(@"10:00:00Z", @"11:00:00+01:00") = false
substring("risk", 2) = "isk"
substring("risk", -2, 1) = "s"
string length("ri\\u20ACk") = 4
upper case("riSk") = "RISK"
lower case("riSk") = "risk"
substring before("a-b", "-") = "a"
substring after("a-b", "-") = "b"
replace("abcd", "(ab)|(x)", "[$1$2]") = "[ab]cd"
replace("a.b", ".", "-", "q") = "a-b"
contains("risk", "is") = true
starts with("risk", "ri") = true
ends with("risk", "sk") = true
matches("CVE-2026-0001", "^CVE-\\d{4}-\\d{4,}$") = true
matches("risk", "RISK", "i") = true
matches("x", "[a-z-[aeiou]]") = true
matches("e", "[a-z-[aeiou]]") = false
split("a;b;;c", ";") = ["a", "b", "", "c"]
string join(["a", null, "b"], ", ") = "a, b"
list contains([1, null], null) = true
count([1, null]) = 2
count("one") = 1
min(3, 1, 2) = 1
max(["a", "c", "b"]) = "c"
sum([1.1, 2.2]) = 3.3
mean(1, 2) = 1.5
sublist([1, 2, 3], -2, 1) = [2]
append([1], 2, 3) = [1, 2, 3]
concatenate([1], [2, 3]) = [1, 2, 3]
insert before([1, 3], 2, 2) = [1, 2, 3]
remove([1, 2, 3], -1) = [1, 2]
reverse([1, 2]) = [2, 1]
index of([1, 2, 1], 1) = [1, 3]
union([1, 2], [2, 3]) = [1, 2, 3]
distinct values([1, 2, 1.0]) = [1, 2]
flatten([1, [2, [3]]]) = [1, 2, 3]
product(2, 3, 4) = 24
median([8, 2, 5, 3, 4]) = 4
median(1, 2) = 1.5
mode([6, 1, 9, 6, 1]) = [1, 6]
list replace([1, 2, 3], 2, 9) = [1, 9, 3]
list replace([1, 2, 3], function(item, new) item > 1, 0) = [1, 0, 0]
sort([3, 1, 2], function(x, y) x < y) = [1, 2, 3]
sort(list: ["b", "a"], precedes: function(x, y) x < y) = ["a", "b"]
decimal(1.255, 2) = 1.26
decimal(2.5, 0) = 2
floor(-1.5) = -2
floor(1.56, 1) = 1.5
ceiling(1.2) = 2
round up(-5.5, 0) = -6
round down(5.5, 0) = 5
round half up(5.5, 0) = 6
round half down(5.5, 0) = 5
abs(-3) = 3
modulo(-12, 5) = 3
modulo(10.1, -4.5) = -3.4
sqrt(16) = 4
decimal(log(10), 8) = 2.30258509
decimal(exp(1), 8) = 2.71828183
odd(3) = true
even(2) = true
day of year(@"2026-12-31") = 365
day of week(@"2026-03-01") = "Sunday"
month of year(@"2026-03-01") = "March"
week of year(@"2027-01-01") = 53
before(1, [2..3]) = true
after([5..6], 4) = true
meets([1..5], [5..8]) = true
met by([5..8], [1..5]) = true
overlaps([1..5], [5..8]) = true
overlaps([1..5), [5..8]) = false
overlaps before([1..5], [4..8]) = true
overlaps after([4..8], [1..5]) = true
finishes(5, [1..5]) = true
finished by([1..5], 5) = true
includes([1..5], (1..5)) = true
during((1..5), [1..5]) = true
starts(1, [1..5]) = true
started by([1..5], [1..2]) = true
coincides([1..5], [1..5]) = true
get value({a: {b: 1}}, ["a", "b"]) = 1
get value({a: 1}, "a") = 1
get entries({a: 1})[1].key = "a"
context put({a: 1}, "b", 2) = {a: 1, b: 2}
context put({a: {b: 1}}, ["a", "c"], 2) = {a: {b: 1, c: 2}}
context merge([{a: 1, b: 1}, {b: 2}]) = {a: 1, b: 2}
today() = @"2026-03-01"
now() = @"2026-03-01T09:30:00Z"
decimal(stddev(2, 4, 7, 5), 8) = 2.081666
""".replace("\\\\", "\\")

NOTHING = """
date("2026-02-30")
date("26-02-01")
date(2026, 13, 1)
time("25:00:00")
time("10:00:00@No/Where")
time(24, 0, 0)
date and time("2026-02-28 10:00:00")
duration("P1Y1D")
duration("1 day")
number("1,000")
number("1.0", ".", ".")
string(null)
context([{key: "a"}])
range("[5..1]")
not("true")
all([true, null])
any([false, null])
substring("risk", 0)
substring("risk", 9)
substring("risk", 1, 0)
string length(3)
upper case(null)
replace("a", "(", "b")
replace("a", "a", "$")
matches("a", "(?=a)")
matches("a", "(?P<x>a)")
matches("a", "a++")
matches("a", "[")
matches("a", "a", "z")
split("abc", "x*")
string join([1, 2])
list contains(null, 1)
count(null)
min()
min([])
max([1, "a"])
sum([])
sum([1, "a"])
mean([])
median([])
stddev([1])
mode([1, null])
sublist([1], 2)
insert before([1], 5, 2)
remove([1], 0)
list replace([1], 2, 0)
sort([1, 2], function(x) x)
modulo(1, 0)
sqrt(-1)
log(0)
odd(1.5)
1 / 0
abs()
abs(1, 2)
abs(number: 1)
abs("1")
day of week("2026-03-01")
meets([1..5], 5)
get value({a: 1}, [])
context put({a: 1}, ["a", "b"], 2)
context merge([{a: 1}, 2])
nothing of the kind(1)
3(1)
(function() external {java: {class: "java.lang.Runtime"}})()
"""


@pytest.mark.parametrize("line", SAME.strip().splitlines())
def test_a_function_gives(line: str) -> None:
    assert evaluate(line, {}, now=NOW) is True


@pytest.mark.parametrize("line", NOTHING.strip().splitlines())
def test_what_has_no_value_is_null(line: str) -> None:
    assert evaluate(line, {}, now=NOW) is None


def test_every_function_is_tried_here() -> None:
    text = SAME + NOTHING
    assert [name for name in BUILTINS if f"{name}(" not in text] == []


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_a_function_takes_its_arguments_by_name(name: str) -> None:
    """Named in the order of the parameters, the call means the same as without names."""
    for signature in BUILTINS[name].signatures:
        names = [parameter.name for parameter in signature.parameters if not parameter.variadic]
        if len(names) != len(signature.parameters) or not names:
            continue
        given = {f"v{i}": value for i, value in enumerate(["2026-03-01", 2, True][: len(names)])}
        plain = f"{name}({', '.join(given)})"
        named = f"{name}({', '.join(f'{n}: v' + str(i) for i, n in enumerate(names[: len(given)]))})"
        if len(given) == len(names):
            assert evaluate(plain, given, now=NOW) == evaluate(named, given, now=NOW)
