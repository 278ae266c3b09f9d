"""The page about the demonstration agrees with it."""

from __future__ import annotations

import re
from pathlib import Path

from workflows.demo.assets import ASSETS
from workflows.demo.catalogue import WEAKNESSES
from workflows.demo.organisation import NAME, PEOPLE
from workflows.demo.stories import STORIES
from workflows.types import RiskPage


def page(root: Path) -> str:
    return (root / "docs" / "demonstration.md").read_text(encoding="utf-8")


def test_it_names_everybody_by_post(root: Path) -> None:
    rows = dict(re.findall(r"^\| ([A-Z]\S+ [A-Z]\S+) \| ([^|]+) \|", page(root), re.MULTILINE))
    assert set(rows) == {person.name for person in PEOPLE}
    for person in PEOPLE:
        assert rows[person.name].startswith(person.title)


def test_it_says_how_many_there_are(root: Path) -> None:
    text = page(root)
    assert f"{len(PEOPLE)} people, {len(ASSETS)} assets and {len(STORIES)} risks" in text
    assert f"{len(WEAKNESSES)} entries" in text
    assert NAME in text


def test_the_risks_it_points_to_have_these_numbers(root: Path, pages: list[RiskPage]) -> None:
    known = {found.risk.id: found.risk.cve_id for found in pages}
    rows = re.findall(r"^\| (R-\d{4}) \| (CVE-\d+-\d+) \|", page(root), re.MULTILINE)
    assert len(rows) >= 15
    assert [(risk, known[risk]) for risk, _ in rows] == rows


def test_the_files_it_names_exist(root: Path) -> None:
    for name in re.findall(r"`([a-z_]+\.py|stories/)`", page(root)):
        assert (root / "workflows" / "demo" / name).exists(), name
