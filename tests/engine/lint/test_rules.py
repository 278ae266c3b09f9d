"""A rule is a triple: its file, its page, a good and a bad diagram; and the pages are true."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from engine.lint import Finding, Known, Limits
from engine.lint.analysis import analyse
from engine.lint.rules import RULES
from engine.lint.rules.attribute_known import ANYWHERE, BY_KIND

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "docs" / "rules"
DIAGRAMS = Path(__file__).parent / "rules"
FILES = ROOT / "engine" / "lint" / "rules"
OPERATIONS = frozenset({"committee.seat", "risks.record"})
ROLES = frozenset({"cio", "ciso", "committee"})
ANSWER = b'{"type": "default", "components": []}'
"""The form of tasks whose answers no rule asks for: every diagram here could be released for people."""


def bundle(rule: str, which: str) -> dict[str, bytes]:
    """The good or the bad diagram of a rule, with the files beside it: those of the other are left out."""
    files = {"answer.form": ANSWER} if rule != "form-present" else {}
    for path in sorted((DIAGRAMS / rule).iterdir()):
        kind, _, rest = path.name.partition(".")
        if kind not in ("good", "bad"):
            files[path.name] = path.read_bytes()
        elif kind == which:
            files["p.bpmn" if rest == "bpmn" else rest] = path.read_bytes()
    return files


def known(files: dict[str, bytes]) -> Known:
    """What the surroundings of a bundle would say."""
    fields, required, faults = {}, {}, {}
    for path, data in files.items():
        if path.endswith(".form"):
            try:
                parts = json.loads(data)["components"]
                fields[path] = [each["key"] for each in parts]
                required[path] = [each["key"] for each in parts if each.get("validate", {}).get("required")]
            except ValueError as error:
                faults[path] = f"It is not JSON ({error})."
    return Known(OPERATIONS, ROLES, fields, required, faults, forms_needed=True)


@cache
def findings(rule: str, which: str) -> list[Finding]:
    files = bundle(rule, which)
    return [each for report in analyse("p", files, known(files), Limits()) for each in report.findings]


def test_rules_pages_and_diagrams_are_the_same_set() -> None:
    rules = {path.stem.replace("_", "-") for path in FILES.glob("*.py")} - {"--init--"}
    pages = {path.stem for path in PAGES.glob("*.md")} - {"README"}
    diagrams = {path.name for path in DIAGRAMS.iterdir()}
    assert rules == set(RULES)
    assert pages == set(RULES)
    assert diagrams == set(RULES)
    assert all(rule.name == name for name, rule in RULES.items())


@pytest.mark.parametrize("rule", RULES)
def test_the_good_diagram_passes_every_rule(rule: str) -> None:
    assert findings(rule, "good") == []


@pytest.mark.parametrize("rule", RULES)
def test_the_bad_diagram_is_found_by_its_rule_and_by_no_other(rule: str) -> None:
    found = findings(rule, "bad")
    assert [each.rule for each in found] == [rule]


@pytest.mark.parametrize("rule", RULES)
def test_the_page_says_what_parley_says(rule: str) -> None:
    page = (PAGES / f"{rule}.md").read_text(encoding="utf-8")
    [found] = findings(rule, "bad")
    assert page.startswith(f"# {rule}\n")
    for heading in ("## Why", "## How to mend it", "## Example"):
        assert heading in page
    said = found.sentence.partition("It is not JSON")[0].partition("well-formed XML:")[0]
    assert f"> {said}".rstrip() in page
    assert {"error": "An error:", "warning": "A warning:", "info": "For information:"}[found.severity] in page


@pytest.mark.parametrize("rule", RULES)
def test_a_sentence_is_one_for_people(rule: str) -> None:
    [found] = findings(rule, "bad")
    assert found.sentence[0].isupper() or found.sentence[0] in "“"
    assert found.sentence.endswith((".", "?", '"'))
    assert not re.search(r"\b(None|Traceback|Error\(|xpath|lxml)\b", found.sentence)


def test_the_overview_lists_every_rule_once() -> None:
    text = (PAGES / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[([a-z-]+)\]\(\1\.md\) \|", text, re.MULTILINE)
    assert sorted(listed) == sorted(RULES)


def test_what_the_overview_refers_to_exists() -> None:
    """Each row names a test that shows it mended, or the rule that refuses it."""
    text = (PAGES / "README.md").read_text(encoding="utf-8")
    table = text.partition("## What SpiffWorkflow gets wrong")[2]
    rows = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| What")]
    assert len(rows) > 40
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    for row in rows:
        verdict = row.rstrip(" |").rpartition("|")[2]
        named_tests = re.findall(r"`(test_\w+)`", verdict)
        named_rules = re.findall(r"\[([a-z-]+)\]\(([a-z-]+)\.md\)", verdict)
        assert named_tests or named_rules, row
        for name in named_tests:
            assert f"def {name}(" in tests, row
        for label, target in named_rules:
            assert label == target
            assert label in RULES, row


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (PAGES / target).resolve().is_file(), f"{page.name}: {target}"


def test_every_attribute_that_is_read_is_known_to_the_rule_about_attributes() -> None:
    read = set(re.findall(r'_own\(\w+, "(\w+)"\)', (ROOT / "engine/diagrams/elements.py").read_text()))
    assert read == set().union(*BY_KIND.values(), ANYWHERE)
