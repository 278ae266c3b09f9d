"""Views of committees, members and seats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Committee:
    """A cross-functional forum that arbitrates; owned by neither CIO nor CISO."""

    id: str
    name: str
    owner: str | None = None
    """Id of the person who keeps it going; never a leader, nor in the line of one."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person on a committee, for a time."""

    id: str
    committee_id: str
    person_id: str
    person_name: str
    function: str
    """The function or department the member speaks for: finance, legal, operations, …"""
    is_chair: bool
    alternate_for: str | None
    """Id of the person whose seat this one takes where that person cannot sit."""
    valid_from: datetime
    valid_until: datetime | None
    basis: str
    ended: bool = False
    """True where it was ended early."""
    barred: str = ""
    """Why the person cannot vote today, as a sentence; empty where nothing stands in the way."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One voter's place in one vote: a row of the roster."""

    id: str
    committee_id: str
    case_id: str
    person_id: str
    person_name: str
    function: str
    is_chair: bool
    alternate_for: str | None
    seated_at: datetime
    purpose: str = "vote"
    """`notice`: told of the meeting; `chair`: asked to open it; `vote`: seated for the ballot."""
    docket_id: str | None = None
    sitting: int = 1
    """Counts the times places were given in the case."""


@dataclass(frozen=True, slots=True)
class CommitteePage:
    """A committee and whether it could be seated today."""

    committee: Committee
    members: tuple[Member, ...]
    can_sit: bool
    why_not: str = ""
    """Why it could not be seated, as a sentence."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A sitting of a committee."""

    id: str
    committee_id: str
    begins_at: datetime
    place: str
    is_extraordinary: bool
    """Called by the software, because no meeting was planned in time."""


@dataclass(frozen=True, slots=True)
class DocketEntry:
    """A matter on a docket, with what it was referred with."""

    id: str
    committee_id: str | None
    meeting_id: str | None
    """None where there is no committee: the matter goes up at once."""
    case_id: str
    risk_id: str
    matter: str
    """`decision`, `rating` or `emergency`."""
    question: str
    referral: Mapping[str, Any]
    """What the referral says: response, days, conditions, ratings of both leaders, …"""
    brief: tuple[str, ...]
    """Ids of the submissions that the brief is drawn up from, in its order."""
    parties: tuple[str, ...]
    """Ids of those who acted in the dispute, and so do not judge it."""
    meets_at: datetime
    postponed_from: str | None
    put_at: datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """What a ruling says beside its name. None where it does not say."""

    response: str | None = None
    days: int | None = None
    conditions: str = ""
    compensating_controls: str = ""
    likelihood: str | None = None
    impact: str | None = None


@dataclass(frozen=True, slots=True)
class CommitteeRuling:
    """What was ruled on a matter, by whose act."""

    docket_id: str
    case_id: str
    ruling: str
    """`uphold`, `overturn`, `amend`, `rate`, or `none`: nobody ruled, so the risk is not accepted."""
    tier: str | None
    """`committee`, `cro` or `sponsor`; None where nobody ruled."""
    terms: Terms
    reason: str
    deciding: str | None
    """Id of the deciding submission: of a committee's ruling, the last vote for it."""
    rests_on: tuple[str, ...]
    """Ids of every submission it rests on."""
    tally: Mapping[str, Any] | None
    ruled_at: datetime


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The chair's word on minutes: procedure only."""

    by: str
    name: str
    procedure_kept: bool
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes of one matter, as they were drawn up from the record."""

    docket_id: str
    content: Mapping[str, Any]
    """Plain data: who was notified, seated, absent; interests; procedure; votes; tally; ruling."""
    hash: str
    drawn_at: datetime
    confirmation: Confirmation | None


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in the list."""

    meeting: Meeting
    committee_name: str
    matters: int
    """Those the reader may see."""
    open_matters: int
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class Room:
    """The committee room: who sits in it, and when it meets."""

    committees: tuple[CommitteePage, ...]
    owners: Mapping[str, str]
    """Name of each committee's owner, by the committee's id, where it has one."""
    meetings: tuple[MeetingRow, ...]
    """The latest first."""
    may_plan: bool


@dataclass(frozen=True, slots=True)
class BriefPart:
    """One step of the dispute, as the brief holds it."""

    title: str
    who: str
    at: datetime
    answers: tuple[Any, ...]
    """`workflows.cases.types.Answer`, with the labels of the form."""


@dataclass(frozen=True, slots=True)
class MatterView:
    """A matter on a docket, as one reader may see it."""

    entry: DocketEntry
    risk_title: str
    state: str
    """Where it stands, as a sentence."""
    is_open: bool
    sides: tuple[Any, ...]
    """Both leaders' positions: `workflows.cases.types.PositionView`."""
    brief: tuple[BriefPart, ...]
    referral: tuple[Any, ...]
    """What was handed over, with the labels of the form."""
    notified: tuple[Seat, ...]
    declared: Mapping[str, str]
    """By person: "no interest", or what the interest is; those who have not declared are not in it."""
    ballot: Any
    """`workflows.cases.types.BallotView`; None where the committee was not seated on this docket."""
    tasks: tuple[tuple[str, str], ...]
    """Id and name of the reader's own open tasks in it."""
    ruling: CommitteeRuling | None
    minutes: Minutes | None
    may_confirm: bool
    moved_to: str | None
    """Id of the meeting it was postponed to."""


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """One meeting with its docket."""

    meeting: Meeting
    committee: Committee
    matters: tuple[MatterView, ...]
    is_ahead: bool
