"""The marshmallow schema of a form: its fields' types and rules, and the sentences that refuse an answer.

Types and rules are apart: `typed` reads one answer into its field's type, which conditions and bounds need
before rules can be worked out; `schema` holds the rules as well, for the fields that are shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from threading import Lock
from typing import Any, TypeVar

import marshmallow
from marshmallow import ValidationError

from forms import limits
from forms.rules import Rules, rule_checks
from forms.types import Field, Kind, Option

_NUMBER = re.compile(r"[+-]?(\d+)(?:\.(\d+))?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Unicode's categories Cc and Cs, without line ends and tabs."""
YES, NO = frozenset({"true", "on", "yes", "1"}), frozenset({"false", "off", "no", "0"})
_Value = TypeVar("_Value")


class _Answer(marshmallow.fields.Field[_Value]):
    """Base of our fields: their sentences, and no echo of what was sent."""

    default_error_messages: marshmallow.types.ErrorMessages = {  # noqa: RUF012  # marshmallow declares it so
        "null": "This is required.",
        "validator_failed": "This is not an answer that can be taken.",
    }


class PlainText(_Answer[str]):
    """Text without control characters, NFC, line ends as \\n, without blanks around it."""

    def __init__(self, lines: bool, **kwargs: Any) -> None:
        self.lines = lines
        super().__init__(**kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str):
            raise ValidationError("Write a text here; something else was sent.")
        if len(value) > limits.MAX_ANSWER_CHARACTERS:
            raise ValidationError(
                f"This is too long: at most {limits.MAX_ANSWER_CHARACTERS:,} characters are taken."
            )
        text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
        if _CONTROL.search(text):
            raise ValidationError("This holds control characters that cannot be stored. Type it in again.")
        if not self.lines and "\n" in text:
            raise ValidationError("Write this on one line.")
        # Blanks and marks without width alone are no answer: a reason that nobody can see is none.
        return text if any(unicodedata.category(each)[0] not in "ZC" for each in text) else ""


class ExactNumber(_Answer[Decimal]):
    """Digits with an optional decimal point, kept exactly. Floats are refused: they were rounded already."""

    HOW = "Enter a number in digits, with a point before decimals and no other signs, like 1234.5."

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Decimal:
        if isinstance(value, float):
            raise ValidationError(
                "Send numbers as text or as exact decimals, not as binary fractions: those are rounded."
            )
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise ValidationError(self.HOW)
        if isinstance(value, str):
            return self._digits(value.strip())
        if isinstance(value, int):
            if not -limits.MAX_NUMBER < value < limits.MAX_NUMBER:
                raise ValidationError(_TOO_LARGE)
            return Decimal(value)
        if not value.is_finite():
            raise ValidationError(self.HOW)
        if abs(value.adjusted()) > limits.MAX_NUMBER_DIGITS and value:
            raise ValidationError(_TOO_LARGE)
        return self._digits(f"{value:f}") if value else Decimal(0)

    def _digits(self, text: str) -> Decimal:
        if len(text) > 200 or not (found := _NUMBER.fullmatch(text.replace("−", "-"))):
            raise ValidationError(self.HOW)
        whole, fraction = found.group(1).lstrip("0"), (found.group(2) or "").rstrip("0")
        if len(whole) > limits.MAX_NUMBER_DIGITS or len(fraction) > limits.MAX_DECIMALS:
            raise ValidationError(_TOO_LARGE)
        number = Decimal(found.group(0))
        return number if number else Decimal(0)


_TOO_LARGE = (
    f"Enter a number of at most {limits.MAX_NUMBER_DIGITS} digits before and {limits.MAX_DECIMALS} after "
    "the decimal point."
)


class IsoDate(_Answer[date]):
    """A date as YYYY-MM-DD, which is what a browser's date input sends."""

    HOW = "Enter a date that exists, as year-month-day, like 2026-03-31."

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> date:
        if isinstance(value, date) and not isinstance(value, datetime):
            return _in_years(value)
        if not isinstance(value, str) or not _DATE.fullmatch(value.strip()):
            raise ValidationError(self.HOW)
        try:
            return _in_years(date.fromisoformat(value.strip()))
        except ValueError as error:
            raise ValidationError(self.HOW) from error


class IsoMoment(_Answer[datetime]):
    """A date and time as YYYY-MM-DDTHH:MM, in UTC where it names no offset; kept in UTC."""

    HOW = "Enter a date and a time that exist, in UTC, like 2026-03-31T14:30."

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        try:
            if isinstance(value, datetime):
                moment = value
            elif isinstance(value, str) and len(value) < 60 and _MOMENT.fullmatch(value.strip()):
                moment = datetime.fromisoformat(value.strip())
            else:
                raise ValidationError(self.HOW)
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ValidationError(self.HOW) from error
        _in_years(moment.date())
        return moment


class Tick(_Answer[bool]):
    """A checkbox: ticked or not."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().lower() in YES | NO:
            return value.strip().lower() in YES
        raise ValidationError("Tick this or leave it; something else was sent.")


class Choice(_Answer[str]):
    """The value of one option."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str) or len(value) > limits.MAX_OPTION_VALUE:
            raise ValidationError("Choose one of the options.")
        return value.strip()


