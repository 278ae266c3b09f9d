"""The wheel stands on its own: built from the checkout, installed elsewhere, it serves the sign-in page."""

from __future__ import annotations

import html
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
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
        pip: list[str | Path] = [
            sys.executable,
            "-m",
            "pip",
            "--python",
            python,
            "install",
            "--quiet",
            "--no-deps",
        ]
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


@pytest.fixture(scope="module")
def organisation(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A real organisation set up by the installed command: its folder, and the environment that names it."""
    folder = tmp_path_factory.mktemp("installed-organisation")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PARLEY"))}
    env = clean | {
        "PARLEY_DATABASE": f"sqlite:///{folder / 'parley.sqlite3'}",
        "PARLEY_ADMIN_PASSWORD": "a long enough first password",
    }
    parley = installed.with_name("parley")
    _run(parley, "db", "upgrade", cwd=folder, env=env)
    who = ("--organisation", "Northgate Bank", "--name", "Ada Byron", "--email", "ada@northgate.example")
    _run(parley, "init", *who, cwd=folder, env=env)
    return folder, env


def test_the_installed_command_finds_the_policies_that_ship(
    installed: Path, organisation: tuple[Path, dict[str, str]]
) -> None:
    folder, env = organisation
    assert "risk-decision" in _run(installed.with_name("parley"), "policy", "list", cwd=folder, env=env)


def _get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status, answer.read().decode("utf-8")
    except urllib.error.HTTPError as refused:
        return refused.code, ""


@pytest.fixture
def address(installed: Path, organisation: tuple[Path, dict[str, str]]) -> Iterator[str]:
    """Where the installed command serves that organisation, for the time of a test."""
    folder, env = organisation
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command: list[str | Path] = [installed.with_name("parley"), "serve", "--port", str(port)]
    log = folder / "serve.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=folder, env=env, stdout=output, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + 30
        while f"127.0.0.1:{port}" not in (said := log.read_text(encoding="utf-8")):
            assert server.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def test_the_installed_command_serves_the_sign_in_page_with_all_it_loads(address: str) -> None:
    status, page = _get(f"{address}/sign-in")
    assert status == 200
    assert "Northgate Bank" in page
    loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert any("app.js" in one for one in loaded)
    assert any("app.css" in one for one in loaded)
    assert {one: _get(address + html.unescape(one))[0] for one in loaded} == dict.fromkeys(loaded, 200)
