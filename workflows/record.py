"""What the record of a case says of who decided it: read from submissions and rosters, never from a case's
data.

An exemption or a decision is recorded only where a named, entitled person's act is found here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Connection, select

from engine.errors import OperationFailed
from engine.instances.models import instances
from engine.types import JournalRow, Submission
from workflows.committee.models import committee_rulings, seats
from workflows.identity.organisation import Organisation
from workflows.identity.queries import organisation_at
from workflows.identity.types import Role
from workflows.risks.routing import CHALLENGE, CONCURRED, rate_case

# Ids of the elements whose answers decide, as every policy that decides risks names them.
DECIDE = "decide"
RESPOND = "respond"
VOTE = "vote"
ARBITRATE = "arbitrate"
SPONSOR_ARBITRATE = "sponsor_arbitrate"
POSITIONS = ("cio_position", "ciso_position")
ADVICE_INSTEAD = ("deputy_advice", "cro_advice")
"""Where the CISO's advice is given by somebody else, because the CISO was silent."""
RAISE = "raise"

CIO, COMMITTEE, CRO, SPONSOR = "cio", "committee", "cro", "sponsor"
TIERS = {
    CIO: "the CIO, with the CISO's agreement",
    COMMITTEE: "the steering committee",
    CRO: "the chief risk officer",
    SPONSOR: "the executive sponsor",
}
ALONE = "the CIO within appetite, without the CISO's answer"


class CaseRecord(Protocol):
    """Where a case's submissions and journal are read: the engine's façade."""

    def submissions(
        self, connection: Connection, instance_id: str, *, reader: str | None
    ) -> Sequence[Submission]:
        """All submissions, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided, at which tier, and by whose act."""

    tier: str
    response: str
    """`mitigate`, `avoid`, `transfer`, `accept`, `exempt` or `refused`."""
    deciding: Submission
    """The act itself; of a committee, the last vote for its outcome."""
    rests_on: tuple[Submission, ...]
    """Every submission the ruling rests on, the deciding one included."""
    days: int | None = None
    """For an exemption: the longest time the record allows."""
    tally: Mapping[str, Any] | None = None
    terms: Mapping[str, Any] = field(default_factory=dict)
    """Of a ruling above the two leaders: what it says of conditions and controls."""

    @property
    def reason(self) -> str:
        """The decider's reason, in the own words."""
        return str(self.deciding.answers.get("reason") or "")

    @property
    def by_whom(self) -> str:
        """Who decided, as it stands in a sentence."""
        return ALONE if self.tier == CIO and len(self.rests_on) == 1 else TIERS[self.tier]


@dataclass(frozen=True, slots=True)
class Above:
    """A ruling above the two leaders, as its row has it."""

    ruling: str
    tier: str | None
    terms: Mapping[str, Any]
    deciding: str | None
    rests_on: tuple[str, ...]
    tally: Mapping[str, Any] | None


def ruling(
    submissions: Sequence[Submission], above: Above | None, *, within_appetite: bool = False
) -> Ruling | None:
    """The ruling that the record holds: of the highest tier that acted; None where none stands.

    Args:
        submissions: the case's, oldest first, unsealed.
        above: the latest ruling of the committee or a tier above it.
        within_appetite: whether the CIO may decide without the CISO's answer.
    """
    # A ruling on the rating alone decides nothing: what the two carry after it holds.
    if above is not None and above.ruling != "rate":
        return _from_above(submissions, above)
    return _between_the_two(submissions, within_appetite)


def _from_above(submissions: Sequence[Submission], above: Above) -> Ruling | None:
    if above.deciding is None or above.tier not in TIERS:
        return None
    by_id = {submission.id: submission for submission in submissions}
    deciding = by_id.get(above.deciding)
    if deciding is None:
        return None
    response = str(above.terms.get("response") or "")
    carried = above.ruling in ("uphold", "amend") and bool(response)
    days = above.terms.get("days") if response == "exempt" else None
    return Ruling(
        above.tier,
        response if carried else "refused",
        deciding,
        tuple(by_id[one] for one in above.rests_on if one in by_id),
        int(days) if carried and days is not None else None,
        above.tally,
        above.terms,
    )


def _between_the_two(submissions: Sequence[Submission], within_appetite: bool) -> Ruling | None:
    latest = {submission.element_id: submission for submission in submissions}
    decided, responded = latest.get(DECIDE), latest.get(RESPOND)
    if decided is None:
        return None
    order = [submission.id for submission in submissions]
    rests_on: tuple[Submission, ...] = (decided,)
    if responded is not None:
        answered_it = order.index(responded.id) > order.index(decided.id)
        if not answered_it or responded.answers.get("response") not in CONCURRED:
            return None
        rests_on = (decided, responded)
    elif not within_appetite:
        return None
    response = str(decided.answers.get("decision") or "")
    return Ruling(CIO, response, decided, rests_on, _days(decided) if response == "exempt" else None)


