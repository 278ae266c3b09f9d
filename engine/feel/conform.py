"""Whether a value is of a type, and the few conversions DMN makes to bring it there (DMN 1.3 §10.3.2.9.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from . import types
from .arithmetic import midnight
from .compare import KINDS
from .far import FarDate
from .limits import Run
from .types import FeelType
from .values import Function, Range, Value, lift

Resolve = Callable[[str], FeelType | None]


def conforms(value: Value, kind: FeelType, run: Run) -> bool:
    """Whether `value` is an instance of the built-in type `kind` (null is one of `Null` alone)."""
    if value is None:
        return kind.name == "Null"
    return _conforms(value, kind, run)


def _conforms(value: Value, kind: FeelType, run: Run) -> bool:
    run.spend(1)
    if kind.name == "Any":
        return True
    name = KINDS.get(type(value))
    if name != kind.name:
        return False
    if kind.element is not None:
        if type(value) is Range:
            return all(end is None or _conforms(end, kind.element, run) for end in (value.low, value.high))
        return all(item is None or _conforms(lift(item, run), kind.element, run) for item in value)
    if kind.fields:
        return all(
            field in value and (value[field] is None or _conforms(lift(value[field], run), wanted, run))
            for field, wanted in kind.fields
        )
    if kind.parameters is not None and type(value) is Function:
        return _function_conforms(value, kind)
    return True


def _function_conforms(function: Function, kind: FeelType) -> bool:
    wanted = kind.parameters or ()
    if function.parameters is None:
        return True
    if len(function.parameters) != len(wanted):
        return False
    taken = [given or types.ANY for _, given in function.parameters]
    if not all(is_subtype(want, have) for want, have in zip(wanted, taken, strict=True)):
        return False
    return is_subtype(function.result or types.ANY, kind.result or types.ANY)


def is_subtype(kind: FeelType, of: FeelType) -> bool:
    """Whether every value of `kind` is a value of `of` too (DMN 1.3 §10.3.2.9.2)."""
    if of.name == "Any" or kind == of or kind.name == "Null":
        return True
    if kind.name != of.name:
        return False
    if of.element is not None:
        return kind.element is not None and is_subtype(kind.element, of.element)
    if of.fields:
        have = dict(kind.fields)
        return all(name in have and is_subtype(have[name], wanted) for name, wanted in of.fields)
    return True


def coerce(value: Value, kind: FeelType, run: Run) -> Value:
    """`value` as a value of `kind`: itself, its only element, a list of it, a date as midnight; else null."""
    if value is None or conforms(value, kind, run):
        return value
    if kind.name == "list":
        wrapped = [value]
        return wrapped if conforms(wrapped, kind, run) else None
    if type(value) is list and len(value) == 1 and conforms(lift(value[0], run), kind, run):
        return value[0]
    if kind.name == "date and time" and (isinstance(value, FarDate) or type(value) is date):
        return midnight(value)
    return None


def as_index(value: Value) -> int | None:
    """A whole number as a Python int; None for anything else."""
    if type(value) is Decimal and value == value.to_integral_value():
        return int(value)
    return None
