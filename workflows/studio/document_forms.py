"""A form field by field, in words, for the document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from forms import FormError, Kind, parse, present
from forms.types import Condition, Field, walk
from workflows.studio.conditions import Vocabulary, in_words
from workflows.studio.document_types import DocumentForm, Question

ANSWERS = {
    Kind.CHECKBOX: "yes or no",
    Kind.CHECKLIST: "any of",
    Kind.DATETIME: "a date",
    Kind.NUMBER: "a number",
    Kind.RADIO: "one of",
    Kind.SELECT: "one of",
    Kind.TAGLIST: "any of",
    Kind.TEXTAREA: "a text",
    Kind.TEXTFIELD: "a short text",
}


def title_of(path: str, data: bytes) -> str:
    """A form's title; its path where it cannot be read or has none."""
    try:
        return parse(data).title or path
    except FormError:
        return path


def read_form(
    path: str, data: bytes, used_at: Sequence[str], words: Vocabulary, now: datetime
) -> DocumentForm | None:
    """A form for the document; None where the server cannot show it.

    Args:
        words: under the empty id, the questions of this very form.
    """
    try:
        form = parse(data)
        controls = {each.key: each for each in present(form, data={}, now=now).controls()}
    except FormError:
        return None
    questions = []
    for component, conditions in walk(form.components):
        if not isinstance(component, Field) or component.key not in controls:
            continue
        shown = controls[component.key]
        kind = "a date and time" if component.moment else ANSWERS.get(component.kind, component.kind.value)
        chosen = component.choices is not None and component.choices.source is not None
        questions.append(
            Question(
                label=shown.label or component.key,
                explanation=shown.description,
                answer=" ".join(
                    each
                    for each in (
                        "one of those on record" if chosen else kind, shown.prefix, shown.suffix,
                        f"({shown.hint.rstrip('.')})" if shown.hint else "",
                    )
                    if each
                ),
                options=tuple(each.label for each in shown.choices),
                required=shown.required,
                hidden_when=tuple(_hidden(each, words) for each in conditions),
            )
        )  # fmt: skip
    return DocumentForm(path, form.title or path, tuple(used_at), tuple(questions))


def _hidden(condition: Condition, words: Vocabulary) -> str:
    return in_words(condition.hide.text, words) or condition.hide.text.removeprefix("=").strip()
