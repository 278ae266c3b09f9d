"""Two simulated years of the demonstration's organisation, and whether the measures tell what happened.

The story: at first the leaders rarely talk and dispute much before the committee; as the weekly dialogue
takes hold they differ as often, and settle more of it between themselves, in time. All two hundred risks,
with the time they take, are `./run bench years`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.years import Years, figures, live
from tests.support import databases
from workflows.metrics.types import Figures

RISKS = 80

# Lived through once: the tests that read it stay with one worker.
pytestmark = pytest.mark.xdist_group("two years")


@pytest.fixture(scope="module")
def years(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Years]:
    lived = live(databases.sqlite_copy(sqlite_template, tmp_path_factory.mktemp("years")), count=RISKS)
    assert not lived.refused, "everybody could do what the story tells"
    yield lived
    lived.parley.close()


@pytest.fixture(scope="module")
def shown(years: Years) -> Figures:
    return figures(years)


def halves(shown: Figures, key: str) -> tuple[float, float]:
    """What happened in the first year and in the second."""
    cells = [cell.count for cell in shown.series[key].cells]
    return sum(cells[:4]), sum(cells[4:])


def test_fewer_conflicts_escalate_and_not_because_nobody_asks(shown: Figures) -> None:
    first, second = halves(shown, "escalated-committee")
    assert second < first * 0.75
    differed, compared = halves(shown, "differed"), halves(shown, "pairs")
    assert differed[1] / compared[1] > 0.2, "the leaders still differ"
    assert "too-quiet" not in {one.key for one in shown.warnings}


def test_the_dialogue_takes_hold(shown: Figures) -> None:
    held, skipped = halves(shown, "dialogues-held"), halves(shown, "dialogues-skipped")
    assert held[1] > held[0]
    assert skipped[1] < skipped[0]


def test_less_is_accepted_implicitly(shown: Figures) -> None:
    late = [cell.days for cell in shown.series["implicit-late"].cells]
    assert sum(late[4:]) < sum(late[:4])
    assert not any(cell.count for cell in shown.series["implicit-nobody"].cells[1:]), (
        "somebody is always asked"
    )


def test_more_is_settled_between_the_two(shown: Figures) -> None:
    escalated, decided = halves(shown, "fate-escalated"), halves(shown, "decisions")
    assert escalated[1] / decided[1] < escalated[0] / decided[0]


def test_nothing_failed_and_the_record_holds(years: Years) -> None:
    with years.parley.database.reading() as connection:
        assert years.parley.engine.incidents.open(connection) == []
        assert years.parley.engine.audit.verify(connection).faults == ()
    assert sum(years.acts.values()) > RISKS * 8
