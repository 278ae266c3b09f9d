"""What service tasks may call of emergencies, and the effects this has."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.emergencies import ending, operations
from workflows.operations import Apply, Operation

OPERATIONS: Mapping[str, Operation] = {
    operations.BEGIN: operations.begin,
    ending.END: ending.end_emergency,
    operations.RECORD_REVIEW: operations.record_review,
    operations.REFUSE: operations.refuse,
    operations.REGISTER: operations.register,
    ending.RESUME: ending.resume,
    ending.STOP: ending.stop,
}

EFFECTS: Mapping[str, Apply] = {
    "emergencies.begun": operations.apply_begun,
    "emergencies.ended": ending.apply_ended,
    "emergencies.registered": operations.apply_registered,
    "emergencies.resumed": ending.apply_resumed,
    "emergencies.step": operations.apply_step,
    "emergencies.stopped": ending.apply_stopped,
}
