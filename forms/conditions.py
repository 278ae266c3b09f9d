"""Which components are hidden: `conditional.hide` of form-js, decided on the server.

A condition reads the answers (by key) and the case's data (by the element's id); answers come first where
both have a name. As in form-js, a component is hidden where its condition is true, a hidden group hides all
it holds, and a hidden field counts as having no answer, for the conditions of others too.

So that a page with script can show and hide without asking the server, conditions that are simple comparisons
of this form's own fields are also written as JSON: a list of alternatives, each a list of `[field, "=" or
"!=", value]` that all must hold. The script's answer is a convenience; what is stored is decided by
`visible`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence, Set
from datetime import datetime

from engine.feel import Expression, FeelError
from forms.errors import FormError
from forms.reading import Reader
from forms.texts import expression
from forms.types import Component, Condition, Field, Form, Kind, Simple, walk

_TOKEN = re.compile(r'\s*(?:(?P<name>[A-Za-z]\w*)|(?P<op>!=|=)|(?P<text>"[^"\\]*")|(?P<paren>[()]))')
_LITERALS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None}
_TEXTS = frozenset({Kind.RADIO, Kind.SELECT, Kind.TEXTAREA, Kind.TEXTFIELD})
_COMPARABLE = {
    str: _TEXTS,
    bool: frozenset({Kind.CHECKBOX}),
    type(None): _TEXTS | {Kind.NUMBER, Kind.DATETIME},
}


def condition(reader: Reader) -> Condition | None:
    """The component's condition; None where it is always shown. Raises FormError for what the browser would
    ignore."""
    found = reader.mapping("conditional")
    for name in sorted(set(found) - {"hide"}):
        raise FormError(f"{reader.where} has the condition {name[:60]!r}; only 'hide' is supported.")
    text = found.get("hide")
    if text is None or text == "":
        return None
    if not isinstance(text, str) or not text.lstrip().startswith("="):
        raise FormError(f"{reader.where}: its hide condition must be an expression that begins with =.")
    return Condition(expression(text, f"{reader.where}: its hide condition"), simple(text))


def simple(text: str) -> Simple | None:
    """The condition as alternatives of comparisons, where it is nothing else: names and literals, `and`,
    `or`.

    None for every other expression, brackets included. `and` binds more tightly than `or` (DMN 1.3,
    10.3.1.2).
    """
    words = _words(text.strip().removeprefix("=").strip())
    if words is None or len(words) % 4 != 3:
        return None
    alternatives: list[list[tuple[str, str, str | bool | None]]] = [[]]
    for at in range(0, len(words), 4):
        compared = _comparison(words[at : at + 3])
        joint = words[at + 3] if at + 3 < len(words) else None
        if compared is None or joint not in (None, ("name", "and"), ("name", "or")):
            return None
        alternatives[-1].append(compared)
        if joint == ("name", "or"):
            alternatives.append([])
    return tuple(tuple(each) for each in alternatives)


def _comparison(words: Sequence[tuple[str, str]]) -> tuple[str, str, str | bool | None] | None:
    (name_kind, name), (op_kind, op), (value_kind, value) = words
    if name_kind != "name" or name in _LITERALS or op_kind != "op":
        return None
    if value_kind == "text":
        return name, op, value[1:-1]
    if value_kind == "name" and value in _LITERALS:
        return name, op, _LITERALS[value]
    return None


def _words(text: str) -> list[tuple[str, str]] | None:
    words: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup == "paren":
            return None
        words.append((str(found.lastgroup), found.group(str(found.lastgroup))))
        at = found.end()
    return words


def reading_order(tree: tuple[Component, ...]) -> tuple[str, ...]:
    """Keys of the fields, each after those that its conditions read. Raises FormError where conditions go in
    a circle."""
    needs: dict[str, frozenset[str]] = {}
    for component, conditions in walk(tree):
        if isinstance(component, Field):
            needs[component.key] = frozenset().union(*(each.hide.names for each in conditions))
    ordered: list[str] = []
    done: set[str] = set()
    while len(ordered) < len(needs):
        ready = [key for key, names in needs.items() if key not in done and not (names & needs.keys()) - done]
        if not ready:
            circle = ", ".join(key for key in needs if key not in done)
            raise FormError(
                f"The hide conditions of {circle} depend on each other in a circle, so that nobody could "
                "say which of them is shown. Let one of them depend on other fields only."
            )
        ordered += ready
        done.update(ready)
    return tuple(ordered)


def holds(hide: Expression, context: Mapping[str, object], now: datetime) -> bool:
    """Whether a hide condition is true. One that cannot be worked out hides nothing: no answer is dropped by
    a fault."""
    try:
        return hide.evaluate(context, now=now) is True
    except FeelError:
        return False


def visible(
    form: Form, typed: Mapping[str, object], data: Mapping[str, object], now: datetime
) -> tuple[frozenset[str], dict[str, object]]:
    """Keys of the fields shown for these answers, and the context expressions read: the data and the shown
    answers.

    `typed` are the answers in their fields' types; what has no usable answer counts as null.
    """
    context: dict[str, object] = {**data, **{each.key: None for each in form.fields}}
    under = {
        component.key: conditions
        for component, conditions in walk(form.components)
        if isinstance(component, Field)
    }
    shown: set[str] = set()
    for key in form.order:
        if not any(holds(each.hide, context, now) for each in under[key]):
            shown.add(key)
            context[key] = typed.get(key)
    return frozenset(shown), context


def scripted(condition: Condition, form: Form) -> str | None:
    """The condition as JSON for the page's script; None where script could come to another answer than the
    server.

    That is so where it reads the case's data, or compares a field with a literal of another type (null in
    FEEL).
    """
    if condition.simple is None:
        return None
    for alternative in condition.simple:
        for name, _, literal in alternative:
            field = form.field(name)
            if field is None or field.kind not in _COMPARABLE[type(literal)]:
                return None
    return json.dumps(condition.simple, separators=(",", ":"), ensure_ascii=False)


def final(conditions: Sequence[Condition], keys: Set[str]) -> list[Condition]:
    """Those of the conditions that no answer to this form can change: they read the case's data alone."""
    return [each for each in conditions if not each.hide.names & keys]
