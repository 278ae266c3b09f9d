"""Which column holds which field, and whether a row can be a risk. Pure; every problem is a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from workflows.errors import RuleBroken
from workflows.imports.reading import FORMULA
from workflows.risks.amending import checked
from workflows.risks.details import LossRange, RiskDetails
from workflows.risks.scales import Level


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the register that a column can be mapped to."""

    key: str
    label: str
    required: bool
    known_as: tuple[str, ...]
    """Names of columns it is found under, in lower case."""


FIELDS: tuple[Field, ...] = (
    Field("title", "Title", True, ("title", "risk", "name", "risk title", "vulnerabilityname")),
    Field(
        "description", "Description", True, ("description", "riskdescription", "details", "shortdescription")
    ),
    Field("category", "Category", True, ("category", "riskcategory", "type")),
    Field("likelihood", "Likelihood", True, ("likelihood", "risklikelihood", "probability")),
    Field("impact", "Impact", True, ("impact", "riskimpact", "severity", "consequence")),
    Field("residual_likelihood", "Likelihood after treatment", False, ("residual likelihood",)),
    Field("residual_impact", "Impact after treatment", False, ("residual impact",)),
    Field("assets", "Assets", False, ("asset", "assets", "system", "systems")),
    Field("cve_id", "CVE number", False, ("cve", "cveid", "cve id")),
    Field("due_date", "Due date", False, ("due", "due date", "duedate", "deadline")),
    Field("priority", "Priority", False, ("priority",)),
    Field("frequency_low", "Events a year, lowest", False, ("frequency low",)),
    Field("frequency_high", "Events a year, highest", False, ("frequency high",)),
    Field("magnitude_low", "Loss an event, lowest", False, ("magnitude low",)),
    Field("magnitude_high", "Loss an event, highest", False, ("magnitude high",)),
    Field("currency", "Currency", False, ("currency",)),
    Field("response_description", "Response", False, ("response description", "riskresponsedescription")),
    Field("response_cost_low", "Cost of the response, lowest", False, ("response cost low",)),
    Field("response_cost_high", "Cost of the response, highest", False, ("response cost high",)),
    Field("controls", "Controls", False, ("control", "controls", "existing controls")),
)
KEYS = {field.key: field for field in FIELDS}

_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,19}")
_LEVELS = {"1": "very low", "2": "low", "3": "moderate", "medium": "moderate", "4": "high", "5": "very high"}
"""What other registers call the levels."""
_DATE_FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d")
"""Forms that can be read in one way only."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A row that can be a risk."""

    row: int
    details: RiskDetails
    likelihood: Level
    impact: Level
    residual: tuple[Level, Level] | None
    asset_ids: tuple[str, ...]
    cve_id: str | None


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem in a row."""

    row: int
    """As a spreadsheet counts."""
    column: str
    """Name of the column; empty where the row as a whole is wrong."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the register holds already."""

    assets: Mapping[str, str]
    """Id by id and by name, in lower case."""
    titles: frozenset[str]
    """Titles of risks that are not closed, in lower case."""


def guess(header: Sequence[str]) -> dict[str, int]:
    """The column of each field, as far as its name tells: number of the column, from 0."""
    found: dict[str, int] = {}
    plain = [_plain(name) for name in header]
    for field in FIELDS:
        names = {_plain(name) for name in (field.key, field.label, *field.known_as)}
        at = next((at for at, name in enumerate(plain) if name in names and at not in found.values()), None)
        if at is not None:
            found[field.key] = at
    return found


def check_mapping(mapping: Mapping[str, int], header: Sequence[str]) -> None:
    """Refuse a mapping that no row could be read with. Raises `RuleBroken`."""
    unknown = sorted(set(mapping) - set(KEYS))
    if unknown or any(not 0 <= at < len(header) for at in mapping.values()):
        raise RuleBroken("This names a field or a column that is not there. Nothing was imported.")
    missing = [field.label for field in FIELDS if field.required and field.key not in mapping]
    if missing:
        raise RuleBroken(
            f"Say which columns hold {', '.join(missing)}. Nothing was imported.", rule="mapping"
        )


def check_rows(
    rows: Sequence[tuple[int, Sequence[str]]],
    header: Sequence[str],
    mapping: Mapping[str, int],
    known: Known,
) -> tuple[list[Ready], list[Fault]]:
    """Rows that can be risks, and every problem of the others."""
    ready: list[Ready] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        found, wrong = _row(number, {key: cells[at].strip() for key, at in mapping.items()}, known)
        named = [Fault(number, header[mapping[key]] if key in mapping else "", text) for key, text in wrong]
        title = found.details.title.casefold() if found else ""
        if found and title in seen:
            named.append(Fault(number, "", f"Row {seen[title]} has the same title; only that one is taken."))
        elif found and title in known.titles:
            named.append(Fault(number, "", "A risk with this title is in the register already."))
        if named or found is None:
            faults.extend(named)
            continue
        seen[title] = number
        ready.append(found)
    return ready, faults


