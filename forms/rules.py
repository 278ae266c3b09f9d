"""What an answer must keep to, worked out for the answers and data at hand, and the sentences that say so.

A limit that is an expression and cannot be worked out refuses the answer rather than let it pass unlimited.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Context, Decimal
from typing import Any, TypeAlias, cast

import regex
from marshmallow import ValidationError

from engine.feel import Expression, FeelError
from forms import limits
from forms.texts import human
from forms.types import Field, Kind, Option

Bound: TypeAlias = Decimal | date | datetime
Check: TypeAlias = Callable[[Any], None]
_EXACT = Context(prec=4 * (limits.MAX_NUMBER_DIGITS + limits.MAX_DECIMALS))
"""Enough digits for the quotient of any two numbers a form may hold."""


@dataclass(frozen=True, slots=True)
class Rules:
    """A field's limits with every expression worked out."""

    min: Bound | None = None
    max: Bound | None = None
    min_length: int | None = None
    max_length: int | None = None
    unknown: tuple[str, ...] = ()
    """Sentences about limits that could not be worked out; each refuses the answer."""

    @property
    def impossible(self) -> bool:
        """Whether no number or date could lie within both bounds."""
        least, most = cast(Any, self.min), cast(Any, self.max)  # both of the field's one type
        return least is not None and most is not None and bool(least > most)


def rules(field: Field, context: Mapping[str, object], now: datetime) -> Rules:
    """Work out a field's limits."""
    unknown: list[str] = []

    def bound(limit: Decimal | Expression | None, *, latest: bool) -> Bound | None:
        if limit is None or isinstance(limit, Decimal):
            return limit
        found = _evaluate(limit, context, now)
        worked: Bound | None
        if field.kind is Kind.DATETIME:
            worked = _moment(found, latest) if field.moment else _day(found)
        else:
            worked = _number(found)
        if worked is None:
            unknown.append(
                f"The {'highest' if latest else 'lowest'} answer allowed here could not be worked out from "
                "the case, so none can be taken. Tell the people who keep this policy."
            )
        return worked

    def length(limit: int | Expression | None, standard: int | None) -> int | None:
        if limit is None or isinstance(limit, int):
            return standard if limit is None else limit
        worked = _number(_evaluate(limit, context, now))
        if worked is None or worked < 0:
            unknown.append(
                "The length allowed here could not be worked out from the case, so no answer can be "
                "taken. Tell the people who keep this policy."
            )
            return None
        return min(int(worked), limits.MAX_OWN_LENGTH)

    given = field.limits
    least, most = bound(given.min, latest=False), bound(given.max, latest=True)
    if given.no_past:
        today = now.astimezone(UTC).date()
        first: Bound = _start(today) if field.moment else today
        least = first if least is None else max(first, least)
    standard = {Kind.TEXTFIELD: limits.MAX_LINE, Kind.TEXTAREA: limits.MAX_AREA}.get(field.kind)
    shortest, longest = length(given.min_length, None), length(given.max_length, standard)
    if given.max_length is None and shortest is not None and longest is not None:
        longest = max(longest, shortest)
    return Rules(least, most, shortest, longest, tuple(unknown))


def options(field: Field, context: Mapping[str, object], now: datetime) -> tuple[Option, ...]:
    """The options of a choice.

    An expression gives a list of texts, numbers, or contexts with `value` and `label`. Whatever else the
    expression gives is left out, and an expression that fails gives no option at all.
    """
    if field.choices is None:
        return ()
    if field.choices.source is None:
        return field.choices.fixed
    found = _evaluate(field.choices.source, context, now)
    made: dict[str, Option] = {}
    for entry in found[: limits.MAX_OPTIONS] if isinstance(found, list | tuple) else ():
        raw, label = (entry.get("value"), entry.get("label")) if isinstance(entry, Mapping) else (entry, None)
        if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
            continue
        value = (raw if isinstance(raw, str) else f"{Decimal(raw):f}").strip()
        if 0 < len(value) <= limits.MAX_OPTION_VALUE:
            text = label.strip()[: limits.MAX_LABEL] if isinstance(label, str) else ""
            made.setdefault(value, Option(value, text or value))
    return tuple(made.values())


