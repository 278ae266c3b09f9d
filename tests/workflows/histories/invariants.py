"""What must hold after every turn of any history, read from the tables as an auditor would: not through the
code that decides, but beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from engine.instances.models import instances, journal, submissions
from engine.messages.models import subscriptions
from engine.tasks.models import tasks
from engine.timers.models import timers
from tests.workflows.world import World
from workflows.committee.models import seats
from workflows.exemptions.models import exemptions
from workflows.identity.models import appointment_endings, appointments
from workflows.metrics.types import Figures
from workflows.risks.models import decisions, risk_statuses, risks

_DECIDERS = {"cio", "cro", "executive"}
"""Posts that may decide by themselves, each at its tier; a committee member by a vote. Never the CISO."""


class Invariants:
    """Looks at one organisation; `figures` are those of the past, as they were first shown."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._figures: dict[datetime, Any] = {}

    def remember_figures(self) -> None:
        """Keep the figures of a moment that has just passed."""
        moment = self._world.now - timedelta(seconds=1)
        self._figures[moment] = self._figures_at(moment)

    def hold(self) -> None:
        """All that must hold at any moment. Raises AssertionError with a sentence."""
        with self._world.parley.database.reading() as connection:
            self._exempted_only_until_the_date(connection)
            self._somebody_can_act(connection)
            self._undecided_is_being_decided(connection)

    def hold_at_the_end(self) -> None:
        """What is written for good, so that one look is enough: decisions, exemptions, votes, the chains; and
        the figures of the past."""
        with self._world.parley.database.reading() as connection:
            self._decided_by_somebody_entitled(connection)
            self._counted_without_those_who_stepped_aside(connection)
        for moment, shown in self._figures.items():
            assert self._figures_at(moment) == shown, f"The figures of {moment} have changed since."
        assert self._world.audit_faults() == []

    def _figures_at(self, moment: datetime) -> Any:
        found: Figures = self._world.parley.metrics.figures(self._world.people["auditor"], as_of=moment)
        return found

    def _decided_by_somebody_entitled(self, connection: Connection) -> None:
        """Every decision and every exemption is the recorded act of a named person, who held the post or the
        seat when acting; and a risk is accepted or exempted only where there is one."""
        acts = {row.id: row for row in connection.execute(select(submissions))}
        posts = _posts(connection)
        seated = {(row.id, row.person_id): row for row in connection.execute(select(seats))}
        decided = list(connection.execute(select(decisions)))
        for row in decided:
            act = acts.get(row.submission_id)
            assert act is not None, f"{row.risk_id}: decided without a recorded act"
            assert act.person_id == row.decided_by, f"{row.risk_id}: another person acted"
            _entitled(act, posts, seated)
        for row in connection.execute(select(exemptions)):
            rests_on = row.record["submissions"]
            assert rests_on, f"{row.id}: exempted without a recorded act"
            assert row.decided_by in {acts[one].person_id for one in rests_on}, row.id
        for row in connection.execute(
            select(risk_statuses).where(risk_statuses.c.target.in_(("accepted", "exempted")))
        ):
            assert any(one.risk_id == row.risk_id and one.decided_at <= row.at for one in decided), (
                f"{row.risk_id} is {row.target} without a decision"
            )

    def _exempted_only_until_the_date(self, connection: Connection) -> None:
        now = self._world.now
        for row in connection.execute(select(risks.c.id).where(risks.c.status == "exempted")):
            found = self._world.parley.exemptions.of_risk(self._world.people["auditor"], row.id)
            assert any(one.granted_at <= now < one.expires_at for one in found), (
                f"{row.id} is exempted, and no exemption is in force"
            )
        for one in self._world.parley.exemptions.active(self._world.people["auditor"]):
            assert one.granted_at <= now < one.expires_at, f"{one.id} has effect after its date"

    def _counted_without_those_who_stepped_aside(self, connection: Connection) -> None:
        """Each tally is counted anew from the votes: nobody who stepped aside, nobody barred, three or
        more."""
        posts = _posts(connection)
        barred = {row.person_id for row in connection.execute(select(seats)) if _leads(row, posts)}
        assert not barred, f"seated though barred: {barred}"
        for row in connection.execute(select(journal).order_by(journal.c.instance_id, journal.c.seq)):
            for element, tally in (row.payload.get("tallies") or {}).items():
                self._recount(connection, row, element, tally)

    def _recount(self, connection: Connection, row: Row[Any], element: str, tally: Mapping[str, Any]) -> None:
        votes = list(
            connection.execute(
                select(submissions)
                .where(
                    submissions.c.instance_id == row.instance_id,
                    submissions.c.element_id == element,
                    submissions.c.seq <= row.seq,
                )
                .order_by(submissions.c.seq)
            )
        )
        last = max((vote.round for vote in votes), default=0)
        choices = [vote.answers["choice"] for vote in votes if vote.round == last]
        voted = [choice for choice in choices if choice != "recuse"]
        outcome = tally.get("outcome")
        if outcome is None:
            return
        assert len(voted) >= 3, f"{row.instance_id}: ruled by {len(voted)} votes"
        assert voted.count(outcome) * 2 > len(voted), f"{row.instance_id}: ruled without a majority"

    def _somebody_can_act(self, connection: Connection) -> None:
        """A running case waits for somebody who may act, or for a time; and nothing has failed."""
        failed = self._world.parley.engine.incidents.open(connection)
        assert not failed, f"A case waits with an incident: {failed[0].cause}"
        directory, now = self._world.parley.context.directory, self._world.now
        timed, awaited = (
            set(connection.execute(select(table.c.instance_id).where(table.c.state == "waiting")).scalars())
            for table in (timers, subscriptions)
        )
        waiting: dict[str, list[Row[Any]]] = {}
        for task in connection.execute(select(tasks).where(tasks.c.state == "open")):
            waiting.setdefault(task.instance_id, []).append(task)
        for case in connection.execute(
            select(instances.c.id).where(instances.c.state == "running")
        ).scalars():
            open_here = waiting.get(case, [])
            able = [task for task in open_here if directory.candidates(connection, task.desk, now)]
            assert able or case in timed or case in awaited, (
                f"{case} waits for nobody: {[task.element_id for task in open_here]}"
            )
            for task in open_here:
                assert task in able or case in timed, f"{task.element_id} lies on {task.desk}: nobody's desk"

    def _undecided_is_being_decided(self, connection: Connection) -> None:
        """Whatever is undecided lies in a running case, so that somebody is asked, or will be."""
        running = set(
            connection.execute(select(instances.c.subject).where(instances.c.state == "running")).scalars()
        )
        for risk_id in connection.execute(select(risks.c.id).where(risks.c.status == "undecided")).scalars():
            assert risk_id in running, f"{risk_id} is undecided, and no case decides it"


