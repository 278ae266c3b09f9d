"""Keeping the register: how much risk is taken, what is said of a risk, its links, its assets, what a
decision rests on, and asking for a new one. What pages and the command line call beside `Risks`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from engine.types import Instance
from workflows.context import Context, Reading, Writing, check, may
from workflows.errors import NotEntitled, NotFound
from workflows.identity.queries import organisation_at
from workflows.identity.types import SYSTEM_PERSON, Person
from workflows.permissions import Permission
from workflows.risks import amending, asking, histories, limits, queries, superseding
from workflows.risks.access import check_risk, readable
from workflows.risks.appetite import (
    EVERY_CATEGORY,
    Appetite,
    OwnMatrix,
    all_appetites,
    all_matrices,
    matrix_at,
    matrix_of,
)
from workflows.risks.details import RiskDetails, details_by_id
from workflows.risks.exporting import Exported
from workflows.risks.heat import HeatMap, heat_map
from workflows.risks.owners import owner_of
from workflows.risks.precedents import Precedent, precedents
from workflows.risks.scales import Level, Matrix
from workflows.risks.snapshots import Snapshot, snapshot_of
from workflows.risks.types import RiskFilters, RiskStatus

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much risk the organisation takes, today and as it was set over time."""

    categories: Mapping[str, Appetite | None]
    """What holds today by category; the empty one stands for all that have none of their own."""
    appetites: tuple[Appetite, ...]
    """All ever set, the newest first."""
    matrix: Matrix
    """The table of levels that holds today."""
    matrices: tuple[OwnMatrix, ...]
    """All ever set, the newest first."""


