"""`parley init` and `parley demo`: what a database is, said once."""

from __future__ import annotations

import click

from webui.cli.common import opened


@click.command()
@click.option("--organisation", prompt="Name of the organisation", help="Its name, as pages show it.")
@click.option("--name", prompt="Your name", help="Name of the first administrator.")
@click.option("--email", prompt="Your e-mail address", help="The administrator signs in with it.")
@click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    envvar="PARLEY_ADMIN_PASSWORD",
    help="The administrator's password. Asked for where it is not given; better not on the command line.",
)
@click.pass_obj
def init(database: str, organisation: str, name: str, email: str, password: str) -> None:
    """Set up a real organisation: the shipped policies, a first administrator, and nothing constructed."""
    from workflows.bootstrap import init as run

    with opened(database) as parley:
        person = run(parley, organisation=organisation, name=name, email=email, password=password)
    click.echo(
        f"{organisation} is set up. {person.name} may sign in as {person.email}. "
        "The others are added and appointed with “parley organisation”."
    )


@click.command()
@click.pass_obj
def demo(database: str) -> None:
    """Fill an empty database with the constructed organisation: six months of decisions through the real
    engine."""
    from workflows.demo import fill

    with opened(database) as parley:
        fill(parley, click.echo)
    click.echo("The demonstration organisation is filled in.")
