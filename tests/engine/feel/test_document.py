"""The document on FEEL is true: its examples give what it says, its tables are those of the code."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.feel import evaluate, limits
from engine.feel.functions import BUILTINS

DOCUMENT = Path(__file__).parents[3] / "docs" / "feel.md"
EXAMPLE = re.compile(
    r"^### (?P<title>\d+\. .*?)\n.*?```data\n(?P<data>.*?)\n```\n```feel\n(?P<feel>.*?)\n```\n"
    r"Result: `(?P<result>.*?)`$",
    re.DOTALL | re.MULTILINE,
)
EXAMPLES = list(EXAMPLE.finditer(DOCUMENT.read_text(encoding="utf-8")))
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def section(title: str) -> str:
    text = DOCUMENT.read_text(encoding="utf-8")
    begin = text.index(f"## {title}\n")
    return text[begin : text.index("\n## ", begin + 1) if "\n## " in text[begin + 1 :] else len(text)]


def test_there_are_twenty_examples() -> None:
    assert [int(example["title"].split(".")[0]) for example in EXAMPLES] == list(range(1, 21))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["title"])
def test_an_example_gives_its_result(example: re.Match[str]) -> None:
    data = evaluate(example["data"], {})
    assert evaluate(example["feel"], data, now=NOW) == evaluate(example["result"], {})


def test_what_to_keep_in_mind_is_so() -> None:
    assert evaluate('"5" > 3', {}) is None
    assert evaluate('number("5") > 3', {}) is True
    assert evaluate("0.1 + 0.2 = 0.3", {}) is True
    assert evaluate("count(vote)", {"vote": [1, 2], "count": 7}) == 2
    assert evaluate("missing > 3", {}) is None


def test_every_function_is_listed_and_every_listed_function_exists() -> None:
    table = section("What is supported").split("### Functions")[1].split("\n\n`now()`")[0]
    assert set(re.findall(r"`([^`]+)`", table)) == set(BUILTINS)


def test_the_limits_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| .+? \| ([\d,.]+) \|$", section("Limits"), re.MULTILINE)
    assert [float(row.replace(",", "")) for row in rows] == [
        limits.MAX_TEXT,
        limits.MAX_DEPTH,
        limits.MAX_STEPS,
        limits.MAX_SECONDS,
        limits.MAX_LIST,
        limits.MAX_STRING,
        limits.MAX_DIGITS,
        limits.MAX_EXPONENT,
        limits.MAX_CALLS,
        limits.MAX_DATA_DEPTH,
        limits.MAX_PATTERN,
        limits.MAX_SUBJECT,
        limits.REGEX_SECONDS,
    ]
