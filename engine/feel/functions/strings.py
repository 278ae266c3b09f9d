"""String functions (DMN 1.3 §10.3.4.3). Positions count from 1, from -1 backwards; characters are code
points.
"""

from __future__ import annotations

from decimal import Decimal

from .. import regexes
from ..limits import Run
from ..values import Value, lift
from .registry import builtin


def _part(run: Run, string: str, begin: int, end: int) -> str:
    run.spend_string(max(min(end, len(string)) - begin, 0))
    return string[begin:end]


@builtin("substring(string: string, start position: number, [length: number])")
def substring(run: Run, string: str, start: Decimal, length: Decimal | None = None) -> Value:
    """The characters from `start` on, at most `length` of them; null for position 0 or beyond the string."""
    first = int(start)
    if first == 0 or abs(first) > len(string):
        return None
    begin = first - 1 if first > 0 else len(string) + first
    count = len(string) if length is None else int(length)
    if count < 1:
        return None
    return _part(run, string, begin, begin + count)


@builtin("string length(string: string)")
def string_length(run: Run, string: str) -> Value:
    """How many characters the string has."""
    return Decimal(len(string))


@builtin("upper case(string: string)")
def upper_case(run: Run, string: str) -> Value:
    """The string in capitals."""
    run.spend_string(len(string))
    return string.upper()


@builtin("lower case(string: string)")
def lower_case(run: Run, string: str) -> Value:
    """The string in small letters."""
    run.spend_string(len(string))
    return string.lower()


@builtin("substring before(string: string, match: string)")
def substring_before(run: Run, string: str, match: str) -> Value:
    """What stands before the first occurrence; an empty string if there is none."""
    return _part(run, string, 0, max(string.find(match), 0))


@builtin("substring after(string: string, match: string)")
def substring_after(run: Run, string: str, match: str) -> Value:
    """What stands after the first occurrence; an empty string if there is none."""
    place = string.find(match)
    return _part(run, string, place + len(match), len(string)) if place >= 0 else ""


@builtin("contains(string: string, match: string)")
def contains(run: Run, string: str, match: str) -> Value:
    """Whether the one holds the other."""
    run.spend(1 + len(string) // 100)
    return match in string


@builtin("starts with(string: string, match: string)")
def starts_with(run: Run, string: str, match: str) -> Value:
    """Whether the one begins with the other."""
    return string.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(run: Run, string: str, match: str) -> Value:
    """Whether the one ends with the other."""
    return string.endswith(match)


@builtin("matches(input: string, pattern: string, [flags: string|null])")
def matches(run: Run, subject: str, pattern: str, flags: str | None = None) -> Value:
    """Whether a regular expression matches somewhere in the string."""
    return regexes.find(pattern, subject, flags, run)


@builtin("replace(input: string, pattern: string, replacement: string, [flags: string|null])")
def replace(run: Run, subject: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    """The string with each match of a regular expression replaced; `$1` is the first group."""
    return regexes.substitute(pattern, subject, replacement, flags, run)


@builtin("split(string: string, delimiter: string)")
def split(run: Run, string: str, delimiter: str) -> Value:
    """The parts of the string between the matches of a regular expression."""
    return regexes.split(delimiter, string, run)


@builtin("string join(list: list, [delimiter: string|null])")
def string_join(run: Run, items: list[Value], delimiter: str | None = None) -> Value:
    """The strings of a list joined, nulls left out; null where another kind of value is among them."""
    run.spend(len(items))
    texts = [item for item in (lift(item, run) for item in items) if item is not None]
    if not all(type(text) is str for text in texts):
        return None
    between = delimiter or ""
    run.spend_string(sum(map(len, texts)) + len(between) * max(len(texts) - 1, 0))
    return between.join(texts)
