"""Analysing a bundle in a process of its own, which is killed when it passes its limits."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from engine.lint.types import Finding, Known, Limits, ProcessSummary, Report, Severity

_ROOT = str(Path(__file__).resolve().parents[2])
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); from engine.lint.child import serve; "
    "serve(sys.stdin.buffer, sys.stdout.buffer)"
)
_START_SECONDS = 30.0
"""A cold start on a busy machine."""
_KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "PATH")

_CAUSES = {
    "time": "it took longer than {seconds:g} seconds",
    "memory": "it needed more than {megabytes:,} MB of memory",
    "RecursionError": "it is nested too deep",
    "died": "it ended the process that analysed it",
}


class Helper:
    """The one helper process of this process, started when it is first needed."""

    def __init__(self, boot: str = _BOOT) -> None:
        self._boot = boot
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: bytes, seconds: float) -> dict[str, Any] | None:
        """The answer to a request; None where the helper gave none in time, and was ended."""
        with self._lock:
            for _ in range(2):
                process = self._running()
                with contextlib.suppress(BrokenPipeError, EOFError):
                    answer = _exchange(process, request, seconds)
                    if answer is None:
                        self._end(process)
                    return answer
                self._end(process)  # it had ended by itself, for want of questions: once more with a new one
            return None

    def close(self) -> None:
        """End the helper, if there is one."""
        with self._lock:
            if self._process is not None:
                self._end(self._process)

    def forget(self) -> None:
        """In a forked copy of this process: the helper is the other's."""
        self._lock = threading.Lock()
        if self._process is not None:
            self._process.returncode = 0  # not ours to wait for
        self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self._end(self._process)
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", self._boot, _ROOT],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ},
                cwd="/",
            )
        return self._process

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process = None


_helper = Helper()
atexit.register(_helper.close)
os.register_at_fork(after_in_child=_helper.forget)


def analyse_apart(key: str, files: Mapping[str, bytes], known: Known, limits: Limits) -> list[Report]:
    """As `engine.lint.analysis.analyse`, in a process that is killed when it passes the limits.

    An analysis that had to be ended gives what was found until then, and a finding of `within-limits` that
    names the rule at which it was ended. Never raises on account of what the files hold.
    """
    request = request_of(key, files, known, limits)
    answer = _helper.ask(request, limits.seconds + _START_SECONDS) or {"said": [], "ended": "time"}
    for what, value in reversed(answer["said"]):
        if what == "reports":
            return [_report(each) for each in value]
    return _ended(answer, files, limits)


def request_of(key: str, files: Mapping[str, bytes], known: Known, limits: Limits) -> bytes:
    """A request as the helper reads it."""
    return json.dumps(
        {
            "key": key,
            "files": {path: b64encode(data).decode("ascii") for path, data in files.items()},
            "known": _plain(known),
            "limits": asdict(limits),
        }
    ).encode()


def _plain(known: Known) -> dict[str, Any]:
    return {
        "operations": None if known.operations is None else sorted(known.operations),
        "roles": None if known.roles is None else sorted(known.roles),
        "form_fields": None
        if known.form_fields is None
        else {path: list(fields) for path, fields in known.form_fields.items()},
        "form_required": {path: list(fields) for path, fields in known.form_required.items()},
        "form_faults": dict(known.form_faults),
        "forms_needed": known.forms_needed,
    }


def _exchange(process: subprocess.Popen[bytes], request: bytes, seconds: float) -> dict[str, Any] | None:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(len(request).to_bytes(8, "big") + request)
    process.stdin.flush()
    deadline = time.monotonic() + seconds
    head = _read(process.stdout, 8, deadline)
    body = None if head is None else _read(process.stdout, int.from_bytes(head, "big"), deadline)
    if body is None:
        return None
    answer: dict[str, Any] = json.loads(body)
    return answer


def _read(pipe: IO[bytes], count: int, deadline: float) -> bytes | None:
    """Exactly so many bytes; None where they do not come in time.

    Raises:
        EOFError: where the other side is gone.
    """
    data = bytearray()
    while len(data) < count:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            return None
        block = os.read(pipe.fileno(), count - len(data))
        if not block:
            raise EOFError
        data += block
    return bytes(data)


def _report(value: Mapping[str, Any]) -> Report:
    return Report(
        path=value["path"],
        readable=value["readable"],
        processes=tuple(ProcessSummary(**each) for each in value["processes"]),
        elements=value["elements"],
        findings=tuple(_finding(each) for each in value["findings"]),
    )


def _finding(value: Mapping[str, Any]) -> Finding:
    return Finding(**{**value, "severity": Severity(value["severity"])})


def _ended(answer: Mapping[str, Any], files: Mapping[str, bytes], limits: Limits) -> list[Report]:
    """Reports of an analysis that had to be ended."""
    rules = [value for what, value in answer["said"] if what == "rule"]
    found = [_finding(value) for what, value in answer["said"] if what == "finding"]
    cause = next((value for what, value in answer["said"] if what == "ended"), answer["ended"])
    reason = _CAUSES.get(cause, f"it failed ({cause})").format(**asdict(limits))
    at = rules[-1] if rules else "well-formed"
    paths = sorted(path for path in files if path.endswith(".bpmn")) or [""]
    advice = (
        "split its decision tables into smaller ones"
        if at.startswith("decision-")
        else "draw less in one diagram, or move parts into processes of their own"
    )
    sentence = (
        f"The analysis of this diagram was stopped, because {reason} (at the rule {at}). Nothing was "
        f"stored; {advice}."
    )
    return [
        Report(
            path=path,
            readable=at != "well-formed",
            processes=(),
            elements=0,
            findings=(
                *(each for each in found if each.path == path),
                Finding("within-limits", Severity.ERROR, path, "", sentence),
            ),
        )
        for path in paths
    ]
