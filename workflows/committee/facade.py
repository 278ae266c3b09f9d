"""The committee: what pages and set-up call. It is seated by cases alone, see `operations`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from workflows.committee import commands, meetings, minutes, queries, room, rules
from workflows.committee.types import (
    Committee,
    CommitteePage,
    DocketEntry,
    MatterView,
    Meeting,
    MeetingPage,
    Member,
    Room,
    Seat,
)
from workflows.context import Context, Reading, Writing, check
from workflows.errors import RuleBroken
from workflows.identity.queries import organisation_at
from workflows.identity.types import SYSTEM_PERSON, Person
from workflows.permissions import Permission


class Committees:
    """Committees, their members, and the seats of a case's vote."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def committees(self, reader: Person) -> list[CommitteePage]:
        """All committees with today's members, who of them cannot vote and why, and whether they can sit."""
        return self._context.read(lambda reading: _pages(reading, reader))

    def add_committee(self, actor: Person, *, id: str, name: str, owner: str | None = None) -> Committee:
        """Add a committee; `owner` keeps it going, and is neither leader nor in the line of one.

        Raises `NotEntitled`, `NotFound`, `RuleBroken`.
        """
        made = Committee(id.strip(), name.strip(), owner)
        return self._context.write(
            actor, Permission.MANAGE_COMMITTEE, lambda w: commands.add_committee(w, made)
        )

    def add_member(
        self,
        actor: Person,
        committee_id: str,
        person_id: str,
        *,
        function: str,
        valid_from: datetime,
        valid_until: datetime | None = None,
        is_chair: bool = False,
        alternate_for: str | None = None,
        basis: str,
    ) -> Member:
        """Put a person on a committee, as a member or as the alternate of one.

        Raises `NotEntitled`, `NotFound`, `RuleBroken`: neither CIO nor CISO, nor a deputy or direct report of
        theirs, votes or chairs.
        """
        wanted = Member(
            id="",
            committee_id=committee_id,
            person_id=person_id,
            person_name="",
            function=function.strip(),
            is_chair=is_chair,
            alternate_for=alternate_for,
            valid_from=valid_from,
            valid_until=valid_until,
            basis=basis.strip(),
        )
        return self._context.write(
            actor, Permission.MANAGE_COMMITTEE, lambda w: commands.add_member(w, wanted)
        )

    def end_membership(self, actor: Person, member_id: str, *, ends_at: datetime, basis: str) -> Member:
        """End a membership early, not in the past. Raises `NotEntitled`, `NotFound`, `RuleBroken`."""
        return self._context.write(
            actor,
            Permission.MANAGE_COMMITTEE,
            lambda w: commands.end_membership(w, member_id, ends_at, basis.strip()),
        )

    def plan_meeting(
        self, actor: Person, committee_id: str, *, begins_at: datetime, place: str = ""
    ) -> Meeting:
        """Plan a meeting ahead. Raises `NotEntitled`, `NotFound`, `RuleBroken`: no leader plans one."""

        def command(writing: Writing) -> Meeting:
            against = rules.why_barred(organisation_at(writing.connection, writing.now), actor.id)
            if against and actor is not SYSTEM_PERSON:
                raise RuleBroken(f"{against} Nothing was changed.", rule="barred")
            return meetings.plan_meeting(writing, committee_id, begins_at, place.strip())

        return self._context.write(actor, Permission.PLAN_MEETING, command)

    def confirm_minutes(
        self, actor: Person, docket_id: str, *, procedure_kept: bool, words: str = ""
    ) -> None:
        """The chair's word on minutes: whether the procedure was kept, and no more; once.

        Raises `NotFound`, `RuleBroken`: not the chair of this matter, or confirmed already.
        """
        self._context.write(actor, None, lambda w: minutes.confirm(w, docket_id, procedure_kept, words))

    def room(self, reader: Person) -> Room:
        """The committees, their members and all their meetings. Raises `NotEntitled`."""
        return self._context.read(
            lambda reading: room.room(self._context, reading, reader, _pages(reading, reader))
        )

    def meeting(self, reader: Person, meeting_id: str) -> MeetingPage:
        """A meeting with its docket: briefs, ballots and minutes of the matters the reader may see.

        Raises `NotEntitled`, `NotFound`.
        """

        def query(reading: Reading) -> MeetingPage:
            check(reading.organisation, reader, Permission.READ_ORGANISATION)
            return room.meeting_page(self._context, reading, reader, meeting_id)

        return self._context.read(query)

    def matter(self, reader: Person, docket_id: str) -> MatterView:
        """One matter with its brief, ballot and minutes. Raises `NotEntitled`, `NotFound`."""
        return self._context.read(lambda reading: room.matter(self._context, reading, reader, docket_id))

    def docket(self, reader: Person, case_id: str) -> list[DocketEntry]:
        """Every docket that a case was on, the oldest first. Raises `NotEntitled`."""

        def query(reading: Reading) -> list[DocketEntry]:
            check(reading.organisation, reader, Permission.READ_ANY_CASE)
            return meetings.entries_of(reading.connection, case_id)

        return self._context.read(query)

    def seats(self, reader: Person, case_id: str) -> list[Seat]:
        """The roster of a case's latest vote; empty where the committee was not seated. Raises
        `NotEntitled`."""

        def query(reading: Reading) -> list[Seat]:
            check(reading.organisation, reader, Permission.READ_ANY_CASE)
            return queries.seats_of(reading.connection, case_id)

        return self._context.read(query)


def _pages(reading: Reading, reader: Person) -> list[CommitteePage]:
    check(reading.organisation, reader, Permission.READ_ORGANISATION)
    return [_page(reading, committee) for committee in queries.all_committees(reading.connection)]


def _page(reading: Reading, committee: Committee) -> CommitteePage:
    organisation = reading.organisation
    members = [
        replace(member, barred=rules.why_barred(organisation, member.person_id))
        for member in queries.members(reading.connection, committee.id)
        if queries.holds_at(member, reading.now)
    ]
    roster = rules.seat(organisation, [m for m in organisation.members if m.committee_id == committee.id])
    return CommitteePage(committee, tuple(members), not roster.why_not, roster.why_not)
