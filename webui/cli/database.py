"""`parley db`: the database's own commands."""

from __future__ import annotations

import click

from webui.cli.common import folder_of


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
@click.pass_obj
def upgrade(database: str) -> None:
    """Bring the database to this release, or make it. Safe to repeat."""
    from workflows.bootstrap import upgrade as run  # loaded here: migrations are slow to import

    folder_of(database).mkdir(parents=True, exist_ok=True)
    run(database)
    click.echo("The database is at this release.")
