"""Presents a form for one state of its answers: what is shown, hidden, wrong, and where its errors lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from forms.check import initial, shown
from forms.conditions import holds, tabulate
from forms.controls import control
from forms.presentation import (
    Control,
    Divider,
    Item,
    Presentation,
    Problem,
    Prose,
    ProseBlock,
    Section,
    Visibility,
    controls,
)
from forms.rules import options
from forms.texts import Block
from forms.types import Component, Condition, Field, Form, Group, Kind, Text


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
    _, _, context = shown(form, answers, data, now)
    return _Page(form, answers, begun, errors or {}, context, now, prefix).page()


class _Page:
    """Builds the presentation of one form for one state of its answers."""

    def __init__(
        self,
        form: Form,
        answers: Mapping[str, Any],
        begun: Mapping[str, object],
        errors: Mapping[str, Sequence[str]],
        context: Mapping[str, object],
        now: datetime,
        prefix: str,
    ) -> None:
        self.form = form
        self.answers = answers
        self.begun = begun
        self.errors = errors
        self.context = context
        self.now = now
        self.prefix = prefix
        self.keys = frozenset(each.key for each in form.fields)
        self.offered = {each.key: answer for each in form.fields if (answer := self._answers_of(each))}
        self.triggers: set[str] = set()

    def page(self) -> Presentation:
        rows = self._rows(self.form.components)
        listed = controls(rows)
        return Presentation(
            title=self.form.title,
            rows=rows,
            problems=self._problems({each.key: each for each in listed}),
            summary_id=f"{self.prefix}-problems",
            has_required=any(each.required for each in listed),
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
            return Prose(tuple(self._block(each) for each in component.blocks), visibility, component.row)
        return Divider(component.line, visibility, component.row)

    def _block(self, block: Block) -> ProseBlock:
        lines = tuple(line.render(self.context, self.now) for line in block.lines)
        if block.kind[1:].isdigit():
            return ProseBlock("h", lines, level=min(int(block.kind[1:]) + 1, 6))
        return ProseBlock(block.kind, lines)

    def _visibility(self, condition: Condition | None) -> Visibility | None:
        """How the item is shown; None where it is hidden whatever is answered."""
        if condition is None:
            return Visibility()
        hidden = holds(condition.hide, self.context, self.now)
        read = condition.reads & self.keys
        if not read:
            return None if hidden else Visibility()
        if read <= self.offered.keys():
            table = tabulate(condition, self.offered, self.context, self.now)
            if isinstance(table, bool):
                return None if table else Visibility()
            if table is not None:
                return Visibility(hidden, table)
        self.triggers |= read
        return Visibility(hidden, ask_server=True)

    def _answers_of(self, field: Field) -> tuple[str | bool | None, ...]:
        """The answers that a field of finite choice can have; none for a field of another kind."""
        if field.readonly or field.disabled:
            return ()
        if field.kind is Kind.CHECKBOX:
            # Null where the box itself is hidden.
            return (True, False, None)
        if field.kind in (Kind.RADIO, Kind.SELECT):
            return (None, *(each.value for each in options(field, self.context, self.now)))
        return ()

    def _control(self, field: Field, visibility: Visibility) -> Control:
        fixed = field.readonly or field.disabled
        raw = self.begun.get(field.key) if fixed else self.answers.get(field.key)
        return control(
            field,
            raw,
            self.errors.get(field.key, ()),
            self.context,
            self.now,
            prefix=self.prefix,
            visibility=visibility,
        )

    def _problems(self, listed: Mapping[str, Control]) -> tuple[Problem, ...]:
        """Errors about the whole form, then in the form's order, then those about fields it does not have."""
        order = ["", *(each.key for each in self.form.fields)]
        keys = [key for key in order if key in self.errors] + [key for key in self.errors if key not in order]
        problems: list[Problem] = []
        for key in keys:
            there = listed.get(key)
            label, href = (there.label, f"#{there.id}") if there else (key, "")
            problems += [Problem(sentence, label, href) for sentence in self.errors[key]]
        return tuple(problems)
