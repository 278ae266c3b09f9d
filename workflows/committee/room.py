"""The committee room: meetings, dockets, briefs, ballots and minutes, as one reader may see them."""

from __future__ import annotations

from dataclasses import replace

from engine.types import TaskState
from workflows.cases.access import check_case, may_act
from workflows.cases.casefile import CaseFile, load
from workflows.cases.positions import ballot, positions
from workflows.cases.waiting import waiting_sentence
from workflows.committee import meetings, queries
from workflows.committee.matters import DECLARE, REFERRED, has_interest
from workflows.committee.minutes import may_confirm, minutes_of
from workflows.committee.rules import why_barred
from workflows.committee.rulings import ruling_on
from workflows.committee.types import (
    BriefPart,
    CommitteePage,
    CommitteeRuling,
    DocketEntry,
    MatterView,
    MeetingPage,
    MeetingRow,
    Room,
)
from workflows.context import Context, Reading, may
from workflows.errors import NotEntitled
from workflows.identity.types import Person
from workflows.permissions import Permission
from workflows.risks.queries import risks_by_id
from workflows.wording import day, moment

RULINGS = {
    "uphold": "the CIO's decision is upheld",
    "overturn": "the decision is overturned; the risk is not accepted",
    "amend": "the decision stands as amended",
    "rate": "the rating is fixed, and the CIO decides again",
    "none": "nobody ruled; the risk is not accepted, and stays contained",
}
TIERS = {
    "committee": "By the committee",
    "cro": "By the chief risk officer",
    "sponsor": "By the executive sponsor",
}


def room(context: Context, reading: Reading, reader: Person, committees: list[CommitteePage]) -> Room:
    """The committees and all their meetings."""
    rows = []
    for page in committees:
        for meeting in meetings.meetings_of(reading.connection, page.committee.id):
            entries = [
                one
                for one in meetings.docket(reading.connection, meeting.id)
                if _may_read(context, reading, reader, one)
            ]
            open_ = [one for one in entries if _is_open(reading, one)]
            ahead = meeting.begins_at > reading.now
            rows.append(MeetingRow(meeting, page.committee.name, len(entries), len(open_), ahead))
    rows.sort(key=lambda row: row.meeting.begins_at, reverse=True)
    plans = may(reading.organisation, reader, Permission.PLAN_MEETING)
    return Room(
        committees=tuple(committees),
        owners={
            page.committee.id: reading.organisation.name(page.committee.owner)
            for page in committees
            if page.committee.owner is not None
        },
        meetings=tuple(rows),
        may_plan=plans and not why_barred(reading.organisation, reader.id),
    )


def meeting_page(context: Context, reading: Reading, reader: Person, meeting_id: str) -> MeetingPage:
    """One meeting with the matters that the reader may see. Raises `NotFound`."""
    meeting = meetings.meeting(reading.connection, meeting_id)
    entries = [
        one
        for one in meetings.docket(reading.connection, meeting_id)
        if _may_read(context, reading, reader, one)
    ]
    return MeetingPage(
        meeting=meeting,
        committee=queries.committee(reading.connection, meeting.committee_id),
        matters=tuple(_matter(context, reading, reader, one) for one in entries),
        is_ahead=meeting.begins_at > reading.now,
    )


def matter(context: Context, reading: Reading, reader: Person, docket_id: str) -> MatterView:
    """One matter. Raises `NotFound`, `NotEntitled`."""
    entry = meetings.entry(reading.connection, docket_id)
    check_case(context, reading, reader, context.engine.instances.get(reading.connection, entry.case_id))
    return _matter(context, reading, reader, entry)


def _may_read(context: Context, reading: Reading, reader: Person, entry: DocketEntry) -> bool:
    try:
        check_case(context, reading, reader, context.engine.instances.get(reading.connection, entry.case_id))
    except NotEntitled:
        return False
    return True


def _is_open(reading: Reading, entry: DocketEntry) -> bool:
    connection = reading.connection
    return ruling_on(connection, entry.id) is None and meetings.moved_to(connection, entry.id) is None


def _matter(context: Context, reading: Reading, reader: Person, entry: DocketEntry) -> MatterView:
    connection = reading.connection
    instance = context.engine.instances.get(connection, entry.case_id)
    file = load(context, reading, reader, instance)
    places = queries.seats_on(connection, entry.id)
    ruled, moved = ruling_on(connection, entry.id), meetings.moved_to(connection, entry.id)
    risk = risks_by_id(connection, [entry.risk_id], reading.now).get(entry.risk_id)
    found, drawn = None, minutes_of(connection, entry.id)
    if queries.latest_roster(places):
        # Of the case only what belongs to this matter: an earlier one had a roster of its own.
        found = ballot(replace(file, seats={seat.id: seat for seat in places}))
    is_open = ruled is None and moved is None
    return MatterView(
        entry=entry,
        risk_title=risk.title if risk else instance.title,
        state=_state(context, reading, entry, ruled, moved),
        is_open=is_open,
        sides=tuple(one for one in positions(file) if one.is_in),
        brief=_brief(file, entry),
        referral=_referral(file, entry),
        notified=tuple(one for one in places if one.purpose == queries.NOTICE),
        declared=_declared(file, {one.id: one.person_id for one in places}),
        ballot=found,
        tasks=tuple(
            (task.id, task.name)
            for task in file.tasks
            if is_open
            and task.state is TaskState.OPEN
            and may_act(context, reading, reader, task) is not None
        ),
        ruling=ruled,
        minutes=drawn,
        may_confirm=drawn is not None
        and drawn.confirmation is None
        and may_confirm(connection, entry, reader.id)
        and not why_barred(reading.organisation, reader.id),
        moved_to=meetings.entry(connection, moved).meeting_id if moved else None,
    )


def _state(
    context: Context,
    reading: Reading,
    entry: DocketEntry,
    ruled: CommitteeRuling | None,
    moved: str | None,
) -> str:
    if ruled is not None:
        if ruled.tier is None:
            return f"{RULINGS['none'].capitalize()}. Ended on {day(ruled.ruled_at)}."
        return f"{TIERS[ruled.tier]} on {day(ruled.ruled_at)}: {RULINGS[ruled.ruling]}."
    if moved is not None:
        after = meetings.entry(reading.connection, moved)
        return f"Postponed by the chair to {moment(after.meets_at)}."
    instance = context.engine.instances.get(reading.connection, entry.case_id)
    return waiting_sentence(context, reading, instance) or "The case has ended without a ruling."


def _brief(file: CaseFile, entry: DocketEntry) -> tuple[BriefPart, ...]:
    """The dispute in its order, without the two positions, which stand side by side."""
    by_id = {one.id: one for one in file.submissions}
    sides = {one.element_id for one in positions(file)}
    return tuple(
        BriefPart(file.element_name(made.element_id), file.who(made), made.at, file.answers.get(made.id, ()))
        for wanted in entry.brief
        if (made := by_id.get(wanted)) is not None and made.element_id not in sides
    )


def _referral(file: CaseFile, entry: DocketEntry) -> tuple[object, ...]:
    """Where the matter was referred by a person, as that person filled it in."""
    made = next((one for one in file.submissions if one.element_id == REFERRED), None)
    return file.answers.get(made.id, ()) if made is not None else ()


def _declared(file: CaseFile, people: dict[str, str]) -> dict[str, str]:
    return {
        people[one.seat]: (
            str(one.answers.get("nature") or "an interest") if has_interest(one.answers) else "no interest"
        )
        for one in file.submissions
        if one.element_id == DECLARE and one.seat in people
    }
