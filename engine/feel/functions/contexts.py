"""Context functions (DMN 1.3 §10.3.4.8, 1.4 §10.3.4.8)."""

from __future__ import annotations

from ..limits import Run
from ..values import Value, lift
from .registry import builtin


@builtin("get value(m: context, key: string)")
def get_value(run: Run, m: dict[str, Value], key: str) -> Value:
    """The entry of that name, or null."""
    return lift(m.get(key), run)


@builtin("get value(m: context, key: list)", "get value(context: context, keys: list)")
def get_nested_value(run: Run, m: dict[str, Value], keys: list[Value]) -> Value:
    """The entry found by going down one context for each name, or null."""
    value: Value = m
    if not keys:
        return None
    for key in keys:
        if type(value) is not dict or type(key) is not str:
            return None
        value = lift(value.get(key), run)
    return value


@builtin("get entries(m: context)")
def get_entries(run: Run, m: dict[str, Value]) -> Value:
    """A list of contexts with `key` and `value`, one for each entry."""
    run.spend_list(len(m))
    return [{"key": key, "value": lift(value, run)} for key, value in m.items()]


@builtin("context(entries: list)")
def context(run: Run, entries: list[Value]) -> Value:
    """The context of a list of contexts with `key` and `value`; null where a key is missing or twice
    there.
    """
    made: dict[str, Value] = {}
    run.spend_list(len(entries))
    for entry in entries:
        if type(entry) is not dict or "value" not in entry:
            return None
        key = entry.get("key")
        if type(key) is not str or key in made:
            return None
        made[key] = lift(entry["value"], run)
    return made


@builtin("context put(context: context, key: string, value: Any|null)")
def context_put(run: Run, target: dict[str, Value], key: str, value: Value) -> Value:
    """The context with an entry set."""
    run.spend_list(len(target) + 1)
    return {**target, key: value}


@builtin("context put(context: context, keys: list, value: Any|null)")
def context_put_nested(run: Run, target: dict[str, Value], keys: list[Value], value: Value) -> Value:
    """The context with an entry set in a context inside it; null where one on the way is none."""
    if not keys or not all(type(key) is str for key in keys):
        return None
    run.spend_list(len(target) + len(keys))
    made = dict(target)
    at = made
    for key in keys[:-1]:
        inner = at.get(key, {})
        if type(inner) is not dict:
            return None
        run.spend_list(len(inner) + 1)
        at[key] = dict(inner)
        at = at[key]
    at[keys[-1]] = value
    return made


@builtin("context merge(contexts: list)")
def context_merge(run: Run, contexts: list[Value]) -> Value:
    """One context with the entries of all; of one name, the last."""
    made: dict[str, Value] = {}
    for part in contexts:
        if type(part) is not dict:
            return None
        run.spend_list(len(part))
        made.update(part)
    return made
