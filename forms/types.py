"""A parsed form, as frozen values. Everything in it is something the server can render and check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

import regex

from engine.feel import Expression
from forms.texts import Block, Template


class Kind(StrEnum):
    """The components of form-js that Parley honours, by form-js's own names."""

    BUTTON = "button"
    CHECKBOX = "checkbox"
    CHECKLIST = "checklist"
    DATETIME = "datetime"
    GROUP = "group"
    NUMBER = "number"
    RADIO = "radio"
    SELECT = "select"
    SEPARATOR = "separator"
    SPACER = "spacer"
    TAGLIST = "taglist"
    TEXT = "text"
    TEXTAREA = "textarea"
    TEXTFIELD = "textfield"


@dataclass(frozen=True, slots=True)
class Option:
    """One allowed value of a choice, and the words a person reads for it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Where a choice's options come from: the form itself, or an expression over the case's data."""

    fixed: tuple[Option, ...] = ()
    source: Expression | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer must keep to. An Expression is worked out over the answers and the case's data."""

    min: Decimal | Expression | None = None
    max: Decimal | Expression | None = None
    min_length: int | Expression | None = None
    max_length: int | Expression | None = None
    pattern: regex.Pattern[str] | None = None
    pattern_hint: str = ""
    """What an answer that keeps to the pattern looks like, in words."""
    decimals: int | None = None
    """Digits allowed after the decimal point; None: as many as the server takes."""
    increment: Decimal | None = None
    no_past: bool = False
    minutes: int | None = None
    """Moments must fall on multiples of so many minutes of the hour."""


@dataclass(frozen=True, slots=True)
class Condition:
    """When a component is hidden: where the expression is true, as in form-js."""

    hide: Expression

    @property
    def reads(self) -> frozenset[str]:
        """Names it reads, or may read where an element of a filtered list does not hold them."""
        return self.hide.names | self.hide.possible_names


@dataclass(frozen=True, slots=True)
class Field:
    """A component that takes an answer."""

    key: str
    kind: Kind
    label: Template
    description: Template | None = None
    required: bool = False
    limits: Limits = field(default_factory=Limits)
    choices: Choices | None = None
    moment: bool = False
    """For `datetime`: True for a date with its time, False for a date."""
    text_type: str = "text"
    """For `textfield`: HTML's `text`, `email` or `tel`."""
    default: object = None
    """The answer to begin with, already of the field's type."""
    default_expression: Expression | None = None
    readonly: bool = False
    """Shown, never taken from the person: its value is the one the server begins with."""
    disabled: bool = False
    """Shown, and neither taken nor stored."""
    autocomplete: str | None = None
    prefix: str = ""
    suffix: str = ""
    condition: Condition | None = None
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Static text: headings, paragraphs and lists, with values of the case put in."""

    blocks: tuple[Block, ...]
    condition: Condition | None = None
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A separator line, or a spacer."""

    line: bool
    condition: Condition | None = None
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Components that belong together, under a legend. Hidden, it hides all of them."""

    label: Template | None
    components: tuple[Component, ...]
    condition: Condition | None = None
    row: str | None = None


Component: TypeAlias = Field | Text | Rule | Group


@dataclass(frozen=True, slots=True)
class Form:
    """A form definition, honoured whole."""

    id: str
    title: str
    components: tuple[Component, ...]
    fields: tuple[Field, ...]
    """All fields, groups flattened, in the order of the form."""
    reads: frozenset[str]
    """Names of the case's data that its expressions read."""
    submit_label: str | None = None
    """The label of the form's own submit button, where it has one."""
    order: tuple[str, ...] = ()
    """Keys of all fields, so that each comes after those its conditions read."""

    def field(self, key: str) -> Field | None:
        """The field of this key; None where the form declares none."""
        return next((each for each in self.fields if each.key == key), None)


def walk(
    components: tuple[Component, ...], above: tuple[Condition, ...] = ()
) -> Iterator[tuple[Component, tuple[Condition, ...]]]:
    """Every component in order, groups before what they hold, each with the conditions it lies under."""
    for component in components:
        conditions = (*above, component.condition) if component.condition else above
        yield component, conditions
        if isinstance(component, Group):
            yield from walk(component.components, conditions)
