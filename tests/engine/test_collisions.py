"""Several at once on the same cases: every act counts, once; a transaction that dies leaves nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from engine import Engine
from engine.db import Database
from engine.errors import Collision, Conflict, EngineError
from engine.ports import OperationResult
from engine.testing import FakeOperations
from engine.types import Actor, Task
from tests.engine.drawing import Drawing, seated_vote
from tests.engine.playing import Stage

CROWD = 8


@pytest.fixture
def crowd(alone: Stage) -> Iterator[Callable[[], Engine]]:
    """Engines of other processes: each with a pool of connections of its own."""
    opened: list[Database] = []

    def another() -> Engine:
        opened.append(Database(alone.url))
        return Engine(
            opened[-1],
            clock=alone.clock,
            directory=alone.directory,
            forms=alone.forms,
            operations=alone.operations,
        )

    yield another
    for database in opened:
        database.dispose()


def committee() -> Drawing:
    drawing = Drawing().start().service("seat_members")
    inner = seated_vote(over="seat_members", quorum=3)
    drawing.user("vote", inner=inner, parley_performer="seat", role="committee").user("rule").end()
    return drawing.path("start seat_members vote rule end")


def seat(stage: Stage, members: int) -> None:
    seats = [f"s{n}" for n in range(members)]
    stage.directory.seats = {key: f"m{n}" for n, key in enumerate(seats)}
    stage.operations = FakeOperations({"do": lambda p, c: OperationResult(seats)})


def all_at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each act returned or raised; all begin at the same moment."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return act()
        except EngineError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def complete(engine: Engine, by: str, task: Task, token: str, **answers: Any) -> Any:
    return engine.tasks.complete(Actor(by), task.id, revision=task.revision, token=token, answers=answers)


@pytest.mark.parametrize("members", [5, 16])
def test_votes_cast_at_the_same_moment_all_count(
    alone: Stage, crowd: Callable[[], Engine], members: int
) -> None:
    seat(alone, members)
    alone.release(committee())
    alone.start()
    tasks = {task.seat: task for task in alone.open_tasks()}
    acts = [
        partial(
            complete,
            crowd(),
            f"m{n}",
            tasks[f"s{n}"],
            f"token-of-{n:04}",
            choice="exempt" if n % 2 else "refuse",
        )
        for n in range(members)
    ]
    receipts = all_at_once(acts)
    assert [receipt for receipt in receipts if isinstance(receipt, EngineError)] == []
    tally = alone.data["vote_tally"]
    assert (tally["voted"], sum(tally["counts"].values())) == (members, members)
    assert sorted(vote["seat"] for vote in alone.data["vote"]) == sorted(tasks)
    assert alone.open == ["rule"]
    assert alone.path.completed["vote"] == 1
    assert alone.faults() == []


def test_the_same_submission_sent_many_times_at_once_happens_once(
    alone: Stage, crowd: Callable[[], Engine]
) -> None:
    alone.release(Drawing().start().user("one").user("two").end().path("start one two end"))
    alone.start()
    task = alone.task("one")
    acts = [partial(complete, crowd(), "carla", task, "the-same-token", n=1) for _ in range(CROWD)]
    receipts = all_at_once(acts)
    assert len({receipt.submission_id for receipt in receipts}) == 1
    assert sum(not receipt.repeated for receipt in receipts) == 1
    assert alone.path.completed["one"] == 1
    assert alone.faults() == []


def test_of_many_who_may_one_is_first_and_the_others_are_told(
    alone: Stage, crowd: Callable[[], Engine]
) -> None:
    people = [f"cio{n}" for n in range(CROWD)]
    alone.directory.holders["cio"] = people
    alone.release(Drawing().start().user("one").user("two").end().path("start one two end"))
    alone.start()
    task = alone.task("one")
    answers = all_at_once(
        [partial(complete, crowd(), who, task, f"token-of-{who}", said=who) for who in people]
    )
    conflicts = [answer for answer in answers if isinstance(answer, Conflict)]
    assert len(conflicts) == CROWD - 1
    assert {type(conflict) for conflict in conflicts} == {Conflict}
    assert alone.open == ["two"]
    assert alone.faults() == []


def test_eight_at_once_on_the_same_ten_cases(alone: Stage, crowd: Callable[[], Engine]) -> None:
    people = [f"p{n}" for n in range(CROWD)]
    drawing = Drawing().start().parallel("split", "join").end()
    for who in people:
        alone.directory.holders[who] = [who]
        drawing.user(f"first_{who}", role=who).user(f"second_{who}", role=who)
        drawing.path(f"split first_{who} second_{who} join")
    alone.release(drawing.path("start split", "join end"))
    cases = [alone.start() for _ in range(10)]
    troubles: list[EngineError] = []

    def work(who: str, engine: Engine) -> None:
        # Each begins elsewhere and goes round, so that they keep meeting on the same case.
        start = people.index(who)
        for step in ("first", "second"):
            for number in range(len(cases)):
                case = cases[(start + number) % len(cases)]
                with engine.database.reading() as connection:
                    tasks = engine.tasks.of_instance(connection, case)
                task = next(t for t in tasks if t.element_id == f"{step}_{who}")
                try:
                    complete(engine, who, task, f"{step}-{who}-{case}", n=number)
                except EngineError as error:
                    troubles.append(error)

    all_at_once([partial(work, who, crowd()) for who in people])
    assert troubles == []
    for case in cases:
        alone.instance_id = case
        assert alone.instance.state == "completed"
        assert sum(alone.path.completed[f"{s}_{w}"] for s in ("first", "second") for w in people) == 16
        assert [
            row.seq for row in alone.read(lambda c: alone.engine.instances.journal(c, alone.instance_id))
        ] == [*range(1, 18)]
    assert alone.faults() == []


def test_two_who_begin_the_same_chain_collide_and_are_retried(
    alone: Stage, crowd: Callable[[], Engine]
) -> None:
    def append(engine: Engine, n: int) -> None:
        def command() -> None:
            with engine.database.unit_of_work() as uow:
                engine.audit.append(uow, "organisation", "person:joined", "admin", {"n": n})

        engine.database.retrying(command)

    answers = all_at_once([partial(append, crowd(), n) for n in range(CROWD)])
    assert answers == [None] * CROWD
    entries = alone.read(lambda c: alone.engine.audit.entries(c, "organisation"))
    assert sorted(entry.payload["n"] for entry in entries if entry.payload) == list(range(CROWD))
    assert alone.faults() == []


def test_when_others_are_always_first_the_person_is_told_to_send_it_again(
    alone: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone.release(Drawing().start().user("one").end().path("start one end"))
    alone.start()
    task, before = alone.task("one"), alone.counts()

    def beaten(on: object = None) -> Any:
        raise Collision()

    monkeypatch.setattr(alone.engine.database, "unit_of_work", beaten)
    with pytest.raises(Collision, match="send it once more"):
        complete(alone.engine, "carla", task, alone.token())
    monkeypatch.undo()
    assert alone.counts() == before


@pytest.mark.parametrize(
    "moment", ["UPDATE instances", "INSERT INTO journal", "INSERT INTO audit_entries", "COMMIT"]
)
def test_a_connection_lost_before_the_commit_leaves_nothing(alone: Stage, moment: str) -> None:
    alone.release(Drawing().start().user("one").user("two").end().path("start one two end"))
    alone.start()
    task, token, before = alone.task("one"), alone.token(), alone.counts()

    def cut(connection: Any) -> None:
        # The server ends the session; on SQLite the file's connection is closed under the transaction.
        connection.connection.dbapi_connection.close()

    def on_statement(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(moment):
            cut(connection)

    engine = alone.database.engine
    if moment == "COMMIT":
        event.listen(engine, "commit", cut)
    else:
        event.listen(engine, "before_cursor_execute", on_statement)
    with pytest.raises(Exception, match=r"(?i)closed|lost|terminat|gone"):
        complete(alone.engine, "carla", task, token, n=1)
    if moment == "COMMIT":
        event.remove(engine, "commit", cut)
    else:
        event.remove(engine, "before_cursor_execute", on_statement)
    assert alone.counts() == before
    assert alone.open == ["one"]
    receipt = complete(alone.engine, "carla", task, token, n=1)
    assert not receipt.repeated
    assert alone.open == ["two"]
    assert alone.faults() == []


@pytest.mark.postgresql
def test_a_session_that_the_server_ends_in_the_middle_of_a_command_leaves_nothing(
    request: pytest.FixtureRequest,
) -> None:
    stage = Stage(request.getfixturevalue("postgres_url"))
    stage.release(Drawing().start().user("one").user("two").end().path("start one two end"))
    stage.start()
    task, token, before = stage.task("one"), stage.token(), stage.counts()
    other = Database(stage.url)

    def end_session(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO audit_entries"):
            pid = cursor.connection.info.backend_pid
            with other.unit_of_work() as uow:
                uow.connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})

    event.listen(stage.database.engine, "before_cursor_execute", end_session)
    with pytest.raises(DBAPIError, match="terminating connection"):
        complete(stage.engine, "carla", task, token, n=1)
    event.remove(stage.database.engine, "before_cursor_execute", end_session)
    assert stage.counts() == before
    assert not complete(stage.engine, "carla", task, token, n=1).repeated
    assert stage.open == ["two"]
    other.dispose()
    stage.close()


@pytest.mark.postgresql
def test_a_deadlock_is_a_collision_that_is_tried_again(request: pytest.FixtureRequest) -> None:
    stage = Stage(request.getfixturevalue("postgres_url"))
    stage.release(Drawing().start().user("one").end().path("start one end"))
    first, second = stage.start(), stage.start()
    barrier, tries = threading.Barrier(2), []

    def cross(one: str, another: str) -> None:
        def command() -> None:
            tries.append(one)
            with stage.database.unit_of_work() as uow:
                for number, case in enumerate((one, another)):
                    uow.connection.execute(
                        text("UPDATE instances SET revision = revision + 1 WHERE id = :of"), {"of": case}
                    )
                    if not number and len(tries) <= 2:
                        barrier.wait()

        stage.database.retrying(command)

    answers = all_at_once([lambda: cross(first, second), lambda: cross(second, first)])
    assert answers == [None, None]
    assert len(tries) == 3
    revisions = stage.read(lambda c: c.execute(text("SELECT revision FROM instances")).scalars().all())
    assert revisions == [3, 3]
    stage.close()
