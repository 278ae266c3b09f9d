"""Reads the attributes of one component of a form definition, with a sentence for each that is not as it must
be."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.feel import Expression
from forms import components, limits
from forms.errors import FormError
from forms.texts import expression
from forms.types import Kind


def describe(entry: Mapping[str, Any]) -> str:
    """A component as its author knows it: The number field "Days" (key days)."""
    kind = str(entry.get("type"))
    noun = f"The component of type {kind[:40]!r}" if kind not in set(Kind) else f"The {kind} component"
    label = entry.get("label") or entry.get("dateLabel") or ""
    name = f" “{label[:60]}”" if isinstance(label, str) and label else ""
    marks = [f"{mark} {entry[mark][:60]}" for mark in ("key", "id") if isinstance(entry.get(mark), str)]
    return noun + name + (f" ({marks[0]})" if marks else "")


class Reader:
    """One component's attributes."""

    def __init__(self, entry: Mapping[str, Any], kind: Kind, where: str) -> None:
        self.entry = entry
        self.kind = kind
        self.where = where

    def only(self, allowed: frozenset[str]) -> None:
        """Refuse attributes that are not in `allowed`."""
        for name in sorted(set(self.entry) - allowed):
            raise FormError(
                f"{self.where} has the attribute {name[:60]!r}, which is not supported for this component. "
                "Remove it."
            )

    def text(self, name: str, most: int = limits.MAX_LABEL, *, required: bool = False) -> str:
        """A text attribute, stripped; empty where it is absent."""
        value = self.entry.get(name)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or (required and not value.strip()):
            raise FormError(f"{self.where} needs a text as its {name}.")
        if len(value) > most:
            raise FormError(
                f"{self.where}: its {name} is {len(value):,} characters long; {most:,} are allowed."
            )
        if any(ord(each) < 32 and each not in "\n\r\t" for each in value):
            raise FormError(f"{self.where}: its {name} holds control characters. Remove them.")
        return value.strip()

    def flag(self, name: str) -> bool:
        """A yes-or-no attribute; False where it is absent."""
        value = self.entry.get(name, False)
        if not isinstance(value, bool):
            raise FormError(
                f"{self.where}: its {name} must be true or false; expressions are not supported there."
            )
        return value

    def whole(self, name: str, least: int, most: int) -> int | None:
        """A whole number within bounds; None where it is absent."""
        value = self.entry.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise FormError(f"{self.where}: its {name} must be a whole number from {least:,} to {most:,}.")
        return value

    def mapping(self, name: str) -> Mapping[str, Any]:
        """An object attribute; empty where it is absent."""
        value = self.entry.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise FormError(f"{self.where}: its {name} must be an object.")
        return value

    def validate(self) -> Mapping[str, Any]:
        """The `validate` entries, refused where the component has no such rule. Empty ones are left out."""
        found = self.mapping("validate")
        for name in sorted(set(found) - components.VALIDATE[self.kind]):
            raise FormError(
                f"{self.where} has the rule {name[:60]!r}, which is not supported for this component."
            )
        return {name: value for name, value in found.items() if value is not None and value != ""}

    def properties(self) -> Mapping[str, str]:
        """Parley's own custom properties. Those of others are left alone: they have no effect."""
        own: dict[str, str] = {}
        for name, value in self.mapping("properties").items():
            if not name.startswith("parley:"):
                continue
            if self.kind not in components.PROPERTIES.get(name, frozenset()):
                raise FormError(
                    f"{self.where} has the property {name[:60]!r}, which is not supported for this component."
                )
            if not isinstance(value, str) or not value.strip() or len(value) > limits.MAX_LABEL:
                raise FormError(f"{self.where}: its property {name} must be a text.")
            own[name] = value.strip()
        return own

    def row(self) -> str | None:
        """The row of the form's grid it stands in, where the author put it in one."""
        row = self.mapping("layout").get("row")
        return row if isinstance(row, str) else None

    def number(self, name: str, value: Any) -> Decimal | Expression:
        """A number that the form gives as such, as digits, or as `= expression`."""
        if isinstance(value, str) and value.lstrip().startswith("="):
            return expression(value, f"{self.where}: its {name}")
        if isinstance(value, str):
            try:
                value = Decimal(value.strip())
            except ArithmeticError:
                value = None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise FormError(
                f"{self.where}: its {name} must be a number, or an expression that begins with =."
            )
        number = Decimal(value)
        if (
            not number.is_finite()
            or number.copy_abs() >= limits.MAX_NUMBER  # `abs` would round, and overflow
            or int(number.as_tuple().exponent) < -limits.MAX_DECIMALS
        ):
            raise FormError(
                f"{self.where}: its {name} may have {limits.MAX_NUMBER_DIGITS} digits before the decimal "
                f"point and {limits.MAX_DECIMALS} after it."
            )
        return number

    def length(self, name: str, value: Any) -> int | Expression:
        """A number of characters that the form gives as such, as digits, or as `= expression`."""
        number = self.number(name, value)
        if isinstance(number, Decimal):
            if number != number.to_integral_value() or not 0 <= number <= limits.MAX_OWN_LENGTH:
                raise FormError(
                    f"{self.where}: its {name} must be a whole number from 0 to {limits.MAX_OWN_LENGTH:,}."
                )
            return int(number)
        return number
