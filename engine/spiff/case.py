"""What a running case knows while a command works on it: its data, the pinned time, and what happened so far.

SpiffWorkflow copies data from task to task and merges them at joins, last writer wins. Here a case's data
live in scopes beside the task tree (one for the process, one for each call activity), so that no join can
overwrite an answer and the state stays small. Tokens carry only what is local to them, such as a multi-
instance's item.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.db.types import plain
from engine.dmn import DmnError, Model, decide
from engine.errors import ElementFailed, OperationFailed
from engine.feel import FeelError, compile_expression
from engine.ports import Effect, OperationResult
from engine.spiff.deciding import recorded
from engine.types import Element

ROOT = ""
"""Key of the process's own scope."""

OperationCaller = Callable[[str, Mapping[str, Any], str, Mapping[str, Any]], OperationResult]
"""Called with an operation's name, its parameters, the element's id and the case's data."""


@dataclass(slots=True)
class Trouble:
    """An element that could not be carried out: what an incident will say."""

    element_id: str | None
    cause: str
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class Trace:
    """What a command did to a case, for the journal, the audit and the write phase."""

    elements: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)
    effects: list[tuple[str, Effect]] = field(default_factory=list)
    """Element id and effect, in order."""
    results: dict[str, Any] = field(default_factory=dict)
    """Results of operations by element id."""
    decisions: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Element id and what stands on record of the decision it made, in order; the result is there too."""
    tallies: dict[str, Any] = field(default_factory=dict)
    """Votes closed, by element id."""
    sent: list[Any] = field(default_factory=list)
    """Messages and signals sent (`engine.spiff.events.Sent`), in order."""
    troubles: list[Trouble] = field(default_factory=list)
    outcome: str | None = None
    steps: int = 0


class Case:
    """A case at work: data scopes, the elements of its version, and a trace of the present command."""

    def __init__(
        self,
        elements: Mapping[str, Element],
        flows: Mapping[tuple[str, str], str],
        now: datetime,
        call: OperationCaller,
        rounds: Callable[[str], Sequence[Any]],
        forced: Mapping[str, str] | None = None,
    ) -> None:
        self.elements = elements
        self.flows = flows
        self.now = now
        self.scopes: dict[str, dict[str, Any]] = {ROOT: {}}
        self.entries: dict[str, int] = {}
        self.trace = Trace()
        self.sealed: Callable[[], frozenset[str]] = frozenset
        self._call = call
        self._rounds = rounds
        self.forced = forced or {}
        """Element id to the cause for which it is made to fail."""
        self.at: str | None = None
        """The element at work, so that a failure nobody foresaw can be laid to it."""

    def names(self, scope: str, local: Mapping[str, Any]) -> dict[str, Any]:
        """What an expression sees: the process's data, the scope's own, then what is local to the token.

        Answers that are still blind are left out: no element may act on them before they are revealed.
        """
        return self._names(scope, local, self.sealed())

    def _names(self, scope: str, local: Mapping[str, Any], sealed: frozenset[str]) -> dict[str, Any]:
        seen = dict(self.scopes[ROOT])
        if scope != ROOT:
            seen.update(self.scopes.get(scope, {}))
        seen.update(local)
        return self._without(seen, sealed) if sealed else seen

    def _without(self, seen: Mapping[str, Any], sealed: frozenset[str]) -> dict[str, Any]:
        """The data without sealed answers, also those within the results of called processes."""
        return {
            name: self._without(value, sealed) if isinstance(value, dict) and self._is_call(name) else value
            for name, value in seen.items()
            if name not in sealed
        }

    def _is_call(self, name: str) -> bool:
        element = self.elements.get(name)
        return element is not None and element.kind == "callActivity"

    def evaluate(self, text: str, scope: str, local: Mapping[str, Any], element_id: str | None = None) -> Any:
        """The value of a FEEL expression.

        Raises:
            ElementFailed: with the expression and the reason, for the incident.
        """
        try:
            expression = compile_expression(text)
            sealed = self.sealed()
            context = self._names(scope, local, sealed)
            for name in expression.names:
                element = name.removesuffix("_rounds")
                if element != name and name not in context and element not in sealed:
                    context[name] = list(self._rounds(element))
            return expression.evaluate(context, now=self.now)
        except FeelError as error:
            raise ElementFailed(
                f"The expression {text!r} cannot be evaluated: {error}", element_id=element_id
            ) from error
        # A fault of the evaluator's own must not lose what was submitted either.
        except Exception as error:
            raise ElementFailed(
                f"The expression {text!r} cannot be evaluated: {type(error).__name__}.", element_id=element_id
            ) from error

    def condition(self, text: str, scope: str, local: Mapping[str, Any], element_id: str) -> bool:
        """The value of a condition. Anything but true or false is a failure: no way is taken by a guess."""
        value = self.evaluate(text, scope, local, element_id)
        if isinstance(value, bool):
            return value
        names = tuple(sorted(compile_expression(text).names))
        raise ElementFailed(
            f"The condition {text!r} is neither true nor false: "
            "the data it needs are missing or of another kind.",
            element_id=element_id,
            names=names,
        )

    def parameters(self, element: Element, scope: str, local: Mapping[str, Any]) -> dict[str, Any]:
        """The values that an element hands over, by name. Raises `ElementFailed`."""
        return {p.name: self.evaluate(p.value, scope, local, element.id) for p in element.parameters}

    def call_operation(self, element: Element, scope: str, local: Mapping[str, Any]) -> None:
        """Call a service task's operation; keep its result under the task's id, and its effects for later.

        Raises:
            ElementFailed: where a parameter cannot be evaluated or the operation refuses.
        """
        values = self.parameters(element, scope, local)
        try:
            result = self._call(element.operation or "", values, element.id, self.names(scope, local))
            value = plain(result.value)
        except OperationFailed as error:
            raise ElementFailed(str(error), element_id=element.id, names=tuple(values)) from error
        except ValueError as error:
            raise ElementFailed(
                f"The operation gave a result that cannot be kept: {error}.", element_id=element.id
            ) from error
        self.scopes[scope][element.id] = value
        self.trace.results[element.id] = value
        self.trace.effects.extend((element.id, effect) for effect in result.effects)

    def decide(
        self, element: Element, model: Model, decision: str, scope: str, local: Mapping[str, Any]
    ) -> None:
        """Make a decision over the task's parameters, or else all data; keep the result under its id, and
        how it came about in the trace.

        Raises:
            ElementFailed: where it cannot be made: rules in conflict, a value that is not allowed.
        """
        given = self.parameters(element, scope, local)
        try:
            made = decide(model, decision, given or self.names(scope, local), self.now)
            value = plain(made.value)
            record = recorded(made)
        except DmnError as error:
            raise ElementFailed(
                f"The decision {decision!r} cannot be made: {error}",
                element_id=element.id,
                names=tuple(given),
            ) from error
        except ValueError as error:
            raise ElementFailed(
                f"The decision {decision!r} gave a result that cannot be kept: {error}.",
                element_id=element.id,
            ) from error
        self.scopes[scope][element.id] = value
        self.trace.decisions.append((element.id, record))

    def enter(self, element_id: str) -> int:
        """Count that the case came to an element; the round's number, from 1."""
        self.entries[element_id] = self.entries.get(element_id, 0) + 1
        return self.entries[element_id]

    def fail(self, element_id: str | None, error: ElementFailed) -> None:
        """Note that an element could not be carried out."""
        found = error.element_id or element_id
        known = found if found in self.elements else None
        self.trace.troubles.append(Trouble(known, str(error), error.names))


def fault(error: Exception) -> str:
    """What an incident says of a failure that nobody foresaw. Details are for the log, not for the case."""
    return (
        "This step could not be carried out because of a fault in the software "
        f"({type(error).__name__}). What was submitted is kept; the step can be tried again."
    )
