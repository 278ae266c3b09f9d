"""The register as a file for others: JSON by the schema of NIST IR 8286r1, and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows.files import guarded
from workflows.risks.details import RiskDetails
from workflows.risks.types import Decision, Risk, RiskStatus

RESPONSES = {
    "accept": "Accept",
    "avoid": "Avoid",
    "exempt": "Accept",
    "mitigate": "Mitigate",
    "refused": "Mitigate",
    "transfer": "Transfer",
}
"""Our responses in the words of the schema, which has none for an exemption (accepted for a time) and none
for a risk that is refused and contained."""

UNDECIDED = "Mitigate"
"""The schema wants a response of every risk; an undecided one is never exported as accepted."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A risk as the register holds it, with what an export needs beside it."""

    risk: Risk
    details: RiskDetails
    decision: Decision | None
    """The one in force."""
    owner: str


def as_ir_8286(found: Exported) -> dict[str, Any]:
    """A risk as the schema of NIST IR 8286r1 has it, with our own fields under `x-parley`.

    Likelihood is the middle of the band of SP 800-30r1, in per cent; impact and exposure are the middles of
    the loss an event and a year, 0 where no money is known (`x-parley.loss` is then null).
    """
    risk, details, decision = found.risk, found.details, found.decision
    rating = risk.current or risk.inherent
    low, high = rating.likelihood.band if rating else (0, 100)
    loss = details.loss
    yearly = loss.yearly if loss else None
    undecided = risk.status is RiskStatus.UNDECIDED or decision is None
    return {
        "riskId": risk.id,
        "riskDescription": f"{details.title}\n\n{details.description}",
        "riskCategory": details.category,
        "riskLikelihood": (low + high) / 2,
        "riskImpact": _middle(loss.magnitude_low, loss.magnitude_high) if loss else 0,
        "exposureRating": _middle(*yearly) if yearly else 0,
        "riskResponseType": [UNDECIDED if undecided or decision is None else RESPONSES[decision.response]],
        "riskResponseCost": _middle(details.response_cost_low, details.response_cost_high),
        "riskResponseDescription": details.response_description
        or (decision.plan if decision and not undecided else "")
        or ("Not decided yet; nothing is accepted." if undecided else "As decided."),
        "riskOwnerPointOfContact": found.owner,
        "status": risk.status.value,
        "x-parley": {
            "priority": details.priority,
            "level": risk.level.value if risk.level else None,
            "ratings": {
                kind: _rating(one)
                for kind, one in (
                    ("inherent", risk.inherent),
                    ("current", risk.current),
                    ("residual", risk.residual),
                )
            },
            "loss": None
            if loss is None
            else {
                "frequency": [float(loss.frequency_low), float(loss.frequency_high)],
                "magnitude": [float(loss.magnitude_low), float(loss.magnitude_high)],
                "currency": loss.currency,
            },
            "controls": list(details.controls),
            "assets": [asset.id for asset in risk.assets],
            "cve": risk.cve_id,
            "raised": risk.raised_at.isoformat(),
            "due": details.due_date.isoformat() if details.due_date else None,
        },
    }


def as_json(found: Sequence[Exported]) -> str:
    """A list of risks, each by the schema."""
    return json.dumps([as_ir_8286(one) for one in found], ensure_ascii=False, indent=1) + "\n"


COLUMNS = (
    "id",
    "title",
    "description",
    "category",
    "status",
    "priority",
    "level",
    "likelihood",
    "impact",
    "residual_likelihood",
    "residual_impact",
    "assets",
    "cve_id",
    "due_date",
    "frequency_low",
    "frequency_high",
    "magnitude_low",
    "magnitude_high",
    "currency",
    "response",
    "response_description",
    "response_cost_low",
    "response_cost_high",
    "controls",
    "owner",
    "raised",
)


def as_csv(found: Sequence[Exported]) -> str:
    """A line for each risk under a line of names; what an import reads by itself.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in found:
        row = _row(one)
        writer.writerow([_cell(row.get(column)) for column in COLUMNS])
    return out.getvalue()


def _row(found: Exported) -> Mapping[str, Any]:
    risk, details, loss = found.risk, found.details, found.details.loss
    rating, residual = risk.current or risk.inherent, risk.residual
    return {
        "id": risk.id,
        "title": details.title,
        "description": details.description,
        "category": details.category,
        "status": risk.status.value,
        "priority": details.priority,
        "level": risk.level.value if risk.level else None,
        "likelihood": rating.likelihood.value if rating else None,
        "impact": rating.impact.value if rating else None,
        "residual_likelihood": residual.likelihood.value if residual else None,
        "residual_impact": residual.impact.value if residual else None,
        "assets": "; ".join(asset.id for asset in risk.assets),
        "cve_id": risk.cve_id,
        "due_date": details.due_date,
        "frequency_low": loss.frequency_low if loss else None,
        "frequency_high": loss.frequency_high if loss else None,
        "magnitude_low": loss.magnitude_low if loss else None,
        "magnitude_high": loss.magnitude_high if loss else None,
        "currency": loss.currency if loss else None,
        "response": found.decision.response if found.decision else None,
        "response_description": details.response_description,
        "response_cost_low": details.response_cost_low,
        "response_cost_high": details.response_cost_high,
        "controls": "\n".join(details.controls),
        "owner": found.owner,
        "raised": risk.raised_at.date(),
    }


def _cell(value: Any) -> str:
    return guarded("" if value is None else str(value))


def _rating(one: Any) -> dict[str, str] | None:
    if one is None:
        return None
    return {"likelihood": one.likelihood.value, "impact": one.impact.value, "level": one.level.value}


def _middle(low: Decimal | None, high: Decimal | None) -> float:
    return float((low + high) / 2) if low is not None and high is not None else 0
