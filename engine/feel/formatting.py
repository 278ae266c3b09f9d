"""Values as text: what `string()` gives (DMN 1.3 table 66), and FEEL literals for explanations."""

from __future__ import annotations

from decimal import Decimal

from .errors import FeelLimitError
from .limits import MAX_DATA_DEPTH, Run
from .temporal import show
from .values import Function, Range, Value, lift


def number_text(value: Decimal) -> str:
    """The number in plain digits, without an exponent and without zeros at the end of a fraction."""
    if not value:
        return "0"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quoted(text: str) -> str:
    """The text as a FEEL string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def text_of(value: Value, run: Run) -> str:
    """The value as `string()` gives it. Raises FeelLimitError where that would be too long."""
    if type(value) is str:
        return value
    text = _text(value, run, 0)
    run.spend_string(len(text))
    return text


def literal_of(value: Value, run: Run | None = None) -> str:
    """The value as a FEEL literal a person can read (dates as `@"…"`)."""
    kind = type(value)
    if value is None or kind in (str, bool, Decimal, list, dict, Range, Function):
        return _text(value, run or Run(), 0)
    return f'@"{show(value)}"'


def _text(value: Value, run: Run, depth: int) -> str:
    """A value inside a list or context, where strings are in quotation marks."""
    if depth > MAX_DATA_DEPTH:
        raise FeelLimitError(f"Lists and contexts are nested more than {MAX_DATA_DEPTH} levels deep")
    value = lift(value, run)
    run.spend(1)
    if value is None:
        return "null"
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is Decimal:
        return number_text(value)
    if type(value) is str:
        run.spend_string(len(value))
        return quoted(value)
    if type(value) is list:
        return f"[{_joined([_text(item, run, depth + 1) for item in value], run)}]"
    if type(value) is dict:
        return f"{{{_joined([f'{key}: {_text(item, run, depth + 1)}' for key, item in value.items()], run)}}}"
    if type(value) is Range:
        return _range_text(value, run, depth)
    if type(value) is Function:
        return f"function {value.name}"
    return show(value)


def _joined(parts: list[str], run: Run) -> str:
    run.spend_string(sum(map(len, parts)) + 2 * len(parts))
    return ", ".join(parts)


def _range_text(value: Range, run: Run, depth: int) -> str:
    if value.comparison:
        end = value.low if value.comparison[0] in ">=!" else value.high
        return f"({value.comparison}{_text(end, run, depth + 1)})"
    low, high = _text(value.low, run, depth + 1), _text(value.high, run, depth + 1)
    return f"{'[' if value.low_included else '('}{low}..{high}{']' if value.high_included else ')'}"
