"""What a page renders of a form, as frozen values without HTML. `present` makes them.

Ids, the links between a control and its words, and the state of each control are decided here, so that every
page that puts them through the macros of webui/templates/forms is accessible in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class Visibility:
    """Whether an item is shown for the answers at hand, and how a page may find out for other answers."""

    hidden: bool = False
    """Hidden for the answers at hand. Without script it is shown all the same; its answer is dropped."""
    hide_when: str | None = None
    """JSON of the combinations of answers that hide it: `[{"decision":"accept"},{"decision":null}]`."""
    ask_server: bool = False
    """Answers to this form can hide it, but only the server can tell: the page may be rendered anew."""

    @property
    def conditional(self) -> bool:
        """Whether answers to this form can hide it."""
        return self.hide_when is not None or self.ask_server


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a control."""

    value: str
    label: str
    id: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Control:
    """A field with its words and its state."""

    template: ClassVar[str] = "control"
    key: str
    kind: str
    """`input`, `textarea`, `select`, `radio`, `checkboxes` or `checkbox`."""
    id: str
    """Id of the control; for `radio` and `checkboxes` of the first option, so that a link leads to it."""
    label: str
    description: str
    hint: str
    """What the rules allow, in words; empty where there is nothing to say."""
    required: bool
    value: str
    """As the control takes it; for choices see `choices`."""
    checked: bool
    choices: tuple[Choice, ...]
    attributes: tuple[tuple[str, str], ...]
    """Further attributes of the tag: type, inputmode, autocomplete, min, max, step, rows."""
    prefix: str
    suffix: str
    readonly: bool
    disabled: bool
    errors: tuple[str, ...]
    visibility: Visibility
    row: str | None = None

    @property
    def description_id(self) -> str:
        """Id of the element that holds description and hint."""
        return f"{self.id}-description"

    @property
    def prefix_id(self) -> str:
        """Id of the words before the input."""
        return f"{self.id}-prefix"

    @property
    def suffix_id(self) -> str:
        """Id of the words behind the input."""
        return f"{self.id}-suffix"

    @property
    def error_id(self) -> str:
        """Id of the element that holds the errors."""
        return f"{self.id}-error"

    @property
    def described_by(self) -> str:
        """Value of aria-describedby: ids of the elements that are there, or empty. Errors are read first."""
        there = (
            (self.error_id, self.errors),
            (self.prefix_id, self.prefix),
            (self.suffix_id, self.suffix),
            (self.description_id, self.description or self.hint),
        )
        return " ".join(identifier for identifier, words in there if words)


@dataclass(frozen=True, slots=True)
class ProseBlock:
    """A heading `h`, a paragraph `p`, or a list `ul`, `ol`."""

    kind: str
    lines: tuple[str, ...]
    level: int = 0
    """2 to 6 for a heading: one below what the form wrote, since a page has its own first heading."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Static text."""

    template: ClassVar[str] = "prose"
    blocks: tuple[ProseBlock, ...]
    visibility: Visibility
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Divider:
    """A separator line, or space."""

    template: ClassVar[str] = "divider"
    line: bool
    visibility: Visibility
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A group: a fieldset with its legend."""

    template: ClassVar[str] = "section"
    label: str
    rows: tuple[tuple[Item, ...], ...]
    visibility: Visibility
    row: str | None = None


Item: TypeAlias = Control | Prose | Divider | Section


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the error summary."""

    sentence: str
    label: str
    """The field's label; empty for the whole form."""
    href: str
    """Link to the field; empty where the form has no such field or does not show it."""

    @property
    def words(self) -> str:
        """The label and what is wrong, in one line."""
        if not self.label:
            return self.sentence
        return f"{self.label}{'' if self.label[-1] in '.?!:' else ':'} {self.sentence}"


@dataclass(frozen=True, slots=True)
class Presentation:
    """A form as a page shows it."""

    title: str
    rows: tuple[tuple[Item, ...], ...]
    """Items that stand beside each other in a wide window, row by row."""
    problems: tuple[Problem, ...]
    summary_id: str
    has_required: bool
    submit_label: str | None
    """Words on the form's own submit button; None where it has none and the page chooses."""
    triggers: tuple[str, ...]
    """Keys whose answers change what is shown in a way that only the server can tell."""

    def controls(self) -> list[Control]:
        """All controls in order, those in sections included."""
        return controls(self.rows)


def controls(rows: Sequence[Sequence[Item]]) -> list[Control]:
    """All controls of these rows in order, those in sections included."""
    found: list[Control] = []
    for row in rows:
        for item in row:
            if isinstance(item, Control):
                found.append(item)
            elif isinstance(item, Section):
                found += controls(item.rows)
    return found
