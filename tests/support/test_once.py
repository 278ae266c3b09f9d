"""What is costly is made once, and a failure is told to all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.once import Once


def test_it_is_made_by_the_first_and_found_by_the_others(tmp_path: Path) -> None:
    calls: list[Path] = []

    def make(folder: Path) -> None:
        calls.append(folder)
        (folder / "thing").write_text("made", encoding="ascii")

    first, second = Once(tmp_path)("thing", make), Once(tmp_path)("thing", make)
    assert first == second
    assert (second / "thing").read_text(encoding="ascii") == "made"
    assert calls == [first]


def test_a_failure_is_not_tried_again_but_quoted(tmp_path: Path) -> None:
    calls: list[Path] = []

    def make(folder: Path) -> None:
        calls.append(folder)
        raise ValueError("no such diagram")

    with pytest.raises(ValueError, match="no such diagram"):
        Once(tmp_path)("thing", make)
    with pytest.raises(RuntimeError, match="ValueError: no such diagram"):
        Once(tmp_path)("thing", make)
    assert len(calls) == 1
