"""Files of many tools in the real editor: what is saved differs in what was changed, in nothing else."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from engine.diagrams.patching import patched
from engine.diagrams.xml import encoding_of
from webui.frontend.build import FRONTEND, find_node
from workflows.studio.diagram_files import for_browser, kept_or_changed

# Written once by the editor: the tests that read it stay with one worker.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("byte preserving")]

LAYOUT = re.compile(r"<(\w+:)?BPMNDiagram\b.*</(\w+:)?BPMNDiagram>", re.DOTALL)
WORDS = "Consult “legal” & <others>"


@pytest.fixture(scope="module")
def editor(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page with the modeler that the studio uses."""
    script = tmp_path_factory.mktemp("editor") / "rewriting.js"
    node, _ = find_node()
    bundler = FRONTEND / "node_modules" / "esbuild" / "bin" / "esbuild"
    entry = Path(__file__).with_name("rewriting.js")
    command = [*node, str(bundler), str(entry), "--bundle", "--log-level=warning", f"--outfile={script}"]
    modules = {"NODE_PATH": str(FRONTEND / "node_modules"), "PATH": "/usr/bin:/bin"}
    subprocess.run(command, check=True, env=modules)
    page = browser.new_page()
    page.add_script_tag(path=script)
    yield page
    page.close()


@pytest.fixture(scope="module")
def files(shared_data: Path) -> list[Path]:
    found = sorted((shared_data / "bpmn-miwg").glob("*.bpmn"))
    assert len(found) == 18
    return found


@pytest.fixture(scope="module")
def written(editor: Page, files: list[Path]) -> dict[str, dict[str, Any]]:
    """What the editor writes of each file: as opened, renamed, undone, moved, with a step put in and out."""
    return {
        path.name: editor.evaluate("source => rewritten(source)", for_browser(path.read_bytes()))
        for path in files
    }


def _saved(path: Path, said: dict[str, Any], change: str) -> tuple[str, str]:
    original = path.read_bytes()
    saved = kept_or_changed(original, said[change].encode(), before=said["opened"].encode())
    encoding = encoding_of(original)
    return original.decode(encoding), saved.decode(encoding)


def test_saved_unchanged_they_are_the_original_bytes(files: list[Path], written: dict[str, Any]) -> None:
    for path in files:
        said, original = written[path.name], path.read_bytes()
        for change in ("opened", "undone"):
            assert patched(original, said["opened"].encode(), said[change].encode()) == original, path.name


def test_one_task_renamed_changes_nothing_but_its_name(files: list[Path], written: dict[str, Any]) -> None:
    for path in files:
        said = written[path.name]
        before, after = _saved(path, said, "renamed")
        start = next(i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b)
        assert after != before, path.name
        # All behind the name is as it was: cut the name out of both and compare the whole.
        new = re.search(r"Consult (“|&#8220;)legal(”|&#8221;) &amp; &lt;others&gt;", after)
        assert new is not None, path.name
        assert new.start() <= start, path.name
        without = after[: new.start()] + "\0" + after[new.end() :]
        tail = without.split("\0", 1)[1]
        assert before.startswith(without.split("\0", 1)[0]), path.name
        assert before.endswith(tail), path.name
        gone = before[new.start() : len(before) - len(tail)]
        assert '"' not in gone, path.name
        assert after.count(f'"{said["id"]}"') == before.count(f'"{said["id"]}"'), path.name


def test_one_shape_moved_changes_nothing_but_its_layout(files: list[Path], written: dict[str, Any]) -> None:
    for path in files:
        before, after = _saved(path, written[path.name], "moved")
        assert after != before, path.name
        assert LAYOUT.sub("", after) == LAYOUT.sub("", before), path.name
        assert LAYOUT.search(before) is not None, path.name
        old, new = before.splitlines(), after.splitlines()
        assert abs(len(new) - len(old)) < 60, path.name


def test_a_step_put_in_leaves_every_other_line(files: list[Path], written: dict[str, Any]) -> None:
    for path in files:
        said = written[path.name]
        original = path.read_bytes()
        added = patched(original, said["opened"].encode(), said["added"].encode())
        text = added.decode(encoding_of(original))
        assert 'name="New step"' in text, path.name
        assert re.search(rf'bpmnElement="{said["created"]}"', text), path.name
        assert "urn:parley:bpmn:1" in text, path.name
        again = patched(added, said["added"].encode(), said["removed"].encode())
        assert said["created"] not in again.decode(encoding_of(original)), path.name
