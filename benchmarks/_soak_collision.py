"""The collision test: many threads of several processes act on the same cases at once.

Nobody may be shown an error that is no true conflict, and votes cast at the same moment all count.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks._soak_acts import Log, Submission, is_true_conflict, open_page, read_log, send_message, submit
from benchmarks._soak_checks import faults
from benchmarks._soak_kill import PRELOADED
from benchmarks._soak_world import KEY, SEATS, SoakWorld
from engine.instances.models import journal
from engine.tasks.models import tasks
from engine.types import Actor

RENAMED = "Carry on with it"
"""What the task is called in the version that cases are moved to."""


@dataclass(frozen=True, slots=True)
class CollisionResult:
    """What came of a collision test."""

    acts: dict[str, int]
    """How often people were told what, by the first word of the log."""
    seconds: float
    commands: int
    collisions: int
    """How often a command met another one and was computed again, unseen by anybody."""
    most_collisions: int
    """Those of the unluckiest command."""
    votes_at_once: int
    faults: tuple[str, ...]


class _Actor:
    """One thread: acts on cases picked at random, in a way picked at random."""

    def __init__(self, world: SoakWorld, log: Log, cases: list[str], mover: bool) -> None:
        self._world, self._log, self._cases, self._mover = world, log, cases, mover
        self._number = 0

    def run(self, until: float) -> None:
        """Act until the time is over; what nobody foresaw is logged as a fault."""
        while time.time() < until:
            self._number += 1
            act = self._chosen()
            try:
                act(f"page-{self._world.seed}-{self._number:06}")
            except Exception as error:  # the run is there to find these
                self._log.write("fault", token="", error=f"{act.__name__}: {type(error).__name__}: {error}")

    def _chosen(self) -> Callable[[str], None]:
        if self._mover and self._number % 10 == 5:
            return self._move
        chosen: Callable[[str], None] = self._world.random.choices(
            (self._complete, self._delegate, self._message, self._sweep), (70, 15, 10, 5)
        )[0]
        return chosen

    def _complete(self, name: str) -> None:
        page = open_page(self._world, self._cases, name)
        if page is not None:
            submit(self._world, self._log, page)

    def _message(self, name: str) -> None:
        send_message(self._world, self._log, self._world.random.choice(self._cases), name)

    def _sweep(self, name: str) -> None:
        self._world.engine.worker.sweep(limit=5)

    def _delegate(self, name: str) -> None:
        """Give a task to a colleague, or back to its desk."""
        page = open_page(self._world, self._cases, name)
        if page is None or page.person.startswith("m"):
            return
        actor, assignment = Actor(page.person), self._world.engine.tasks
        to = self._world.random.choice([None, f"c{self._world.random.randrange(12)}"])
        try:
            if to is None:
                assignment.release(actor, page.task_id, revision=page.revision)
            else:
                assignment.assign(actor, page.task_id, revision=page.revision, to=to)
            self._log.write("delegated", token=name)
        except Exception as error:  # whatever a person would be shown: the run judges it
            true = is_true_conflict(self._world, page.task_id, page.revision, page.person, error)
            text = f"{type(error).__name__}: {error}"
            self._log.write("undelegated" if true else "fault", token=name, error=text)

    def _move(self, name: str) -> None:
        """Move all open cases to the other version."""
        world = self._world
        with world.database.reading() as connection:
            versions = [version.hash for version in world.engine.definitions.versions(connection, KEY)]
        plan = world.engine.moving.plan(
            Actor("governor"), KEY, world.random.choice(versions), reason="the soak moves cases to and fro"
        )
        done = world.engine.moving.carry_out(Actor("governor"), plan.id)
        self._log.write("moved", token=name, states=Counter(item.state for item in done.items))


def _run(
    url: str, began: float, seed: int, folder: Path, cases: list[str], threads: int, seconds: float
) -> None:
    """A process: so many threads on one engine and its connections, as in a web server."""
    world = SoakWorld(url, began, seed)
    log = Log(folder / f"{seed}.log")
    until = time.time() + seconds
    actors = [
        _Actor(replace(world, seed=seed * 100 + number, shared=world), log, cases, mover=number == 0)
        for number in range(threads)
    ]
    running = [threading.Thread(target=actor.run, args=(until,)) for actor in actors]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    met = world.database
    log.write("counted", commands=met.commands, collisions=met.collisions, most=met.most)
    world.close()


def _vote(url: str, began: float, seat: int, folder: Path, cases: list[str], barrier: Any) -> None:
    """A process: one voter, who votes on each case at the same moment as all the others."""
    world = SoakWorld(url, began, 900 + seat)
    log = Log(folder / f"vote-{seat}.log")
    for number, case in enumerate(cases):
        query = select(tasks.c.id).where(tasks.c.instance_id == case, tasks.c.seat == f"s{seat}")
        with world.database.reading() as connection:
            task_id = connection.execute(query).scalar_one()
        barrier.wait(60)
        # Refused is refused, even where the conflict were a true one: every vote must be taken.
        submit(
            world, log, Submission(f"vote-{seat}-{number:05}", task_id, f"m{seat}", 1, {"choice": "exempt"})
        )
    world.close()


class CollisionTest:
    """Threads and processes on one database."""

    def __init__(self, url: str, folder: Path, *, seed: int, processes: int = 3, threads: int = 8) -> None:
        self._url, self._folder, self._seed = url, folder, seed
        self._processes, self._threads = processes, threads
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(PRELOADED)
        self._began = time.time()

    def run(self, seconds: float, *, cases: int = 50, votes: int = 20) -> CollisionResult:
        """Let all act on the same cases for so long; then let all vote at once on `votes` other ones."""
        world = SoakWorld(self._url, self._began, self._seed)
        try:
            shared = world.prepare(cases)
            world.release(RENAMED)
            begun = time.monotonic()
            self._all(_run, [(self._url, self._began, self._seed * 1000 + n, self._folder, shared,
                              self._threads, seconds) for n in range(1, self._processes + 1)])  # fmt: skip
            took = time.monotonic() - begun
            voted = [world.start(f"vote-{number}") for number in range(votes)]
            barrier = self._context.Barrier(SEATS)
            self._all(_vote, [(self._url, self._began, seat, self._folder, voted, barrier)
                              for seat in range(SEATS)])  # fmt: skip
            world.clock.ahead += timedelta(days=30)
            world.engine.worker.run_until_idle()
            return self._result(world, voted, took)
        finally:
            world.close()

    def _all(self, target: Callable[..., None], arguments: list[tuple[Any, ...]]) -> None:
        processes = [self._context.Process(target=target, args=each, daemon=True) for each in arguments]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
            if process.exitcode != 0:
                raise RuntimeError(f"A process of the soak ended with {process.exitcode}.")

    def _result(self, world: SoakWorld, voted: list[str], took: float) -> CollisionResult:
        lines = [line for log in sorted(self._folder.glob("*.log")) for line in read_log(log)]
        counts = [line for line in lines if line["what"] == "counted"]
        votes = [line for line in lines if line["what"] == "done" and line["token"].startswith("vote-")]
        found = faults(world, lines)
        if len(votes) != SEATS * len(voted):
            found.append(f"of {SEATS * len(voted)} votes cast at once {len(votes)} were taken")
        with world.database.reading() as connection:
            for case in voted:
                tallies = [
                    payload["tallies"]["vote"]
                    for payload in connection.execute(
                        select(journal.c.payload).where(journal.c.instance_id == case)
                    ).scalars()
                    if "tallies" in payload
                ]
                if [tally["voted"] for tally in tallies] != [SEATS]:
                    found.append(f"the vote of {case} counted {tallies}")
        return CollisionResult(
            acts=dict(Counter(line["what"] for line in lines if line["what"] not in ("counted", "try"))),
            seconds=round(took, 2),
            commands=sum(line["commands"] for line in counts),
            collisions=sum(line["collisions"] for line in counts),
            most_collisions=max(line["most"] for line in counts),
            votes_at_once=len(votes),
            faults=tuple(found),
        )