class Register:
    """The register's keeping. Every method raises `NotEntitled`, and `NotFound` where it names something."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def limits(self, reader: Person) -> Limits:
        """Appetite, tolerance and the table of levels."""

        def query(reading: Reading) -> Limits:
            check(reading.organisation, reader, Permission.READ_POLICIES)
            held, known = all_appetites(reading.connection), all_matrices(reading.connection)
            named = {one.category for one in held.entries} | {EVERY_CATEGORY}
            named |= set(queries.categories(reading.connection, readable(reading, reader)))
            return Limits(
                {category: held.held(category, reading.now) for category in sorted(named)},
                tuple(sorted(held.entries, key=lambda one: -one.seq)),
                matrix_of(known, reading.now),
                tuple(sorted(known, key=lambda one: -one.seq)),
            )

        return self._context.read(query)

    def set_appetite(
        self,
        actor: Person,
        category: str,
        appetite: Level,
        tolerance: Level,
        *,
        basis: str,
        valid_from: datetime | None = None,
    ) -> None:
        """Set appetite and tolerance of a category, from now or a moment ahead. Decisions that rest on more
        are marked out of date, at once where it holds from now, else when they are next looked at. Raises
        `RuleBroken`."""

        def command(writing: Writing) -> None:
            limits.set_appetite(writing, category, appetite, tolerance, valid_from, basis)

        self._context.write(actor, Permission.SET_APPETITE, command)

    def set_matrix(
        self,
        actor: Person,
        cells: Sequence[Sequence[str]],
        *,
        basis: str,
        valid_from: datetime | None = None,
    ) -> None:
        """Set the organisation's own table of levels; without cells, that of SP 800-30r1 again. Ratings made
        before keep their level. Raises `RuleBroken`."""
        self._context.write(
            actor, Permission.SET_APPETITE, lambda w: limits.set_matrix(w, cells, valid_from, basis)
        )

    def amend(self, actor: Person, risk_id: str, changes: Mapping[str, Any], reason: str) -> RiskDetails:
        """Change what the register says of a risk: fields of `RiskDetails`. Raises `RuleBroken`."""
        return self._of_risk(actor, risk_id, lambda w: amending.amend(w, risk_id, changes, reason))

    def link(
        self,
        actor: Person,
        risk_id: str,
        kind: str,
        *,
        other_id: str | None = None,
        case_id: str | None = None,
        note: str = "",
    ) -> str:
        """Link a risk to another one or to a case; the link's id. Raises `RuleBroken`."""

        def seen(reading: Reading) -> None:
            if other_id is not None:
                check_risk(reading, actor, other_id)
            if case_id is not None:
                self._context.engine.instances.get(reading.connection, case_id)

        self._context.read(seen)
        return self._of_risk(
            actor, risk_id, lambda w: amending.link(w, risk_id, kind, other_id, case_id, note)
        )

    def unlink(self, actor: Person, risk_id: str, link_id: str, reason: str) -> None:
        """End a link. Raises `RuleBroken`."""
        self._of_risk(actor, risk_id, lambda w: amending.unlink(w, risk_id, link_id, reason))

    def change_asset(self, actor: Person, asset_id: str, changes: Mapping[str, Any], reason: str) -> None:
        """Change `name`, `owner_unit`, `criticality`, `is_shared` or `description` of an asset. Whoever owns
        it now answers for the open cases about it from their next task on. Raises `RuleBroken`."""
        self._context.write(
            actor,
            Permission.MANAGE_ASSETS,
            lambda w: amending.change_asset(w, asset_id, changes, reason),
        )

    def ask_for_decision(self, actor: Person, risk_id: str, reason: str) -> Instance:
        """Start a new linked case that decides a risk: one whose decision is out of date, or that no case
        has. What the last one had begun ends with it. Raises `RuleBroken`."""
        self._check_person(actor, risk_id)

        def command(writing: Writing) -> Instance:
            check(organisation_at(writing.connection, writing.now), actor, Permission.ASK_AGAIN)
            return asking.ask(self._context, writing, risk_id, reason)

        ended = f"A new decision was asked for: {reason.strip()}"
        return superseding.supersede(self._context, actor, risk_id, ended, command)

    def heat(self, reader: Person, filters: RiskFilters | None = None) -> HeatMap:
        """The register as a heat map, under the filters of its list."""

        def query(reading: Reading) -> HeatMap:
            matrix = matrix_at(reading.connection, reading.now)
            wanted = filters or RiskFilters()
            return heat_map(reading.connection, wanted, readable(reading, reader), matrix)

        return self._context.read(query)

    def precedents(self, reader: Person, risk_id: str) -> tuple[Precedent, ...]:
        """Earlier decisions on like risks, as far as the reader may see them; empty for those who do not
        read the register."""

        def query(reading: Reading) -> tuple[Precedent, ...]:
            if not may(reading.organisation, reader, Permission.READ_REGISTER):
                return ()
            return precedents(reading.connection, risk_id, readable(reading, reader))

        return self._context.read(query)

    def rests_on(self, reader: Person, risk_id: str, decision_id: str) -> Snapshot:
        """What a decision rests on, as it was pinned."""

        def query(reading: Reading) -> Snapshot:
            check_risk(reading, reader, risk_id)
            found = histories.decisions_of(reading.connection, risk_id)
            pinned = snapshot_of(reading.connection, decision_id)
            if pinned is None or decision_id not in {one.id for one in found}:
                raise NotFound("snapshot of a decision", decision_id)
            return pinned

        return self._context.read(query)

    def export(self, reader: Person, filters: RiskFilters | None = None) -> list[Exported]:
        """Everything the register holds under the filters, as far as the reader may see it."""

        def query(reading: Reading) -> list[Exported]:
            check(reading.organisation, reader, Permission.READ_REGISTER)
            allowed, wanted = readable(reading, reader), filters or RiskFilters()
            found: list[Exported] = []
            page = 1
            while True:
                rows, _ = queries.page_of(reading.connection, wanted, allowed, page, reading.now)
                if not rows:
                    return found
                details = details_by_id(reading.connection, [risk.id for risk in rows])
                for risk in rows:
                    decided = histories.decisions_of(reading.connection, risk.id)
                    in_force = decided[0] if decided and risk.status is not RiskStatus.UNDECIDED else None
                    owner = owner_of(self._context, reading, risk.id)
                    found.append(Exported(risk, details[risk.id], in_force, owner))
                page += 1

        return self._context.read(query)

    def _of_risk(
        self,
        actor: Person,
        risk_id: str,
        command: Callable[[Writing], T],
        permission: Permission = Permission.AMEND_RISK,
    ) -> T:
        self._check_person(actor, risk_id)
        return self._context.write(actor, permission, command)

    def _check_person(self, actor: Person, risk_id: str) -> None:
        if actor is SYSTEM_PERSON:
            raise NotEntitled("This is a person's act, in the own name. Nothing was changed.")
        self._context.read(lambda reading: check_risk(reading, actor, risk_id))
