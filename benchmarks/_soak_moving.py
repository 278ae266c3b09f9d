"""The moving test: hundreds of open cases moved by one plan, by processes that are killed on the way.

Whatever was killed, the plan is carried on where it stopped, and each case is moved once, with its
audit entry.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from benchmarks._soak_kill import PRELOADED
from benchmarks._soak_world import SoakWorld
from engine.audit.models import audit_entries
from engine.events import Event
from engine.instances.models import instances, journal
from engine.moving.models import move_items
from engine.types import Actor

RENAMED = "Work on it anew"
WITHIN_SECONDS = 120
"""How long a process may take to move the cases after which it is killed."""


@dataclass(frozen=True, slots=True)
class MovingResult:
    """What came of a moving test."""

    cases: int
    kills: int
    faults: tuple[str, ...]


def run(url: str, *, cases: int, kills: int, seed: int) -> MovingResult:
    """Move so many cases, killing so many of the processes that carry the plan out."""
    world = SoakWorld(url, began=time.time(), seed=seed)
    world.prepare(cases)
    to_hash = world.release(RENAMED)
    plan = world.engine.moving.plan(Actor("governor"), "soaked", to_hash, reason="a better name")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    killed = 0
    for number in range(1, kills + 1):
        process = context.Process(target=_carry_out, args=(url, world.began, plan.id))
        process.start()
        _wait(world, plan.id, cases * number // (kills + 2))
        time.sleep(random.Random(seed + number).random() / 50)
        process.kill()
        process.join()
        killed += process.exitcode != 0
    world.engine.moving.carry_out(Actor("governor"), plan.id)
    found = faults(world, plan.id, to_hash, cases)
    world.close()
    return MovingResult(cases, killed, tuple(found))


def faults(world: SoakWorld, plan_id: str, to_hash: str, cases: int) -> list[str]:
    """Whatever is not as it must be once the plan was carried out."""
    with world.database.reading() as connection:
        states = connection.execute(select(move_items.c.state).where(move_items.c.plan_id == plan_id))
        items = Counter(states.scalars())
        entries = connection.execute(
            select(audit_entries.c.chain).where(audit_entries.c.event == Event.INSTANCE_MOVED.value)
        )
        told = Counter(entries.scalars())
        rows = connection.execute(select(journal.c.instance_id).where(journal.c.kind == "move"))
        moved = Counter(rows.scalars())
        there = select(func.count()).where(instances.c.version_hash == to_hash)
        new = connection.execute(there).scalar_one()
        report = world.engine.audit.verify(connection)
    found = [f"{fault.chain}, entry {fault.seq}: {fault.sentence}" for fault in report.faults]
    if items != {"moved": cases}:
        found.append(f"of {cases} cases the plan says {dict(items)}")
    if new != cases:
        found.append(f"{new} of {cases} cases are of the new version")
    for what, counted in (("audit entry", told), ("journal row", moved)):
        if len(counted) != cases or set(counted.values()) != {1}:
            found.append(
                f"not one {what} for each case: {len(counted)} cases, {sum(counted.values())} in all"
            )
    return found


def _carry_out(url: str, began: float, plan_id: str) -> None:
    world = SoakWorld(url, began=began, seed=0)
    world.engine.moving.carry_out(Actor("governor"), plan_id)


def _wait(world: SoakWorld, plan_id: str, done: int) -> None:
    """Until so many cases have moved."""
    count: Any = select(func.count()).where(move_items.c.plan_id == plan_id, move_items.c.state != "pending")
    until = time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < until:
        with world.database.reading() as connection:
            if connection.execute(count).scalar_one() >= max(1, done):
                return
        time.sleep(0.01)
    raise AssertionError(f"{done} cases have not moved within {WITHIN_SECONDS} seconds")
