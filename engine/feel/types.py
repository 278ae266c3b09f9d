"""FEEL's types as data: what `instance of`, function signatures and item definitions name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeelType:
    """A type. `name` is a built-in type's name or a model's own; the other fields are for compound types.

    `element` is for `list<…>` and `range<…>`; `fields` for `context<…>`; `parameters` and `result` for
    `function<…>`.
    """

    name: str
    element: FeelType | None = None
    fields: tuple[tuple[str, FeelType], ...] = ()
    parameters: tuple[FeelType, ...] | None = None
    result: FeelType | None = None

    def __str__(self) -> str:
        """The type as FEEL writes it."""
        if self.element is not None:
            return f"{self.name}<{self.element}>"
        if self.fields:
            return f"{self.name}<{', '.join(f'{name}: {kind}' for name, kind in self.fields)}>"
        if self.parameters is not None:
            return f"function<{', '.join(map(str, self.parameters))}> -> {self.result}"
        return self.name


ANY = FeelType("Any")
NULL = FeelType("Null")
NUMBER = FeelType("number")
STRING = FeelType("string")
BOOLEAN = FeelType("boolean")
DATE = FeelType("date")
TIME = FeelType("time")
DATE_TIME = FeelType("date and time")
DAYS_DURATION = FeelType("days and time duration")
YEARS_DURATION = FeelType("years and months duration")

SIMPLE = {
    kind.name: kind
    for kind in (ANY, NULL, NUMBER, STRING, BOOLEAN, DATE, TIME, DATE_TIME, DAYS_DURATION, YEARS_DURATION)
}
"""The built-in types that are not compound, by name."""
SIMPLE["dateTime"] = DATE_TIME
SIMPLE["dayTimeDuration"] = DAYS_DURATION
SIMPLE["yearMonthDuration"] = YEARS_DURATION
