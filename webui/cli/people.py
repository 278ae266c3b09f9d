"""`parley organisation`: who is there, in which post, on the committee, and what there is to protect.

Every command is done in the name of somebody who signs in for it, and under that person's permissions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import click

from webui.cli.common import opened
from workflows.bootstrap import Parley
from workflows.types import Person, Role

COMMITTEE = "steering"
LEVELS = ["very low", "low", "moderate", "high", "very high"]


@click.group()
@click.option("--by", "email", envvar="PARLEY_ADMIN", help="Your e-mail address: it is done in your name.")
@click.option(
    "--password",
    envvar="PARLEY_ADMIN_PASSWORD",
    help="Your password. Asked for where it is not given; better not on the command line.",
)
@click.pass_context
def organisation(context: click.Context, email: str | None, password: str | None) -> None:
    """Units, people, posts, the steering committee and assets, as an administrator sets them up."""
    database: str = context.obj

    def act(command: Callable[[Parley, Person], str]) -> None:
        name = email or click.prompt("Your e-mail address")
        secret = password or click.prompt("Your password", hide_input=True)
        with opened(database) as parley:
            click.echo(command(parley, parley.identity.authenticate(name, secret, source="command line")))

    context.obj = act


Act = Callable[[Callable[[Parley, Person], str]], None]


def _found(parley: Parley, email: str) -> Person:
    person = parley.identity.find_by_email(email)
    if person is None:
        raise click.ClickException(f"Nobody has the e-mail address {email}. Nothing was changed.")
    return person


def _day(value: datetime | None) -> datetime | None:
    return None if value is None else value.replace(tzinfo=UTC)


@organisation.command()
@click.argument("key")
@click.argument("name")
@click.pass_obj
def unit(act: Act, key: str, name: str) -> None:
    """Add the unit KEY, called NAME."""
    act(lambda parley, actor: f"{parley.identity.add_unit(actor, id=key, name=name).name} is added.")


@organisation.command()
@click.argument("name")
@click.argument("email")
@click.option("--title", default="", help="What the person is called in the organisation.")
@click.option("--unit", "unit_key", default=None, help="Key of the person's unit.")
@click.option("--reports-to", default=None, help="E-mail address of the line manager.")
@click.option(
    "--new-password",
    prompt="A first password for the person",
    hide_input=True,
    help="To sign in with.",
)
@click.pass_obj
def person(
    act: Act,
    name: str,
    email: str,
    title: str,
    unit_key: str | None,
    reports_to: str | None,
    new_password: str,
) -> None:
    """Add the person NAME, who signs in as EMAIL."""

    def add(parley: Parley, actor: Person) -> str:
        manager = _found(parley, reports_to).id if reports_to else None
        made = parley.identity.add_person(
            actor, name=name, email=email, title=title, unit=unit_key, reports_to=manager
        )
        parley.identity.set_password(actor, made.id, new_password)
        return f"{made.name} is added, and may sign in as {made.email}."

    act(add)


@organisation.command()
@click.argument("email")
@click.argument("role", type=click.Choice([str(role) for role in Role if role is not Role.RAISER]))
@click.option("--basis", required=True, help="Where the appointment comes from, such as a resolution.")
@click.option("--unit", "unit_key", default=None, help="Key of the unit it is limited to.")
@click.option("--deputy-for", default=None, help="E-mail address of the one stood in for.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Last day, where it has one.")
@click.pass_obj
def appoint(
    act: Act,
    email: str,
    role: str,
    basis: str,
    unit_key: str | None,
    deputy_for: str | None,
    until: datetime | None,
) -> None:
    """Appoint the person with this EMAIL to a post, from now on."""

    def command(parley: Parley, actor: Person) -> str:
        made = parley.identity.appoint(
            actor,
            _found(parley, email).id,
            role,
            valid_from=parley.now(),
            valid_until=_day(until),
            unit=unit_key,
            deputy_for=_found(parley, deputy_for).id if deputy_for else None,
            basis=basis,
        )
        return f"{_found(parley, email).name} is appointed: {Role(made.role).label}."

    act(command)


@organisation.command()
@click.argument("email")
@click.argument("function")
@click.option("--basis", required=True, help="Where the membership comes from, such as the charter.")
@click.option("--chair", is_flag=True, help="The member chairs the committee.")
@click.option("--alternate-for", default=None, help="E-mail address of the member stood in for.")
@click.pass_obj
def member(act: Act, email: str, function: str, basis: str, chair: bool, alternate_for: str | None) -> None:
    """Put the person with this EMAIL on the steering committee, to speak for a FUNCTION such as finance."""

    def command(parley: Parley, actor: Person) -> str:
        if not parley.committee.committees(actor):
            parley.committee.add_committee(actor, id=COMMITTEE, name="Steering committee")
        committee = parley.committee.committees(actor)[0].committee
        found = _found(parley, email)
        parley.committee.add_member(
            actor,
            committee.id,
            found.id,
            function=function,
            valid_from=parley.now(),
            is_chair=chair,
            alternate_for=_found(parley, alternate_for).id if alternate_for else None,
            basis=basis,
        )
        return f"{found.name} is on the {committee.name}, for {function}."

    act(command)


@organisation.command()
@click.argument("name")
@click.option("--unit", "unit_key", required=True, help="Key of the unit that owns it.")
@click.option("--criticality", required=True, type=click.Choice(LEVELS), help="How much hangs on it.")
@click.option("--shared", is_flag=True, help="Several units depend on it.")
@click.pass_obj
def asset(act: Act, name: str, unit_key: str, criticality: str, shared: bool) -> None:
    """Add the asset NAME to what risks can be raised about."""

    def command(parley: Parley, actor: Person) -> str:
        made = parley.risks.add_asset(
            actor, name=name, owner_unit=unit_key, criticality=criticality, is_shared=shared
        )
        return f"{made.name} is added."

    act(command)
