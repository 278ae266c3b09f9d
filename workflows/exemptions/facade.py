"""Exemptions: what pages call. They are granted by cases alone, see `operations`."""

from __future__ import annotations

from datetime import timedelta

from workflows.context import Context
from workflows.exemptions.types import Exemption
from workflows.identity.types import Person


class Exemptions:
    """Exemptions in force, expiring, and those of a risk."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def active(self, reader: Person) -> list[Exemption]:
        """Those in force now, the soonest to expire first. Raises `NotEntitled`."""
        raise NotImplementedError

    def all(self, reader: Person) -> list[Exemption]:
        """All ever granted, newest first. Raises `NotEntitled`."""
        raise NotImplementedError

    def expiring(self, reader: Person, within: timedelta = timedelta(days=30)) -> list[Exemption]:
        """Those in force that expire within a time, the soonest first. Raises `NotEntitled`."""
        raise NotImplementedError

    def of_risk(self, reader: Person, risk_id: str) -> list[Exemption]:
        """All of a risk, newest first. Raises `NotFound`, `NotEntitled`."""
        raise NotImplementedError

    def exemption(self, reader: Person, exemption_id: str) -> Exemption:
        """One exemption. Raises `NotFound`, `NotEntitled`."""
        raise NotImplementedError
