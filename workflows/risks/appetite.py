"""How much risk the organisation takes: appetite and tolerance by category, and its table of levels; each as
it was set at a moment, so that what held in the past stays as it was (NIST CSF 2.0, GV.RM-02)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from workflows.identity.queries import people_by_id
from workflows.risks.models import appetites, matrices
from workflows.risks.scales import SP_800_30, Level, Matrix, read_matrix
from workflows.risks.types import RiskStatus

DEFAULT = Level.LOW
"""Appetite and tolerance of an organisation that has set none."""

EVERY_CATEGORY = ""
"""Stands for all categories that have no appetite of their own."""

UNSETTLED = frozenset(
    {RiskStatus.UNDECIDED, RiskStatus.IN_TREATMENT, RiskStatus.EXEMPTED, RiskStatus.NOT_ACCEPTED}
)
"""Statuses in which a risk above appetite is unacceptable: an exemption does not make one vanish."""


@dataclass(frozen=True, slots=True)
class Appetite:
    """What was set for a category. Never changed; a new view is a new row."""

    seq: int
    category: str
    """Empty: for every category that has none of its own."""
    appetite: Level
    """Highest level that is taken as it comes."""
    tolerance: Level
    """Highest level that may be taken for a time, decided by those entitled to; at least the appetite."""
    valid_from: datetime
    basis: str
    by: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Appetites:
    """All that was ever set, so that many risks and many moments are answered from one read."""

    entries: tuple[Appetite, ...] = field(default_factory=tuple)
    """By the moment from which each holds; of two, the one set later comes last."""

    def held(self, category: str, at: datetime) -> Appetite | None:
        """What holds for a category at a moment; None where nothing was set."""
        holding = [one for one in self.entries if one.valid_from <= at]
        for wanted in (category, EVERY_CATEGORY):
            own = [one for one in holding if one.category == wanted]
            if own:
                return own[-1]
        return None

    def appetite(self, category: str, at: datetime) -> Level:
        """Highest level within appetite."""
        found = self.held(category, at)
        return found.appetite if found else DEFAULT

    def tolerance(self, category: str, at: datetime) -> Level:
        """Highest level within tolerance."""
        found = self.held(category, at)
        return found.tolerance if found else DEFAULT

    def is_above(self, level: Level | None, category: str, at: datetime) -> bool:
        """Whether a level is above appetite. A risk nobody has rated is: what is unknown is not
        acceptable."""
        return level is None or level.rank > self.appetite(category, at).rank

    def is_unacceptable(self, level: Level | None, category: str, status: RiskStatus, at: datetime) -> bool:
        """Whether a risk counts as unacceptable: above appetite, and not accepted by a decision or closed."""
        return status in UNSETTLED and self.is_above(level, category, at)


_APPETITES = select(appetites).order_by(appetites.c.valid_from, appetites.c.seq)
_CELLS = (
    select(matrices.c.cells)
    .where(matrices.c.valid_from <= bindparam("at"))
    .order_by(matrices.c.valid_from.desc(), matrices.c.seq.desc())
    .limit(1)
)


def all_appetites(connection: Connection) -> Appetites:
    """Everything that was ever set."""
    rows = connection.execute(_APPETITES).all()
    people = people_by_id(connection, (row.by for row in rows))
    return Appetites(
        tuple(
            Appetite(
                row.seq,
                row.category,
                Level(row.appetite),
                Level(row.tolerance),
                row.valid_from,
                row.basis,
                row.by,
                people[row.by].name,
                row.at,
            )
            for row in rows
        )
    )


def appetite_at(connection: Connection, category: str, at: datetime) -> Level:
    """Highest level within appetite for a category at a moment; low where none was set."""
    return all_appetites(connection).appetite(category, at)


def tolerance_at(connection: Connection, category: str, at: datetime) -> Level:
    """Highest level within tolerance for a category at a moment; low where none was set."""
    return all_appetites(connection).tolerance(category, at)


def is_unacceptable(
    connection: Connection, level: Level | None, category: str, status: RiskStatus, at: datetime
) -> bool:
    """Whether a risk of this level, category and status is unacceptable at a moment."""
    return all_appetites(connection).is_unacceptable(level, category, status, at)


@dataclass(frozen=True, slots=True)
class OwnMatrix:
    """A table of levels as it was set."""

    seq: int
    matrix: Matrix
    is_standard: bool
    """True where it says: Table I-2 of SP 800-30r1 again."""
    valid_from: datetime
    basis: str
    by: str
    by_name: str
    at: datetime


def all_matrices(connection: Connection) -> tuple[OwnMatrix, ...]:
    """Every table that was ever set, by the moment from which it holds."""
    rows = connection.execute(select(matrices).order_by(matrices.c.valid_from, matrices.c.seq)).all()
    people = people_by_id(connection, (row.by for row in rows))
    return tuple(
        OwnMatrix(
            row.seq,
            read_matrix(row.cells) if row.cells else SP_800_30,
            not row.cells,
            row.valid_from,
            row.basis,
            row.by,
            people[row.by].name,
            row.at,
        )
        for row in rows
    )


def matrix_of(known: Sequence[OwnMatrix], at: datetime) -> Matrix:
    """The table of levels that holds at a moment, of those that were ever set."""
    holding = [one for one in known if one.valid_from <= at]
    return holding[-1].matrix if holding else SP_800_30


def matrix_at(connection: Connection, at: datetime) -> Matrix:
    """The table of levels that holds at a moment: the organisation's own, else that of SP 800-30r1."""
    cells = connection.execute(_CELLS, {"at": at}).scalar_one_or_none()
    return read_matrix(cells) if cells else SP_800_30


def written(matrix: Mapping[Level, Sequence[Level]]) -> list[list[str]]:
    """A table as plain lists: a row for each likelihood, lowest first."""
    return [[cell.value for cell in matrix[likelihood]] for likelihood in Level]
