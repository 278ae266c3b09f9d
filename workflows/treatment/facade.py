"""Treatment plans, reviews and the look back: what pages call. Plans are changed by cases alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workflows.context import Context, Reading, Writing, check
from workflows.errors import NotFound
from workflows.identity.queries import organisation_at
from workflows.identity.types import Person
from workflows.permissions import Permission
from workflows.risks.access import check_risk, hidden
from workflows.treatment import looking_back, queries, reviews
from workflows.treatment.models import security_incidents, treatments
from workflows.treatment.types import LookBack, Review, ReviewDue, Treatment


@dataclass(frozen=True, slots=True)
class PlansPage:
    """All treatments, those with something late first."""

    late: tuple[Treatment, ...]
    open: tuple[Treatment, ...]
    """All that have not ended, the late ones among them."""
    ended: tuple[Treatment, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class ReviewsPage:
    """Reviews to come, the soonest first, and the past ones, newest first."""

    due: tuple[ReviewDue, ...]
    past: tuple[Review, ...]
    now: datetime


class Treatments:
    """Plans with their milestones, reviews of acceptances, incidents linked to decisions."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def plans(self, reader: Person) -> PlansPage:
        """All treatments. Raises `NotEntitled`."""

        def query(reading: Reading) -> PlansPage:
            check(reading.organisation, reader, Permission.READ_REGISTER)
            unseen = hidden(reading, reader)
            every = queries.all_treatments(reading.connection, reading.now)
            found = [one for one in every if one.risk_id not in unseen]
            going_on = [one for one in found if one.ended_at is None]
            late = [one for one in going_on if one.late]
            return PlansPage(
                late=tuple(sorted(late, key=lambda one: (one.late[0].due_on, one.id))),
                open=tuple(going_on),
                ended=tuple(one for one in found if one.ended_at is not None),
                now=reading.now,
            )

        return self._context.read(query)

    def treatment(self, reader: Person, treatment_id: str) -> Treatment:
        """One treatment. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> Treatment:
            found = queries.all_treatments(reading.connection, reading.now, treatments.c.id == treatment_id)
            if not found:
                raise NotFound("treatment plan", treatment_id)
            check_risk(reading, reader, found[0].risk_id)
            return found[0]

        return self._context.read(query)

    def of_risk(self, reader: Person, risk_id: str) -> list[Treatment]:
        """All treatments of a risk, newest first. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> list[Treatment]:
            check_risk(reading, reader, risk_id)
            return queries.all_treatments(reading.connection, reading.now, treatments.c.risk_id == risk_id)

        return self._context.read(query)

    def reviews(self, reader: Person) -> ReviewsPage:
        """Reviews of accepted risks. Raises `NotEntitled`."""

        def query(reading: Reading) -> ReviewsPage:
            check(reading.organisation, reader, Permission.READ_REGISTER)
            connection, unseen = reading.connection, hidden(reading, reader)
            due, past = reviews.reviews_due(connection, reading.now), reviews.past_reviews(connection)
            return ReviewsPage(
                due=tuple(one for one in due if one.risk_id not in unseen),
                past=tuple(one for one in past if one.risk_id not in unseen),
                now=reading.now,
            )

        return self._context.read(query)

    def link_incident(self, actor: Person, risk_id: str, case_id: str, answers: Mapping[str, str]) -> str:
        """Record an incident that puts a decision to the test; its key.

        Raises `NotEntitled`, `NotFound`, `AnswersRefused`.
        """

        def command(writing: Writing) -> str:
            organisation = organisation_at(writing.connection, writing.now)
            check_risk(Reading(writing.connection, writing.now, organisation), actor, risk_id)
            return looking_back.link(writing, risk_id, case_id, answers)

        return self._context.write(actor, Permission.LINK_INCIDENT, command)

    def look_back(self, reader: Person, risk_id: str | None = None) -> list[LookBack]:
        """Decisions put to the test, of one risk or of all, newest incident first. Raises `NotFound`,
        `NotEntitled`."""

        def query(reading: Reading) -> list[LookBack]:
            if risk_id is None:
                check(reading.organisation, reader, Permission.READ_REGISTER)
                unseen = hidden(reading, reader)
                every = looking_back.incidents(reading.connection)
                found = [one for one in every if one.risk_id not in unseen]
            else:
                check_risk(reading, reader, risk_id)
                found = looking_back.incidents(reading.connection, security_incidents.c.risk_id == risk_id)
            return looking_back.look_back(self._context, reading, found)

        return self._context.read(query)
