"""The process in which diagrams of strangers are read: it forks a copy of itself for each, under hard limits.

Started by `engine.lint.sandbox` as `python -I`, without the environment, and spoken to by its standard input
and output: a request is eight bytes of length and JSON; so is an answer. Forking a warm copy costs
milliseconds, starting Python anew most of a second.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import time
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any, BinaryIO

from engine.lint.analysis import analyse
from engine.lint.types import Known, Limits

IDLE_SECONDS = 300
"""A process that is not asked for this long ends; the next question starts a new one."""
MOST_ANSWER_BYTES = 20_000_000
BLOCK = 65_536


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer requests until the source ends, or is silent for too long."""
    while select.select([source], [], [], IDLE_SECONDS)[0]:
        head = source.read(8)
        if len(head) < 8:
            return
        request = json.loads(source.read(int.from_bytes(head, "big")))
        answer = json.dumps(_answer(request)).encode()
        sink.write(len(answer).to_bytes(8, "big") + answer)
        sink.flush()


def _answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """Fork, let the copy analyse, and read what it says until it is done or its time is up."""
    limits = Limits(**request["limits"])
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _analyse(request, limits, writer)
    os.close(writer)
    said, ended = _listen(reader, time.monotonic() + limits.seconds)
    os.close(reader)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    lines = [json.loads(line) for line in said.split(b"\n")[:-1]]
    if not ended and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        ended = "time"
    return {"said": lines, "ended": ended or "died"}


def _listen(reader: int, deadline: float) -> tuple[bytes, str]:
    said = bytearray()
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([reader], [], [], left)[0]:
            return bytes(said), "time"
        block = os.read(reader, BLOCK)
        said += block
        if not block or len(said) > MOST_ANSWER_BYTES:
            return bytes(said), ""


def _analyse(request: Mapping[str, Any], limits: Limits, writer: int) -> None:
    """In the copy: analyse under limits, saying each step. Never returns."""

    def say(what: str, value: object) -> None:
        plain = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
        os.write(writer, json.dumps([what, plain]).encode() + b"\n")

    try:
        _limit(limits)
        files = {path: b64decode(data) for path, data in request["files"].items()}
        reports = analyse(request["key"], files, _known(request["known"]), limits, say)
        _write(writer, json.dumps(["reports", [asdict(report) for report in reports]]).encode() + b"\n")
    except MemoryError:
        os.write(writer, b'["ended", "memory"]\n')
    # Whatever ends the analysis, SystemExit included, is said by its name and becomes a finding.
    except BaseException as error:
        os.write(writer, json.dumps(["ended", type(error).__name__]).encode() + b"\n")
    finally:
        os._exit(0)


def _known(facts: Mapping[str, Any]) -> Known:
    operations, roles = (
        None if facts[name] is None else frozenset(facts[name]) for name in ("operations", "roles")
    )
    forms = (facts[name] for name in ("form_fields", "form_required", "form_faults", "forms_needed"))
    return Known(operations, roles, *forms)


def _write(writer: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(writer, view) :]


def _limit(limits: Limits) -> None:
    """Hard limits: none of them can be raised again."""
    seconds = int(limits.seconds) + 1
    size = _address_space() + limits.megabytes * 1_048_576
    for kind, value in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, size),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(kind, (value, value))


def _address_space() -> int:
    """Bytes of address space in use, so that the limit is on what the analysis adds; 0 where not told."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 0
