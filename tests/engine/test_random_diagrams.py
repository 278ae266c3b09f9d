"""Random diagrams: neither saving and folding at every step nor faults change what becomes of a case."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.spiff.workflow import CaseWorkflow
from tests.engine.blocks import Block, draw, parts_of, processes
from tests.engine.running import Run, compiled
from tests.engine.token_game import Expected

STEPS = 24
CHOICES = st.lists(st.integers(0, 11), min_size=4, max_size=STEPS)


def begun(block: Block, choices: list[int], items: int, *, alive: bool) -> tuple[Expected, list[Run]]:
    """A case of the diagram, and what must become of it; the ways not chosen by people are drawn by lot."""
    picks = {
        part.number: choices[part.number % len(choices)] % max(1, len(part.parts)) for part in parts_of(block)
    }
    version = compiled(draw(block))
    answers = {"items": list(range(items)), **{f"pick{number}": pick for number, pick in picks.items()}}
    runs = [Run(version, **answers)]
    if alive:
        runs.append(Run(version, alive=True, **answers))
    return Expected(block, items, picks), runs


def act(expected: Expected, runs: list[Run], choice: int) -> bool:
    """Complete a task or fire a timer, chosen among those that wait; False where nothing does."""
    moves = [("task", key) for key in sorted(set(expected.open))]
    moves += [("timer", key) for key in sorted(set(expected.waiting))]
    if not moves:
        return False
    kind, key = moves[choice % len(moves)]
    for case in runs:
        if kind == "timer":
            case.fire(key)
        else:
            case.complete(key, n=choice % 3)
    if kind == "timer":
        expected.fire(key)
    else:
        expected.complete(key, choice % 3)
    return True


def agrees(expected: Expected, case: Run) -> None:
    assert case.troubles == []
    assert (case.open, case.waiting, case.ended) == (expected.open, expected.waiting, expected.ended)
    drawn = set(expected.completed)
    assert {k: v for k, v in case.completed.items() if k in drawn} == +expected.completed


@settings(max_examples=120)
@given(processes(), CHOICES, st.integers(0, 3))
def test_a_case_goes_as_drawn_saved_or_not(block: Block, choices: list[int], items: int) -> None:
    expected, (saved, alive) = begun(block, choices, items, alive=True)
    for number in range(STEPS):
        agrees(expected, saved)
        assert (alive.open, alive.waiting, alive.ended) == (saved.open, saved.waiting, saved.ended)
        assert (alive.trace, alive.completed) == (saved.trace, saved.completed)
        if not saved.ended:
            assert alive.data() == saved.data()
        if not act(expected, [saved, alive], choices[number % len(choices)]):
            break


@settings(max_examples=120)
@given(processes(), CHOICES, st.integers(0, 2), st.lists(st.integers(0, 5), min_size=1, max_size=STEPS))
def test_a_fault_at_any_element_loses_nothing_and_a_retry_goes_on_as_drawn(
    block: Block, choices: list[int], items: int, faults: list[int]
) -> None:
    with faulty(faults[-1]):
        expected, (case,) = begun(block, choices, items, alive=False)
    for number in range(STEPS):
        if case.troubles:
            assert not case.ended
            case.retry()
        agrees(expected, case)
        with faulty(faults[number % len(faults)]):
            if not act(expected, [case], choices[number % len(choices)]):
                break


@settings(max_examples=60)
@given(processes(), CHOICES, st.integers(0, 2))
def test_a_case_that_moves_at_every_step_to_a_version_drawn_alike_goes_as_drawn(
    block: Block, choices: list[int], items: int
) -> None:
    expected, (case,) = begun(block, choices, items, alive=False)
    alike = [compiled(draw(block)), compiled(draw(block))]
    for number in range(STEPS):
        agrees(expected, case)
        if not case.ended:
            case.move(alike[number % 2])
            agrees(expected, case)
        if not act(expected, [case], choices[number % len(choices)]):
            break


class faulty(pytest.MonkeyPatch):  # noqa: N801  used like a function
    """Lets the element that is the n-th to begin fail in a way nobody foresaw; none where n is 0."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self._place = place

    def __enter__(self) -> None:
        original, left = CaseWorkflow.begins, [self._place]

        def begins(workflow: CaseWorkflow, *arguments: Any) -> bool:
            result = original(workflow, *arguments)
            left[0] -= 1
            if not left[0]:
                raise ArithmeticError("nobody foresaw this")
            return result

        logging.disable(logging.CRITICAL)
        self.setattr(CaseWorkflow, "begins", begins)

    def __exit__(self, *_: Any) -> None:
        self.undo()
        logging.disable(logging.NOTSET)
