"""Compiled expressions and unary tests: the objects behind the façade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from . import compile_control, compile_operators, compile_values
from . import nodes as n
from .compiler import Compiler
from .errors import FeelError, FeelLimitError
from .limits import MAX_TEXT, Run
from .matching import compile_tests
from .parser import check_length, parse_expression, parse_unary_tests
from .scope import ROOT, Code, Frame, Scope
from .surroundings import NOTHING, Surroundings
from .values import Value, lift, outward

_COMPILERS = (compile_control, compile_operators, compile_values)
INPUT = "?"
"""The value that unary tests are tried on."""
_LARGE = "A number is too large to calculate with"
_DEEP = "The expression, or the data it reads, is nested too deep"


class Expression:
    """One FEEL expression, parsed and compiled; immutable and shared between threads.

    Attributes: `text` as it was given; `names` the variables it takes from outside; `possible_names` those
    it may take from outside, where an element of a filtered list does not hold them; `tree` its syntax tree;
    `warnings` sentences on calls of built-in functions that have no value whatever the data is.
    """

    __slots__ = ("_code", "names", "possible_names", "text", "tree", "warnings")

    def __init__(self, text: str, surroundings: Surroundings = NOTHING) -> None:
        source = _stripped(text)
        self.text = text
        try:
            self.tree: n.Node = parse_expression(source, surroundings)
            compiler = Compiler(source, surroundings.functions)
            self._code: Code = compiler.compile(self.tree)
        except RecursionError:
            raise FeelLimitError(_DEEP, source, 0) from None
        self.names = frozenset(compiler.names)
        self.possible_names = frozenset(compiler.possible - compiler.names)
        self.warnings = tuple(compiler.warnings)

    def __repr__(self) -> str:
        """The expression's text."""
        return f"Expression({self.text!r})"

    def evaluate(self, context: Mapping[str, object], *, now: datetime | None = None) -> Value:
        """The value over the variables in `context`; `now` is what now() and today() give.

        null (None) stands for what has no value: unknown variables, kinds that do not fit an operator or a
        function.
        Raises FeelLimitError, and FeelDataError where the data read holds a float or another unknown kind.
        """
        return self.run(context, Run(now))

    def run(self, context: Mapping[str, object], run: Run) -> Value:
        """The value over `context` within an evaluation that is under way (its steps and its clock)."""
        try:
            variables = context if type(context) is dict else dict(context)
            value = self._code(Scope(variables, None, run))
            kind = type(value)
            return outward(value, run) if kind is dict or kind is list else value
        except RecursionError:
            raise FeelLimitError(_DEEP, _stripped(self.text), 0) from None
        except ArithmeticError as error:
            raise FeelLimitError(_LARGE, _stripped(self.text), 0) from error
        except FeelError as error:
            error.locate(_stripped(self.text), 0)
            raise


class UnaryTests:
    """Unary tests (a decision table's cell, or a field's condition), compiled; immutable and shared.

    Attributes: `text`; `names`, `possible_names` and `warnings` as of `Expression`; `tree` the syntax tree.
    """

    __slots__ = ("_code", "names", "possible_names", "text", "tree", "warnings")

    def __init__(self, text: str, surroundings: Surroundings = NOTHING) -> None:
        source = _stripped(text)
        self.text = text
        try:
            self.tree: n.Tests = parse_unary_tests(source, surroundings)
            compiler = Compiler(source, surroundings.functions)
            self._code = compile_tests(compiler, self.tree, Frame(frozenset({INPUT}), ROOT))
        except RecursionError:
            raise FeelLimitError(_DEEP, source, 0) from None
        self.names = frozenset(compiler.names)
        self.possible_names = frozenset(compiler.possible - compiler.names)
        self.warnings = tuple(compiler.warnings)

    def __repr__(self) -> str:
        """The tests' text."""
        return f"UnaryTests({self.text!r})"

    def matches(
        self, value: object, context: Mapping[str, object] | None = None, *, now: datetime | None = None
    ) -> bool | None:
        """Whether the value passes; None where that cannot be said (kinds that cannot be compared, say).

        Raises FeelLimitError and FeelDataError as `Expression.evaluate` does.
        """
        return self.run(value, context or {}, Run(now))

    def run(self, value: object, context: Mapping[str, object], run: Run) -> bool | None:
        """Whether the value passes, within an evaluation that is under way."""
        try:
            variables = context if type(context) is dict else dict(context)
            outer = Scope(variables, None, run)
            found: bool | None = self._code(Scope({INPUT: lift(value, run)}, outer, run))
            return found
        except RecursionError:
            raise FeelLimitError(_DEEP, _stripped(self.text), 0) from None
        except ArithmeticError as error:
            raise FeelLimitError(_LARGE, _stripped(self.text), 0) from error
        except FeelError as error:
            error.locate(_stripped(self.text), 0)
            raise


def _stripped(text: str) -> str:
    """The text without the one leading `=` that form-js and Zeebe mark an expression with."""
    lead = text.lstrip()
    return lead[1:] if lead.startswith("=") else text


@lru_cache(maxsize=8192)
def expression(text: str, surroundings: Surroundings = NOTHING) -> Expression:
    """The compiled expression, from a cache where it was compiled before. Raises as `compile_expression`
    does.
    """
    return Expression(text, surroundings)


@lru_cache(maxsize=8192)
def unary_tests(text: str, surroundings: Surroundings = NOTHING) -> UnaryTests:
    """The compiled unary tests, from a cache where they were compiled before. Raises as
    `compile_unary_tests` does.
    """
    return UnaryTests(text, surroundings)


def compile_expression(text: str, names: Iterable[str] = ()) -> Expression:
    """The compiled expression, from a cache where it was compiled before.

    `names`: the names in scope, of which only those with operators or keywords in them (`cost-benefit`)
    matter.
    One leading `=` is passed over. Raises FeelSyntaxError and FeelLimitError.
    """
    if len(text) > MAX_TEXT:
        check_length(text)
    return expression(text, Surroundings.of(names) if names else NOTHING)


def compile_unary_tests(text: str, names: Iterable[str] = ()) -> UnaryTests:
    """The compiled unary tests, from a cache where they were compiled before; arguments as
    `compile_expression`.

    Raises FeelSyntaxError and FeelLimitError.
    """
    if len(text) > MAX_TEXT:
        check_length(text)
    return unary_tests(text, Surroundings.of(names) if names else NOTHING)


def evaluate(
    text: str, context: Mapping[str, object], *, now: datetime | None = None, names: Iterable[str] = ()
) -> Value:
    """The value of an expression over the variables in `context`.

    `names` as for `compile_expression`: what is a name is declared by who wrote the expression, never by the
    data, so that a field called `approved and signed` cannot change what `approved and signed` means.
    Raises FeelSyntaxError, FeelLimitError and FeelDataError.
    """
    return compile_expression(text, names).evaluate(context, now=now)
