"""Random diagrams: saving, folding and restoring at every step never changes what becomes of a case."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.blocks import Block, Expected, _all, draw, processes
from tests.engine.running import Run, compiled

STEPS = 24


@settings(max_examples=150)
@given(processes(), st.lists(st.integers(0, 11), min_size=4, max_size=STEPS), st.integers(0, 3))
def test_a_case_goes_as_drawn_saved_or_not(block: Block, choices: list[int], items: int) -> None:
    picks = {part.number: choices[part.number % len(choices)] % 3 for part in _all(block)}
    picks = {
        n: p % max(1, len(part.parts)) for part in _all(block) for n, p in [(part.number, picks[part.number])]
    }
    version = compiled(draw(block))
    answers = {"items": list(range(items)), **{f"pick{n}": p for n, p in picks.items()}}
    expected = Expected(block, items, picks)
    saved, alive = Run(version, **answers), Run(version, alive=True, **answers)
    agree(expected, saved, alive)
    for number in range(STEPS):
        choice = choices[number % len(choices)]
        moves = [("task", key) for key in sorted(set(expected.open))]
        moves += [("timer", key) for key in sorted(set(expected.waiting))]
        if not moves:
            break
        kind, key = moves[choice % len(moves)]
        for one in (expected, saved, alive):
            if kind == "timer":
                one.fire(key)
            elif isinstance(one, Expected):
                one.complete(key, choice % 3)
            else:
                one.complete(key, n=choice % 3)
        agree(expected, saved, alive)


def agree(expected: Expected, saved: Run, alive: Run) -> None:
    assert saved.troubles == []
    assert (saved.open, saved.waiting, saved.ended) == (expected.open, expected.waiting, expected.ended)
    drawn = set(expected.completed)
    assert {k: v for k, v in saved.completed.items() if k in drawn} == +expected.completed
    assert (alive.open, alive.waiting, alive.ended) == (saved.open, saved.waiting, saved.ended)
    assert (alive.trace, alive.completed) == (saved.trace, saved.completed)
    if not saved.ended:
        assert alive.data() == saved.data()
