"""The script ``run``: what it says and refuses, and that it never throws a database away."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Set-up is left out by every command here: they end before it, or find it done.
    return subprocess.run(
        ["sh", str(folder / "run"), *arguments], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def copied(root: Path, tmp_path: Path) -> Path:
    """A folder with the script alone, its name one that a careless script would trip over."""
    folder = tmp_path / "a folder's name"
    folder.mkdir()
    shutil.copy(root / "run", folder)
    return folder


def test_help_lists_every_command_the_script_knows(root: Path) -> None:
    said = _run(root, "--help").stdout
    known = re.findall(r"^    ([a-z]+)\)", (root / "run").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(known) > 6
    assert [command for command in known if f"./run {command}" not in said] == []


def test_an_unknown_command_is_refused_with_the_list(root: Path) -> None:
    done = _run(root, "tset")
    assert done.returncode == 1
    assert "Unknown command: tset" in done.stderr
    assert "./run test" in done.stderr


@pytest.mark.parametrize("port", ["", "eighty", "80 80", "-1"])
def test_a_port_that_is_none_is_refused(copied: Path, port: str) -> None:
    done = _run(copied, "--port", port)
    assert done.returncode == 1
    assert "The port must be a number" in done.stderr
    assert not (copied / ".venv").exists()


def test_a_port_in_use_is_named_with_what_to_do(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = _run(root, "--port", port)
    assert done.returncode == 1
    assert f"Port {port} of 127.0.0.1 cannot be used (Address already in use)." in done.stderr
    assert "--port" in done.stderr


def test_reset_asks_first_and_then_keeps_the_database(copied: Path) -> None:
    (copied / "var").mkdir()
    for name in ("parley.sqlite3", "parley.sqlite3-wal"):
        (copied / "var" / name).write_text(name, encoding="ascii")

    refused = _run(copied, "reset")
    assert refused.returncode == 1
    assert "Nothing was changed" in refused.stderr
    assert (copied / "var" / "parley.sqlite3").exists()

    done = _run(copied, "reset", "--yes")
    assert done.returncode == 0
    assert not (copied / "var" / "parley.sqlite3").exists()
    assert {
        kept.name: kept.read_text(encoding="ascii") for kept in (copied / "var" / "kept").glob("*/*")
    } == {
        "parley.sqlite3": "parley.sqlite3",
        "parley.sqlite3-wal": "parley.sqlite3-wal",
    }


def test_reset_is_refused_while_parley_runs(copied: Path) -> None:
    (copied / "var").mkdir()
    (copied / "var" / "parley.sqlite3").touch()
    (copied / "var" / "serving.pid").write_text(str(os.getpid()), encoding="ascii")
    done = _run(copied, "reset", "--yes")
    assert done.returncode == 1
    assert "Parley is running" in done.stderr
    assert (copied / "var" / "parley.sqlite3").exists()


def test_without_a_python_it_says_which_one_is_needed(copied: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "dirname", "cat", "tail", "mkdir", "date", "sleep", "rm"):
        (tools / name).symlink_to(shutil.which(name) or name)
    done = subprocess.run(
        ["sh", str(copied / "run"), "lint"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": str(tools)},
        timeout=60,
    )
    assert done.returncode == 1
    assert "No Python 3.11 or newer" in done.stderr
    assert "PYTHON=" in done.stderr


def test_a_failing_step_says_what_failed_and_leaves_its_output(copied: Path, tmp_path: Path) -> None:
    """Here the Python that is found cannot make an environment."""
    broken = tmp_path / "python3"
    broken.write_text(
        '#!/bin/sh\ncase "$*" in *version_info*) exit 0 ;; esac\necho "no space left" >&2\nexit 1\n',
        encoding="ascii",
    )
    broken.chmod(0o755)
    done = subprocess.run(
        ["sh", str(copied / "run"), "lint"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHON": str(broken)},
        timeout=60,
    )
    assert done.returncode == 1
    assert "This step failed: Making the environment .venv" in done.stderr
    assert "no space left" in done.stderr
    assert "run this again" in done.stderr
    assert (copied / "var" / "log" / "set-up.log").exists()
