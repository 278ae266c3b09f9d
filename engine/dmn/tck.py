"""Running the Technology Compatibility Kit of DMN: every case below a folder of its layout, results
counted by case.

A case is a folder with models (.dmn) and tests (.xml, `testCases`); each `resultNode` counts one. A result
passes where the value is the one expected; where null or an error is expected, null passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from engine.feel.compare import KINDS, equal
from engine.feel.errors import FeelError
from engine.feel.formatting import literal_of
from engine.feel.limits import Run
from engine.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time
from engine.feel.values import Value, YearsMonthsDuration

from .errors import DmnError
from .graph import decide
from .model import Model
from .parse import link, parse
from .xml import child, children, local, text_of

_TOLERANCE = Decimal("1e-8")
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True, slots=True)
class Failure:
    """A result that is not the one expected; `expected` and `found` as FEEL literals."""

    test: str
    result: str
    expected: str
    found: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseReport:
    """The results of one case's folder."""

    passed: int
    total: int
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The results of all cases, by the name of their folder."""

    passed: int
    total: int
    cases: dict[str, CaseReport]

    def as_json(self) -> dict[str, Any]:
        """The counts as plain data: {"passed": …, "total": …, "cases": {name: {"passed": …, "total": …,
        …}}}.
        """
        return {
            "passed": self.passed,
            "total": self.total,
            "cases": {
                name: {
                    "passed": case.passed,
                    "total": case.total,
                    "failures": [
                        {"test": f.test, "result": f.result, "expected": f.expected, "found": f.found}
                        for f in case.failures
                    ],
                }
                for name, case in self.cases.items()
            },
        }


def run(directory: Path) -> Report:
    """Run every case below `directory`, which holds case folders or folders of them. Raises OSError."""
    cases = {}
    for folder in sorted({path.parent for path in directory.rglob("*.dmn")}):
        cases[str(folder.relative_to(directory))] = run_case(folder)
    return Report(
        passed=sum(case.passed for case in cases.values()),
        total=sum(case.total for case in cases.values()),
        cases=cases,
    )


def run_case(folder: Path) -> CaseReport:
    """Run the tests of one case's folder."""
    models: dict[str, Model | DmnError] = {}
    for path in sorted(folder.glob("*.dmn")):
        try:
            models[path.name] = parse(path.read_bytes())
        except DmnError as error:
            models[path.name] = error
    passed = total = 0
    failures: list[Failure] = []
    for path in sorted(folder.glob("*.xml")):
        root = etree.parse(path).getroot()
        if local(root) != "testCases":
            continue
        model = models.get(text_of(child(root, "modelName")))
        if isinstance(model, Model):
            model = link(model, [other for other in models.values() if isinstance(other, Model)])
        for test in children(root, "testCase"):
            for result in children(test, "resultNode"):
                failure = _run_result(model, test, result)
                total += 1
                passed += failure is None
                failures += [] if failure is None else [failure]
    return CaseReport(passed, total, tuple(failures))


def _run_result(
    model: Model | DmnError | None, test: etree._Element, result: etree._Element
) -> Failure | None:
    expected_node = child(result, "expected")
    expected = None if expected_node is None else _value(expected_node)
    service = test.get("invocableName") if test.get("type") in ("decisionService", "bkm") else None
    problems: tuple[str, ...] = ()
    found: Value = None
    if isinstance(model, Model):
        try:
            data = {node.get("name", ""): _value(node) for node in children(test, "inputNode")}
            decision = decide(model, service or result.get("name") or "", data, strict=False)
            found, problems = decision.value, decision.problems
            if service and isinstance(found, dict) and result.get("name") in found:
                found = found[result.get("name")]
        except (DmnError, FeelError) as error:
            problems = (str(error),)
    else:
        problems = (str(model) if model else "the test names no model of its folder",)
    if same(expected, found):
        return None
    return Failure(
        test=test.get("id", ""),
        result=result.get("name", ""),
        expected=literal_of(expected),
        found=literal_of(found),
        problems=problems,
    )


def same(expected: Value, found: Value) -> bool:
    """Whether a result is the one expected: numbers to 8 decimals, moments with their offset or zone
    alike.
    """
    kind = KINDS.get(type(expected))
    if kind != KINDS.get(type(found)):
        return False
    if kind == "number":
        return bool(abs(expected - found) <= _TOLERANCE * max(1, abs(expected)))
    if kind == "list":
        return len(expected) == len(found) and all(map(same, expected, found))
    if kind == "context":
        return expected.keys() == found.keys() and all(same(expected[key], found[key]) for key in expected)
    return equal(expected, found, Run()) is True


def _value(node: etree._Element) -> Value:
    """The value in an input, an expected result, an item or a component."""
    components = list(children(node, "component"))
    if components:
        return {part.get("name", ""): _value(part) for part in components}
    items = child(node, "list")
    if items is not None:
        return (
            None if items.get(f"{_XSI}nil") == "true" else [_value(item) for item in children(items, "item")]
        )
    value = child(node, "value")
    if value is None or value.get(f"{_XSI}nil") == "true":
        return None
    return _typed(value.text or "", (value.get(f"{_XSI}type") or "string").split(":")[-1])


def _typed(text: str, kind: str) -> date | time | datetime | timedelta | YearsMonthsDuration | Any:
    if kind in ("decimal", "double", "integer", "int", "float", "long"):
        return Decimal(text)
    if kind == "boolean":
        return text.strip() in ("true", "1")
    if kind == "date":
        return parse_date(text)
    if kind == "time":
        return parse_time(text)
    if kind == "dateTime":
        return parse_date_time(text)
    if kind in ("duration", "dayTimeDuration", "yearMonthDuration"):
        return parse_duration(text)
    return text
