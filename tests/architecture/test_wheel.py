"""The wheel stands on its own: built from the checkout, installed elsewhere, it serves the sign-in page."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.support.once import Once

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]


def _run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(root: Path, once: Once) -> Path:
    """The wheel as ``./run build`` makes it."""

    def make(folder: Path) -> None:
        _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ".", cwd=root)

    (built,) = once("wheel", make).glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(root: Path, wheel: Path, once: Once) -> Path:
    """The interpreter of an environment that holds Parley and what it needs, and nothing of the checkout."""

    def make(folder: Path) -> None:
        venv.create(folder / "venv", with_pip=False)
        python = folder / "venv" / "bin" / "python"
        pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps"]
        _run(*pip, "--require-hashes", "-r", root / "requirements.lock", cwd=folder)
        _run(*pip, wheel, cwd=folder)

    return once("installed", make) / "venv" / "bin" / "python"


def test_the_wheel_carries_all_that_runs_and_no_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for wanted in (
        "webui/static/dist/app.js",
        "webui/static/dist/app.css",
        "webui/static/dist/diagram.js",
        "webui/static/dist/manifest.json",
        "webui/templates/layout.html",
        "workflows/_bpmn/risk-decision/risk-decision.bpmn",
    ):
        assert wanted in names
    assert {name.split("/")[0] for name in names if not name.startswith("parley-")} == {
        "engine",
        "forms",
        "webui",
        "workflows",
    }
    assert [name for name in names if "frontend" in name or "node_modules" in name] == []


def test_the_wheel_carries_the_migrations_of_both_branches(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for package in ("engine/db", "workflows"):
        assert [name for name in names if name.startswith(f"{package}/migrations/") and name.endswith(".py")]


def test_the_command_explains_itself(installed: Path, tmp_path: Path) -> None:
    said = _run(installed.with_name("parley"), "--help", cwd=tmp_path)
    for command in ("serve", "worker", "db", "policy", "demo", "init", "audit"):
        assert f"\n  {command} " in said
