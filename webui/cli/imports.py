"""`parley import`: bring in what others publish."""

from __future__ import annotations

from pathlib import Path

import click

from webui.cli.common import EXISTING_FILE, opened
from webui.display import plural
from workflows.types import SYSTEM_PERSON


@click.group("import")
def import_() -> None:
    """Bring in files from elsewhere."""


@import_.command()
@click.argument("file", type=EXISTING_FILE)
@click.pass_obj
def kev(database: str, file: Path) -> None:
    """Import CISA's catalogue of known exploited vulnerabilities, as CSV or JSON."""
    with opened(database) as parley:
        report = parley.risks.import_kev(SYSTEM_PERSON, file.name, file.read_bytes())
    for fault in report.faults:
        click.echo(f"Row {fault.row} {fault.key}: {fault.sentence}", err=True)
    click.echo(
        f"{plural(report.rows, 'row')} read: {report.added} added, {report.changed} changed, "
        f"{report.same} as before, {len(report.faults)} left out."
    )
    if report.faults:
        raise SystemExit(1)
