"""Policies that call others are loaded with them, in whatever order, and say which they hold."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from engine.lint import lint_folder
from tests.workflows.world import World
from workflows.bootstrap import Parley, Settings, open_parley
from workflows.errors import DefinitionRefused
from workflows.policies.commands import load, read_folder, read_whole
from workflows.types import SYSTEM_PERSON

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:parley="urn:parley:bpmn:1" id="f" targetNamespace="urn:parley:tests">'
)
FORM = (
    '{{"type": "default", "id": "{key}", '
    '"components": [{{"type": "number", "key": "days", "label": "Days"}}]}}'
)


def draw(home: Path, key: str, *calls: str, hint: str = "") -> Path:
    """A policy's folder: one step, then calls of others."""
    row = [f"{key}_begun", f"{key}_step", *(f"{key}_to_{each}" for each in calls), f"{key}_ended"]
    nodes = f'<bpmn:startEvent id="{row[0]}" parley:form="{key}-begun.form"/>'
    nodes += f'<bpmn:userTask id="{row[1]}" name="Step {hint}" parley:role="cio"'
    nodes += f' parley:form="{key}-begun.form"/>'
    for each in calls:
        nodes += (
            f'<bpmn:callActivity id="{key}_to_{each}" calledElement="{each}"><bpmn:extensionElements>'
            f'<parley:parameters><parley:parameter name="days" value="{key}_begun.days"/></parley:parameters>'
            "</bpmn:extensionElements></bpmn:callActivity>"
        )
    nodes += f'<bpmn:endEvent id="{row[-1]}"/>'
    for source, target in pairwise(row):
        nodes += f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'
    folder = home / f"{key}-policy"
    folder.mkdir(exist_ok=True)
    text = f'{HEAD}<bpmn:process id="{key}" isExecutable="true">{nodes}</bpmn:process></bpmn:definitions>'
    (folder / f"{key}-policy.bpmn").write_text(text)
    (folder / f"{key}-begun.form").write_text(FORM.format(key=key))
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Three policies: the first calls both others, the second the last."""
    draw(tmp_path, "a", "b", "c")
    draw(tmp_path, "b", "c")
    draw(tmp_path, "c")
    return tmp_path


def included(parley: Parley, key: str) -> list[tuple[str, int]]:
    page = parley.policies.page(SYSTEM_PERSON, key)
    return [(each.key, each.number) for each in page.included]


def test_shipped_policies_hold_what_they_call(database_url: str, home: Path) -> None:
    parley = open_parley(Settings(database_url, bpmn_dir=home))
    try:
        loaded = parley.policies.load_shipped(SYSTEM_PERSON)
        assert [each.key for each in loaded] == ["a-policy", "b-policy", "c-policy"]
        assert included(parley, "a-policy") == [("b-policy", 1), ("c-policy", 1)]
        assert included(parley, "b-policy") == [("c-policy", 1)]
        assert included(parley, "c-policy") == []
        page = parley.policies.page(SYSTEM_PERSON, "a-policy")
        assert {file.path for file in page.files} == set(read_whole(home / "a-policy"))
        assert parley.policies.load_shipped(SYSTEM_PERSON) == loaded
        draw(home, "c", hint="changed")
        assert parley.policies.load_shipped(SYSTEM_PERSON) == loaded, "what ships later is never released"
        folders = [read_folder(home / f"{each}-policy") for each in "abc"]
        beside = {each.key: each.files for each in folders}
        again = parley.context.write(
            SYSTEM_PERSON, None, lambda w: [load(parley.context, w, each, "", beside) for each in folders]
        )
        assert [each.number for each in again] == [2, 2, 2], "who calls it holds it anew"
        assert included(parley, "a-policy") == [("b-policy", 2), ("c-policy", 2)]
    finally:
        parley.close()


def test_policies_in_a_circle_are_refused_and_none_is_released(database_url: str, tmp_path: Path) -> None:
    draw(tmp_path, "a", "b")
    draw(tmp_path, "b", "a")
    parley = open_parley(Settings(database_url, bpmn_dir=tmp_path))
    try:
        with pytest.raises(DefinitionRefused, match="a-policy → b-policy → a-policy"):
            parley.policies.load_shipped(SYSTEM_PERSON)
        assert parley.policies.policies(SYSTEM_PERSON) == []
    finally:
        parley.close()


def test_a_folder_is_linted_with_those_beside_it(home: Path) -> None:
    assert [each.path for each in lint_folder(home) if not each.releasable] == []
    (home / "c-policy" / "c-begun.form").rename(home / "c-policy" / "a-begun.form")
    refused = {each.path: each.findings for each in lint_folder(home) if not each.releasable}
    sentences = [each.sentence for each in refused[str(home / "a-policy" / "a-policy.bpmn")]]
    assert any("a-begun.form has the name of another file" in sentence for sentence in sentences)


def test_what_nobody_draws_is_named(small_world: World, home: Path) -> None:
    for path in (home / "c-policy").iterdir():
        path.unlink()
    (home / "c-policy").rmdir()
    (report,) = [each for each in lint_folder(home / "b-policy") if not each.releasable]
    assert [each.rule for each in report.findings] == ["called-process"]
