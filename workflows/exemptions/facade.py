"""Exemptions: what pages call. They are granted and ended by cases alone, see `operations` and `ending`."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import true

from engine.errors import EngineError
from workflows.context import Context, Reading, check
from workflows.exemptions import commands, pages, queries
from workflows.exemptions.types import Exemption, ExemptionPage, ExemptionRequest, Figures
from workflows.identity.types import Person
from workflows.permissions import Permission
from workflows.risks.access import check_risk, hidden


class Exemptions:
    """Exemptions in force, expiring, and those of a risk."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def active(self, reader: Person) -> list[Exemption]:
        """Those in force now, the soonest to expire first. Raises `NotEntitled`."""

        def query(reading: Reading) -> list[Exemption]:
            check(reading.organisation, reader, Permission.READ_EXEMPTIONS)
            unseen = hidden(reading, reader)
            found = queries.active(reading.connection, reading.now)
            return [one for one in found if one.risk_id not in unseen]

        return self._context.read(query)

    def all(self, reader: Person) -> list[Exemption]:
        """All ever granted, newest first. Raises `NotEntitled`."""

        def query(reading: Reading) -> list[Exemption]:
            check(reading.organisation, reader, Permission.READ_EXEMPTIONS)
            unseen = hidden(reading, reader)
            found = queries.every(reading.connection, reading.now)
            return [one for one in found if one.risk_id not in unseen]

        return self._context.read(query)

    def expiring(self, reader: Person, within: timedelta = timedelta(days=30)) -> list[Exemption]:
        """Those in force that expire within a time, the soonest first. Raises `NotEntitled`."""

        def query(reading: Reading) -> list[Exemption]:
            check(reading.organisation, reader, Permission.READ_EXEMPTIONS)
            unseen = hidden(reading, reader)
            found = queries.active(reading.connection, reading.now)
            soon = reading.now + within
            return [one for one in found if one.expires_at <= soon and one.risk_id not in unseen]

        return self._context.read(query)

    def of_risk(self, reader: Person, risk_id: str) -> list[Exemption]:
        """All of a risk, newest first. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> list[Exemption]:
            check_risk(reading, reader, risk_id)
            return queries.of_risk(reading.connection, risk_id, reading.now)

        return self._context.read(query)

    def exemption(self, reader: Person, exemption_id: str) -> Exemption:
        """One exemption. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> Exemption:
            found = queries.exemption(reading.connection, exemption_id, reading.now)
            check_risk(reading, reader, found.risk_id)
            return found

        return self._context.read(query)

    def requests(self, reader: Person) -> list[ExemptionRequest]:
        """Everything that was ever asked for, granted or not, newest first. Raises `NotEntitled`."""

        def query(reading: Reading) -> list[ExemptionRequest]:
            check(reading.organisation, reader, Permission.READ_EXEMPTIONS)
            unseen = hidden(reading, reader)
            found = pages.requests_where(reading.connection, true(), reading.now)
            return [one for one in found if one.risk_id not in unseen]

        return self._context.read(query)

    def figures(self, reader: Person) -> Figures:
        """What the list says of itself now. Raises `NotEntitled`."""

        def query(reading: Reading) -> Figures:
            check(reading.organisation, reader, Permission.READ_EXEMPTIONS)
            return pages.figures(reading.connection, reading.now, hidden(reading, reader))

        return self._context.read(query)

    def page(self, reader: Person, exemption_id: str) -> ExemptionPage:
        """One exemption, or a request, with everything the record knows of it. Raises `NotFound`,
        `NotEntitled`."""

        def query(reading: Reading) -> ExemptionPage:
            found = pages.page(self._context, reading, reader, exemption_id)
            check_risk(reading, reader, found.risk_id)
            return found

        return self._context.read(query)

    def report_breach(self, actor: Person, exemption_id: str, what: str, evidence: str, token: str) -> None:
        """Report a broken condition: the exemption's case revokes it at once, or the worker sees to it.

        Raises `NotFound`, `NotEntitled`, `AnswersRefused`, `Conflict`.
        """
        message_id = self._context.write(
            actor,
            None,
            lambda writing: commands.report_breach(writing, exemption_id, what, evidence, token),
        )
        with suppress(EngineError):
            # Kept in any case: what cannot be delivered now, the worker delivers.
            self._context.engine.messages.deliver(message_id)

    def ask_renewal(self, actor: Person, exemption_id: str, reason: str) -> str:
        """Start a new review of whether the exemption goes on; its case's id.

        Raises `NotFound`, `NotEntitled`, `AnswersRefused`, `RuleBroken` where the policy's cap is reached.
        """
        return self._context.write(
            actor, None, lambda writing: commands.ask_renewal(self._context, writing, exemption_id, reason)
        )
