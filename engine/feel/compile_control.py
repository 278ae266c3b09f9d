"""Compiling what runs parts repeatedly or conditionally: if, for, some, every, functions and their calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from . import nodes as n
from .compiler import Compiler, compiles
from .conform import coerce
from .errors import FeelLimitError
from .functions import BUILTINS
from .limits import MAX_LIST, Run
from .matching import mentions
from .ranges import span
from .scope import Code, Frame, Scope, is_bound, loader
from .values import Function, Value, lift

PARTIAL = "partial"
"""The results so far, in a loop's body."""

Domain = Callable[[Scope], Iterator[Value] | list[Value] | None]


@compiles(n.If)
def _if(c: Compiler, node: n.If, frame: Frame) -> Code:
    branches = tuple((c.compile(test, frame), c.compile(value, frame)) for test, value in node.branches)
    otherwise = c.compile(node.otherwise, frame)

    def choose(s: Scope) -> Value:
        for test, value in branches:
            if test(s) is True:
                return value(s)
        return otherwise(s)

    return choose


def _domain(c: Compiler, iteration: n.Iteration, frame: Frame) -> Domain:
    start = c.compile(iteration.domain, frame)
    text, pos = c.text, iteration.pos

    def counted(bounds: Value, run: Run) -> list[Value] | None:
        try:
            return span(bounds, run)
        except FeelLimitError as error:
            error.locate(text, pos)
            raise

    if iteration.end is None:

        def elements(s: Scope) -> list[Value] | None:
            value = start(s)
            if type(value) is list:
                return value
            return counted(value, s.run)

        return elements
    end = c.compile(iteration.end, frame)

    def between(s: Scope) -> list[Value] | None:
        return counted((start(s), end(s)), s.run)

    return between


class _Loop:
    """The iterations of a loop: each round binds the variables in a scope of its own."""

    def __init__(self, c: Compiler, iterations: tuple[n.Iteration, ...], frame: Frame, body: n.Node) -> None:
        self.text, self.pos = c.text, body.pos
        self.names: list[str] = []
        self.domains: list[Domain] = []
        if len(iterations) > 20:
            raise FeelLimitError("A loop has more than 20 variables", c.text, iterations[20].pos)
        for iteration in iterations:
            self.domains.append(_domain(c, iteration, frame))
            self.names.append(iteration.name)
            frame = Frame(frozenset({iteration.name}), frame)
        self.frame = frame

    def rounds(self, s: Scope, cost: int) -> Iterator[Scope | None]:
        """The innermost scope of each round; None once where a domain cannot be looped over."""
        return self._level(s, 0, cost)

    def _level(self, s: Scope, level: int, cost: int) -> Iterator[Scope | None]:
        values = self.domains[level](s)
        if values is None:
            yield None
            return
        last = level == len(self.domains) - 1
        name = self.names[level]
        for value in values:
            try:
                s.run.spend(cost + 1)
            except FeelLimitError as error:
                error.locate(self.text, self.pos)
                raise
            inner = Scope({name: lift(value, s.run)}, s, s.run)
            if last:
                yield inner
            else:
                yield from self._level(inner, level + 1, cost)


@compiles(n.For)
def _for(c: Compiler, node: n.For, frame: Frame) -> Code:
    loop = _Loop(c, node.iterations, frame, node.body)
    before = set(c.names) | set(c.possible)
    body, cost = c.measured(node.body, Frame(frozenset({PARTIAL}), loop.frame))
    uses_partial = mentions(node.body, PARTIAL)
    c.names -= {PARTIAL} - before

    def collect(s: Scope) -> Value:
        results: list[Value] = []
        for scope in loop.rounds(s, cost):
            if scope is None:
                return None
            if len(results) >= MAX_LIST:
                raise FeelLimitError(
                    f"A list would have more than {MAX_LIST:,} elements", loop.text, loop.pos
                )
            if uses_partial:
                s.run.spend_list(len(results))
                partial = {PARTIAL: list(results)}
            else:
                partial = {}
            results.append(body(Scope(partial, scope, s.run)))
        return results

    return collect


@compiles(n.Quantified)
def _quantified(c: Compiler, node: n.Quantified, frame: Frame) -> Code:
    loop = _Loop(c, node.iterations, frame, node.condition)
    condition, cost = c.measured(node.condition, loop.frame)
    decisive = not node.every

    def decide(s: Scope) -> Value:
        result: bool | None = node.every
        for scope in loop.rounds(s, cost):
            if scope is None:
                return None
            verdict = condition(scope)
            if verdict is decisive:
                return decisive
            if verdict is not (not decisive):
                result = None
        return result

    return decide


@compiles(n.FunctionOf)
def _function(c: Compiler, node: n.FunctionOf, frame: Frame) -> Code:
    names = tuple(name for name, _ in node.parameters)
    kinds = tuple(kind for _, kind in node.parameters)
    body, cost = c.measured(node.body, Frame(frozenset(names), frame))
    if node.external:

        def refuse(run: Run, arguments: list[Value]) -> Value:
            return None  # DMN asks for null; code outside the language is never reached

        return lambda s: Function("external", node.parameters, refuse)

    def define(s: Scope) -> Value:
        def call(run: Run, arguments: list[Value]) -> Value:
            run.enter()
            run.spend(cost + 1)
            variables = {
                name: argument if kind is None else coerce(argument, kind, run)
                for name, kind, argument in zip(names, kinds, arguments, strict=True)
            }
            value = body(Scope(variables, s, run))
            run.leave()
            return value

        return Function("function", node.parameters, call)

    return define


@compiles(n.Call)
def _call(c: Compiler, node: n.Call, frame: Frame) -> Code:
    c.nodes += 2  # a call costs more than an operator
    arguments = tuple(c.compile(argument, frame) for argument in node.arguments)
    text, pos = c.text, node.pos
    function = node.function
    if (
        isinstance(function, n.Name)
        and not is_bound(frame, function.name)
        and function.name not in c.functions
    ):
        builtin = BUILTINS.get(function.name)
        if builtin is not None:
            invoke = builtin.bind(len(arguments), node.names)
            misfit = builtin.misfit(len(arguments), node.names)
            if misfit:
                c.warnings.append(misfit)

            def call_builtin(s: Scope) -> Value:
                values = [argument(s) for argument in arguments]
                try:
                    return invoke(s.run, values)
                except FeelLimitError as error:
                    error.locate(text, pos)
                    raise

            return call_builtin
        c.names.add(function.name)
        callee = loader(frame, function.name)
    else:
        callee = c.compile(function, frame)
    names = node.names

    def call_value(s: Scope) -> Value:
        target = callee(s)
        if type(target) is not Function:
            return None
        values = [argument(s) for argument in arguments]
        try:
            return invoke_function(target, values, names, s.run)
        except FeelLimitError as error:
            error.locate(text, pos)
            raise

    return call_value


def invoke_function(target: Function, values: list[Value], names: tuple[str, ...] | None, run: Run) -> Value:
    """Call a function value with positional arguments, or with named ones; null where they do not fit it."""
    if target.parameters is None:
        if names is None:
            return target.call(run, values)
        return target.call_named(run, dict(zip(names, values, strict=True))) if target.call_named else None
    wanted = [name for name, _ in target.parameters]
    if names is not None:
        given = dict(zip(names, values, strict=True))
        if set(given) != set(wanted):
            return None
        values = [given[name] for name in wanted]
    if len(values) != len(wanted):
        return None
    return target.call(run, values)