def _days(submission: Submission) -> int | None:
    days = submission.answers.get("days")
    return None if days is None else int(days)


def find_ruling(record: CaseRecord, connection: Connection, case_id: str) -> Ruling | None:
    """The ruling of a case, and whether everybody it rests on was entitled.

    Raises `OperationFailed` where somebody was not: the case then waits for people to look into it.
    """
    submissions = record.submissions(connection, case_id, reader=None)
    above = ruled_above(connection, case_id)
    within = above is None or above.ruling == "rate"
    found = ruling(
        submissions, above, within_appetite=within and _within_appetite(connection, submissions, above)
    )
    if found is not None:
        for submission in found.rests_on:
            _check_entitled(connection, submission)
    return found


def ruled_above(connection: Connection, case_id: str) -> Above | None:
    """The latest ruling of the committee, the chief risk officer or the sponsor in a case."""
    row = connection.execute(
        select(committee_rulings)
        .where(committee_rulings.c.case_id == case_id)
        .order_by(committee_rulings.c.ruled_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return Above(row.ruling, row.tier, row.terms, row.deciding, tuple(row.rests_on), row.tally)


def latest_tally(journal: Sequence[JournalRow]) -> Mapping[str, Any] | None:
    """The tally of the latest vote that was closed."""
    for row in reversed(journal):
        tallies = row.payload.get("tallies") or {}
        if VOTE in tallies:
            tally: Mapping[str, Any] = tallies[VOTE]
            return tally
    return None


def _within_appetite(connection: Connection, submissions: Sequence[Submission], above: Above | None) -> bool:
    """Whether the record itself puts the case within appetite, by what held when it was decided."""
    latest = {submission.element_id: submission for submission in submissions}
    decided = latest.get(DECIDE)
    subject = None if decided is None else _subject(connection, decided.instance_id)
    if decided is None or subject is None:
        return False
    positions = {key: latest[key].answers for key in (*POSITIONS, *ADVICE_INSTEAD) if key in latest}
    raised = latest[RAISE].answers if RAISE in latest else {}
    if raised.get("origin") == CHALLENGE:
        return False
    ruled = {"ruling": above.ruling, **above.terms} if above is not None else {}
    return rate_case(
        connection, subject, raised, positions, ruled, decided.at, decided.instance_id
    ).within_appetite


def _subject(connection: Connection, case_id: str) -> str | None:
    return connection.execute(
        select(instances.c.subject).where(instances.c.id == case_id)
    ).scalar_one_or_none()


_ROLES_OF = {
    DECIDE: {Role.CIO},
    RESPOND: {Role.CISO, Role.ADVISER},
    ARBITRATE: {Role.CRO, Role.EXECUTIVE},
    SPONSOR_ARBITRATE: {Role.EXECUTIVE},
}
"""Who may act at each step; above the CRO's own tier, and for a vacant post, the sponsor."""


def _check_entitled(connection: Connection, submission: Submission) -> None:
    """Look again, whatever the diagram said: a CISO never decides, and a vote needs its seat."""
    if submission.element_id == VOTE:
        seated = connection.execute(
            select(seats.c.person_id).where(
                seats.c.id == submission.seat, seats.c.case_id == submission.instance_id
            )
        ).scalar_one_or_none()
        if seated != submission.person_id:
            raise OperationFailed(
                "A vote in the record was not cast by the person the roster seats. Nothing was granted."
            )
        return
    allowed = _ROLES_OF[submission.element_id]
    organisation = organisation_at(connection, submission.at, include_inactive=True)
    if not allowed & organisation.roles(submission.person_id) and not _from_above_a_vacant_post(
        organisation, allowed, submission.person_id
    ):
        name = organisation.name(submission.person_id)
        role = next(iter(sorted(allowed)))
        raise OperationFailed(
            f"{name} was not {role.label} when “{submission.element_id}” was submitted, so it "
            "is no basis for this. "
            "Nothing was recorded; the case waits."
        )


def _from_above_a_vacant_post(organisation: Organisation, roles: Iterable[Role], person_id: str) -> bool:
    """Whether the person stood in from the next tier up, since nobody held the post."""
    return any(
        not organisation.filled(role, None)
        and any(one.person_id == person_id for one in organisation.candidates(role.value))
        for role in roles
    )


def acted(submissions: Sequence[Submission]) -> frozenset[str]:
    """Everybody who submitted something in a case, and those they stood in for."""
    people = {submission.person_id for submission in submissions}
    return frozenset(people | {one.on_behalf_of for one in submissions if one.on_behalf_of})
