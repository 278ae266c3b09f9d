"""How a built-in function is declared, and how a call's arguments are matched to it.

    @builtin("substring(string: string, start position: number, [length: number])")
    def substring(run, string, start, length=None): ...

A kind followed by `|null` takes null too, `[…]` is optional, and `name: Any...` takes all further arguments
as a list.
Arguments are matched as DMN 1.3 §10.3.4 has it: where none of a function's signatures fits, the result is
null. A list of one element fits where the element does, and a single value where a list is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from ..far import FarDate, FarDateTime
from ..limits import Run
from ..values import Function, Range, Value, YearsMonthsDuration, lift

Invoke = Callable[[Run, list[Value]], Value]

_MISFIT = object()
_KINDS: dict[str, frozenset[type]] = {
    "number": frozenset({Decimal}),
    "string": frozenset({str}),
    "boolean": frozenset({bool}),
    "date": frozenset({date, FarDate}),
    "time": frozenset({time}),
    "date and time": frozenset({datetime, FarDateTime}),
    "days and time duration": frozenset({timedelta}),
    "years and months duration": frozenset({YearsMonthsDuration}),
    "list": frozenset({list}),
    "context": frozenset({dict}),
    "range": frozenset({Range}),
    "function": frozenset({Function}),
}
_PARAMETER = re.compile(
    r"(?P<opt>\[?)(?P<name>[\w\d ]+): (?P<kind>[\w ]+)(?P<null>\|null)?(?P<rest>\.\.\.)?\]?"
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a built-in function."""

    name: str
    types: frozenset[type] | None
    nullable: bool
    optional: bool
    variadic: bool

    def fit(self, value: Value) -> Value:
        """The value as this parameter takes it, or a mark that it does not fit."""
        if self.types is None:
            return value if value is not None or self.nullable else _MISFIT
        if type(value) in self.types:
            return value
        if value is None:
            return value if self.nullable else _MISFIT
        if list in self.types:
            return [value]
        if type(value) is list and len(value) == 1:
            only = lift(value[0])
            return only if type(only) in self.types else _MISFIT
        return _MISFIT


@dataclass(frozen=True, slots=True)
class Signature:
    """One way of calling a built-in function."""

    parameters: tuple[Parameter, ...]
    function: Callable[..., Value]

    def takes(self, count: int) -> bool:
        """Whether it can be called with so many positional arguments."""
        required = sum(not parameter.optional for parameter in self.parameters)
        rest = bool(self.parameters) and self.parameters[-1].variadic
        return required <= count and (count <= len(self.parameters) or rest)

    def order(self, names: tuple[str, ...]) -> tuple[int | None, ...] | None:
        """For each parameter, which of the named arguments it takes; None where the names do not fit."""
        places = tuple(names.index(p.name) if p.name in names else None for p in self.parameters)
        known = all(name in [p.name for p in self.parameters] for name in names)
        if not known or any(
            place is None and not p.optional for place, p in zip(places, self.parameters, strict=True)
        ):
            return None
        return places

    def form(self) -> str:
        """The parameters as a person reads them, optional ones in brackets."""
        return ", ".join(
            f"[{p.name}]" if p.optional else f"{p.name}…" if p.variadic else p.name for p in self.parameters
        )

    def fit(self, values: list[Value]) -> list[Value] | None:
        """The arguments as the function takes them; None where they do not fit."""
        last = len(self.parameters) - 1
        if last >= 0 and self.parameters[last].variadic:
            values = [*values[:last], values[last:]]
        fitted = []
        for parameter, value in zip(self.parameters, values, strict=False):
            found = parameter.fit(value)
            if found is _MISFIT:
                return None
            fitted.append(found)
        return fitted


@dataclass(slots=True)
class Builtin:
    """A built-in function with all its signatures, tried in the order of their declaration."""

    name: str
    signatures: list[Signature] = field(default_factory=list)

    def bind(self, count: int, names: tuple[str, ...] | None) -> Invoke:
        """Code that calls it with `count` arguments, positional or named, given in the order they are
        written.
        """
        if names is not None:
            return self._bind_named(names)
        fitting = tuple(signature for signature in self.signatures if signature.takes(count))

        def invoke(run: Run, values: list[Value]) -> Value:
            for signature in fitting:
                fitted = signature.fit(values)
                if fitted is not None:
                    run.spend(1)
                    return signature.function(run, *fitted)
            return None

        return invoke

    def misfit(self, count: int, names: tuple[str, ...] | None) -> str | None:
        """Why a call with so many arguments, or with these names, has no value whatever they are; None
        if it may.
        """
        if names is None:
            if any(signature.takes(count) for signature in self.signatures):
                return None
            given = f"{count or 'no'} argument{'' if count == 1 else 's'}"
            return f"“{self.name}” is called with {given}; it is {self._forms()}"
        if any(signature.order(names) is not None for signature in self.signatures):
            return None
        return f"“{self.name}” is called with the arguments {', '.join(names)}; it is {self._forms()}"

    def _forms(self) -> str:
        return " or ".join(dict.fromkeys(f"{self.name}({signature.form()})" for signature in self.signatures))

    def as_value(self) -> Function:
        """The function as a value, to be handed to another one or called under a variable's name."""

        def named(run: Run, values: dict[str, Value]) -> Value:
            return self._bind_named(tuple(values))(run, list(values.values()))

        def positional(run: Run, values: list[Value]) -> Value:
            return self.bind(len(values), None)(run, values)

        return Function(self.name, None, positional, named)

    def _bind_named(self, names: tuple[str, ...]) -> Invoke:
        orders = [(signature, signature.order(names)) for signature in self.signatures]
        fitting = [(signature, places) for signature, places in orders if places is not None]

        def invoke(run: Run, values: list[Value]) -> Value:
            for signature, places in fitting:
                arranged = [None if place is None else values[place] for place in places]
                while places and places[len(arranged) - 1] is None and arranged:
                    arranged.pop()
                fitted = signature.fit(arranged)
                if fitted is not None:
                    run.spend(1)
                    return signature.function(run, *fitted)
            return None

        return invoke


BUILTINS: dict[str, Builtin] = {}
"""Every built-in function by its name."""


def builtin(*signatures: str) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Declare a Python function as a built-in one, called `function(run, argument, …)`, under these
    signatures.
    """

    def register(function: Callable[..., Value]) -> Callable[..., Value]:
        for text in signatures:
            name, _, rest = text.partition("(")
            parameters = tuple(map(_parameter, rest.removesuffix(")").split(", "))) if rest != ")" else ()
            entry = BUILTINS.setdefault(name, Builtin(name))
            entry.signatures.append(Signature(parameters, function))
        return function

    return register


def _parameter(text: str) -> Parameter:
    match = _PARAMETER.fullmatch(text)
    if match is None:
        raise ValueError(f"not a parameter: {text}")
    kind = match["kind"]
    types = _KINDS["list"] if match["rest"] else None if kind == "Any" else _KINDS[kind]
    return Parameter(match["name"], types, bool(match["null"]), bool(match["opt"]), bool(match["rest"]))
