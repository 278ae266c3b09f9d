"""The DMN Technology Compatibility Kit: every expected result of its level 2 and level 3 cases."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.dmn import tck
from engine.dmn.tck import Report
from tests.engine.dmn.building import decision, definitions, input_data, literal

DOCUMENT = Path(__file__).parents[3] / "docs" / "feel.md"
LEVELS = ["compliance-level-2", "compliance-level-3"]


@pytest.fixture(scope="module", params=LEVELS)
def report(request: pytest.FixtureRequest, shared_data: Path) -> tuple[str, Report]:
    level: str = request.param
    return level, tck.run(shared_data / "dmn-tck" / level)


def test_every_result_of_every_case_passes(report: tuple[str, Report]) -> None:
    _, found = report
    failures = {name: case.failures for name, case in found.cases.items() if case.failures}
    assert failures == {}
    assert found.passed == found.total > 100


def test_the_sums_are_those_of_the_cases(report: tuple[str, Report], shared_data: Path) -> None:
    level, found = report
    assert found.total == sum(case.total for case in found.cases.values())
    assert found.passed == sum(case.passed for case in found.cases.values())
    folders = {path.parent for path in (shared_data / "dmn-tck" / level).rglob("*.dmn")}
    assert len(found.cases) == len(folders)
    written = sum(
        len(
            re.findall(
                r"<(?:\w+:)?resultNode\b", re.sub(r"<!--.*?-->", "", path.read_text("utf-8"), flags=re.S)
            )
        )
        for folder in folders
        for path in folder.glob("*.xml")
    )
    assert found.total == written


def test_the_document_gives_these_figures(report: tuple[str, Report]) -> None:
    level, found = report
    row = f"| {level[-1]} | {found.passed} | {found.total} |"
    assert row in DOCUMENT.read_text("utf-8")


def case(folder: Path, expected: str, text: str = "x + 1") -> Path:
    made = folder / "compliance-level-9" / "0001-made-up"
    made.mkdir(parents=True)
    (made / "0001-made-up.dmn").write_bytes(
        definitions(input_data("x"), decision("d", literal(text), ["in_x"]))
    )
    (made / "0001-made-up-test-01.xml").write_text(
        '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><modelName>0001-made-up.dmn</modelName>'
        '<testCase id="1"><inputNode name="x"><value xsi:type="xsd:decimal">2</value></inputNode>'
        f'<resultNode name="d"><expected>{expected}</expected></resultNode></testCase></testCases>',
        encoding="utf-8",
    )
    return folder


@pytest.mark.parametrize(
    ("expected", "passed"),
    [
        ('<value xsi:type="xsd:decimal">3</value>', 1),
        ('<value xsi:type="xsd:decimal">4</value>', 0),
        ('<value xsi:type="xsd:string">3</value>', 0),
        ('<value xsi:nil="true"/>', 0),
        ('<list><item><value xsi:type="xsd:decimal">3</value></item></list>', 0),
    ],
)
def test_a_result_that_is_not_the_expected_one_fails(tmp_path: Path, expected: str, passed: int) -> None:
    found = tck.run(case(tmp_path, expected))
    assert (found.passed, found.total) == (passed, 1)
    assert found.as_json()["cases"]["compliance-level-9/0001-made-up"]["passed"] == passed
    assert (found.as_json()["passed"], found.as_json()["total"]) == (passed, 1)


def test_an_error_counts_as_null_and_not_as_a_value(tmp_path: Path) -> None:
    assert tck.run(case(tmp_path, '<value xsi:nil="true"/>', text="x +")).passed == 1
    assert (
        tck.run(case(tmp_path / "other", '<value xsi:type="xsd:decimal">3</value>', text="x +")).passed == 0
    )
