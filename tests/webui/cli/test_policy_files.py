"""A policy out and in again: the same bytes for the same content, as a zip and as a folder."""

from __future__ import annotations

from pathlib import Path

from tests.webui.cli.test_commands import Parley, filled, parley

__all__ = ["filled", "parley"]

ROOT = Path(__file__).resolve().parents[3]


def test_out_and_in_again_is_the_same(filled: Parley, tmp_path: Path) -> None:
    one, two, folder = tmp_path / "one.zip", tmp_path / "two.zip", tmp_path / "weekly-dialogue"
    assert filled("policy", "load", str(ROOT / "bpmn")).exit_code == 0
    for place in (one, two, folder):
        made = filled("policy", "export", "weekly-dialogue", str(place))
        assert made.exit_code == 0, made.output
    assert one.read_bytes() == two.read_bytes()
    shipped = ROOT / "bpmn" / "weekly-dialogue"
    for path in (each for each in folder.rglob("*") if each.is_file()):
        assert path.read_bytes() == (shipped / path.relative_to(folder)).read_bytes()
    (folder / "old.form").write_text("{}")
    (folder / "README.md").write_text("kept")
    again = filled("policy", "export", "weekly-dialogue", str(folder))
    assert "taken out: old.form" in again.output
    assert (folder / "README.md").read_text() == "kept"
    drafted = filled("policy", "import", "weekly-dialogue", str(one))
    assert drafted.exit_code == 0, drafted.output
    assert "draft " in drafted.output
    assert "to mend" not in drafted.output
    assert filled("policy", "export", "weekly-dialogue", str(two), "--version", "9").exit_code == 1


def test_files_of_other_tools_come_in_with_a_list_of_what_is_to_mend(
    filled: Parley, shared_data: Path
) -> None:
    drafted = filled("policy", "import", "camunda", str(shared_data / "bpmn-miwg" / "ref-C.9.2.bpmn"))
    assert drafted.exit_code == 0, drafted.output
    assert "to mend: ref-C.9.2.bpmn" in drafted.output
    assert "written by Camunda 7 and Camunda 8" in drafted.output
    material = ROOT / "tests" / "workflows" / "studio" / "takeover" / "material"
    names = ("spiffworkflow.bpmn", "expense-schema.json", "expense-uischema.json")
    drafted = filled("policy", "import", "expense", *(str(material / name) for name in names))
    assert drafted.exit_code == 0, drafted.output
    assert "kept beside it, for its forms: expense-schema.json, expense-uischema.json" in drafted.output
    assert "offered: “Ask for money”: The file names expense-schema.json for it." in drafted.output
    assert "not taken over: “Say who”: script lane_owners" in drafted.output
    assert "A script that says who is in which lane." in drafted.output
