"""Emergencies: what pages call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms import present
from forms.presentation import Presentation
from workflows.context import Context, Reading, check
from workflows.emergencies import commands, queries
from workflows.emergencies.types import Emergency, RiskChoice
from workflows.identity.types import Person
from workflows.permissions import Permission
from workflows.risks.access import check_risk, hidden


@dataclass(frozen=True, slots=True)
class DeclarePage:
    """The page on which an emergency is declared."""

    choices: tuple[RiskChoice, ...]
    """Risks for which the reader may declare one."""
    presentation: Presentation
    token: str


class Emergencies:
    """Declaring an emergency, and what became of those that were."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def all(self, reader: Person) -> list[Emergency]:
        """All ever declared, newest first. Raises `NotEntitled`."""

        def query(reading: Reading) -> list[Emergency]:
            check(reading.organisation, reader, Permission.READ_EXEMPTIONS)
            unseen = hidden(reading, reader)
            found = queries.every(reading.connection, reading.now)
            return [one for one in found if one.risk_id not in unseen]

        return self._context.read(query)

    def emergency(self, reader: Person, emergency_id: str) -> Emergency:
        """One emergency. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> Emergency:
            found = queries.emergency(reading.connection, emergency_id, reading.now)
            check_risk(reading, reader, found.risk_id)
            return found

        return self._context.read(query)

    def may_declare(self, reader: Person, risk_id: str | None = None) -> bool:
        """Whether there is a risk for which the reader may declare one; with `risk_id`, whether it is one."""

        def query(reading: Reading) -> bool:
            found = commands.choices(reading.connection, reading.organisation, reader.id)
            return bool(found) if risk_id is None else risk_id in {one.id for one in found}

        return self._context.read(query)

    def declare_page(
        self,
        reader: Person,
        values: Mapping[str, Any] | None = None,
        errors: Mapping[str, Sequence[str]] | None = None,
        token: str | None = None,
    ) -> DeclarePage:
        """The page's form, with what was typed and what is wrong with it. Raises `NotFound`."""

        def query(reading: Reading) -> DeclarePage:
            _, form = commands.start_form(self._context, reading.connection)
            return DeclarePage(
                tuple(commands.choices(reading.connection, reading.organisation, reader.id)),
                present(form, values=values, errors=errors, data={}, now=reading.now),
                token or commands.new_token(),
            )

        return self._context.read(query)

    def declare(self, actor: Person, risk_id: str, answers: Mapping[str, Any], token: str) -> str:
        """Go ahead at once; the case's id.

        Raises `NotFound`, `NotEntitled`, `RuleBroken`, `AnswersRefused`, `Conflict`.
        """
        return self._context.write(
            actor, None, lambda writing: commands.declare(self._context, writing, risk_id, answers, token)
        )
