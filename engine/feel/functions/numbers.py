"""Numeric functions (DMN 1.3 §10.3.4.5). A scale is how many digits after the point are kept; it may be
negative.
"""

from __future__ import annotations

import decimal
from decimal import Decimal

from ..errors import FeelLimitError
from ..limits import MAX_EXPONENT, Run
from ..values import NUMBERS, Value
from .registry import builtin

_MAX_SCALE = 6176


def _rounded(number: Decimal, scale: Decimal | None, rounding: str) -> Value:
    digits = int(scale or 0)
    if not -6111 <= digits <= _MAX_SCALE:
        return None
    unit = Decimal((0, (1,), -digits))
    try:
        return number.quantize(unit, rounding=rounding, context=NUMBERS)
    except decimal.InvalidOperation:  # more digits asked for than a number has: it is that exact already
        return number


@builtin("decimal(n: number, scale: number)")
def decimal_(run: Run, number: Decimal, scale: Decimal) -> Value:
    """The number rounded to `scale` digits, halves to the even neighbour."""
    return _rounded(number, scale, decimal.ROUND_HALF_EVEN)


@builtin("floor(n: number, [scale: number])")
def floor(run: Run, number: Decimal, scale: Decimal | None = None) -> Value:
    """The largest number of that scale that is not above."""
    return _rounded(number, scale, decimal.ROUND_FLOOR)


@builtin("ceiling(n: number, [scale: number])")
def ceiling(run: Run, number: Decimal, scale: Decimal | None = None) -> Value:
    """The smallest number of that scale that is not below."""
    return _rounded(number, scale, decimal.ROUND_CEILING)


@builtin("round up(n: number, scale: number)")
def round_up(run: Run, number: Decimal, scale: Decimal) -> Value:
    """Rounded away from zero."""
    return _rounded(number, scale, decimal.ROUND_UP)


@builtin("round down(n: number, scale: number)")
def round_down(run: Run, number: Decimal, scale: Decimal) -> Value:
    """Rounded towards zero."""
    return _rounded(number, scale, decimal.ROUND_DOWN)


@builtin("round half up(n: number, scale: number)")
def round_half_up(run: Run, number: Decimal, scale: Decimal) -> Value:
    """Rounded to the nearest, halves away from zero."""
    return _rounded(number, scale, decimal.ROUND_HALF_UP)


@builtin("round half down(n: number, scale: number)")
def round_half_down(run: Run, number: Decimal, scale: Decimal) -> Value:
    """Rounded to the nearest, halves towards zero."""
    return _rounded(number, scale, decimal.ROUND_HALF_DOWN)


@builtin("abs(n: number)")
def abs_(run: Run, number: Decimal) -> Value:
    """The number without its sign."""
    return number.copy_abs()


@builtin("modulo(dividend: number, divisor: number)")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Value:
    """`dividend - divisor * floor(dividend / divisor)`, which has the divisor's sign; null for divisor 0."""
    if not divisor:
        return None
    try:
        rest = NUMBERS.remainder(dividend, divisor)
    except decimal.InvalidOperation:  # the quotient has more digits than a number
        return None
    if rest and (rest < 0) != (divisor < 0):
        rest = NUMBERS.add(rest, divisor)
    return rest


@builtin("sqrt(number: number)")
def sqrt(run: Run, number: Decimal) -> Value:
    """The square root; null for a negative number."""
    return None if number < 0 else NUMBERS.sqrt(number)


@builtin("log(number: number)")
def log(run: Run, number: Decimal) -> Value:
    """The natural logarithm; null for zero and below."""
    run.spend(100)
    return None if number <= 0 else NUMBERS.ln(number)


@builtin("exp(number: number)")
def exp(run: Run, number: Decimal) -> Value:
    """Euler's number to the power of `number`."""
    run.spend(100)
    try:
        return NUMBERS.exp(number)
    except decimal.Overflow as error:
        raise FeelLimitError(f"A number would have more than {MAX_EXPONENT:,} digits") from error


@builtin("odd(number: number)")
def odd(run: Run, number: Decimal) -> Value:
    """Whether a whole number is odd; null for other numbers."""
    rest = modulo(run, number, Decimal(2))
    return None if rest not in (0, 1) else rest == 1


@builtin("even(number: number)")
def even(run: Run, number: Decimal) -> Value:
    """Whether a whole number is even; null for other numbers."""
    rest = modulo(run, number, Decimal(2))
    return None if rest not in (0, 1) else rest == 0
