"""Beginning a case for trial: nothing is stored, no operation is called.

Whatever can go wrong with a diagram before anybody acts goes wrong here first, in a process of its own.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from engine.errors import DefinitionRefused, ElementFailed, EngineError
from engine.ports import OperationResult
from engine.spiff.case import ROOT, Case
from engine.spiff.compile import Compiled
from engine.spiff.workflow import CaseWorkflow

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

MOST_TASKS = 5_000
"""Tasks a case may have in its tree when it is begun."""
MOST_STEPS = 1_000
"""Automatic steps before anybody acts: as many as a diagram may have nodes."""
_AT = datetime(2026, 1, 1, tzinfo=UTC)


class RehearsalStopped(EngineError):
    """The rehearsal took more steps or tasks than a command may."""


class _Rehearsal(CaseWorkflow):
    """A workflow that is stopped much earlier than a command would be."""

    most_steps = MOST_STEPS

    def _count_step(self, my_task: Task) -> None:
        self.case.trace.steps += 1
        if self.case.trace.steps > self.most_steps:
            raise RehearsalStopped(
                f"The diagram takes more than {self.most_steps:,} automatic steps before anybody acts."
            )


def rehearse(compiled: Compiled, most_tasks: int = MOST_TASKS, most_steps: int = MOST_STEPS) -> None:
    """Run a case from its start to its first wait, with operations that answer nothing.

    Conditions that find no data stop there, as they would with an incident: that is no fault of the diagram.

    Raises:
        RehearsalStopped: too many steps or tasks.
        DefinitionRefused: the library failed in another way.
    """
    case = Case(compiled.elements, compiled.flows, _AT, lambda *_: OperationResult(), lambda _: ())
    if compiled.start.form is not None:
        case.scopes[ROOT][compiled.start.id] = {}
    try:
        workflow = _Rehearsal(compiled.spec, dict(compiled.subprocess_specs), case)
        workflow.most_steps = most_steps
        workflow.run_automatic_steps()
    except RehearsalStopped:
        raise
    except ElementFailed:
        return
    # The library raises whatever its code stumbles over; all of it says that this diagram cannot be begun.
    except Exception as error:
        raise DefinitionRefused(
            (),
            f"A case of this diagram cannot be begun: {type(error).__name__}: {error}. Nothing was released.",
        ) from error
    count = sum(1 for _ in workflow.all_tasks())
    if count > most_tasks:
        raise RehearsalStopped(f"A case begins with {count:,} tasks; {most_tasks:,} are the most.")
