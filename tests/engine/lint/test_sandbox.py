"""The process that reads diagrams of strangers: what it is killed for, and what is said then."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.lint import Known, Limits, sandbox
from engine.lint.types import Report
from tests.engine.lint.drawn import straight, user

FILES = {"p.bpmn": straight(user("approve"))}
QUICK = Limits(seconds=1.0, megabytes=256)
BOOT = """
import sys
sys.path.insert(0, sys.argv[1])
from engine.lint import child, analysis
def analyse(key, files, known, limits, note):
    note("rule", "way-out")
    {act}
    return analysis.analyse(key, files, known, limits, note)
child.analyse = analyse
child.serve(sys.stdin.buffer, sys.stdout.buffer)
"""


@pytest.fixture
def act(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Makes the analysis do something first; gives the reports, and how long they took."""
    helpers: list[sandbox.Helper] = []

    def run(code: str) -> tuple[list[Report], float]:
        helper = sandbox.Helper(BOOT.format(act=code))
        helpers.append(helper)
        monkeypatch.setattr(sandbox, "_helper", helper)
        before = time.monotonic()
        reports = sandbox.analyse_apart("p", FILES, Known(), QUICK)
        return reports, time.monotonic() - before

    yield run
    for helper in helpers:
        helper.close()


ENDINGS = {
    "a hang": ("while True: pass", "longer than 1 seconds"),
    "a sleep": ("import time; time.sleep(60)", "longer than 1 seconds"),
    "memory": ("x = bytearray(600_000_000)", "more than 256 MB"),
    "memory by and by": ("x = []\n    while True: x.append(bytearray(1_000_000))", "more than 256 MB"),
    "recursion": ("f = lambda n: f(n + 1); f(0)", "nested too deep"),
    "SystemExit": ("raise SystemExit", "it failed (SystemExit)"),
    "KeyboardInterrupt": ("raise KeyboardInterrupt", "it failed (KeyboardInterrupt)"),
    "a crash": ("import os; os.kill(os.getpid(), 11)", "ended the process"),
    "an exit": ("import os; os._exit(3)", "ended the process"),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_whatever_ends_the_analysis_is_a_finding(name: str, act: object) -> None:
    code, reason = ENDINGS[name]
    [report], _ = act(code)  # type: ignore[operator]  # a fixture that is a function
    [finding] = report.findings
    assert finding.rule == "within-limits"
    assert reason in finding.sentence
    assert "at the rule way-out" in finding.sentence
    assert not report.releasable


def test_nothing_can_be_written_by_what_is_read(act: object, tmp_path: Path) -> None:
    target = tmp_path / "written"
    [report], _ = act(f"import pathlib; pathlib.Path({str(target)!r}).write_text('x')")  # type: ignore[operator]
    assert "it failed (OSError)" in report.findings[0].sentence
    assert not target.exists() or target.stat().st_size == 0


def test_a_helper_that_died_is_replaced() -> None:
    helper = sandbox.Helper()
    try:
        request = sandbox.request_of("p", FILES, Known(), Limits())
        first = helper.ask(request, 30)
        process = helper._process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        second = helper.ask(request, 30)
        assert first == second
        assert second is not None
    finally:
        helper.close()


def test_the_environment_is_not_handed_down(act: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_SECRET_KEY", "hidden")
    code = "import os\n    if 'PARLEY_SECRET_KEY' in os.environ: raise SystemExit"
    [report], _ = act(code)  # type: ignore[operator]
    assert report.findings == ()
