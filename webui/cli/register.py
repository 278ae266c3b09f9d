"""`parley register`: bring a register in, hand it on, and set how much risk is taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webui.cli.common import EXISTING_FILE, opened
from webui.display import plural
from workflows.bootstrap import Parley
from workflows.types import Level, Person

if TYPE_CHECKING:
    from workflows.imports.mapping import Fault
    from workflows.imports.types import Import

LEVELS = click.Choice([level.value for level in Level])
Act = Callable[[Callable[[Parley, Person], None]], None]
BASIS = click.option("--basis", required=True, help="What it rests on: a resolution, a policy.")
SINCE = click.option(
    "--from",
    "since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="From this day on, in UTC; without it, now.",
)


@click.group()
@click.option("--by", "email", envvar="PARLEY_PERSON", help="Your e-mail address: it is done in your name.")
@click.option(
    "--password",
    envvar="PARLEY_PASSWORD",
    help="Your password. Asked for where it is not given; better not on the command line.",
)
@click.pass_context
def register(context: click.Context, email: str | None, password: str | None) -> None:
    """Keep the register of risks, in your own name and under your permissions."""
    database: str = context.obj

    def act(command: Callable[[Parley, Person], None]) -> None:
        name = email or click.prompt("Your e-mail address")
        secret = password or click.prompt("Your password", hide_input=True)
        with opened(database) as parley:
            command(parley, parley.identity.authenticate(name, secret, source="command line"))

    context.obj = act


@register.command("import")
@click.argument("file", type=EXISTING_FILE)
@click.option(
    "--mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column holds a field, where its name does not tell: title=Headline. Repeat it.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and store nothing.")
@click.pass_obj
def import_register(act: Act, file: Path, mapping: tuple[str, ...], dry_run: bool) -> None:
    """Import risks from a CSV FILE or a workbook. Rows with a problem are named and left out; then the exit
    code is 1."""
    from workflows.imports.mapping import guess
    from workflows.imports.reading import read

    data = file.read_bytes()
    sheet = read(file.name, data)
    columns = guess(sheet.header) | _mapped(mapping, sheet.header)

    def command(parley: Parley, person: Person) -> None:
        tried = parley.imports.dry_run_of(person, sheet, columns)
        _name(tried.faults)
        if dry_run or not tried.ready:
            click.echo(
                f"{plural(tried.ready, 'row')} would become risks, {tried.left_out} would be left out. "
                "Nothing was stored."
            )
        else:
            found = _import(parley, person, file.name, data, columns)
            click.echo(
                f"{found.id}: {plural(found.stored, 'risk')} imported, "
                f"{plural(tried.left_out, 'row')} left out."
            )
        if tried.faults:
            raise SystemExit(1)

    act(command)


def _import(parley: Parley, person: Person, name: str, data: bytes, columns: dict[str, int]) -> Import:
    """Everything in steps, each stored whole, with a bar that shows how far it has come."""
    found = parley.imports.take_in(person, name, data)
    found = parley.imports.start(person, found.id, columns)
    with click.progressbar(length=found.wanted, label="Importing") as bar:
        while found.stored < found.wanted:
            before = found.stored
            found = parley.imports.step(person, found.id)
            bar.update(found.stored - before)
    return found


def _mapped(given: tuple[str, ...], header: tuple[str, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for pair in given:
        field, equals, column = pair.partition("=")
        if not equals or column not in header:
            known = ", ".join(name for name in header if name)
            raise click.ClickException(f"{pair!r} names no column of the file. There are: {known}.")
        found[field] = header.index(column)
    return found


def _name(faults: tuple[Fault, ...]) -> None:
    for fault in faults:
        where = f", {fault.column}" if fault.column else ""
        click.echo(f"Row {fault.row}{where}: {fault.sentence}", err=True)


@register.command()
@click.argument("import_id", metavar="IMPORT")
@click.option("--reason", required=True, help="Why it is undone; the record keeps it.")
@click.pass_obj
def undo(act: Act, import_id: str, reason: str) -> None:
    """Undo an IMPORT (such as I-0001) while nothing was built on its risks."""

    def command(parley: Parley, person: Person) -> None:
        found = parley.imports.undo(person, import_id, reason)
        click.echo(f"{found.id} is undone: {plural(found.stored, 'risk')} closed.")

    act(command)


@register.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "csv"]),
    default="json",
    show_default=True,
    help="JSON by the schema of NIST IR 8286r1, or CSV.",
)
@click.pass_obj
def export(act: Act, file: Path, form: str) -> None:
    """Write the register to a FILE, as far as you may read it."""
    from workflows.risks.exporting import as_csv, as_json

    def command(parley: Parley, person: Person) -> None:
        found = parley.register.export(person)
        file.write_text((as_json if form == "json" else as_csv)(found), encoding="utf-8", newline="")
        click.echo(f"{plural(len(found), 'risk')} written to {file}.")

    act(command)


@register.command()
@click.option("--category", default="", help="The category; without it, all that have none of their own.")
@click.option("--appetite", type=LEVELS, required=True, help="Highest level taken as it comes.")
@click.option("--tolerance", type=LEVELS, required=True, help="Highest level taken for a time, by decision.")
@BASIS
@SINCE
@click.pass_obj
def appetite(
    act: Act, category: str, appetite: str, tolerance: str, basis: str, since: datetime | None
) -> None:
    """Set appetite and tolerance. What held before stays on record."""

    def command(parley: Parley, person: Person) -> None:
        parley.register.set_appetite(
            person,
            category,
            Level(appetite),
            Level(tolerance),
            basis=basis,
            valid_from=since.replace(tzinfo=UTC) if since else None,
        )
        click.echo(f"Appetite of {category or 'every other category'}: {appetite}; tolerance: {tolerance}.")

    act(command)