def rule_checks(field: Field, found: Rules, allowed: Sequence[Option]) -> list[Check]:
    """The checks of one field, for marshmallow; each refuses with a sentence that repeats its limit."""
    checks: list[Check] = [_refuse(sentence) for sentence in found.unknown]
    if field.choices is not None:
        checks.append(_one_of(allowed))
    if field.kind in (Kind.TEXTFIELD, Kind.TEXTAREA):
        checks.append(_length(found))
        if field.limits.pattern is not None:
            checks.append(_matches(field.limits.pattern, field.limits.pattern_hint))
    if found.min is not None or found.max is not None:
        checks.append(_within(found))
    if field.kind is Kind.NUMBER:
        checks.append(_steps(field))
    if field.limits.minutes is not None:
        checks.append(_minutes(field.limits.minutes))
    return checks


def _refuse(sentence: str) -> Check:
    def check(value: Any) -> None:
        raise ValidationError(sentence)

    return check


def _one_of(allowed: Sequence[Option]) -> Check:
    values = {each.value for each in allowed}

    def check(value: Any) -> None:
        if set(value if isinstance(value, list) else [value]) <= values:
            return
        if not allowed:
            raise ValidationError("There is nothing to choose from in this case, so no answer can be taken.")
        listed = ", ".join(each.label for each in allowed[:8]) + (", …" if len(allowed) > 8 else "")
        raise ValidationError(f"Choose among the options offered: {listed}.")

    return check


def _length(found: Rules) -> Check:
    least, most = found.min_length, found.max_length

    def check(value: str) -> None:
        if least is not None and len(value) < least:
            raise ValidationError(f"Write at least {_characters(least)}; this has {len(value):,}.")
        if most is not None and len(value) > most:
            raise ValidationError(f"Write at most {_characters(most)}; this has {len(value):,}.")

    return check


def _matches(pattern: regex.Pattern[str], hint: str) -> Check:
    like = f": {hint}" if hint else ""

    def check(value: str) -> None:
        try:
            # Anywhere in the answer, as JavaScript's RegExp.test.
            matched = pattern.search(value, timeout=limits.PATTERN_SECONDS)
        except TimeoutError as error:
            raise ValidationError("This could not be checked in time. Shorten it, and try again.") from error
        if not matched:
            raise ValidationError(
                f"This is not in the form asked for{like}{'' if like.endswith('.') else '.'}"
            )

    return check


def _within(found: Rules) -> Check:
    def check(value: Any) -> None:
        dated = isinstance(value, date)
        if found.impossible:
            raise ValidationError(
                f"No answer is possible here: it would have to be {_or_more(found.min, dated)} and "
                f"{_or_less(found.max, dated)}. Tell the people who keep this policy."
            )
        if found.min is not None and value < found.min:
            raise ValidationError(f"This must be {_or_more(found.min, dated)}; it is {human(value)}.")
        if found.max is not None and value > found.max:
            raise ValidationError(f"This must be {_or_less(found.max, dated)}; it is {human(value)}.")

    return check


def _steps(field: Field) -> Check:
    decimals, increment = field.limits.decimals, field.limits.increment

    def check(value: Decimal) -> None:
        exponent = value.normalize(_EXACT).as_tuple().exponent
        places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        if decimals == 0 and places:
            raise ValidationError("Enter a whole number, without decimals.")
        if decimals is not None and places > decimals:
            raise ValidationError(
                f"Enter at most {decimals} digits after the decimal point; this has {places}."
            )
        if increment is not None and _EXACT.remainder(value, increment):
            raise ValidationError(f"Enter a multiple of {human(increment)}.")

    return check


def _minutes(step: int) -> Check:
    def check(value: datetime) -> None:
        if value.second or value.microsecond or (value.hour * 60 + value.minute) % step:
            raise ValidationError(f"Enter a time in steps of {step} minutes.")

    return check


def _or_more(bound: Bound | None, dated: bool) -> str:
    return f"{human(bound)} or {'later' if dated else 'more'}"


def _or_less(bound: Bound | None, dated: bool) -> str:
    return f"{human(bound)} or {'earlier' if dated else 'less'}"


def _characters(count: int) -> str:
    return f"{count:,} character{'' if count == 1 else 's'}"


def _evaluate(source: Expression, context: Mapping[str, object], now: datetime) -> object:
    """The value; None where the expression fails."""
    try:
        return source.evaluate(context, now=now)
    except FeelError:
        return None


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    return number if number.is_finite() and abs(number) < limits.MAX_NUMBER else None


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return None


def _moment(value: object, latest: bool) -> datetime | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    day = _day(value)
    if day is None:
        return None
    return datetime.combine(day, time.max, UTC) if latest else _start(day)


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
