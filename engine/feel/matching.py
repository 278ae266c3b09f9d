"""Compiling unary tests: when a value passes the cell of a decision table (DMN 1.3 §7.3.4, §10.3.1.2
rule 7 to 17).

A test that uses `?` decides by its own boolean. Any other test is a value that the input must be equal to, a
list or a range that it must be in, or, for an input that is no boolean, a boolean that decides.
"""

from __future__ import annotations

from . import nodes as n
from .compare import matches_test
from .compiler import Compiler
from .scope import Code, Frame, Scope
from .values import Value

_INPUT = "?"


def compile_tests(c: Compiler, tests: n.Tests, frame: Frame) -> Code:
    """Code that tries the tests on the variable `?` of its scope."""
    if not tests.tests:
        return lambda s: True
    codes = tuple(_compile_test(c, test, frame) for test in tests.tests)
    negated = tests.negated

    def decide(s: Scope) -> Value:
        result: bool | None = False
        for code in codes:
            matched = code(s)
            if matched:
                return not negated
            if matched is None:
                result = None
        return (not result if negated else result) if result is not None else None

    return decide


def _compile_test(c: Compiler, test: n.Node, frame: Frame) -> Code:
    code = c.compile(test, frame)
    if mentions(test, _INPUT):

        def decide(s: Scope) -> Value:
            value = code(s)
            if type(value) is bool:
                return value
            return None if value is None else matches_test(s.vars[_INPUT], value, s.run)

        return decide

    def match(s: Scope) -> Value:
        value = code(s)
        given = s.vars[_INPUT]
        if type(value) is bool and type(given) is not bool:
            return value
        return matches_test(given, value, s.run)

    return match


def mentions(node: n.Node, name: str) -> bool:
    """Whether the tree names the variable anywhere."""
    pending: list[object] = [node]
    while pending:
        at = pending.pop()
        if isinstance(at, n.Name) and at.name == name:
            return True
        if isinstance(at, tuple):
            pending.extend(at)
        elif isinstance(at, n.Node):
            pending.extend(getattr(at, field) for field in at.__dataclass_fields__)
    return False
