"""Migrations of both branches, the engine's and the domain's, run together and without an alembic.ini."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from engine import db as engine_db
from engine.db import Database

_HERE = Path(__file__).parent
_ENGINE = Path(engine_db.__file__).parent / "migrations"
_LOCK = 0x7061726C6579
"""Key of PostgreSQL's advisory lock: "parley" in ASCII."""


def config() -> Config:
    """Alembic's configuration: where the scripts of both branches lie, in a checkout or an "
    "installed wheel."""
    made = Config()
    made.set_main_option("path_separator", "newline")
    made.set_main_option("script_location", _escaped(_HERE))
    made.set_main_option(
        "version_locations", f"{_escaped(_ENGINE / 'versions')}\n{_escaped(_HERE / 'versions')}"
    )
    return made


def upgrade(url: str) -> None:
    """Bring a database to this release: the engine's and the domain's migrations, together. Safe to repeat.

    A SQLite file is made where there is none, its folder too. Several processes may call it at once.
    """
    database = Database(url, pool_size=1)
    path = database.engine.url.database
    if database.is_sqlite and path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        # It will hold password hashes and sealed positions: nobody else on the machine reads it.
        Path(path).touch(mode=0o600)
    try:
        with database.unit_of_work() as uow:
            if not database.is_sqlite:
                uow.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            made = config()
            made.attributes["connection"] = uow.connection
            command.upgrade(made, "heads")
    finally:
        database.dispose()


def is_current(database: Database) -> bool:
    """Whether a database has every migration of this release, and none of a later one."""
    with database.reading() as connection:
        held = MigrationContext.configure(connection).get_current_heads()
    return set(held) == set(ScriptDirectory.from_config(config()).get_heads())


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
