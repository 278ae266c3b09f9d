"""The kill test: processes are killed at random moments under load, and nothing that was said may be lost."""

from __future__ import annotations

import multiprocessing
import random
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks._soak_acts import Log, Submission, act_as_people, act_as_worker, read_log, unacknowledged
from benchmarks._soak_checks import faults
from benchmarks._soak_world import SoakWorld

PRELOADED = ["benchmarks._soak_kill", "sqlalchemy.dialects.postgresql.psycopg", "psycopg"]
"""Read before processes are made, so that a new one is at work at once."""


@dataclass(slots=True)
class _Process:
    """One of the processes under load, and the log it writes."""

    kind: str
    log: Path
    process: Any
    stop: Any


@dataclass(frozen=True, slots=True)
class KillResult:
    """What came of a kill test."""

    kills: int
    killed_in_a_submission: int
    resent: int
    acknowledged: int
    refused: int
    timers: int
    cases: int
    faults: tuple[str, ...]


def _run(
    kind: str,
    url: str,
    began: float,
    seed: int,
    log: Path,
    cases: list[str],
    resend: Submission | None,
    stop: Any,
) -> None:
    world = SoakWorld(url, began, seed)
    if kind == "worker":
        Log(log).write("sweeping")
        act_as_worker(world, stop)
    else:
        act_as_people(world, Log(log), cases, resend, stop)
    world.close()


class KillTest:
    """People and workers on one database, killed at random moments."""

    def __init__(self, url: str, folder: Path, *, seed: int, people: int = 2, workers: int = 2) -> None:
        self._url, self._folder, self._seed = url, folder, seed
        self._random = random.Random(seed)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(PRELOADED)
        self._kinds = ["people"] * people + ["worker"] * workers
        self._began = time.time()
        self._number = 0
        self._processes: list[_Process] = []
        self._cases: list[str] = []

    def run(self, kills: int, *, cases: int = 10) -> KillResult:
        """Kill so many processes, let the rest come to rest, and look."""
        world = SoakWorld(self._url, self._began, self._seed)
        try:
            self._cases = world.prepare(cases)
            self._processes = [self._begin(kind, None) for kind in self._kinds]
            cut_off = resent = 0
            for _ in range(kills):
                self._await_load()
                time.sleep(self._random.uniform(0.0, 0.3))
                place = self._random.randrange(len(self._processes))
                page = self._kill(place)
                # A person whose page got no answer sends it again; every other one first loses patience.
                again = page if page is not None and self._random.random() < 0.5 else None
                cut_off += page is not None
                resent += again is not None
                self._processes[place] = self._begin(self._processes[place].kind, again)
            self._await_load()
            self._end()
            world.clock.ahead += timedelta(days=30)
            world.engine.worker.run_until_idle()
            return self._result(world, kills, cut_off, resent)
        finally:
            for each in self._processes:
                each.process.kill()
                each.process.join()
            world.close()

    def _begin(self, kind: str, resend: Submission | None) -> _Process:
        self._number += 1
        log = self._folder / f"{self._number:05}.log"
        stop = self._context.Event()
        process = self._context.Process(
            target=_run,
            args=(
                kind,
                self._url,
                self._began,
                self._seed * 100_000 + self._number,
                log,
                self._cases,
                resend,
                stop,
            ),
            daemon=True,
        )
        process.start()
        return _Process(kind, log, process, stop)

    def _kill(self, place: int) -> Submission | None:
        victim = self._processes[place]
        victim.process.kill()
        victim.process.join()
        return unacknowledged(victim.log) if victim.kind == "people" else None

    def _await_load(self) -> None:
        """Until every process has begun its work: a kill during the start would prove nothing."""
        until = time.monotonic() + 60
        for each in self._processes:
            while not (each.log.exists() and each.log.stat().st_size):
                if not each.process.is_alive() or time.monotonic() > until:
                    raise RuntimeError(f"A process of the soak ended by itself ({each.process.exitcode}).")
                time.sleep(0.002)

    def _end(self) -> None:
        for each in self._processes:
            each.stop.set()
        for each in self._processes:
            each.process.join(60)
            if each.process.exitcode != 0:
                raise RuntimeError(f"A process of the soak ended with {each.process.exitcode}.")

    def _result(self, world: SoakWorld, kills: int, cut_off: int, resent: int) -> KillResult:
        lines = [line for log in sorted(self._folder.glob("*.log")) for line in read_log(log)]
        told = [line["what"] for line in lines]
        from sqlalchemy import func, select

        from engine.instances.models import instances
        from engine.timers.models import timers

        with world.database.reading() as connection:
            settled = connection.execute(select(func.count()).select_from(timers)).scalar_one()
            count = connection.execute(select(func.count()).select_from(instances)).scalar_one()
        return KillResult(
            kills=kills,
            killed_in_a_submission=cut_off,
            resent=resent,
            acknowledged=told.count("done"),
            refused=told.count("refused"),
            timers=settled,
            cases=count,
            faults=tuple(faults(world, lines)),
        )
