"""Policies are folders; what they hold becomes a version under its content's hash."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.workflows.world import World
from workflows.errors import DefinitionRefused, FileRefused, NotEntitled, NotFound
from workflows.policies.commands import read_folder
from workflows.shipped import shipped_policies
from workflows.types import SYSTEM_PERSON


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped policy that may be changed."""
    return Path(shutil.copytree(shipped_policies() / "risk-decision", tmp_path / "risk-decision"))


def test_the_shipped_policies_are_listed_with_their_readmes(small_world: World) -> None:
    reader = small_world.people["raiser"]
    listed = {policy.key: policy for policy in small_world.parley.policies.policies(reader)}
    assert set(listed) == {path.name for path in shipped_policies().iterdir() if path.is_dir()}
    policy = listed["risk-decision"]
    assert (policy.key, policy.title, policy.versions, policy.has_process) == (
        "risk-decision",
        "Risk decision",
        1,
        True,
    )
    assert policy.description
    page = small_world.parley.policies.page(reader, "risk-decision")
    paths = [file.path for file in page.files]
    assert "risk-decision.bpmn" in paths
    assert "decide.form" in paths
    assert small_world.parley.policies.file(reader, page.version.hash, "decide.form").startswith(b"{")
    assert small_world.parley.cases.diagram(reader, page.version.hash).startswith(b"<?xml")


def test_the_same_content_again_is_the_same_version(small_world: World, folder: Path) -> None:
    (folder / "README.md").write_text("# Another title\n\nAnother text.\n")
    (folder / "notes.txt").write_text("not part of it")
    first = small_world.parley.policies.versions(SYSTEM_PERSON, "risk-decision")
    again = small_world.parley.policies.load_folder(SYSTEM_PERSON, folder)
    assert [again] == first


def test_a_changed_form_is_a_new_version_and_running_cases_stay_on_theirs(
    small_world: World, folder: Path
) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    form = folder / "decide.form"
    form.write_text(form.read_text().replace("What do you decide?", "What is your decision?"))
    version = world.parley.policies.load_folder(SYSTEM_PERSON, folder, note="Clearer")
    assert (version.number, version.note) == (2, "Clearer")
    assert world.case(case_id).policy.number == 1
    _, newer = world.raise_risk()
    assert world.case(newer).policy.number == 2
    page = world.parley.policies.page(world.people["cio"], "risk-decision")
    assert (page.version.number, page.open_cases) == (2, 1)


def test_a_diagram_that_cannot_run_is_refused_and_nothing_is_released(
    small_world: World, folder: Path
) -> None:
    diagram = folder / "risk-decision.bpmn"
    diagram.write_text(diagram.read_text().replace("exemptions.grant", "exemptions.always"))
    with pytest.raises(DefinitionRefused, match=r"exemptions\.always"):
        small_world.parley.policies.load_folder(SYSTEM_PERSON, folder)
    (folder / "vote.form").write_text("{")
    with pytest.raises(DefinitionRefused):
        small_world.parley.policies.load_folder(SYSTEM_PERSON, folder)
    assert len(small_world.parley.policies.versions(SYSTEM_PERSON, "risk-decision")) == 1


def test_who_releases(small_world: World, folder: Path) -> None:
    for key in ("cio", "ciso", "admin"):
        with pytest.raises(NotEntitled):
            small_world.parley.policies.load_folder(small_world.people[key], folder)
    small_world.appoint("coo", "governance")
    assert small_world.parley.policies.load_folder(small_world.people["coo"], folder).number == 1


def test_folders_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="There is no folder"):
        read_folder(tmp_path / "nowhere")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(FileRefused, match="holds no diagram"):
        read_folder(empty)
    odd = tmp_path / "Risk Decision"
    odd.mkdir()
    with pytest.raises(FileRefused, match="is named with small letters"):
        read_folder(odd)


def test_a_folder_without_a_readme_has_its_name_for_a_title(folder: Path) -> None:
    (folder / "README.md").unlink(missing_ok=True)
    found = read_folder(folder)
    assert (found.title, found.description) == ("Risk decision", "")
    (folder / "README.md").write_text(
        "# Deciding **risks**\n\n![drawing](x.svg)\n\nTwo lines\nof text.\n\nMore.\n"
    )
    found = read_folder(folder)
    assert (found.title, found.description) == ("Deciding **risks**", "Two lines of text.")


def test_what_is_not_there_is_not_found(small_world: World) -> None:
    policies = small_world.parley.policies
    with pytest.raises(NotFound):
        policies.versions(SYSTEM_PERSON, "nothing")
    with pytest.raises(NotFound):
        policies.page(SYSTEM_PERSON, "risk-decision", "0" * 64)
    [version] = policies.versions(SYSTEM_PERSON, "risk-decision")
    with pytest.raises(NotFound):
        policies.file(SYSTEM_PERSON, version.hash, "../README.md")
