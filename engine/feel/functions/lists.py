"""List functions (DMN 1.3 §10.3.4.4). Positions count from 1, from -1 backwards."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key

from ..compare import equal
from ..conform import as_index
from ..errors import FeelLimitError
from ..limits import MAX_DATA_DEPTH, MAX_LIST, Run
from ..values import Function, Value, lift
from .registry import builtin


def same(left: Value, right: Value, run: Run) -> bool:
    """Whether two elements count as the same."""
    run.spend(1)
    return equal(lift(left, run), lift(right, run), run) is True


@builtin("list contains(list: list, element: Any|null)")
def list_contains(run: Run, items: list[Value], element: Value) -> Value:
    """Whether the element is in the list."""
    return any(same(item, element, run) for item in items)


@builtin("count(list: list)")
def count(run: Run, items: list[Value]) -> Value:
    """How many elements the list has."""
    return Decimal(len(items))


@builtin("sublist(list: list, start position: number, [length: number])")
def sublist(run: Run, items: list[Value], start: Decimal, length: Decimal | None = None) -> Value:
    """The elements from a position on, at most `length` of them; null where the position is outside the
    list.
    """
    first = as_index(start)
    if first is None or first == 0 or abs(first) > len(items):
        return None
    begin = first - 1 if first > 0 else len(items) + first
    run.spend(len(items))
    if length is None:
        return items[begin:]
    number = as_index(length)
    if number is None or number < 1 or begin + number > len(items):
        return None
    return items[begin : begin + number]


@builtin("append(list: list, items: Any...)")
def append(run: Run, items: list[Value], more: list[Value]) -> Value:
    """The list with further elements at its end."""
    run.spend_list(len(items) + len(more))
    return [*items, *more]


@builtin("concatenate(list: Any...)")
def concatenate(run: Run, lists: list[Value]) -> Value:
    """The elements of all the lists, one after the other."""
    joined: list[Value] = []
    for part in lists:
        if part is None:
            return None
        run.spend_list(len(joined) + (len(part) if type(part) is list else 1))
        joined.extend(part if type(part) is list else [part])
    return joined


@builtin("insert before(list: list, position: number, newItem: Any|null)")
def insert_before(run: Run, items: list[Value], position: Decimal, new_item: Value) -> Value:
    """The list with an element put in before a position."""
    place = _place(items, position)
    if place is None:
        return None
    run.spend_list(len(items) + 1)
    return [*items[:place], new_item, *items[place:]]


@builtin("remove(list: list, position: number)")
def remove(run: Run, items: list[Value], position: Decimal) -> Value:
    """The list without the element at a position."""
    place = _place(items, position)
    if place is None:
        return None
    run.spend(len(items))
    return [*items[:place], *items[place + 1 :]]


@builtin("list replace(list: list, position: number, newItem: Any|null)")
def list_replace(run: Run, items: list[Value], position: Decimal, new_item: Value) -> Value:
    """The list with the element at a position replaced."""
    place = _place(items, position)
    if place is None:
        return None
    run.spend(len(items))
    return [*items[:place], new_item, *items[place + 1 :]]


@builtin("list replace(list: list, match: function, newItem: Any|null)")
def list_replace_where(run: Run, items: list[Value], match: Function, new_item: Value) -> Value:
    """The list with each element replaced for which `match(element, new item)` is true; null if it gives
    no boolean.
    """
    if match.parameters is not None and len(match.parameters) != 2:
        return None
    result = []
    for item in items:
        verdict = match.call(run, [lift(item, run), new_item])
        if type(verdict) is not bool:
            return None
        result.append(new_item if verdict else item)
    return result


@builtin("reverse(list: list)")
def reverse(run: Run, items: list[Value]) -> Value:
    """The list backwards."""
    run.spend(len(items))
    return items[::-1]


@builtin("index of(list: list, match: Any|null)")
def index_of(run: Run, items: list[Value], match: Value) -> Value:
    """The positions of the element, in ascending order."""
    return [Decimal(place) for place, item in enumerate(items, 1) if same(item, match, run)]


@builtin("union(list: Any...)")
def union(run: Run, lists: list[Value]) -> Value:
    """The elements of all the lists, each once."""
    joined = concatenate(run, lists)
    return None if joined is None else distinct_values(run, joined)


@builtin("distinct values(list: list)")
def distinct_values(run: Run, items: list[Value]) -> Value:
    """The list with each element once, where it stands first."""
    kept: list[Value] = []
    seen: set[Value] = set()
    for item in items:
        value = lift(item, run)
        if type(value) in (str, Decimal):
            run.spend(1)
            if value not in seen:
                seen.add(value)
                kept.append(value)
        elif not any(same(value, other, run) for other in kept):
            kept.append(value)
    return kept


@builtin("flatten(list: list)")
def flatten(run: Run, items: list[Value]) -> Value:
    """The elements of the list and of all lists inside it."""
    flat: list[Value] = []
    pending = [iter(items)]
    while pending:
        for item in pending[-1]:
            run.spend(1)
            value = lift(item, run)
            if type(value) is list:
                if len(pending) > MAX_DATA_DEPTH:
                    raise FeelLimitError(f"Lists are nested more than {MAX_DATA_DEPTH} levels deep")
                pending.append(iter(value))
                break
            flat.append(value)
            if len(flat) > MAX_LIST:
                raise FeelLimitError(f"A list would have more than {MAX_LIST:,} elements")
        else:
            pending.pop()
    return flat


@builtin("sort(list: list, precedes: function)")
def sort(run: Run, items: list[Value], precedes: Function) -> Value:
    """The list in the order in which `precedes(a, b)` is true of neighbours; equal ones stay as they are."""
    if precedes.parameters is not None and len(precedes.parameters) != 2:
        return None

    def compare(left: Value, right: Value) -> int:
        run.spend(1)
        if precedes.call(run, [left, right]) is True:
            return -1
        return 1 if precedes.call(run, [right, left]) is True else 0

    return sorted((lift(item, run) for item in items), key=cmp_to_key(compare))


def _place(items: list[Value], position: Decimal) -> int | None:
    """The index of a position; None where the list has no such one."""
    place = int(position)  # a fraction is cut off
    if place == 0 or abs(place) > len(items):
        return None
    return place - 1 if place > 0 else len(items) + place
