"""The command line: a module per group of commands. Every error is a sentence and an exit code, never a
traceback."""

from __future__ import annotations

import click

from webui.cli.audit import audit
from webui.cli.common import DEFAULT_DATABASE, SentenceGroup
from webui.cli.database import db
from webui.cli.decisions import decide, feel, tck
from webui.cli.imports import import_
from webui.cli.organisation import demo, init
from webui.cli.people import organisation
from webui.cli.policy_files import policy
from webui.cli.register import register
from webui.cli.serve import serve, worker
from webui.version import __version__

__all__ = ["main"]


@click.group(cls=SentenceGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="parley")
@click.option(
    "--database",
    envvar="PARLEY_DATABASE",
    default=DEFAULT_DATABASE,
    show_default=True,
    metavar="URL",
    help="The database, as an SQLAlchemy URL. PARLEY_DATABASE in the environment says the same.",
)
@click.pass_context
def main(context: click.Context, database: str) -> None:
    """Parley: cyber-risk decisions between a CIO and a CISO, governed by diagrams that both can read."""
    context.obj = database


COMMANDS = (
    audit,
    db,
    decide,
    demo,
    feel,
    import_,
    init,
    organisation,
    policy,
    register,
    serve,
    tck,
    worker,
)
for command in COMMANDS:
    main.add_command(command)
