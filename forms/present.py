"""What a page renders of a form: plain values, no HTML. The macros of webui/templates/forms put them into
tags.

Ids, links between a control and its words, and the state of each control are decided here, so that every page
that uses the macros is accessible in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar, TypeAlias

from forms.check import initial, shown
from forms.components import CHOICES, MANY
from forms.conditions import final, holds, scripted
from forms.rules import Rules, options, rules
from forms.texts import human
from forms.types import Component, Condition, Field, Form, Group, Kind, Text


@dataclass(frozen=True, slots=True)
class Visibility:
    """Whether an item is shown for the answers at hand, and how a page may find out for other answers."""

    hidden: bool = False
    """Hidden for the answers shown. Without script the page shows it all the same; the server drops what it
    holds."""
    hide_when: str | None = None
    """JSON of the simple conditions that hide it (see `forms.conditions`); None where script cannot
    decide."""
    ask_server: bool = False
    """A condition reads this form's answers but is not simple: the page may ask the server to render it
    anew."""

    @property
    def conditional(self) -> bool:
        """Whether answers to this form can hide it."""
        return self.hidden or self.hide_when is not None or self.ask_server


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
    """Id of the control; of the first option for `radio` and `checkboxes`, so that a link leads to where one
    acts."""
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
    def error_id(self) -> str:
        """Id of the element that holds the errors."""
        return f"{self.id}-error"

    @property
    def described_by(self) -> str:
        """Value of aria-describedby: ids of the elements that are there, or empty."""
        ids = [self.description_id] if self.description or self.hint else []
        return " ".join([*ids, self.error_id] if self.errors else ids)


@dataclass(frozen=True, slots=True)
class ProseBlock:
    """A heading `h`, a paragraph `p`, or a list `ul`, `ol`."""

    kind: str
    lines: tuple[str, ...]
    level: int = 0
    """1 to 6 for a heading, as the form wrote it; a page puts it below its own headings."""


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
    triggers: tuple[str, ...]
    """Keys whose answers change what is shown in a way that only the server can tell."""

    def controls(self) -> list[Control]:
        """All controls in order."""
        return _controls(self.rows)


def present(
    form: Form,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    data: Mapping[str, Any],
    now: datetime,
    prefix: str = "field",
) -> Presentation:
    """What a page renders.

    `values` are the answers to show: None for those the form begins with, what was submitted where it was
    refused, or stored answers. `errors` are those of `check`. `prefix` begins every id, for pages with
    several forms.
    """
    begun = initial(form, data, now)
    answers: Mapping[str, Any] = begun if values is None else values
    keys, _, context = shown(form, answers, data, now)
    return _Page(form, answers, begun, errors or {}, context, keys, now, prefix).page()


class _Page:
    """Builds the presentation of one form for one state of its answers."""

    def __init__(
        self,
        form: Form,
        answers: Mapping[str, Any],
        begun: Mapping[str, object],
        errors: Mapping[str, Sequence[str]],
        context: Mapping[str, object],
        shown_keys: frozenset[str],
        now: datetime,
        prefix: str,
    ) -> None:
        self.form = form
        self.answers = answers
        self.begun = begun
        self.errors = errors
        self.context = context
        self.shown = shown_keys
        self.now = now
        self.prefix = prefix
        self.keys = frozenset(each.key for each in form.fields)
        self.triggers: set[str] = set()

    def page(self) -> Presentation:
        rows = self._rows(self.form.components)
        controls = _controls(rows)
        return Presentation(
            title=self.form.title,
            rows=rows,
            problems=self._problems({each.key: each for each in controls}),
            summary_id=f"{self.prefix}-problems",
            has_required=any(each.required for each in controls),
            submit_label=self.form.submit_label,
            triggers=tuple(each.key for each in self.form.fields if each.key in self.triggers),
        )

    def _rows(self, listed: Sequence[Component]) -> tuple[tuple[Item, ...], ...]:
        rows: list[list[Item]] = []
        for component in listed:
            item = self._item(component)
            if item is None:
                continue
            if rows and item.row is not None and rows[-1][-1].row == item.row:
                rows[-1].append(item)
            else:
                rows.append([item])
        return tuple(tuple(row) for row in rows)

    def _item(self, component: Component) -> Item | None:
        visibility = self._visibility(component.condition)
        if visibility is None:
            return None
        if isinstance(component, Field):
            return self._control(component, visibility)
        if isinstance(component, Group):
            rows = self._rows(component.components)
            label = component.label.render(self.context, self.now) if component.label else ""
            return Section(label, rows, visibility, component.row) if rows else None
        if isinstance(component, Text):
            blocks = tuple(
                ProseBlock(
                    kind=block.kind[0] if block.kind[1:].isdigit() else block.kind,
                    lines=tuple(line.render(self.context, self.now) for line in block.lines),
                    level=int(block.kind[1:]) if block.kind[1:].isdigit() else 0,
                )
                for block in component.blocks
            )
            return Prose(blocks, visibility, component.row)
        return Divider(component.line, visibility, component.row)

    def _visibility(self, condition: Condition | None) -> Visibility | None:
        """How the item is shown; None where the case's data alone hide it, for good."""
        if condition is None:
            return Visibility()
        hidden = holds(condition.hide, self.context, self.now)
        if final([condition], self.keys):
            return None if hidden else Visibility()
        simple = scripted(condition, self.form)
        if simple is None:
            self.triggers |= condition.hide.names & self.keys
        return Visibility(hidden, simple, ask_server=simple is None)

    def _control(self, field: Field, visibility: Visibility) -> Control:
        found = rules(field, self.context, self.now)
        raw = self.begun.get(field.key) if field.readonly or field.disabled else self.answers.get(field.key)
        identifier = f"{self.prefix}-{field.key}"
        return Control(
            key=field.key,
            kind=_TAGS.get(field.kind, "input"),
            id=identifier,
            label=field.label.render(self.context, self.now),
            description=field.description.render(self.context, self.now) if field.description else "",
            hint=_hint(field, found),
            required=field.required and not field.readonly and not field.disabled,
            value=_shown_value(raw, field),
            checked=raw is True
            or (isinstance(raw, str) and raw.strip().lower() in ("true", "on", "yes", "1")),
            choices=self._choices(field, raw, identifier),
            attributes=tuple(_attributes(field, found)),
            prefix=field.prefix,
            suffix=field.suffix,
            readonly=field.readonly,
            disabled=field.disabled,
            errors=tuple(self.errors.get(field.key, ())),
            visibility=visibility,
            row=field.row,
        )

    def _choices(self, field: Field, raw: Any, identifier: str) -> tuple[Choice, ...]:
        if field.kind not in CHOICES:
            return ()
        many = field.kind in MANY and isinstance(raw, list | tuple)
        chosen = (
            [each for each in raw if isinstance(each, str)] if many else [raw] if isinstance(raw, str) else []
        )
        return tuple(
            Choice(
                each.value,
                each.label,
                identifier if at == 0 else f"{identifier}-{at + 1}",
                each.value in chosen,
            )
            for at, each in enumerate(options(field, self.context, self.now))
        )

    def _problems(self, controls: Mapping[str, Control]) -> tuple[Problem, ...]:
        """Errors in the order of the form, those about the whole form first, those about unknown fields
        last."""
        order = ["", *(each.key for each in self.form.fields)]
        problems: list[Problem] = []
        for key in [
            *(key for key in order if key in self.errors),
            *(key for key in self.errors if key not in order),
        ]:
            control = controls.get(key)
            label, href = (control.label, f"#{control.id}") if control else (key, "")
            problems += [Problem(sentence, label, href) for sentence in self.errors[key]]
        return tuple(problems)


