"""The inbox among many tasks: the right ones in order, page by page, found by the index of open tasks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from benchmarks._inbox import DESKS, fill, page, plan
from benchmarks._policy import PolicyStage
from engine.tasks.models import tasks
from engine.tasks.queries import inbox

ROWS, OPEN = 6_000, 3_000


@pytest.fixture
def crowded(database_url: str) -> Iterator[PolicyStage]:
    """Many open and many more closed tasks on twenty desks; some assigned to somebody."""
    stage = PolicyStage(database_url)
    fill(stage, ROWS, OPEN)
    yield stage
    stage.close()


def expected(stage: PolicyStage, desks: tuple[str, ...], person: str) -> list[str]:
    """What the pages together must show: by due time, then by id."""
    with stage.database.reading() as connection:
        rows: list[Any] = list(connection.execute(select(tasks).where(tasks.c.state == "open")))
    mine = [row for row in rows if row.assignee == person or (row.desk in desks and row.assignee is None)]
    return [row.id for row in sorted(mine, key=lambda row: (row.due_key, row.id))]


@pytest.mark.parametrize(
    ("desks", "person"), [(DESKS, "carla"), (DESKS, "somebody"), ((), "somebody"), (("cro",), "nobody")]
)
def test_pages_show_every_open_task_once_in_order(
    crowded: PolicyStage, desks: tuple[str, ...], person: str
) -> None:
    shown: list[str] = []
    after = None
    with crowded.database.reading() as connection:
        while found := inbox(connection, desks, person, limit=70, after=after):
            shown += [task.id for task in found]
            assert len(shown) % 70 == 0 or len(found) < 70
            after = (found[-1].due_at, found[-1].id)
    assert shown == expected(crowded, desks, person)
    assert len(shown) == len(set(shown))


def test_an_inbox_of_very_many_desks_is_one_all_the_same(crowded: PolicyStage) -> None:
    desks = tuple(f"unit{number}" for number in range(5, 20)) + tuple(f"empty{n}" for n in range(450))
    with crowded.database.reading() as connection:
        found = inbox(connection, desks, "somebody", limit=50)
    assert [task.id for task in found] == expected(crowded, desks, "somebody")[:50]


def test_each_desk_is_found_by_the_index_of_open_tasks(crowded: PolicyStage) -> None:
    assert len(page(crowded)) == 50
    if not crowded.database.is_sqlite:
        with crowded.database.engine.connect() as connection:
            # So few rows are read whole for less; what counts is that the index can answer.
            name = connection.exec_driver_sql("SELECT quote_ident(current_database())").scalar_one()
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET enable_seqscan = off")
            connection.commit()
        crowded.database.dispose()
    used = plan(crowded)
    assert used.count("ix_tasks_open_desk") >= len(DESKS)
    assert "ix_tasks_open_assignee" in used
