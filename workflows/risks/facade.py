"""The register: what pages and the command line call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.types import Instance
from workflows.cases.types import RaisePage
from workflows.context import Context
from workflows.identity.types import Person
from workflows.risks.scales import Level
from workflows.risks.types import (
    Asset,
    ImportReport,
    KevEntry,
    KevPage,
    RegisterPage,
    Risk,
    RiskFilters,
    RiskPage,
)


class Risks:
    """The register of risks, its assets, and the catalogue of known exploited vulnerabilities."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def register(self, reader: Person, filters: RiskFilters | None = None, page: int = 1) -> RegisterPage:
        """A page of the register. Who may not read the register sees the risks he or she raised."""
        raise NotImplementedError

    def risk(self, reader: Person, risk_id: str) -> RiskPage:
        """One risk with its history. Raises `NotFound`, `NotEntitled`."""
        raise NotImplementedError

    def raise_page(
        self,
        reader: Person,
        *,
        cve_id: str | None = None,
        values: Mapping[str, Any] | None = None,
        errors: Mapping[str, Sequence[str]] | None = None,
    ) -> RaisePage:
        """What the page for raising a risk shows; filled in from a catalogue entry, or as it was sent with its errors.

        Raises `NotFound` (catalogue entry), `NotEntitled`.
        """
        raise NotImplementedError

    def raise_risk(
        self,
        actor: Person,
        answers: Mapping[str, Any],
        token: str,
        *,
        asset_ids: Sequence[str] = (),
        cve_id: str | None = None,
    ) -> tuple[Risk, Instance]:
        """Put a risk in the register and start the case that decides it, in one transaction.

        `answers` are those of the start event's form: `title`, `description`, `category`, `likelihood`, `impact`, and
        whatever else it declares. `assets` and `cve_id` are taken from the answers where the form declares them.
        The same token again returns what was made the first time.

        Raises `NotEntitled`, `NotFound`, `AnswersRefused` (errors by field; also `assets`, `cve_id`).
        """
        raise NotImplementedError

    def assets(self, reader: Person) -> list[Asset]:
        """All assets, by name."""
        raise NotImplementedError

    def add_asset(
        self,
        actor: Person,
        *,
        name: str,
        owner_unit: str,
        criticality: Level | str,
        is_shared: bool = False,
        description: str = "",
        id: str | None = None,
    ) -> Asset:
        """Add an asset. Raises `NotEntitled`, `RuleBroken`."""
        raise NotImplementedError

    def import_kev(self, actor: Person, name: str, data: bytes) -> ImportReport:
        """Import a catalogue file, CSV or JSON. Again with the same file: everything is `same`.

        Raises `NotEntitled`; `FileRefused` where the file as a whole cannot be read (then nothing was stored).
        """
        raise NotImplementedError

    def kev_entries(self, reader: Person, search: str = "", page: int = 1) -> KevPage:
        """A page of the catalogue, newest first; the search is over CVE id, vendor, product, name and description."""
        raise NotImplementedError

    def kev_entry(self, reader: Person, cve_id: str) -> KevEntry:
        """One entry, with the risks raised from it. Raises `NotFound`."""
        raise NotImplementedError
