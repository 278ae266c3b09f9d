"""What the record of a case says of who decided it: read from submissions and rosters, never from a case's
data.

An exemption or a decision is recorded only where a named, entitled person's act is found here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, select

from engine.errors import OperationFailed
from engine.types import JournalRow, Submission
from workflows.committee.models import seats
from workflows.identity.queries import organisation_at
from workflows.identity.types import Role

# Ids of the elements whose answers decide, as every policy that decides risks names them.
DECIDE = "decide"
RESPOND = "respond"
VOTE = "vote"
ARBITRATE = "arbitrate"
POSITIONS = ("cio_position", "ciso_position")
CONCURRED = frozenset({"concur", "concur_with_conditions"})

CIO, COMMITTEE, CRO = "cio", "committee", "cro"
TIERS = {
    CIO: "the CIO, with the CISO's agreement",
    COMMITTEE: "the steering committee",
    CRO: "the chief risk officer",
}


class CaseRecord(Protocol):
    """Where a case's submissions and journal are read: the engine's façade."""

    def submissions(
        self, connection: Connection, instance_id: str, *, reader: str | None
    ) -> Sequence[Submission]:
        """All submissions, oldest first."""
        ...

    def journal(self, connection: Connection, instance_id: str) -> Sequence[JournalRow]:
        """All journal rows, oldest first."""
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

    @property
    def reason(self) -> str:
        """The decider's reason, in the own words."""
        return str(self.deciding.answers.get("reason") or "")


def ruling(submissions: Sequence[Submission], tally: Mapping[str, Any] | None) -> Ruling | None:
    """The ruling that the record holds: of the highest tier that acted; None where none stands.

    Args:
        submissions: the case's, oldest first, unsealed.
        tally: of the latest vote that was closed.
    """
    latest = {submission.element_id: submission for submission in submissions}
    arbitrated = latest.get(ARBITRATE)
    if arbitrated is not None:
        exempts = arbitrated.answers.get("ruling") == "exempt"
        return Ruling(
            CRO,
            "exempt" if exempts else "refused",
            arbitrated,
            (arbitrated,),
            _days(arbitrated) if exempts else None,
        )
    if tally is not None:
        return _committee(submissions, tally)
    return _concurred(submissions, latest)


def _committee(submissions: Sequence[Submission], tally: Mapping[str, Any]) -> Ruling | None:
    outcome = tally.get("outcome")
    if outcome not in ("exempt", "refuse"):
        return None
    votes = [one for one in submissions if one.element_id == VOTE]
    last_round = max((vote.round for vote in votes), default=0)
    votes = [vote for vote in votes if vote.round == last_round]
    cast = [vote for vote in votes if vote.answers.get("choice") == outcome]
    if not cast or len(cast) != tally.get("counts", {}).get(outcome):
        return None
    allowed = [days for vote in cast if (days := _days(vote)) is not None]
    days = min(allowed) if outcome == "exempt" and allowed else None
    return Ruling(
        COMMITTEE, "exempt" if outcome == "exempt" else "refused", cast[-1], tuple(votes), days, dict(tally)
    )


def _concurred(submissions: Sequence[Submission], latest: Mapping[str, Submission]) -> Ruling | None:
    decided, responded = latest.get(DECIDE), latest.get(RESPOND)
    if decided is None or responded is None:
        return None
    order = [submission.id for submission in submissions]
    answered_it = order.index(responded.id) > order.index(decided.id)
    if not answered_it or responded.answers.get("response") not in CONCURRED:
        return None
    response = str(decided.answers.get("decision") or "")
    days = _days(decided) if response == "exempt" else None
    return Ruling(CIO, response, decided, (decided, responded), days)


def _days(submission: Submission) -> int | None:
    days = submission.answers.get("days")
    return None if days is None else int(days)


def find_ruling(record: CaseRecord, connection: Connection, case_id: str) -> Ruling | None:
    """The ruling of a case, and whether everybody it rests on was entitled.

    Raises `OperationFailed` where somebody was not: the case then waits for people to look into it.
    """
    submissions = record.submissions(connection, case_id, reader=None)
    found = ruling(submissions, latest_tally(record.journal(connection, case_id)))
    if found is not None:
        for submission in found.rests_on:
            _check_entitled(connection, submission)
    return found


def latest_tally(journal: Sequence[JournalRow]) -> Mapping[str, Any] | None:
    """The tally of the latest vote that was closed."""
    for row in reversed(journal):
        tallies = row.payload.get("tallies") or {}
        if VOTE in tallies:
            tally: Mapping[str, Any] = tallies[VOTE]
            return tally
    return None


_ROLE_OF = {DECIDE: Role.CIO, RESPOND: Role.CISO, ARBITRATE: Role.CRO}


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
    role = _ROLE_OF[submission.element_id]
    organisation = organisation_at(connection, submission.at, include_inactive=True)
    if role not in organisation.roles(submission.person_id):
        name = organisation.name(submission.person_id)
        raise OperationFailed(
            f"{name} was not {role.label} when “{submission.element_id}” was submitted, so it "
            "is no basis for this. "
            "Nothing was recorded; the case waits."
        )


def acted(submissions: Sequence[Submission]) -> frozenset[str]:
    """Everybody who submitted something in a case, and those they stood in for."""
    people = {submission.person_id for submission in submissions}
    return frozenset(people | {one.on_behalf_of for one in submissions if one.on_behalf_of})
