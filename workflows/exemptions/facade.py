"""Exemptions: what pages call. They are granted by cases alone, see `operations`."""

from __future__ import annotations

from datetime import timedelta

from workflows.context import Context, Reading, check
from workflows.exemptions import queries
from workflows.exemptions.types import Exemption
from workflows.identity.types import Person
from workflows.permissions import Permission
from workflows.risks.access import check_risk


class Exemptions:
    """Exemptions in force, expiring, and those of a risk."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def active(self, reader: Person) -> list[Exemption]:
        """Those in force now, the soonest to expire first. Raises `NotEntitled`."""

        def query(reading: Reading) -> list[Exemption]:
            check(reading.organisation, reader, Permission.READ_EXEMPTIONS)
            return queries.active(reading.connection, reading.now)

        return self._context.read(query)

    def all(self, reader: Person) -> list[Exemption]:
        """All ever granted, newest first. Raises `NotEntitled`."""

        def query(reading: Reading) -> list[Exemption]:
            check(reading.organisation, reader, Permission.READ_EXEMPTIONS)
            return queries.every(reading.connection, reading.now)

        return self._context.read(query)

    def expiring(self, reader: Person, within: timedelta = timedelta(days=30)) -> list[Exemption]:
        """Those in force that expire within a time, the soonest first. Raises `NotEntitled`."""

        def query(reading: Reading) -> list[Exemption]:
            check(reading.organisation, reader, Permission.READ_EXEMPTIONS)
            in_force = queries.active(reading.connection, reading.now)
            return [one for one in in_force if one.expires_at <= reading.now + within]

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
