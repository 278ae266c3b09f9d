"""What processes of the soak do: act as a person or as a worker until they are stopped, or killed.

Everything is written to a log before it is tried and again once it was acknowledged. A line that was written
outlives the process, so that afterwards nothing acknowledged can be missing unnoticed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks._soak_world import MESSAGE, WORKERS, SoakWorld
from engine.errors import Collision, Conflict, NotEntitled
from engine.tasks.models import tasks
from engine.types import Actor


@dataclass(frozen=True, slots=True)
class Submission:
    """A page that a person sends: kept whole, so that it can be sent again."""

    token: str
    task_id: str
    person: str
    revision: int
    answers: Mapping[str, Any]


class Log:
    """Lines that outlive the process that wrote them."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def write(self, what: str, **more: Any) -> None:
        """One line, in one write."""
        os.write(self._file, (json.dumps({"what": what, **more}) + "\n").encode())


def read_log(path: Path) -> list[dict[str, Any]]:
    """What was written; a last line that was cut off is left out."""
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")
    return [json.loads(line) for line in lines[:-1]]


def unacknowledged(path: Path) -> Submission | None:
    """The page that was under way when the process ended; its person will send it again."""
    lines = [line for line in read_log(path) if line["what"] in ("try", "done", "refused")]
    if not lines or lines[-1]["what"] != "try":
        return None
    return Submission(**lines[-1]["submission"])


def submit(world: SoakWorld, log: Log, page: Submission) -> None:
    """Send a page, and log what came of it. A refusal that is no true conflict is logged as a fault."""
    log.write("try", submission=asdict(page))
    try:
        receipt = world.engine.tasks.complete(
            Actor(page.person), page.task_id, revision=page.revision, token=page.token, answers=page.answers
        )
    except Exception as error:  # whatever a person would be shown: the run judges it
        true = is_true_conflict(world, page.task_id, page.revision, page.person, error)
        log.write("refused" if true else "fault", token=page.token, error=f"{type(error).__name__}: {error}")
        return
    log.write("done", token=page.token, task=page.task_id, repeated=receipt.repeated)


def is_true_conflict(world: SoakWorld, task_id: str, revision: int, person: str, error: Exception) -> bool:
    """Whether the task really is finished, changed, or somebody else's, so that the person had to be told."""
    if isinstance(error, Collision) or not isinstance(error, Conflict | NotEntitled):
        return False
    with world.database.reading() as connection:
        task = world.engine.tasks.get(connection, task_id)
    if isinstance(error, NotEntitled):
        return task.assignee not in (None, person) or task.revision != revision
    return task.state != "open" or task.revision != revision


def open_page(world: SoakWorld, cases: Sequence[str], name: str) -> Submission | None:
    """An open task of a case picked at random, as its page would send it; None where the case has none."""
    case = world.random.choice(cases)
    query = select(tasks.c.id, tasks.c.revision, tasks.c.element_id, tasks.c.seat, tasks.c.assignee).where(
        tasks.c.instance_id == case, tasks.c.state == "open"
    )
    with world.database.reading() as connection:
        rows = connection.execute(query).all()
    if not rows:
        return None
    row = world.random.choice(rows)
    person = f"m{row.seat[1:]}" if row.seat else row.assignee or world.random.choice(WORKERS)
    answers: dict[str, Any] = {"note": name}
    if row.seat:
        answers["choice"] = world.random.choice(["exempt", "refuse"])
    elif row.element_id == "work":
        answers["more"] = world.random.random() < 0.9
    return Submission(name, row.id, person, row.revision, answers)


def act_as_people(
    world: SoakWorld, log: Log, cases: Sequence[str], resend: Submission | None, stop: Any
) -> None:
    """Send what a killed process had under way, then page after page, and messages between them."""
    if resend is not None:
        submit(world, log, resend)
    number = 0
    known = list(cases)
    while not stop.is_set():
        number += 1
        name = f"page-{world.seed}-{number:06}"
        if world.random.random() < 0.08:
            key = f"key-{name}"
            log.write("starting", key=key)
            known.append(world.start(key))
            log.write("started", key=key, case=known[-1])
            continue
        page = open_page(world, known, name)
        if page is not None:
            submit(world, log, page)
        else:
            send_message(world, log, world.random.choice(known), name)


def send_message(world: SoakWorld, log: Log, case: str, token: str) -> None:
    """Send a case the message it may be waiting for."""
    with world.database.reading() as connection:
        key = world.engine.instances.get(connection, case).subject
    log.write("sending", token=token)
    delivery = world.engine.messages.send(
        Actor("vendor"), name=MESSAGE, correlation=key, payload={"text": token}, token=token
    )
    log.write("sent", token=token, message=delivery.id)


def act_as_worker(world: SoakWorld, stop: Any) -> None:
    """Sweep until stopped."""
    while not stop.is_set():
        if not world.engine.worker.sweep(limit=20):
            stop.wait(0.005)