def _row(number: int, cells: Mapping[str, str], known: Known) -> tuple[Ready | None, list[tuple[str, str]]]:
    """A row read, or every problem of it by field."""
    reader = _Reader(cells)
    for field in FIELDS:
        if field.required:
            reader.needed(field.key, field.label)
    likelihood, impact = reader.level("likelihood"), reader.level("impact")
    residual = reader.level("residual_likelihood"), reader.level("residual_impact")
    if (residual[0] is None) != (residual[1] is None):
        reader.wrong("residual_impact", "After treatment both likelihood and impact are needed, or neither.")
    assets = reader.assets(known)
    weakness = cells.get("cve_id", "").upper() or None
    if weakness and not _CVE.fullmatch(weakness):
        reader.wrong("cve_id", f"{weakness[:40]!r} is no CVE number; one looks like CVE-2024-3400.")
    details = reader.details()
    if reader.faults or details is None or likelihood is None or impact is None:
        return None, reader.faults
    both = (residual[0], residual[1]) if residual[0] and residual[1] else None
    return Ready(number, details, likelihood, impact, both, assets, weakness), []


class _Reader:
    """Reads the cells of one row, and gathers what is wrong with them."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells
        self.faults: list[tuple[str, str]] = []
        for key, text in cells.items():
            if text == FORMULA:
                self.wrong(key, "This is a formula. Put the value itself there.")
            elif any(ord(one) < 32 and one not in "\t\n\r" for one in text):
                self.wrong(key, "This holds control characters.")

    def wrong(self, key: str, sentence: str) -> None:
        if all(known != key for known, _ in self.faults):
            self.faults.append((key, sentence))

    def needed(self, key: str, label: str) -> None:
        if not self._cells.get(key):
            self.wrong(key, f"The {label.lower()} is missing.")

    def level(self, key: str) -> Level | None:
        text = self._cells.get(key, "")
        if not text or text == FORMULA:
            return None
        try:
            return Level.read(_LEVELS.get(text.casefold(), text))
        except ValueError as error:
            self.wrong(key, str(error))
            return None

    def assets(self, known: Known) -> tuple[str, ...]:
        found: list[str] = []
        for name in re.split(r"[;\n]", self._cells.get("assets", "")):
            plain = name.strip().casefold()
            if plain and plain in known.assets:
                found.append(known.assets[plain])
            elif plain and name.strip() != FORMULA:
                self.wrong("assets", f"There is no asset {name.strip()[:60]!r}; add it first.")
        return tuple(dict.fromkeys(found))

    def details(self) -> RiskDetails | None:
        made = RiskDetails(
            title=self._cells.get("title", ""),
            description=self._cells.get("description", ""),
            category=self._cells.get("category", ""),
            due_date=self._date("due_date"),
            priority=self._whole("priority"),
            loss=self._loss(),
            response_cost_low=self._number("response_cost_low"),
            response_cost_high=self._number("response_cost_high"),
            response_description=self._cells.get("response_description", ""),
            controls=tuple(
                line.strip() for line in re.split(r"[;\n]", self._cells.get("controls", "")) if line.strip()
            ),
        )
        if self.faults:
            return None
        try:
            return checked(made)
        except RuleBroken as error:
            self.wrong("", str(error).removesuffix(" Nothing was changed."))
            return None

    def _loss(self) -> LossRange | None:
        low, high = self._number("frequency_low"), self._number("frequency_high")
        least, most = self._number("magnitude_low"), self._number("magnitude_high")
        currency = self._cells.get("currency", "").upper()
        if low is None and high is None and least is None and most is None and not currency:
            return None
        if low is None or high is None or least is None or most is None or not currency:
            self.wrong("currency", "A loss needs lowest and highest of events and of loss, and a currency.")
            return None
        return LossRange(low, high, least, most, currency)

    def _number(self, key: str) -> Decimal | None:
        text = self._cells.get(key, "")
        if not text or text == FORMULA:
            return None
        try:
            found = Decimal(text)
        except InvalidOperation:
            self.wrong(key, f"{text[:40]!r} is no number; write it as 1250000.50.")
            return None
        if not found.is_finite():
            self.wrong(key, f"{text[:40]!r} is no number.")
            return None
        return found

    def _whole(self, key: str) -> int | None:
        found = self._number(key)
        if found is not None and (found != found.to_integral_value() or abs(found) > 1000):
            self.wrong(key, f"{found} is no whole number from 1 to 100.")
            return None
        return int(found) if found is not None else None

    def _date(self, key: str) -> date | None:
        text = self._cells.get(key, "")
        if not text or text == FORMULA:
            return None
        for form in _DATE_FORMS:
            try:
                return datetime.strptime(text, form).date()
            except ValueError:
                continue
        self.wrong(key, f"{text[:40]!r} is no date; write it as 2026-11-23.")
        return None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def as_text(mapping: Mapping[str, int], header: Sequence[str]) -> dict[str, Any]:
    """A mapping in words, for the record: field by name of its column."""
    return {key: header[at] for key, at in sorted(mapping.items())}
