"""Policies are folders; what they hold becomes a version under its content's hash."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.workflows.world import World
from workflows.errors import DefinitionRefused, FileRefused, NotEntitled, NotFound
from workflows.policies.commands import read_folder
from workflows.shipped import shipped_policies
from workflows.types import SYSTEM_PERSON, Role


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
    [first] = small_world.parley.policies.versions(SYSTEM_PERSON, "risk-decision")
    again = small_world.parley.policies.load_folder(SYSTEM_PERSON, folder)
    assert (again.version, again.draft_id) == (first, None)
    assert small_world.parley.studio.drafts(SYSTEM_PERSON) == []


def test_what_is_loaded_is_a_draft_and_never_a_version(world: World, folder: Path) -> None:
    """Only set-up installs; whatever is loaded later is reviewed and endorsed before it is released."""
    studio, policies = world.parley.studio, world.parley.policies
    form = folder / "decide.form"
    form.write_text(form.read_text().replace("What do you decide?", "What is your decision?"))
    (folder / "README.md").write_text("# Risk decision\n\nAnother text.\n")
    loaded = policies.load_folder(SYSTEM_PERSON, folder, note="Clearer")
    assert loaded.version is None
    assert loaded.draft_id is not None
    assert len(policies.versions(SYSTEM_PERSON, "risk-decision")) == 1
    assert policies.load_folder(SYSTEM_PERSON, folder) == loaded, "a second time changes nothing"
    world.appoint("coo", "governance")
    people = world.people
    page = studio.draft(people["coo"], loaded.draft_id)
    assert (page.state, page.base and page.base.number, page.authors) == ("draft", 1, ("Parley",))
    assert [each.words for each in page.comments] == ["Clearer"]
    studio.submit(people["coo"], page.id, revision=page.revision, note="Clearer.")
    for key, role in (("cio", Role.CIO), ("ciso", Role.CISO), ("sponsor", Role.EXECUTIVE)):
        studio.agree(people[key], page.id, role, revision=studio.draft(people[key], page.id).revision)
    assert studio.release(people["coo"], page.id).number == 2
    listed = {policy.key: policy for policy in policies.policies(people["coo"])}
    assert listed["risk-decision"].description == "Another text."
    assert world.audit_faults() == []


def test_set_up_installs_each_policy_once(small_world: World) -> None:
    policies = small_world.parley.policies
    before = {
        each.key: policies.versions(SYSTEM_PERSON, each.key) for each in policies.policies(SYSTEM_PERSON)
    }
    installed = policies.load_shipped(SYSTEM_PERSON)
    assert {each.key: [each] for each in installed} == before
    assert {each.note for each in installed} == {"Shipped with this release"}


def test_a_diagram_that_cannot_run_is_refused_and_nothing_is_loaded(small_world: World, folder: Path) -> None:
    diagram = folder / "risk-decision.bpmn"
    diagram.write_text(diagram.read_text().replace("risks.record_refusal", "risks.refuse_always"))
    with pytest.raises(DefinitionRefused, match=r"risks\.refuse_always"):
        small_world.parley.policies.load_folder(SYSTEM_PERSON, folder)
    (folder / "decide.form").write_text("{")
    with pytest.raises(DefinitionRefused):
        small_world.parley.policies.load_folder(SYSTEM_PERSON, folder)
    assert small_world.parley.studio.drafts(SYSTEM_PERSON) == []


def test_who_loads(small_world: World, folder: Path) -> None:
    for key in ("cio", "ciso", "admin"):
        with pytest.raises(NotEntitled):
            small_world.parley.policies.load_folder(small_world.people[key], folder)
    small_world.appoint("coo", "governance")
    loaded = small_world.parley.policies.load_folder(small_world.people["coo"], folder)
    assert loaded.version is not None


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
