"""The policies that ship are found where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflows import shipped


def test_a_checkout_gives_its_own_folder(root: Path) -> None:
    assert shipped.shipped_policies() == root / "bpmn"
    assert (shipped.shipped_policies() / "risk-decision").is_dir()


def test_an_installed_package_gives_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "workflows"
    (package / "_bpmn" / "risk-decision").mkdir(parents=True)
    (package / "_bpmn" / "risk-decision" / "risk-decision.bpmn").touch()
    monkeypatch.setattr(shipped, "_PACKAGE", package)
    assert shipped.shipped_policies() == package / "_bpmn"


def test_an_incomplete_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path / "workflows")
    with pytest.raises(FileNotFoundError, match="install Parley again"):
        shipped.shipped_policies()
