"""docs/forms.md says what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from forms import limits
from forms.components import ATTRIBUTES, FIELDS, FORM_ATTRIBUTES, MAX_SCHEMA_VERSION, PROPERTIES, VALIDATE
from forms.types import Kind
from tests.forms.build import form

DOC = (Path(__file__).resolve().parents[2] / "docs" / "forms.md").read_text(encoding="utf-8")
EVERY = {"id", "layout", "properties", "type"}
INPUT = {"defaultValue", "description", "disabled", "key", "label", "readonly", "validate"}
EXAMPLES = re.findall(r"```json\n(.*?)```", DOC, re.DOTALL)


def section(title):
    return DOC.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def rows(title):
    lines = [line for line in section(title).splitlines() if line.startswith("| `")]
    return {
        row[0].strip("` "): row[1:]
        for row in ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    }


def words(cell):
    return set(re.findall(r"`([^`]+)`", cell))


def test_the_components_are_those_of_the_code():
    assert list(rows("Components")) == sorted(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_the_attributes_of_each_component_are_those_of_the_code(kind):
    answer, own, rules = rows("Components")[kind]
    common = (
        EVERY | (INPUT if kind in FIELDS else set()) | ({"conditional"} if kind is not Kind.BUTTON else set())
    )
    assert words(own) | common == ATTRIBUTES[kind]
    assert words(rules) == VALIDATE.get(kind, frozenset())
    assert (answer == "none") == (kind not in FIELDS)


def test_the_attributes_of_a_form_are_those_of_the_code():
    said = section("Components").split("The form itself takes", 1)[1].split("\n\n", 1)[0]
    assert words(said) - {"default"} == FORM_ATTRIBUTES
    assert f"1 to {MAX_SCHEMA_VERSION}" in said


def test_the_properties_are_those_of_the_code():
    table = rows("Properties of Parley's own")
    assert table.keys() == PROPERTIES.keys()
    for name, (kinds, _) in table.items():
        assert PROPERTIES[name] == (FIELDS if kinds == "every field" else words(kinds))


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: json.loads(text)["key"])
def test_the_examples_are_read(text):
    example = json.loads(text)
    decision = {"type": "radio", "key": "decision", "label": "What?", "values": [{"value": "exempt"}]}
    assert form(decision, example).field(example["key"]).kind == example["type"]


def test_the_limits_are_those_of_the_code():
    taken = section("What is taken as an answer")
    for limit in (limits.MAX_LINE, limits.MAX_AREA, limits.MAX_OWN_LENGTH, limits.MAX_NUMBER_DIGITS,
                  limits.MAX_DECIMALS, limits.MAX_ANSWERS, limits.MAX_ANSWER_CHARACTERS):  # fmt: skip
        assert re.search(rf"\b{limit:,}\b", taken)
    assert f"{limits.MAX_OPTIONS} at most" in section("Options from the case")
    assert limits.PATTERN_SECONDS == 0.1
    assert "tenth of a second" in section("Rules").replace("\n", " ")
