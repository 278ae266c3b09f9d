"""The inbox with a million task rows: what the database needs for a person's first page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, text

from benchmarks._measuring import Report, Samples
from benchmarks._policy import PolicyStage
from engine.tasks.queries import inbox
from engine.testing import START

ROWS = 1_000_000
OPEN = 20_000
DESKS = ("cio", "ciso", "cio@retail", "cro", "seat:s0")
"""The desks of the one who asks: five of the twenty that the open tasks lie on."""
OTHERS = 15
MOST_MILLISECONDS = 5.0

_COLUMNS = (
    "id, instance_id, key, version_hash, subject, element_id, name, role, desk, seat, form, state, round, "
    "opened_at, due_at, due_key, remind_key, assignee, revision"
)
_SERIES = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :rows - 1) ",
    "postgresql": "WITH n(i) AS (SELECT generate_series(0, :rows - 1)) ",
}
_ID = {"sqlite": "printf('%032x', i * 2654435761 % 4294967296 * 1048576 + i)", "postgresql": "md5(i::text)"}
_DUE = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', :start, (i % 200000 * 7919 % 200000) || ' minutes')",
    "postgresql": "CAST(:start AS timestamptz) + (i % 200000 * 7919 % 200000) * interval '1 minute'",
}
_NEVER = {"sqlite": "'9999-12-31 00:00:00.000000'", "postgresql": "timestamptz '9999-12-31 00:00:00+00'"}


def fill(stage: PolicyStage, rows: int, still_open: int) -> None:
    """So many task rows, of which every so many-th is open, on twenty desks."""
    kind = "sqlite" if stage.database.is_sqlite else "postgresql"
    case = stage.start()
    desk = "CASE " + " ".join(
        f"WHEN i / :every % {len(DESKS) + OTHERS} = {number} THEN '{name}'"
        for number, name in enumerate(DESKS)
    )
    values = (
        f"{_ID[kind]}, :case, 'risk-decision', :version, 'R-0001', 'decide', 'Decide on risk', 'cio', "
        f"{desk} ELSE 'unit' || (i / :every % {len(DESKS) + OTHERS}) END, NULL, 'decide.form', "
        f"CASE WHEN i % :every = 0 THEN 'open' ELSE 'completed' END, 1, "
        f"{_DUE[kind]}, {_DUE[kind]}, {_DUE[kind]}, {_NEVER[kind]}, "
        "CASE WHEN i % (:every * 50) = 0 THEN 'somebody' ELSE NULL END, 1"
    )
    start: Any = START if kind == "postgresql" else START.strftime("%Y-%m-%d %H:%M:%S")
    with stage.database.unit_of_work() as uow:
        version = stage.engine.instances.get(uow.connection, case).version_hash
        uow.connection.execute(
            text(f"INSERT INTO tasks ({_COLUMNS}) {_SERIES[kind]}SELECT {values} FROM n"),
            {"rows": rows, "every": rows // still_open, "case": case, "version": version, "start": start},
        )
    with stage.database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def asked(stage: PolicyStage) -> list[tuple[str, Any]]:
    """The statements of one page, as they are sent, with their values."""
    seen: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        seen.append((statement, parameters))

    event.listen(stage.database.engine, "before_cursor_execute", note)
    try:
        page(stage)
    finally:
        event.remove(stage.database.engine, "before_cursor_execute", note)
    return seen


def page(stage: PolicyStage, after: Any = None) -> list[Any]:
    """The first 50 open tasks of five desks and one person."""
    with stage.database.reading() as connection:
        return list(inbox(connection, DESKS, "carla", limit=50, after=after))


def plan(stage: PolicyStage) -> str:
    """How the database finds them."""
    explain = "EXPLAIN QUERY PLAN " if stage.database.is_sqlite else "EXPLAIN "
    with stage.database.reading() as connection:
        return "\n".join(
            str(row[-1])
            for statement, parameters in asked(stage)
            for row in connection.exec_driver_sql(explain + statement, parameters)
        )


def measured(url: str, report: Report, rows: int, runs: int, kind: str) -> None:
    """At the database: its statements sent and their rows fetched; and the whole query with its views."""
    stage = PolicyStage(url)
    fill(stage, rows, OPEN * rows // ROWS)
    statements = asked(stage)
    at_database = Samples(f"{kind}: inbox of {rows:,} rows, at the database")
    whole = Samples(f"{kind}: inbox of {rows:,} rows, views included")
    second = Samples(f"{kind}: inbox of {rows:,} rows, the page after")
    shown = page(stage)
    last = (shown[-1].due_at, shown[-1].id)
    for _ in range(runs):
        with stage.database.reading() as connection:
            cursor = connection.connection.cursor()
            for statement, parameters in statements:
                at_database.take(_fetch, cursor, statement, parameters)
            cursor.close()
        whole.take(page, stage)
        second.take(page, stage, last)
    report.add(at_database, whole, second)
    used = plan(stage)
    report.note(f"{kind}: statements of one page", "statements", len(statements))
    report.note(f"{kind}: indexes of open tasks in the plan", "times", used.count("ix_tasks_open_"))
    report.hold(f"{kind}: inbox at the database", "ms", at_database.median, MOST_MILLISECONDS)
    stage.close()


def _fetch(cursor: Any, statement: str, parameters: Any) -> None:
    cursor.execute(statement, parameters)
    cursor.fetchall()


__all__ = ["DESKS", "OPEN", "ROWS", "asked", "fill", "measured", "page", "plan"]