Posts = Sequence[tuple[str, str, datetime, datetime | None]]


def _posts(connection: Connection) -> Posts:
    """Role, person, from, until (the early end considered)."""
    ended = {row.appointment_id: row.ends_at for row in connection.execute(select(appointment_endings))}
    return [
        (row.role, row.person_id, row.valid_from, ended.get(row.id, row.valid_until))
        for row in connection.execute(select(appointments))
    ]


def _held(posts: Posts, person: str, at: datetime) -> set[str]:
    return {
        role
        for role, holder, since, until in posts
        if holder == person and since <= at and (until is None or at < until)
    }


def _entitled(act: Row[Any], posts: Posts, seated: Mapping[tuple[str, str], Row[Any]]) -> None:
    if act.seat is not None:
        assert (act.seat, act.person_id) in seated, f"{act.id}: voted without a seat"
        return
    held = _held(posts, act.person_id, act.at)
    assert held & _DECIDERS, f"{act.person_id} decided at {act.element_id} and held {held or 'no post'}"
    assert "ciso" not in held, f"{act.person_id} decided as CISO"


def _leads(seat: Row[Any], posts: Posts) -> bool:
    """Whether somebody seated for a vote led one of the two sides, or the tier above, at that moment."""
    return seat.purpose == "vote" and bool(
        _held(posts, seat.person_id, seat.seated_at) & {"cio", "ciso", "cro"}
    )
