"""The scenarios of a policy go out and come in with its files, as the same bytes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.webui.cli.test_commands import Parley, filled, parley
from workflows.errors import FileRefused
from workflows.studio.bundles import read_material, read_scenarios

__all__ = ["filled", "parley"]

KEY = "weekly-dialogue"
SHIPPED = Path(__file__).resolve().parents[3] / "bpmn" / KEY
TOLD = {path.name: path.read_bytes() for path in sorted((SHIPPED / "scenarios").glob("*.json"))}


def test_scenarios_go_out_and_come_in_again_as_they_were(filled: Parley, tmp_path: Path) -> None:
    packed, again, folder = tmp_path / "one.zip", tmp_path / "two.zip", tmp_path / "out" / KEY
    (folder / "scenarios").mkdir(parents=True)
    (folder / "scenarios" / "of-another-day.json").write_text("{}")
    (folder / "scenarios" / "of-another-day.record").write_text("kept")
    for place in (packed, again, folder):
        made = filled("policy", "export", KEY, str(place))
        assert f"{len(TOLD)} scenarios in {place}" in made.output, made.output
    assert "taken out: scenarios/of-another-day.json" in made.output
    assert packed.read_bytes() == again.read_bytes()
    assert {each.name: each.read_bytes() for each in (folder / "scenarios").glob("*.json")} == TOLD
    assert (folder / "scenarios" / "of-another-day.record").read_text() == "kept"
    with zipfile.ZipFile(packed) as archive:
        assert {f"scenarios/{name}" for name in TOLD} < set(archive.namelist())

    name = next(iter(TOLD))
    changed = json.loads(TOLD[name]) | {"story": "Told otherwise."}
    (folder / "scenarios" / name).write_text(json.dumps(changed))
    for place in (packed, folder):
        drafted = filled("policy", "import", KEY, str(place))
        assert drafted.exit_code == 0, drafted.output
        assert f"and {len(TOLD)} scenarios" in drafted.output
    (folder / "scenarios" / name).write_text(json.dumps(changed | {"policy": "exemption"}))
    refused = filled("policy", "import", KEY, str(folder))
    assert refused.exit_code == 1
    assert f"is told of the policy exemption, not of {KEY}. Nothing was stored." in refused.output


def test_what_is_no_scenario_is_refused_with_a_sentence() -> None:
    told = [(f"scenarios/{name}", data) for name, data in TOLD.items()]
    assert read_scenarios(told, KEY) == {
        name.removesuffix(".json"): data.decode() for name, data in TOLD.items()
    }
    assert read_material(told) == {}
    assert read_scenarios([("schema.json", b"{}")], KEY) == {}
    for name, data in (
        ("scenarios/Not a name.json", b"{}"),
        ("scenarios/a.json", b"{"),
        ("scenarios/a.json", b"\xff"),
    ):
        with pytest.raises(FileRefused, match="scenario"):
            read_scenarios([(f"scenarios/{name}", data)], KEY)
