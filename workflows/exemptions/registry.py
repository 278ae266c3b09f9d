"""What service tasks may call of exemptions, and the effects this has."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.exemptions import checking, ending, operations, requesting
from workflows.operations import Apply, Operation

OPERATIONS: Mapping[str, Operation] = {
    checking.RECORD_CHECK: checking.record_check,
    ending.CLOSE: ending.close,
    ending.REMIND: ending.remind,
    ending.REOPEN: ending.reopen,
    ending.REVOKE: ending.revoke,
    operations.GRANT: operations.grant,
    requesting.RECORD_CONTROLS: requesting.record_controls,
    requesting.REJECT: requesting.reject,
    requesting.REQUEST: requesting.request,
}

EFFECTS: Mapping[str, Apply] = {
    "exemptions.checked": checking.apply_checked,
    "exemptions.closed": ending.apply_closed,
    "exemptions.controls": requesting.apply_controls,
    "exemptions.granted": operations.apply_granted,
    "exemptions.rejected": requesting.apply_rejected,
    "exemptions.reminded": ending.apply_reminded,
    "exemptions.reopened": ending.apply_reopened,
    "exemptions.requested": requesting.apply_requested,
    "exemptions.revoked": ending.apply_revoked,
}
