"""The state of making one decision: the evaluation's budget, what was found out, and what went wrong on
the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.feel.errors import FeelError, FeelLimitError
from engine.feel.expression import expression, unary_tests
from engine.feel.functions import BUILTINS
from engine.feel.limits import Run
from engine.feel.names import special
from engine.feel.surroundings import Surroundings
from engine.feel.values import Function, Value

from .errors import DmnEvaluationError, DmnLimitError
from .explanation import TableExplanation
from .types import DataType, Types

Scope = dict[str, Value]


class State:
    """What one call of `decide` shares between all the elements it evaluates.

    Attributes: `run` the budget and the clock; `strict` whether a problem stops everything; `problems`,
    `tables` and `decisions` what goes into the explanation.
    """

    def __init__(self, *, strict: bool, now: datetime | None) -> None:
        self.run = Run(now)
        self.strict = strict
        self.problems: list[str] = []
        self.tables: list[TableExplanation] = []
        self.decisions: list[tuple[str, Value]] = []

    def problem(self, sentence: str, element: str) -> None:
        """Note what went wrong; raises DmnEvaluationError where the evaluation is strict. The value is
        null then.
        """
        if self.strict:
            raise DmnEvaluationError(sentence, element)
        self.problems.append(sentence)

    def failed(self, error: FeelError, where: str) -> None:
        """Note an error of the expression language at a place; a limit stops everything, strict or not."""
        if isinstance(error, FeelLimitError):
            raise DmnLimitError(f"{where}: {error}", where) from error
        self.problem(f"{where}: {error}", where)

    def evaluate(self, text: str, scope: Scope, types: Types, where: str) -> Value:
        """The value of a FEEL text in a scope. `where` names the place for problems, such as a syntax
        error.
        """
        try:
            return expression(text, surroundings(scope, types)).run(scope, self.run)
        except FeelError as error:
            self.failed(error, where)
            return None

    def matches(self, text: str, value: Value, scope: Scope, types: Types, where: str) -> bool:
        """Whether a value passes unary tests in a scope; not where that cannot be said."""
        try:
            return unary_tests(text, surroundings(scope, types)).run(value, scope, self.run) is True
        except FeelError as error:
            self.failed(error, where)
            return False

    def coerce(self, value: Value, kind: DataType, where: str) -> Value:
        """The value brought to a type; null, and a problem, where that cannot be done."""
        if value is None:
            return None
        try:
            brought, fits = kind.coerce(value, self.run)
        except FeelLimitError as error:
            raise DmnLimitError(f"{where}: {error}", where) from error
        if not fits:
            self.problem(f"{where}: the value is not of the type “{kind.name}”", where)
        return brought


def surroundings(scope: Mapping[str, Value], types: Types) -> Surroundings:
    """What is declared around the expressions of a scope."""
    functions = frozenset(name for name in scope if name in BUILTINS and type(scope[name]) is Function)
    return Surroundings(special(scope), types.members, functions, types.table)
