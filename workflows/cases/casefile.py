"""Everything a page needs to know of one case, read once. What is built from it is pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.audit.types import AuditEntry
from engine.types import Element, Incident, Instance, Submission, Task, Timer
from forms import present_answers
from workflows.cases.changing import PositionChange, changes_of
from workflows.cases.types import Answer
from workflows.committee.queries import every_seat_of
from workflows.committee.types import Seat
from workflows.context import Context, Reading
from workflows.errors import EngineError
from workflows.identity.organisation import Organisation
from workflows.identity.queries import people_by_id
from workflows.identity.types import Person, Role
from workflows.risks.raising import asset_options


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as one reader may know it: blind answers that are still sealed are not in it."""

    instance: Instance
    elements: Mapping[str, Element]
    submissions: tuple[Submission, ...]
    """Oldest first."""
    answers: Mapping[str, tuple[Answer, ...]]
    """By submission, in the words of its form; none for a sealed one."""
    tasks: tuple[Task, ...]
    timers: tuple[Timer, ...]
    audit: tuple[AuditEntry, ...]
    incidents: tuple[Incident, ...]
    seats: Mapping[str, Seat]
    """Every place in a committee's work on the case, by id: of notice, as chair, and of each vote."""
    people: Mapping[str, Person]
    organisation: Organisation
    now: datetime
    changes: tuple[PositionChange, ...] = ()
    """Later changes of positions, oldest first."""

    def name(self, person_id: str) -> str:
        """A person's name."""
        person = self.people.get(person_id)
        return person.name if person else person_id

    def latest(self, element_id: str) -> Submission | None:
        """The newest submission at an element."""
        return next((one for one in reversed(self.submissions) if one.element_id == element_id), None)

    def element_name(self, element_id: str | None) -> str:
        """An element's name as the diagram shows it."""
        element = self.elements.get(element_id or "")
        return element.name if element and element.name else (element_id or "the case")

    def role_label(self, element_id: str) -> str:
        """The role of an element's lane, as a page names it; empty where the lane has none."""
        element = self.elements.get(element_id)
        if element is None or element.role is None:
            return ""
        return Role(element.role).label if element.role in set(Role) else element.role

    def who(self, submission: Submission) -> str:
        """ "Dana Reyes (CISO)", "Sam Lee for Dana Reyes (CISO)", "Ana Silva (committee, finance)"."""
        seat = self.seats.get(submission.seat or "")
        if seat is not None:
            return f"{self.name(submission.person_id)} (committee, {seat.function})"
        role = self.role_label(submission.element_id)
        name = self.name(submission.person_id)
        if submission.on_behalf_of:
            name = f"{name} for {self.name(submission.on_behalf_of)}"
        return f"{name} ({role})" if role and submission.task_id is not None else name


def load(context: Context, reading: Reading, reader: Person, instance: Instance) -> CaseFile:
    """Read a case for one reader."""
    engine, connection = context.engine, reading.connection
    submissions = tuple(engine.instances.submissions(connection, instance.id, reader=reader.id))
    audit = tuple(engine.audit.entries(connection, instance.id))
    seats = every_seat_of(connection, instance.id)
    people = people_by_id(
        connection,
        {
            instance.started_by,
            *(one.person_id for one in submissions),
            *(one.on_behalf_of for one in submissions),
            *(seat.person_id for seat in seats),
            *(entry.actor for entry in audit),
        },
    )
    return CaseFile(
        instance=instance,
        elements=engine.definitions.elements(connection, instance.version_hash),
        submissions=submissions,
        answers={one.id: answers_of(context, reading, one) for one in submissions},
        tasks=tuple(engine.tasks.of_instance(connection, instance.id)),
        timers=tuple(engine.timers.of_instance(connection, instance.id)),
        audit=audit,
        incidents=tuple(engine.incidents.open(connection, instance.id)),
        seats={seat.id: seat for seat in seats},
        people={**reading.organisation.people, **people},
        organisation=reading.organisation,
        now=reading.now,
        changes=changes_of(connection, instance.id),
    )


def answers_of(context: Context, reading: Reading, submission: Submission) -> tuple[Answer, ...]:
    """A submission's answers with the labels of its form, those left empty not listed."""
    if submission.sealed:
        return ()
    answers = {key: value for key, value in submission.answers.items() if value not in (None, "", [])}
    if submission.form is None:
        return tuple(Answer(key, key, str(value)) for key, value in answers.items())
    try:
        bundle = context.engine.definitions.bundle(reading.connection, submission.version_hash)
        form = context.forms.form(bundle, submission.form)
    except EngineError:
        # A form that this release can no longer honour does not hide what was answered.
        return tuple(Answer(key, key, str(value)) for key, value in answers.items())
    data = asset_options(reading.connection) if submission.task_id is None else {}
    listed = present_answers(form, answers, data, submission.at)
    return tuple(Answer(one.key, one.label, one.value) for one in listed)
