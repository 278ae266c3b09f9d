"""What completing a task costs at the database, with the organisation's own directory and a demonstration's
clock: a few statements, however much the organisation's rules ask."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from benchmarks._completing import MOST_STATEMENTS, counting
from benchmarks._policy import ANSWERS
from tests.webui import organisation
from workflows.bootstrap import Parley

PEOPLE = {"cio_position": "dana", "ciso_position": "ivo", "decide": "dana", "respond": "ivo"}
RUNS_ON = {"ciso_position"}
"""After it the positions are revealed, a timer and a task take the place of others, and the rating is worked
out: thirteen statements of the engine's, and those that read rounds, risk, appetite, matrix, changes and
earlier exemptions."""


@pytest.fixture
def demonstration(database_url: str) -> Iterator[Parley]:
    organisation.fill(database_url)
    parley = organisation.opened(database_url)
    yield parley
    parley.close()


def statements(parley: Parley, case_id: str, element_id: str) -> list[str]:
    """Complete the case's open task; what was sent to the database for it."""
    person = parley.identity.person(PEOPLE[element_id])
    with parley.database.reading() as connection:
        found = parley.engine.tasks.of_instance(connection, case_id)
    (task,) = [each for each in found if each.state == "open" and each.element_id == element_id]
    token = secrets.token_urlsafe(16)
    with counting(parley) as seen:
        parley.cases.submit(person, task.id, revision=task.revision, token=token, answers=ANSWERS[element_id])
    return list(seen.elements())


def test_a_task_takes_few_statements(demonstration: Parley) -> None:
    dana = demonstration.identity.person("dana")
    sent: dict[str, list[str]] = {}
    for _ in range(2):  # what is immutable is read by the first case
        _, case = demonstration.risks.raise_risk(dana, organisation.RAISE, secrets.token_urlsafe(16))
        sent = {element_id: statements(demonstration, case.id, element_id) for element_id in PEOPLE}
    counts = {element_id: len(each) for element_id, each in sent.items() if element_id not in RUNS_ON}
    assert max(len(sent[element_id]) for element_id in RUNS_ON) <= MOST_STATEMENTS + 8
    assert max(counts.values()) <= MOST_STATEMENTS, "\n".join(max(sent.values(), key=len))
    assert all(len(set(each)) == len(each) for element_id, each in sent.items() if element_id in counts)
