"""A figure of the past never changes: what is worked out now for then is what was worked out then."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import databases
from tests.workflows.histories.answering import Answering
from tests.workflows.world import MEMBERS, RAISED, World
from workflows.bootstrap import Parley
from workflows.errors import AnswersRefused, EngineError, WorkflowsError
from workflows.metrics.periods import Step
from workflows.metrics.types import Figures

PREFERRED = {
    "decision": {"exempt": 3.0, "accept": 2.0},
    "response": {"challenge": 2.0},
    "answer": {"stand": 2.0},
    "choice": {"uphold": 2.0, "recuse": 0.5},
    "ruling": {"uphold": 2.0},
}
"""What a history of some length needs: cases that get as far as the committee, and exemptions."""
ASKED = ("cio", "ciso", "cro", "sponsor", *MEMBERS)


def act(world: World, by: Random) -> None:
    """One thing that somebody does: raise a risk, or whatever is asked of somebody."""
    due = str(world.now.date() + timedelta(days=by.randint(-5, 30)))
    waiting = [(key, row.task_id) for key in ASKED for row in world.parley.cases.inbox(world.people[key])]
    if not waiting or by.random() < 0.15:
        world.raise_risk(**({"due_date": due} if by.random() < 0.5 else {}), title=f"{RAISED['title']} {due}")
        return
    key, task_id = by.choice(sorted(waiting))
    person = world.people[key]
    page = world.parley.cases.task_page(person, task_id)
    said = Answering(world, by, PREFERRED).task(person, task_id)
    # What a form or an operation refuses is stored nowhere: no figure may rest on it.
    with suppress(AnswersRefused, EngineError, WorkflowsError):
        world.parley.cases.submit(person, task_id, revision=page.revision, token=page.token, answers=said)


def settled_cells(found: Figures) -> dict[tuple[str, str], object]:
    """All numbers of periods that are over, with the cases behind them."""
    over = {period.key for period in found.periods if not period.is_open}
    return {
        (key, cell.period): cell
        for key, series in found.series.items()
        for cell in series.cells
        if cell.period in over
    }


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_figures_worked_out_now_for_then_are_those_worked_out_then(
    organised_sqlite: Path, tmp_path: Path, seed: int
) -> None:
    world, by = World(databases.sqlite_copy(organised_sqlite, tmp_path)), Random(seed)
    reader, metrics = world.people["auditor"], world.parley.metrics
    then: list[Figures] = []
    for number in range(40):
        act(world, by)
        if by.random() < 0.6:
            world.pass_time(days=by.choice((0.01, 1, 2, 5, 9)), seconds=1)
        if number % 8 == 7:
            then += [metrics.figures(reader, step=step) for step in Step]
            world.pass_time(seconds=1)
    world.pass_time(days=35)
    assert sum(series.whole.count for series in then[-1].series.values()) > 10
    for before in then:
        assert metrics.figures(reader, as_of=before.as_of, step=before.step) == before
        now = settled_cells(metrics.figures(reader, step=before.step, shown=1000))
        assert settled_cells(before).items() <= now.items()
    world.parley.close()


def test_the_demonstrations_months_stay_as_they_were(demonstration: Parley) -> None:
    reader, metrics = demonstration.identity.person("strand"), demonstration.metrics
    now = settled_cells(metrics.figures(reader))
    months = metrics.closed_months(reader)
    assert len(months) >= 5
    compared = 0
    for month in months:
        then = metrics.figures(reader, as_of=month.end - timedelta(microseconds=1))
        last = {key: cell for key, cell in then.series.items() if cell.last.count}
        for key, series in last.items():
            assert now[key, month.key] == series.last
            compared += 1
    assert compared > 30


def test_a_moment_that_lies_ahead_is_now(demonstration: Parley) -> None:
    reader = demonstration.identity.person("strand")
    now = demonstration.now()
    found = demonstration.metrics.figures(reader, as_of=now + timedelta(days=400))
    assert found.as_of <= demonstration.now()
    assert found.periods[-1].start <= now


def test_the_demonstrations_measures_tell_its_story(demonstration: Parley) -> None:
    found = demonstration.metrics.figures(demonstration.identity.person("strand"))
    of = {key: series.whole.count for key, series in found.series.items()}
    assert of["escalated-committee"] > of["escalated-cro"] > 0
    assert of["differed"] > of["settled"] > 0
    assert of["moves-cio"] > 0
    assert of["moves-ciso"] > 0
    assert of["unacceptable-exempted"] > 0
    assert of["unacceptable-contained"] > 0
    assert found.series["implicit-expired"].whole.days > 0
