"""Which components are hidden: `conditional.hide` of form-js, decided on the server.

A condition reads the answers (by key) and the case's data (by the element's id); answers come first where
both have a name. As in form-js, a component is hidden where its condition is true, a hidden group hides all
it holds, and a hidden field counts as having no answer, for the conditions of others too.

So that a page with script can show and hide without asking the server, a condition that reads only choices
and checkboxes of the form is tried for every combination of their options, and the combinations that hide are
given to the page. That is the server's own answer, whatever the condition says; what is stored is decided by
`visible`.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.feel import Expression, FeelError
from forms.errors import FormError
from forms.reading import Reader
from forms.texts import expression
from forms.types import Component, Condition, Field, Form, walk

MAX_COMBINATIONS = 64
"""Combinations of answers tried for the page's script; with more of them, the page asks the server."""


def condition(reader: Reader) -> Condition | None:
    """The component's condition; None where it is always shown.

    Raises FormError, also for an expression without `=`, which the browser would ignore.
    """
    found = reader.mapping("conditional")
    for name in sorted(set(found) - {"hide"}):
        raise FormError(f"{reader.where} has the condition {name[:60]!r}; only 'hide' is supported.")
    text = found.get("hide")
    if text is None or text == "":
        return None
    if not isinstance(text, str) or not text.lstrip().startswith("="):
        raise FormError(f"{reader.where}: its hide condition must be an expression that begins with =.")
    return Condition(expression(text, f"{reader.where}: its hide condition"))


def reading_order(tree: tuple[Component, ...]) -> tuple[str, ...]:
    """Keys of the fields, each after those that its conditions read.

    Raises FormError where conditions go in a circle.
    """
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
    """Whether a hide condition is true. One that fails hides nothing: no answer is lost by a form's fault."""
    try:
        return hide.evaluate(context, now=now) is True
    except FeelError:
        return False


def visible(
    form: Form, typed: Mapping[str, object], data: Mapping[str, object], now: datetime
) -> tuple[frozenset[str], dict[str, object]]:
    """Keys of the fields shown for these answers, and what expressions read: data and shown answers.

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


def tabulate(
    condition: Condition,
    offered: Mapping[str, Sequence[str | bool | None]],
    context: Mapping[str, object],
    now: datetime,
) -> str | bool | None:
    """The combinations of answers that hide, as JSON: `[{"decision":"accept"},{"decision":null}]`.

    True where every combination hides, False where none does; None where there are too many of them.
    `offered` are the answers that fields of finite choice can have, null among them.
    """
    read = sorted(condition.reads & offered.keys())
    if math.prod(len(offered[key]) for key in read) > MAX_COMBINATIONS:
        return None
    tried = [
        dict(zip(read, answers, strict=True))
        for answers in itertools.product(*(offered[key] for key in read))
    ]
    hiding = [each for each in tried if holds(condition.hide, {**context, **each}, now)]
    if len(hiding) in (0, len(tried)):
        return bool(hiding)
    return json.dumps(hiding, separators=(",", ":"), ensure_ascii=False)