class ChoiceList(_Answer[list[str]]):
    """The values of several options, each once, in the order they were sent."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> list[str]:
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list | tuple) or len(values) > limits.MAX_OPTIONS:
            raise ValidationError("Choose among the options.")
        if not all(isinstance(each, str) and len(each) <= limits.MAX_OPTION_VALUE for each in values):
            raise ValidationError("Choose among the options.")
        return list(dict.fromkeys(each.strip() for each in values if each.strip()))


def _in_years(day: date) -> date:
    if not limits.FIRST_YEAR <= day.year <= limits.LAST_YEAR:
        raise ValidationError(f"Enter a year from {limits.FIRST_YEAR} to {limits.LAST_YEAR}.")
    return day


_REQUIRED: Mapping[Kind, str] = {
    Kind.CHECKBOX: "This is required: tick it to go on.",
    Kind.CHECKLIST: "This is required: choose at least one.",
    Kind.DATETIME: "This is required: enter a date.",
    Kind.NUMBER: "This is required: enter a number.",
    Kind.RADIO: "This is required: choose one.",
    Kind.SELECT: "This is required: choose one.",
    Kind.TAGLIST: "This is required: choose at least one.",
    Kind.TEXTAREA: "This is required: write an answer.",
    Kind.TEXTFIELD: "This is required: write an answer.",
}


def type_of(field: Field) -> _Answer[Any]:
    """What reads an answer into its field's type, without any rule: the same one for all fields of a kind."""
    return _reader(field.kind, field.moment)


@cache
def _reader(kind: Kind, moment: bool) -> _Answer[Any]:
    return _kind(kind, moment)()


def _kind(kind: Kind, moment: bool) -> Callable[..., _Answer[Any]]:
    made: Mapping[Kind, Callable[..., _Answer[Any]]] = {
        Kind.CHECKBOX: Tick,
        Kind.CHECKLIST: ChoiceList,
        Kind.DATETIME: IsoMoment if moment else IsoDate,
        Kind.NUMBER: ExactNumber,
        Kind.RADIO: Choice,
        Kind.SELECT: Choice,
        Kind.TAGLIST: ChoiceList,
        Kind.TEXTAREA: lambda **kwargs: PlainText(lines=True, **kwargs),
        Kind.TEXTFIELD: lambda **kwargs: PlainText(lines=False, **kwargs),
    }
    return made[kind]


def typed(field: Field, checks: Sequence[Callable[[Any], None]] = (), required: bool = False) -> _Answer[Any]:
    """The marshmallow field of a form's field, with `checks`."""
    made = _kind(field.kind, field.moment)
    messages = {"required": _REQUIRED[field.kind]}
    if required:
        return made(required=True, validate=list(checks), error_messages=messages)
    return made(load_default=empty(field), validate=list(checks), error_messages=messages)


def empty(field: Field) -> object:
    """What stands for no answer: False for a checkbox, an empty list for several choices, else None."""
    if field.kind is Kind.CHECKBOX:
        return False
    return [] if field.kind in (Kind.CHECKLIST, Kind.TAGLIST) else None


class _FormSchema(marshmallow.Schema):
    """Base of the schemas: fields the form does not declare are refused."""

    error_messages = {  # noqa: RUF012  # marshmallow declares it so
        "unknown": "The form has no such field, so this cannot be taken.",
        "type": "The answers must be given by the fields' keys.",
    }


def schema(
    fields: Sequence[Field], rules: Mapping[str, Rules], options: Mapping[str, Sequence[Option]]
) -> _FormSchema:
    """The schema for these fields, under the rules and options worked out for these answers.

    Making one costs more than using it, so those last used are kept. They are not changed by use.
    """
    key = tuple((id(each), rules[each.key], tuple(options.get(each.key, ()))) for each in fields)
    with _lock:
        held = _held.get(key)
        if held is not None:
            _held.move_to_end(key)
            return held[1]
    made = _made(fields, rules, options)
    with _lock:
        # The fields are kept with it: as long as they live, nothing else has their identity.
        _held[key] = (tuple(fields), made)
        while len(_held) > KEPT:
            _held.popitem(last=False)
    return made


KEPT = 512
"""Schemas kept in memory."""
_held: OrderedDict[Any, tuple[tuple[Field, ...], _FormSchema]] = OrderedDict()
_lock = Lock()


def _made(
    fields: Sequence[Field], rules: Mapping[str, Rules], options: Mapping[str, Sequence[Option]]
) -> _FormSchema:
    made: dict[str, marshmallow.fields.Field[Any]] = {}
    for at, each in enumerate(fields):
        # Named by number: a key such as "Meta" would otherwise take the place of a schema's own attribute.
        made[f"f{at}"] = typed(
            each, rule_checks(each, rules[each.key], options.get(each.key, ())), each.required
        )
        made[f"f{at}"].data_key = made[f"f{at}"].attribute = each.key
    return _FormSchema.from_dict(made, name="FormSchema")()  # type: ignore[return-value]  # from_dict names its base
