"""The register: what pages and the command line call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from engine.types import Instance, InstanceState
from workflows.cases.giving_way import why_cancelled
from workflows.cases.types import RaisePage
from workflows.cases.waiting import waiting_sentence
from workflows.context import Context, Reading, Writing, check
from workflows.errors import EngineError, NotEntitled, RuleBroken
from workflows.exemptions import queries as exemption_queries
from workflows.identity.types import SYSTEM_PERSON, Person
from workflows.permissions import Permission
from workflows.risks import challenging, commands, envelopes, histories, kev, queries, raising, superseding
from workflows.risks.access import check_risk, hidden, readable
from workflows.risks.appetite import all_appetites
from workflows.risks.details import details_of, versions_of
from workflows.risks.owners import owner_of
from workflows.risks.scales import Level
from workflows.risks.snapshots import outdated_now
from workflows.risks.transitions import IN_FORCE
from workflows.risks.types import (
    Asset,
    CaseRef,
    ImportReport,
    KevEntry,
    KevPage,
    RegisterPage,
    Risk,
    RiskFilters,
    RiskPage,
    RiskStatus,
)
from workflows.wording import sentence


class Risks:
    """The register of risks, its assets, and the catalogue of known exploited vulnerabilities."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def register(self, reader: Person, filters: RiskFilters | None = None, page: int = 1) -> RegisterPage:
        """A page of the register. Who may not read the register sees the risks he or she raised."""

        def query(reading: Reading) -> RegisterPage:
            allowed, connection = readable(reading, reader), reading.connection
            wanted = filters or RiskFilters()
            number = max(page, 1)
            rows, total = queries.page_of(connection, wanted, allowed, number, reading.now)
            tallies = queries.tallies(connection, allowed)
            held = all_appetites(connection)
            return RegisterPage(
                rows=tuple(rows),
                total=total,
                page=number,
                pages=max(1, -(-total // queries.PAGE)),
                counts={
                    status: sum(count for each, _, _, count in tallies if each is status)
                    for status in RiskStatus
                },
                unacceptable=sum(
                    count
                    for status, category, level, count in tallies
                    if held.is_unacceptable(level, category, status, reading.now)
                ),
                categories=queries.categories(connection, allowed),
            )

        return self._context.read(query)

    def risk(self, reader: Person, risk_id: str) -> RiskPage:
        """One risk with its history. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> RiskPage:
            check_risk(reading, reader, risk_id)
            connection, now = reading.connection, reading.now
            cases = self._context.engine.instances.of_subject(connection, risk_id)
            running = [case for case in cases if case.state is InstanceState.RUNNING]
            found = queries.risk(connection, risk_id, now)
            version, details = details_of(connection, risk_id)
            return RiskPage(
                risk=replace(found, open_case_id=running[0].id if running else None),
                kev=kev.find(connection, found.cve_id) if found.cve_id else None,
                assessments=tuple(queries.assessments_of(connection, [risk_id]).get(risk_id, ())),
                history=histories.history_of(connection, risk_id),
                decisions=histories.decisions_of(connection, risk_id),
                exemptions=tuple(exemption_queries.of_risk(connection, risk_id, now)),
                cases=tuple(self._case_ref(reading, case) for case in cases),
                details=details,
                version=version,
                versions=versions_of(connection, risk_id),
                links=histories.links_of(connection, risk_id, hidden(reading, reader)),
                owner=owner_of(self._context, reading, risk_id),
                outdated=tuple(outdated_now(connection, risk_id)),
                envelope=(envelope := envelopes.envelope_of(connection, risk_id)),
                signatures=envelopes.signatures(connection, envelope.decision_id) if envelope else (),
                may_challenge=found.status in IN_FORCE
                and challenging.entitled(connection, reading.organisation, risk_id, reader.id) is not None,
            )

        return self._context.read(query)

    def raise_page(
        self,
        reader: Person,
        *,
        cve_id: str | None = None,
        values: Mapping[str, Any] | None = None,
        errors: Mapping[str, Sequence[str]] | None = None,
        token: str | None = None,
    ) -> RaisePage:
        """What the page for raising a risk shows: empty, filled in from a catalogue entry, or as it was sent
        with its errors and the same token.

        Raises `NotFound` (catalogue entry), `NotEntitled`.
        """

        def query(reading: Reading) -> RaisePage:
            check(reading.organisation, reader, Permission.RAISE_RISK)
            return raising.raise_page(self._context, reading, cve_id, values, errors, token)

        return self._context.read(query)

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

        `answers` are those of the start event's form: `title`, `description`, `category`, `likelihood`,
        `impact`, and whatever else it declares. `assets` and `cve_id` are taken from the answers where the
        form declares them. The same token again returns what was made the first time.

        Raises `NotEntitled`, `NotFound`, `Conflict`, `AnswersRefused` (errors by field).
        """
        if actor is SYSTEM_PERSON:
            raise NotEntitled("A risk is raised by a person. Nothing was stored.")
        risk_id, case = self._context.write(
            actor,
            Permission.RAISE_RISK,
            lambda w: raising.raise_risk(self._context, w, answers, token, asset_ids, cve_id),
        )
        return self._context.read(lambda r: queries.risk(r.connection, risk_id, r.now)), case

    def challenge(
        self,
        actor: Person,
        risk_id: str,
        ground: str,
        argument: str,
        new_evidence: str = "",
        containment: str = "",
        *,
        to: str = "cio",
    ) -> Instance:
        """Challenge the decision in force, from the CISO's desk: it has no effect until the risk is decided
        anew; the case that does so.

        Args:
            ground: one of `challenging.GROUNDS`; raised before, it needs `new_evidence`.
            containment: what has to be done meanwhile.
            to: `cio`, or directly `cro` or `sponsor`, who then rule.

        Raises `NotEntitled`, `NotFound`, `AnswersRefused`, `RuleBroken`.
        """
        self._context.read(lambda reading: check_risk(reading, actor, risk_id))
        given = challenging.NewChallenge(ground, argument, new_evidence, containment, to)
        told: list[str] = []

        def command(w: Writing) -> Instance:
            case, message_id = challenging.challenge(self._context, w, risk_id, given)
            told[:] = [message_id] if message_id else []
            return case

        ended = f"The decision was challenged {challenging.on_the_ground(ground)}"
        case = superseding.supersede(self._context, actor, risk_id, ended, command)
        for message_id in told:
            with suppress(EngineError):
                # Kept in any case: what cannot be delivered now, the worker delivers.
                self._context.engine.messages.deliver(message_id)
        return case

    def sign_envelope(self, actor: Person, risk_id: str, asset_id: str, *, accepts: bool) -> None:
        """Accept the conditions of a class decision for an asset, once, in the own name.

        Raises `NotEntitled`, `NotFound`, `RuleBroken`.
        """
        self._context.write(actor, None, lambda w: envelopes.sign(w, risk_id, asset_id, accepts))

    def assets(self, reader: Person) -> list[Asset]:
        """All assets, by name: whoever may raise a risk chooses from them. Raises `NotEntitled`."""

        def query(reading: Reading) -> list[Asset]:
            check(reading.organisation, reader, Permission.RAISE_RISK)
            return queries.all_assets(reading.connection)

        return self._context.read(query)

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
        try:
            level = Level.read(criticality)
        except ValueError as error:
            raise RuleBroken(f"{error} Nothing was changed.", rule="criticality") from None
        asset = Asset(id or "", name, owner_unit, "", level, is_shared, description)
        return self._context.write(actor, Permission.MANAGE_ASSETS, lambda w: commands.add_asset(w, asset))

    def import_kev(self, actor: Person, name: str, data: bytes) -> ImportReport:
        """Import a catalogue file, CSV or JSON. Again with the same file: everything is `same`.

        Raises `NotEntitled`; `FileRefused` where the file as a whole cannot be read (then nothing was
        stored).
        """
        return self._context.write(
            actor, Permission.IMPORT_CATALOGUE, lambda w: kev.import_file(w, name, data)
        )

    def kev_entries(self, reader: Person, search: str = "", page: int = 1) -> KevPage:
        """A page of the catalogue, newest first; every word must be in the CVE id, vendor, product, name or
        description. Raises `NotEntitled`.
        """

        def query(reading: Reading) -> KevPage:
            check(reading.organisation, reader, Permission.READ_CATALOGUE)
            return kev.entries(reading.connection, search, page, readable(reading, reader))

        return self._context.read(query)

    def kev_entry(self, reader: Person, cve_id: str) -> KevEntry:
        """One entry, with the risks raised from it that one may read. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> KevEntry:
            check(reading.organisation, reader, Permission.READ_CATALOGUE)
            return kev.entry(reading.connection, cve_id, readable(reading, reader))

        return self._context.read(query)

    def _case_ref(self, reading: Reading, case: Instance) -> CaseRef:
        outcome = case.outcome
        if case.state is InstanceState.CANCELLED:
            audit = self._context.engine.audit.entries(reading.connection, case.id)
            outcome = sentence(why_cancelled(audit)[0])
        return CaseRef(
            id=case.id,
            title=case.title,
            started_at=case.started_at,
            ended_at=case.ended_at,
            outcome=outcome,
            policy_number=case.version_number,
            waiting=waiting_sentence(self._context, reading, case),
        )
