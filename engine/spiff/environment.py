"""The one place where SpiffWorkflow's expressions are evaluated: FEEL, and nothing else.

Some thirty places in the library evaluate Python. Some go through the engine, some straight to its
environment: both are replaced, so none is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment

from engine.errors import ElementFailed
from engine.feel import FeelError, compile_expression
from engine.spiff.case import ROOT, Case
from engine.spiff.tree import base_id, scope_of

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task


class FeelEnvironment(BasePythonScriptEngineEnvironment):
    """Evaluates FEEL over the case's data; executes nothing."""

    def __init__(self, case: Case) -> None:
        super().__init__({})
        self._case = case

    def evaluate(self, expression: str, context: Mapping[str, Any], external_context: Any = None) -> Any:
        """The value of a FEEL expression over the case's data and what is local to the token."""
        return self._case.evaluate(str(expression), ROOT, context)

    def execute(self, script: str, context: Mapping[str, Any], external_context: Any = None) -> NoReturn:
        """Always refused: nothing in a diagram is code."""
        raise ElementFailed("The diagram holds a script. Scripts are never run; draw a service task instead.")

    def call_service(self, context: Mapping[str, Any], **kwargs: Any) -> NoReturn:
        """Always refused: service tasks name registered operations."""
        raise ElementFailed("The service task names no registered operation.")


class CaseScriptEngine(PythonScriptEngine):
    """Gives each expression the scope of the task that holds it."""

    def __init__(self, case: Case) -> None:
        super().__init__(FeelEnvironment(case))
        self._case = case

    def validate(self, expression: str) -> None:
        """Raises `ElementFailed` where the text is no FEEL."""
        try:
            compile_expression(expression)
        except FeelError as error:
            raise ElementFailed(str(error)) from error

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> Any:
        """The value of a FEEL expression in the scope of the task."""
        return self._case.evaluate(str(expression), scope_of(task), task.data, base_id(task.task_spec.name))

    def execute(self, task: Task, script: str, external_context: Any = None) -> NoReturn:
        """Always refused."""
        self.environment.execute(script, {})
        raise AssertionError("unreachable")

    def call_service(self, task: Task, **kwargs: Any) -> NoReturn:
        """Always refused."""
        self.environment.call_service({})
        raise AssertionError("unreachable")
