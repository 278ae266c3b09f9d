"""Scenarios find what is not true of a policy: in its ways, in its record, and where a state was restored."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.spiff import state
from workflows.errors import FileRefused
from workflows.scenarios import coverage as coverages
from workflows.scenarios.coverage import PolicyCoverage, coverage
from workflows.scenarios.reading import read_scenario
from workflows.shipped import shipped_policies

STORY = "skipped-with-a-reason"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The weekly dialogue with one of its stories."""
    made = Path(shutil.copytree(shipped_policies() / "weekly-dialogue", tmp_path / "weekly-dialogue"))
    for path in (made / "scenarios").glob("*.*"):
        if path.stem != STORY:
            path.unlink()
    return made


def tell(folder: Path, **options: bool) -> PolicyCoverage:
    (found,) = coverage(folder, lambda number, total, scenario: None, **options)
    return found


def changed(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder / "scenarios" / f"{STORY}.json"
    story = json.loads(path.read_text())
    change(story)
    path.write_text(json.dumps(story))


def test_what_no_scenario_takes_is_named(folder: Path) -> None:
    found = tell(folder)
    assert found.faults == ()
    flows, events, rules = found.taken
    assert 0 < len(flows.missing) < flows.total
    assert 0 < len(events.missing) < events.total
    assert rules.total == 0
    assert all("→" in name for name in flows.missing)
    assert not found.is_complete


def test_a_record_that_reads_otherwise_is_shown_line_by_line(folder: Path) -> None:
    path = folder / "scenarios" / f"{STORY}.record"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], "2025-03-03 08:00  Nobody did this.", *lines[2:]]) + "\n")
    ((name, fault),) = tell(folder).faults
    assert name == STORY
    assert "-2025-03-03 08:00  Nobody did this." in fault
    assert f"+{lines[1]}" in fault
    assert tell(folder, keep_records=True).faults == ()
    assert path.read_text().splitlines() == lines


def test_a_scenario_without_a_record_is_not_true_yet(folder: Path) -> None:
    (folder / "scenarios" / f"{STORY}.record").unlink()
    ((_, fault),) = tell(folder).faults
    assert "There is no skipped-with-a-reason.record" in fault


def test_a_case_that_waits_elsewhere_is_named_with_the_step(folder: Path) -> None:
    def change(story: dict[str, Any]) -> None:
        story["steps"][1]["waiting"] = ["somewhere"]

    changed(folder, change)
    assert any(fault.startswith("Step 2") and "somewhere" in fault for _, fault in tell(folder).faults)


def test_what_must_never_happen_is_looked_for(folder: Path) -> None:
    def change(story: dict[str, Any]) -> None:
        story["expected"]["never"] = [story["expected"]["passes"][0]]
        story["expected"]["end"] = "nowhere"

    changed(folder, change)
    said = " ".join(fault for _, fault in tell(folder).faults)
    assert "never came to nowhere" in said
    assert "where it must not" in said


def test_a_state_that_is_not_restored_as_it_was_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(shipped_policies() / "policy-release", tmp_path / "policy-release"))
    for path in (folder / "scenarios").glob("*.*"):
        if path.stem != "agreed-endorsed-released":
            path.unlink()
    dump = state.dump

    def forgetful(workflow: Any) -> bytes:
        for scope in workflow.case.scopes.values():
            scope.clear()
        return dump(workflow)

    monkeypatch.setattr("engine.spiff.run.dump", forgetful)
    said = " ".join(fault for _, fault in tell(folder).faults)
    assert "It turns out otherwise where the case is not saved and restored between its steps" in said


def test_a_policy_that_cannot_be_released_says_why(folder: Path) -> None:
    diagram = folder / "weekly-dialogue.bpmn"
    diagram.write_text(diagram.read_text().replace("dialogue.record", "dialogue.forget"))
    ((_, fault),) = tell(folder).faults
    assert "dialogue.forget" in fault


def test_a_folder_without_policies_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="holds no policy"):
        coverage(tmp_path, lambda number, total, scenario: None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "cannot be read"),
        ('{"title": "x"}', "'steps' is missing"),
        ('{"titel": "x", "steps": []}', "it has titel"),
        ('{"steps": [{"waitng": []}]}', "it has waitng"),
        (
            '{"policy": "x", "title": "x", "begins": "2025-03-03", "appetite": "tiny", "steps": [],'
            ' "expected": {"state": "running"}}',
            "'tiny' is no level",
        ),
    ],
)
def test_a_scenario_that_cannot_be_read_says_why(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "story.json"
    path.write_text(text)
    with pytest.raises(FileRefused, match=said):
        read_scenario(path)


def test_progress_is_told_before_each_scenario(folder: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    coverages.coverage(folder, lambda number, total, scenario: seen.append((number, total, scenario.name)))
    assert seen == [(1, 1, STORY)]
