"""Cases that live in memory: nothing of them is stored, restored or folded between two commands.

Only for comparing: what comes of a case must be the same whether or not it was saved and restored on its way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from engine.spiff import run
from engine.spiff.case import Case
from engine.spiff.environment import CaseScriptEngine
from engine.spiff.workflow import CaseWorkflow

Dump = Callable[[CaseWorkflow], bytes]
Restore = Callable[[Any, bytes, Case], CaseWorkflow]


def in_memory() -> tuple[Dump, Restore]:
    """What stands in for storing and restoring: the state is a name for the living case."""
    living: dict[bytes, CaseWorkflow] = {}

    def dump(workflow: CaseWorkflow) -> bytes:
        key = f"{id(workflow):x}".encode()
        living[key] = workflow
        return key

    def restore(compiled: Any, state: bytes, case: Case) -> CaseWorkflow:
        workflow = living[state]
        case.scopes, case.entries = workflow.case.scopes, workflow.case.entries
        workflow.case = case
        workflow.script_engine = CaseScriptEngine(case)
        return workflow

    return dump, restore


@contextmanager
def kept_alive() -> Iterator[None]:
    """Let all cases of this process live in memory within the block. Not for processes that serve others."""
    before = run.dump, run.restore
    run.dump, run.restore = in_memory()  # type: ignore[assignment]  # they stand in for the functions
    try:
        yield
    finally:
        run.dump, run.restore = before
