"""What all commands share: opening the database, reading data files, and turning refusals into sentences."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, SQLAlchemyError

from engine.dmn import DmnError
from engine.feel import FeelError
from workflows.errors import EngineError, WorkflowsError

if TYPE_CHECKING:
    from workflows.bootstrap import Parley

DEFAULT_DATABASE = "sqlite:///var/parley.sqlite3"
DEBUG_VARIABLE = "PARLEY_DEBUG"
KINDS = ("sqlite", "postgresql")
ADDRESSES = (
    "Give an address such as sqlite:////srv/parley/parley.sqlite3 or postgresql+psycopg://user@host/parley."
)
EXISTING_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
EXISTING_FOLDER = click.Path(exists=True, file_okay=False, readable=True, path_type=Path)


class SentenceGroup(click.Group):
    """A group whose commands end in a sentence and exit code 1 where they are refused."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; with PARLEY_DEBUG set, errors come with everything a developer wants to see."""
        if os.environ.get(DEBUG_VARIABLE):
            return super().invoke(ctx)
        try:
            return super().invoke(ctx)
        except (EngineError, WorkflowsError, FeelError, DmnError) as refused:
            raise click.ClickException(str(refused)) from refused
        except (ArgumentError, NoSuchModuleError) as wrong:
            raise click.ClickException(
                f"This is no address of a database that Parley can use: {wrong}. {ADDRESSES}"
            ) from wrong
        except SQLAlchemyError as failed:
            raise click.ClickException(_database_sentence(failed)) from failed
        except OSError as failed:
            what = f"{failed.filename}: " if failed.filename else ""
            raise click.ClickException(f"{what}{failed.strerror or failed}. Nothing was changed.") from failed
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as unforeseen:
            # The last stop of the command line: a person gets a sentence, a developer asks for more.
            raise click.ClickException(
                f"Something went wrong that was not foreseen ({type(unforeseen).__name__}: {unforeseen}). "
                f"A step is stored whole or not at all. Set {DEBUG_VARIABLE}=1 to see where it happened."
            ) from unforeseen


def _database_sentence(failed: SQLAlchemyError) -> str:
    cause = str(getattr(failed, "orig", None) or failed).strip().splitlines()
    said = cause[0] if cause else type(failed).__name__
    if isinstance(failed, DatabaseError) and ("no such table" in said or "does not exist" in said):
        return (
            f"The database has not been set up ({said}). Run “parley db upgrade” first. Nothing was changed."
        )
    return f"The database could not do this: {said}. Nothing was changed; check its address and that it runs."


def folder_of(database: str) -> Path:
    """The folder that holds what belongs to an installation: beside an SQLite file, else `var`. Raises as
    `file_of`."""
    file = file_of(database)
    return file.parent if file is not None else Path("var").resolve()


def file_of(database: str) -> Path | None:
    """The file of an SQLite database; None for PostgreSQL. Raises click's error for any other kind."""
    url = make_url(database)
    kind = url.get_backend_name()
    if kind not in KINDS:
        raise click.ClickException(
            f"Parley keeps its record in SQLite or PostgreSQL, not in {kind}. Nothing was opened. {ADDRESSES}"
        )
    if kind == "sqlite" and url.database and url.database != ":memory:":
        return Path(url.database).resolve()
    return None


@contextmanager
def opened(database: str, connections: int = 5) -> Iterator[Parley]:
    """Parley on a database that is there, closed afterwards; `connections` are kept open at the most."""
    from workflows.bootstrap import Settings, open_parley  # loaded here: `parley --help` needs none of it
    from workflows.migrations import is_current

    file = file_of(database)
    if file is not None and not file.is_file():  # to open it would make an empty one
        raise click.ClickException(
            f"There is no database at {file}. Nothing was made. Look at how its path is written, or make it "
            "with “parley db upgrade”."
        )
    domain = open_parley(Settings(database_url=database, pool_size=connections))
    try:
        if not is_current(domain.database):
            raise click.ClickException(
                "The database is not at this release. Run “parley db upgrade” first. Nothing was changed."
            )
        yield domain
    finally:
        domain.close()


def read_data(path: Path | None) -> dict[str, Any]:
    """A JSON file as data for expressions, its numbers as decimals. Raises click's error where it is no
    object."""
    if path is None:
        return {}
    try:
        read = json.loads(path.read_bytes(), parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError) as wrong:
        raise click.ClickException(f"{path} is not JSON: {wrong}. Nothing was evaluated.") from wrong
    if not isinstance(read, dict):
        raise click.ClickException(
            f"{path} must hold one JSON object: names and their values. Nothing was evaluated."
        )
    return read
