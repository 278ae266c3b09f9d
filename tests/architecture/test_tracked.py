"""What may not stand in any file of the project."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, text, tracked

LOCKS = [
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-node.lock",
    "webui/frontend/package-lock.json",
    "tests/support/browser/package-lock.json",
]

PATHS_OF_A_MACHINE = ["/work/", "/root/", "/home/"]
REGISTRIES = ["pypi.org", "pythonhosted.org", "npmjs.org", "npmjs.com", "unpkg.com", "jsdelivr.net"]
SKIPS = ["mark.skip(", "mark.xfail", "importorskip("]
THIS_FILE = Path("tests/architecture/test_tracked.py")

# Without pip there is no other way to know where pip would look by default.
MAY_NAME_A_REGISTRY = {".ci/get_pip.py"}


def _holding(marks: list[str]) -> list[str]:
    return [
        f"{name}: {mark}" for name in tracked() if name != THIS_FILE for mark in marks if mark in text(name)
    ]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    assert "http" not in text(Path(lock))


@pytest.mark.parametrize("lock", [name for name in LOCKS if name.endswith(".lock")])
def test_every_python_package_is_pinned_with_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", text(Path(lock)).strip())
    unpinned = [entry for entry in entries if not re.match(r"[a-z0-9.-]+==\S+ .*--hash=sha256:", entry, re.S)]
    assert entries
    assert unpinned == []


@pytest.mark.parametrize("lock", [name for name in LOCKS if name.endswith(".json")])
def test_every_npm_package_is_pinned_with_a_hash(lock: str) -> None:
    packages = json.loads(text(Path(lock)))["packages"]
    without = [name for name, entry in packages.items() if name and not entry.get("integrity")]
    assert len(packages) > 1
    assert without == []


def test_the_packages_of_the_project_are_those_of_the_lock() -> None:
    """A dependency added to pyproject.toml is locked too: by ./run lock."""
    import tomllib

    project = tomllib.loads(text(Path("pyproject.toml")))
    wanted = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["postgresql"]]
    everything = [*wanted, *project["dependency-groups"]["build"], *project["dependency-groups"]["dev"]]

    def missing(requirements: list[str], lock: str) -> list[str]:
        names = {re.split(r"[^A-Za-z0-9.-]", one)[0].lower() for one in requirements}
        return sorted(name for name in names if f"\n{name}==" not in f"\n{text(Path(lock))}")

    assert missing(wanted, "requirements.lock") == []
    assert missing(everything, "requirements-dev.lock") == []


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    assert _holding(PATHS_OF_A_MACHINE) == []


def test_no_file_names_a_package_registry() -> None:
    assert [found for found in _holding(REGISTRIES) if found.split(":")[0] not in MAY_NAME_A_REGISTRY] == []


def test_no_third_party_code_is_copied_in() -> None:
    """Packages come by lock file; a minified or vendored file is somebody else's code."""
    marks = re.compile(r"\.min\.(js|css)$|(^|/)(vendor|node_modules)/")
    assert [str(name) for name in tracked() if marks.search(name.as_posix())] == []


def test_no_python_test_is_skipped_for_good() -> None:
    assert [found for found in _holding(SKIPS) if found.split(":")[0].endswith(".py")] == []


def test_the_script_may_be_executed() -> None:
    assert [name for name in ("run", ".ci/run", ".ci/lock") if not (ROOT / name).stat().st_mode & 0o100] == []
