"""`parley audit`: check that nothing on record was altered."""

from __future__ import annotations

import click

from webui.cli.common import opened
from webui.display import plural


@click.group()
def audit() -> None:
    """Check the record."""


@audit.command()
@click.pass_obj
def verify(database: str) -> None:
    """Check every hash chain, and against them what the tables say of risks, decisions, exemptions, posts
    and the committee. Names each entry that does not hold, and then ends with exit code 1."""
    from workflows.verification import domain_faults  # `--help` needs none of it

    with opened(database) as parley, parley.database.reading() as connection:
        report = parley.engine.audit.verify(connection)
        faults = [*report.faults, *domain_faults(connection)]
    for fault in faults:
        click.echo(f"{fault.chain}, entry {fault.seq}: {fault.sentence}", err=True)
    checked = f"{plural(report.entries, 'entry', 'entries')} in {plural(report.chains, 'chain')}"
    if faults:
        raise click.ClickException(f"{plural(len(faults), 'fault')} in {checked}. The record was altered.")
    click.echo(f"The record holds: {checked}, each sealed by the one before.")
