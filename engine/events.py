"""What can happen, as it stands in the audit chain and the outbox: `subject:action`, alphabetical."""

from __future__ import annotations

from enum import StrEnum


class Event(StrEnum):
    """Kinds of audit entries the engine writes. Released values are never renamed."""

    DECISION_MADE = "decision:made"
    DRAFT_MADE = "draft:made"
    DRAFT_SENT_BACK = "draft:sent back"
    DRAFT_SUBMITTED = "draft:submitted"
    DRAFT_WITHDRAWN = "draft:withdrawn"
    INCIDENT_OPENED = "incident:opened"
    INCIDENT_RETRIED = "incident:retried"
    INSTANCE_CANCELLED = "instance:cancelled"
    INSTANCE_COMPLETED = "instance:completed"
    INSTANCE_MOVED = "instance:moved"
    INSTANCE_STARTED = "instance:started"
    MESSAGE_RECEIVED = "message:received"
    MESSAGE_SENT = "message:sent"
    OPERATION_CALLED = "operation:called"
    POSITIONS_REVEALED = "positions:revealed"
    TASK_CLAIMED = "task:claimed"
    TASK_COMPLETED = "task:completed"
    TASK_OVERDUE = "task:overdue"
    TASK_RELEASED = "task:released"
    TASK_REMINDED = "task:reminded"
    TASK_WITHDRAWN = "task:withdrawn"
    TIMER_FIRED = "timer:fired"
    VERSION_RELEASED = "version:released"
    VERSION_RETIRED = "version:retired"
    VOTE_TALLIED = "vote:tallied"
