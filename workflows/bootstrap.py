"""The only wiring: opens Parley on a database, with the engine, the forms and the domain put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from engine import Engine
from engine.db import Database
from workflows import installation as installations
from workflows.cases.facade import Cases
from workflows.charter import operations as charters
from workflows.charter.facade import Charters
from workflows.clock import CLOCK_ALONGSIDE, BaseClock, InstallationClock
from workflows.committee import docket, minutes, rulings
from workflows.committee import operations as committee
from workflows.committee.facade import Committees
from workflows.context import Context, Settings
from workflows.dialogue import operations as dialogue
from workflows.dialogue.facade import Dialogues
from workflows.emergencies import registry as emergencies
from workflows.emergencies.facade import Emergencies
from workflows.exemptions import registry as exemptions
from workflows.exemptions.facade import Exemptions
from workflows.forms_port import BundleForms
from workflows.identity import commands, passwords
from workflows.identity.directory import OrganisationDirectory
from workflows.identity.facade import Identity
from workflows.identity.remembered import ORGANISATION_ALONGSIDE
from workflows.identity.types import SYSTEM_PERSON, Appointment, Installation, Person, Role
from workflows.imports.facade import Imports
from workflows.metrics.facade import Metrics
from workflows.migrations import upgrade
from workflows.operations import DomainOperations
from workflows.policies.facade import Policies
from workflows.risks import operations as risks
from workflows.risks import routing
from workflows.risks.facade import Risks
from workflows.risks.keeping import Register
from workflows.studio import releasing
from workflows.studio.facade import Studio
from workflows.treatment import effects as treatment_effects
from workflows.treatment import operations as treatment
from workflows.treatment import review_operations as acceptance
from workflows.treatment.facade import Treatments

if TYPE_CHECKING:
    from workflows.context import Writing

__all__ = ["Parley", "Settings", "create_installation", "init", "open_parley", "upgrade"]


@dataclass(frozen=True, slots=True)
class Parley:
    """Everything a caller needs, put together. `settings` are those it was opened with."""

    settings: Settings
    database: Database
    engine: Engine
    clock: InstallationClock
    identity: Identity
    risks: Risks
    register: Register
    imports: Imports
    emergencies: Emergencies
    exemptions: Exemptions
    committee: Committees
    dialogue: Dialogues
    cases: Cases
    charter: Charters
    metrics: Metrics
    policies: Policies
    studio: Studio
    treatment: Treatments
    context: Context
    """The wiring itself, for parts of the domain that are not areas of their own."""

    def now(self) -> datetime:
        """The time now, in UTC, by the installation's clock (a demonstration's may be moved)."""
        return self.context.now()

    def installation(self) -> Installation | None:
        """What this database is; None where it is not set up yet."""
        with self.database.reading() as connection:
            return installations.find(connection)

    def close(self) -> None:
        """Close the database connections."""
        self.database.dispose()


def operations() -> DomainOperations:
    """Every operation that a service task may name, and every effect."""
    return DomainOperations(
        {
            acceptance.RECORD: acceptance.record,
            acceptance.REOPEN: acceptance.reopen,
            acceptance.SCHEDULE: acceptance.schedule,
            **charters.OPERATIONS,
            committee.ARBITER: committee.arbiter,
            committee.CHAIR: committee.chair,
            committee.COUNT: committee.count,
            committee.NOTIFY: committee.notify,
            committee.SEAT: committee.seat,
            docket.DOCKET: docket.put_on_docket,
            minutes.MINUTES: minutes.draw_up,
            rulings.RULE: rulings.rule,
            dialogue.NEXT: dialogue.open_next,
            dialogue.PREPARE: dialogue.prepare_agenda,
            dialogue.RECORD: dialogue.record,
            **emergencies.OPERATIONS,
            **exemptions.OPERATIONS,
            **releasing.OPERATIONS,
            risks.RECORD_DECISION: risks.record_decision,
            risks.RECORD_REFUSAL: risks.record_refusal,
            routing.RATE: routing.rate,
            routing.SETTLE: routing.see_what_stands,
            treatment.BEGIN: treatment.begin,
            treatment.CLOSE: treatment.close,
            treatment.NEXT: treatment.next_milestone,
            treatment.PLAN: treatment.plan,
            treatment.STOP: treatment.stop,
            treatment.VERDICT: treatment.verdict,
        },
        {
            "acceptance.confirmed": acceptance.apply_confirmed,
            "acceptance.reopened": acceptance.apply_reopened,
            "acceptance.scheduled": acceptance.apply_scheduled,
            **charters.EFFECTS,
            "committee.docketed": docket.apply_docketed,
            "committee.minuted": minutes.apply_minuted,
            "committee.not_seated": committee.apply_not_seated,
            "committee.ruled": rulings.apply_ruled,
            "committee.seated": committee.apply_seated,
            "dialogue.next": dialogue.apply_next,
            "dialogue.opened": dialogue.apply_opened,
            "dialogue.recorded": dialogue.apply_recorded,
            **emergencies.EFFECTS,
            **exemptions.EFFECTS,
            **releasing.EFFECTS,
            "risks.decided": risks.apply_decided,
            "risks.refused": risks.apply_refused,
            "treatment.began": treatment_effects.apply_began,
            "treatment.closed": treatment_effects.apply_closed,
            "treatment.planned": treatment_effects.apply_planned,
            "treatment.stopped": treatment_effects.apply_stopped,
            "treatment.verdict": treatment_effects.apply_verdict,
        },
    )


def open_parley(settings: Settings, *, clock: BaseClock | None = None) -> Parley:
    """Open Parley on a database that `upgrade` has brought to this release.

    Args:
        settings: where and how.
        clock: where the time comes from before a demonstration's offset; the machine's clock where None.
    """
    database = Database(settings.database_url, pool_size=settings.pool_size, durable=settings.durable)
    time = InstallationClock(database, clock)
    directory, forms, known = OrganisationDirectory(), BundleForms(), operations()
    roles = frozenset(str(role) for role in Role)
    engine = Engine(
        database,
        clock=time,
        directory=directory,
        forms=forms,
        operations=known,
        roles=roles,
        alongside=CLOCK_ALONGSIDE | ORGANISATION_ALONGSIDE,
    )
    known.bind(engine)
    context = Context(settings, database, engine, time, directory, forms)
    return Parley(
        settings=settings,
        database=database,
        engine=engine,
        clock=time,
        identity=Identity(context),
        risks=Risks(context),
        register=Register(context),
        imports=Imports(context),
        emergencies=Emergencies(context),
        exemptions=Exemptions(context),
        committee=Committees(context),
        dialogue=Dialogues(context),
        cases=Cases(context),
        charter=Charters(context),
        metrics=Metrics(context),
        policies=Policies(context),
        studio=Studio(context),
        treatment=Treatments(context),
        context=context,
    )


def create_installation(
    parley: Parley, kind: str, organisation: str, *, notice: str = "", starts_at: datetime | None = None
) -> Installation:
    """Say what this database is, once and for all.

    Args:
        parley: opened on an empty, upgraded database.
        kind: `demonstration` or `real`.
        organisation: its name.
        notice: the sentence every page of a demonstration shows.
        starts_at: for a demonstration, the moment its clock begins at; it may only move forward from there.

    Raises:
        AlreadyInstalled: the database already is something.
        RuleBroken: an unknown kind, no name, or a start for a real organisation.
    """
    return parley.context.write(
        SYSTEM_PERSON, None, lambda w: installations.make(w, kind, organisation, notice, starts_at)
    )


def init(parley: Parley, *, organisation: str, name: str, email: str, password: str) -> Person:
    """Set up a real organisation: its first administrator with a password, the policies that ship, nothing
    constructed.

    Raises `AlreadyInstalled`; `RuleBroken` (the password, the address), `DefinitionRefused`. Nothing is kept
    then.
    """

    def command(writing: Writing) -> Person:
        installations.make(writing, installations.REAL, organisation, "", None)
        person = commands.add_person(writing, Person("", name, email, "Administrator", None))
        passwords.store(writing.connection, person, password, writing.now)
        commands.appoint(writing, first_appointment(person, writing.now))
        parley.policies.load_shipped_in(writing)
        return person

    return parley.context.write(SYSTEM_PERSON, None, command)


def first_appointment(person: Person, now: datetime) -> Appointment:
    """The post of a database's first administrator, who can appoint all others."""
    return Appointment(
        id="",
        role=Role.ADMINISTRATOR,
        person_id=person.id,
        person_name=person.name,
        unit=None,
        valid_from=now,
        valid_until=None,
        deputy_for=None,
        basis="Set up with this database",
        recorded_at=now,
        recorded_by=SYSTEM_PERSON.id,
    )
