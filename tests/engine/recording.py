"""What is on record of a case, as lines that two runs of the same story share to the letter."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from engine.audit.models import audit_entries
from engine.db.types import load_tagged
from engine.instances.models import instances, journal, reveals, submissions
from engine.spiff import run
from engine.spiff.living import in_memory
from engine.tasks.models import tasks
from engine.timers.models import timers
from tests.engine.playing import Stage

_ID = re.compile(r"\b[0-9a-f]{32}\b")
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def record(stage: Stage, instance_id: str) -> list[str]:
    """Everything on record of a case, in order; ids are told apart by their first appearance."""
    rows: list[str] = []
    with stage.database.reading() as connection:

        def note(kind: str, table: Any, columns: str, order: Callable[[Any], Any], of: Any) -> None:
            found = connection.execute(select(table).where(of == instance_id)).mappings().all()
            for row in sorted(found, key=order):
                values = [row[name] for name in columns.split()]
                rows.append(f"{kind} {values!r}")

        note(
            "case",
            instances,
            "key subject state started_at started_by ended_at outcome revision incidents",
            lambda row: row["id"],
            instances.c.id,
        )
        note(
            "journal",
            journal,
            "seq at actor kind element_id elements flows payload",
            lambda row: row["seq"],
            journal.c.instance_id,
        )
        note(
            "submission",
            submissions,
            "seq element_id round seat person_id on_behalf_of authority at form blind answers",
            lambda row: row["seq"],
            submissions.c.instance_id,
        )
        note(
            "task",
            tasks,
            "element_id name role desk seat form state round opened_at due_at closed_at closed_by revision",
            lambda row: (row["opened_at"], row["element_id"], row["round"], row["seat"] or ""),
            tasks.c.instance_id,
        )
        note(
            "timer",
            timers,
            "element_id due_at state settled_at",
            lambda row: (row["due_at"], row["element_id"]),
            timers.c.instance_id,
        )
        note("reveal", reveals, "blind seq at", lambda row: row["seq"], reveals.c.instance_id)
        for row in connection.execute(
            select(audit_entries).where(audit_entries.c.chain == instance_id).order_by(audit_entries.c.seq)
        ).mappings():
            payload = load_tagged(row["payload"])
            rows.append(f"audit {row['seq']} {row['at']} {row['actor']} {row['event']} {payload!r}")
    return _told_apart(rows)


def _told_apart(rows: list[str]) -> list[str]:
    seen: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        return seen.setdefault(match[0], f"#{len(seen) + 1}")

    return [_ID.sub(name, _DIGEST.sub("digest", row)) for row in rows]


def keep_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let cases live in memory from now on: no state is stored, restored or folded."""
    dump, restore = in_memory()
    monkeypatch.setattr(run, "dump", dump)
    monkeypatch.setattr(run, "restore", restore)
