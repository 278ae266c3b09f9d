"""States that any format wrote are restored by this release, and their cases go on to their end."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest

from engine.errors import StateUnreadable
from engine.spiff.state import FORMAT, UPGRADES, dump, read, rows_of
from engine.spiff.tree import key_of
from engine.spiff.waiting import what_waits
from tests.engine.golden_cases import GOLDEN, STARTS
from tests.engine.running import Run, compiled

FILES = sorted((Path(__file__).parent / "golden").glob("*.json"))


def at(name: str) -> Run:
    """The case brought to where its state was kept."""
    case = Run(compiled(GOLDEN[name].drawing()), **STARTS.get(name, {}))
    GOLDEN[name].goes(case)
    return case


def taken_over(name: str, state: bytes) -> Run:
    """A case whose state is the one kept: what waits in it is found by the ids it holds."""
    case = at(name)
    case.state = state
    waiting = what_waits(case._running()._workflow)
    open_now = {task.task_spec.name: [] for task in waiting.tasks.values()}
    for task in waiting.tasks.values():
        open_now[task.task_spec.name].append(key_of(task))
    for number, task in enumerate(case.tasks):
        spec = next(s for s in open_now if s.split(" ")[0].split(".")[0] == task.element.id)
        case.tasks[number] = type(task)(
            open_now[spec].pop(0), task.element, task.round, task.seat, task.due_at, task.remind_at
        )
    keys = {re.split(r"[ .]", t.task_spec.name)[0]: key for key, t in waiting.timers.items()}
    case.timers = [type(t)(keys[t.element_id], t.element_id, t.due_at) for t in case.timers]
    return case


def test_every_format_has_a_file_of_every_case_and_a_step_up() -> None:
    formats = range(1, FORMAT + 1)
    assert [path.name for path in FILES] == sorted(f"{name}.{n}.json" for name in GOLDEN for n in formats)
    assert sorted(UPGRADES) == list(range(1, FORMAT))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_case_goes_on_from_a_state_that_was_kept(path: Path) -> None:
    state = path.read_bytes().strip()
    name, number = path.stem.split(".")
    assert orjson.loads(state)["format"] == int(number)
    case = taken_over(name, state)
    GOLDEN[name].on(case)
    assert case.ended
    assert case.troubles == []


@pytest.mark.parametrize("name", GOLDEN)
def test_every_format_says_the_same(name: str) -> None:
    documents = [read(p.read_bytes().strip()) for p in FILES if p.stem.startswith(f"{name}.")]
    assert {each["format"] for each in documents} == {FORMAT}
    trees = [[row[2:4] for row in rows_of(each["tree"])] for each in documents]
    assert all(tree == trees[0] for tree in trees)


@pytest.mark.parametrize("name", GOLDEN)
def test_a_state_restored_and_stored_again_is_the_same(name: str) -> None:
    state = (Path(__file__).parent / "golden" / f"{name}.{FORMAT}.json").read_bytes().strip()
    assert dump(taken_over(name, state)._running()._workflow) == state


def test_open_votes_are_one_row() -> None:
    seats = [f"s{number}" for number in range(300)]
    case = Run(compiled(GOLDEN["vote"].drawing()), seats=seats)
    (group,) = [row for row in orjson.loads(case.state)["tree"]["rows"] if isinstance(row, dict)]
    assert (len(group["ids"]), group["items"]) == (300, seats)
    case.complete("vote", choice="yes")
    (group,) = [row for row in orjson.loads(case.state)["tree"]["rows"] if isinstance(row, dict)]
    assert group["items"] == seats[1:]


@pytest.mark.parametrize("state", [b"{}", b"[]", b"x", b'{"format":0}', b'{"format":99}'])
def test_a_state_of_no_release_is_refused(state: bytes) -> None:
    with pytest.raises(StateUnreadable):
        read(state)
