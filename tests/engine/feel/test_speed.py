"""A gateway's condition in FEEL costs no more than SpiffWorkflow's own evaluation of the same in Python."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def benchmark_of_feel(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_of_feel", root / "benchmarks" / "feel.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("condition", ["two answers", "a number", "a vote's majority", "a deadline"])
def test_a_condition_costs_no_more_than_in_python(benchmark_of_feel: ModuleType, condition: str) -> None:
    """The ratio of medians, taken in turn in one process, which a slow machine does not change."""
    assert benchmark_of_feel.measure(condition, repeats=5).ratio <= 1.0


def test_the_figures_are_written_for_machines(benchmark_of_feel: ModuleType, tmp_path: Path) -> None:
    import json

    file = tmp_path / "feel.json"
    assert benchmark_of_feel.main(["--json", str(file), "--repeats", "1"]) == 0
    report = json.loads(file.read_text(encoding="utf-8"))
    assert report["name"] == "feel"
    assert {"what", "unit", "median", "p95", "runs"} == set(report["results"][0])