_TAGS: Mapping[Kind, str] = {
    Kind.CHECKBOX: "checkbox",
    Kind.CHECKLIST: "checkboxes",
    Kind.RADIO: "radio",
    Kind.SELECT: "select",
    Kind.TAGLIST: "checkboxes",
    Kind.TEXTAREA: "textarea",
}


def _controls(rows: Sequence[Sequence[Item]]) -> list[Control]:
    found: list[Control] = []
    for row in rows:
        for item in row:
            if isinstance(item, Control):
                found.append(item)
            elif isinstance(item, Section):
                found += _controls(item.rows)
    return found


def _shown_value(raw: Any, field: Field) -> str:
    """An answer as its control takes it; what was typed stays as typed, what no control can show is left
    out."""
    if isinstance(raw, str):
        return raw[:200_000]
    if isinstance(raw, bool) or field.kind in CHOICES:
        return ""
    if isinstance(raw, int | Decimal):
        return f"{Decimal(raw):f}" if abs(Decimal(raw).adjusted()) < 60 else ""
    if isinstance(raw, datetime):
        return f"{raw.astimezone(UTC) if raw.tzinfo else raw:%Y-%m-%dT%H:%M}"
    return raw.isoformat() if isinstance(raw, date) else ""


def _attributes(field: Field, found: Rules) -> list[tuple[str, str]]:
    made: list[tuple[str, str]] = []
    if field.kind is Kind.NUMBER:
        # A text input: number inputs lose what they do not understand, and change under the mouse wheel.
        signed = found.min is None or (isinstance(found.min, Decimal) and found.min < 0)
        mode = "text" if signed else "numeric" if field.limits.decimals == 0 else "decimal"
        made += [("type", "text"), ("inputmode", mode), ("spellcheck", "false")]
    elif field.kind is Kind.DATETIME:
        made.append(("type", "datetime-local" if field.moment else "date"))
        for name, bound in (("min", found.min), ("max", found.max)):
            if isinstance(bound, date):
                made.append((name, _shown_value(bound, field)))
        if field.limits.minutes:
            made.append(("step", str(field.limits.minutes * 60)))
    elif field.kind is Kind.TEXTFIELD:
        made.append(("type", field.text_type))
    elif field.kind is Kind.TEXTAREA:
        made.append(("rows", "3" if found.max_length is not None and found.max_length <= 300 else "5"))
    if field.kind in (Kind.NUMBER, Kind.TEXTFIELD, Kind.TEXTAREA, Kind.DATETIME):
        made.append(("autocomplete", field.autocomplete or "off"))
    return made


def _hint(field: Field, found: Rules) -> str:
    """What the rules allow, in words: "From 1 to 365, a whole number." """
    said: list[str] = []
    if found.min is not None and found.max is not None:
        said.append(f"From {human(found.min)} to {human(found.max)}.")
    elif found.min is not None or found.max is not None:
        dated = field.kind is Kind.DATETIME
        least, most = ("Not before", "Not after") if dated else ("At least", "At most")
        said.append(
            f"{least} {human(found.min)}." if found.min is not None else f"{most} {human(found.max)}."
        )
    if field.kind is Kind.NUMBER and field.limits.decimals == 0:
        said.append("A whole number.")
    if field.moment and "UTC" not in "".join(said):
        said.append("In UTC.")
    lengths = field.limits
    if lengths.min_length is not None and found.min_length:
        said.append(f"At least {found.min_length:,} characters.")
    if lengths.max_length is not None and found.max_length is not None:
        said.append(f"At most {found.max_length:,} characters.")
    if lengths.pattern is not None and lengths.pattern_hint and field.text_type == "text":
        said.append(f"In the form: {lengths.pattern_hint.rstrip('.')}.")
    return " ".join(said)
