"""What can happen in the domain, as it stands in the audit chains: `subject:action`, alphabetical."""

from __future__ import annotations

from enum import StrEnum


class DomainEvent(StrEnum):
    """Kinds of audit entries the domain writes. Released values are never renamed."""

    ACCEPTANCE_REVIEWED = "acceptance:reviewed"
    ACCEPTANCE_SCHEDULED = "acceptance:scheduled"
    APPETITE_SET = "appetite:set"
    APPOINTMENT_ENDED = "appointment:ended"
    APPOINTMENT_MADE = "appointment:made"
    ASSET_ADDED = "asset:added"
    ASSET_CHANGED = "asset:changed"
    CASE_CANCELLED = "case:cancelled"
    CATALOGUE_IMPORTED = "catalogue:imported"
    CHAIR_CALLED = "chair:called"
    CHARTER_ENDORSED = "charter:endorsed"
    CHARTER_PROPOSED = "charter:proposed"
    CLOCK_MOVED = "clock:moved"
    COMMITTEE_ADDED = "committee:added"
    COMMITTEE_NOT_SEATED = "committee:not seated"
    COMMITTEE_NOTIFIED = "committee:notified"
    COMMITTEE_SEATED = "committee:seated"
    DECISION_OUTDATED = "decision:out of date"
    DIALOGUE_ACTION_ENDED = "dialogue:action ended"
    DIALOGUE_OPENED = "dialogue:opened"
    DIALOGUE_RECORDED = "dialogue:recorded"
    DRAFT_AGREED = "draft:agreed"
    DRAFT_COMMENTED = "draft:commented"
    DRAFT_RELEASED = "draft:released"
    DRAFT_SAVED = "draft:saved"
    DRAFT_SCENARIO_KEPT = "draft:scenario kept"
    DRAFT_SCENARIO_TAKEN_OUT = "draft:scenario taken out"
    EMERGENCY_DECLARED = "emergency:declared"
    EMERGENCY_STEP = "emergency:step"
    ENVELOPE_SIGNED = "envelope:signed"
    EXEMPTION_BREACHED = "exemption:breached"
    EXEMPTION_CHECKED = "exemption:checked"
    EXEMPTION_CONTROL_NAMED = "exemption:control named"
    EXEMPTION_ENDED = "exemption:ended"
    EXEMPTION_GRANTED = "exemption:granted"
    EXEMPTION_REJECTED = "exemption:rejected"
    EXEMPTION_REMINDED = "exemption:reminded"
    EXEMPTION_RENEWAL_ASKED = "exemption:renewal asked"
    EXEMPTION_REQUESTED = "exemption:requested"
    IMPORT_STARTED = "import:started"
    IMPORT_UNDONE = "import:undone"
    INSTALLATION_MADE = "installation:made"
    MATTER_DOCKETED = "matter:docketed"
    MATTER_RULED = "matter:ruled"
    MEETING_PLANNED = "meeting:planned"
    MATRIX_SET = "matrix:set"
    MEMBER_ADDED = "member:added"
    MEMBER_ENDED = "member:ended"
    MINUTES_CONFIRMED = "minutes:confirmed"
    MINUTES_DRAWN_UP = "minutes:drawn up"
    PASSWORD_SET = "password:set"  # noqa: S105 - the name of an event
    PERSON_ADDED = "person:added"
    PERSON_CHANGED = "person:changed"
    POLICY_ENDORSED = "policy:endorsed"
    POLICY_LOADED = "policy:loaded"
    POSITION_CHANGED = "position:changed"
    RISK_ASSESSED = "risk:assessed"
    RISK_CHALLENGED = "risk:challenged"
    RISK_CHANGED = "risk:changed"
    RISK_DECIDED = "risk:decided"
    RISK_LINKED = "risk:linked"
    RISK_RAISED = "risk:raised"
    RISK_REOPENED = "risk:reopened"
    RISK_STATUS = "risk:status"
    RISK_UNLINKED = "risk:unlinked"
    SECURITY_INCIDENT_LINKED = "incident:linked"
    TREATMENT_BEGAN = "treatment:began"
    TREATMENT_ENDED = "treatment:ended"
    TREATMENT_PLANNED = "treatment:planned"
    TREATMENT_VERIFIED = "treatment:verified"
    UNIT_ADDED = "unit:added"


ORGANISATION = "organisation"
"""Chain of changes to people, posts, units and committees."""
CHARTER = "charter"
"""Chain of the charters: proposed and endorsed."""
INSTALLATION = "installation"
"""Chain of what concerns the database as a whole: its making, its clock, its catalogue, its policies."""
REGISTER = "register"
"""Chain of what holds for all risks: the list of assets, appetite and tolerance, the table of levels."""


def risk_chain(risk_id: str) -> str:
    """Chain of one risk."""
    return f"risk:{risk_id}"


def exemption_chain(exemption_id: str) -> str:
    """Chain of one exemption."""
    return f"exemption:{exemption_id}"


def emergency_chain(emergency_id: str) -> str:
    """Chain of one emergency."""
    return f"emergency:{emergency_id}"


def policy_chain(key: str) -> str:
    """Chain of one policy: its drafts and its versions."""
    return f"policy:{key}"


def dialogue_chain(unit: str | None) -> str:
    """Chain of one pair's dialogues; `unit` is None for the pair of the whole organisation."""
    return "dialogues" if unit is None else f"dialogues:{unit}"


def committee_chain(committee_id: str) -> str:
    """Chain of one committee: its meetings."""
    return f"committee:{committee_id}"
