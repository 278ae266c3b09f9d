"""What the automatic steps after a decision did, in one plain sentence each: treatment, review, exemption,
emergency, charter, release and dialogue. Pure, from the step's result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from workflows.wording import count, day, moment, sentence

Tell = Callable[[Mapping[str, Any]], str]

_ENDED = {
    "expired": "The exemption ended with its last day.",
    "revoked": "The exemption ended: it was revoked.",
    "renewed": "The exemption was replaced by one that was decided anew.",
    "not_approved": "The exemption was not approved.",
}


def _on(found: Any) -> str:
    """ "5 November 2026" for a day or a moment; empty for anything else."""
    return day(found) if isinstance(found, date | datetime) else ""


def _why(result: Mapping[str, Any]) -> str:
    return sentence(str(result.get("reason") or ""))


def _milestone(result: Mapping[str, Any]) -> str:
    number, owner, due = result.get("number"), result.get("owner_name"), _on(result.get("due"))
    if number is None:
        return "The next milestone was taken up."
    left = int(result.get("left") or 0)
    more = (
        f" {count(left, 'milestone')} of the plan {'is' if left == 1 else 'are'} still open." if left else ""
    )
    by = f", due on {due}" if due else ""
    return f"Milestone {int(number)} lies with {owner or 'its owner'}{by}.{more}"


def _planned(result: Mapping[str, Any]) -> str:
    milestones = [one for one in result.get("milestones") or () if isinstance(one, Mapping)]
    last = max((one["due"] for one in milestones if isinstance(one.get("due"), date)), default=None)
    until = f", the last one due on {_on(last)}" if last else ""
    return f"The plan is on record: {count(len(milestones), 'milestone')}{until}."


def _verdict(result: Mapping[str, Any]) -> str:
    if not result.get("verified"):
        return "The milestone stays open."
    return "Every milestone is verified." if result.get("done") else "The milestone counts as reached."


def _closed(result: Mapping[str, Any]) -> str:
    residual = str(result.get("residual") or "").replace("_", " ")
    if result.get("enough"):
        return f"The treatment is finished. What is left of the risk is {residual}, within appetite."
    return (
        f"The treatment is finished, and not enough: what is left of the risk is {residual}, above appetite. "
        "The risk is decided again."
    )


def _scheduled(result: Mapping[str, Any]) -> str:
    due = _on(result.get("due_on"))
    return f"The accepted risk is reviewed on {due}." if due else "A review of the accepted risk was set."


def _reviewed(result: Mapping[str, Any]) -> str:
    if not result.get("confirmed"):
        return "The acceptance is not confirmed: the risk is decided again."
    return f"The acceptance stands. It is reviewed again on {_on(result.get('next_on'))}."


def _requested(result: Mapping[str, Any]) -> str:
    if result.get("allowed") is False:
        return f"The policy does not allow this exemption. {_why(result)}".rstrip()
    return "The exemption was asked for. It is not in force before its controls were found to work."


def _controls(result: Mapping[str, Any]) -> str:
    number = int(result.get("count") or 0)
    return f"{count(number, 'compensating control')} {'is' if number == 1 else 'are'} on record."


def _checked(result: Mapping[str, Any]) -> str:
    words = sentence(str(result.get("summary") or ""))
    return f"The check is on record. {words}".rstrip()


def _reminded(result: Mapping[str, Any]) -> str:
    following = result.get("next")
    more = f" The next reminder goes out on {_on(following)}." if _on(following) else ""
    return f"The CIO was reminded that the exemption ends.{more}"


def _registered(result: Mapping[str, Any]) -> str:
    if result.get("may_go_ahead"):
        return "The emergency is on record, and the CIO may go ahead at once."
    return f"The emergency is on record. The chief risk officer is asked first. {_why(result)}".rstrip()


def _begun(result: Mapping[str, Any]) -> str:
    expires = result.get("expires")
    return f"It goes ahead until {moment(expires)}." if isinstance(expires, datetime) else "It goes ahead."


def _resumed(result: Mapping[str, Any]) -> str:
    if result.get("resumed"):
        return "The ruling brought the emergency back, and never beyond its first end."
    return "The emergency had come to its end, so there was nothing to bring back."


def _endorsed(result: Mapping[str, Any]) -> str:
    due = _on(result.get("review_due"))
    return f"The charter is in force{f', and reviewed by {due}' if due else ''}."


def _released(result: Mapping[str, Any]) -> str:
    version = str(result.get("version") or "")
    return f"The version was released{f' under the hash {version[:12]}' if version else ''}."


TOLD_AFTER: dict[str, Tell] = {
    "acceptance.record": _reviewed,
    "acceptance.reopen": lambda result: "The risk was opened again, in a new case.",
    "acceptance.schedule": _scheduled,
    "charter.endorse": _endorsed,
    "charter.open_review": lambda result: (
        "A new charter was proposed for the yearly review."
        if result.get("opened")
        else "A newer charter exists already, so none was proposed."
    ),
    "dialogue.open_next": lambda result: "The next week's dialogue was opened.",
    "dialogue.prepare_agenda": lambda result: "The agenda was drawn up from the record.",
    "dialogue.record": lambda result: (
        "The dialogue is on record as held."
        if result.get("held")
        else "The dialogue is on record as not held."
    ),
    "emergencies.begin": _begun,
    "emergencies.end": lambda result: "The emergency ended. The risk is decided as any other.",
    "emergencies.record_review": lambda result: "The review of the emergency is on record.",
    "emergencies.refuse": lambda result: "The emergency was refused. Nothing goes ahead.",
    "emergencies.register": _registered,
    "emergencies.resume": _resumed,
    "emergencies.stop": lambda result: (
        "The emergency was stopped. It is rolled back, and the committee hears both sides."
    ),
    "exemptions.close": lambda result: _ENDED.get(str(result.get("outcome")), "The exemption ended."),
    "exemptions.record_check": _checked,
    "exemptions.record_controls": _controls,
    "exemptions.reject": lambda result: "The exemption was not approved. It never was in force.",
    "exemptions.remind": _reminded,
    "exemptions.reopen": lambda result: "The risk was opened again, in a new case.",
    "exemptions.request": _requested,
    "exemptions.revoke": lambda result: f"The exemption was revoked. {_why(result)}".rstrip(),
    "policies.release": _released,
    "policies.return": lambda result: f"The draft went back to its author. {_why(result)}".rstrip(),
    "treatment.begin": lambda result: "The treatment began. The CIO is asked for a plan.",
    "treatment.close": _closed,
    "treatment.next": _milestone,
    "treatment.plan": _planned,
    "treatment.stop": lambda result: (
        "The treatment ended without having been carried out. The risk was opened again, in a new case."
    ),
    "treatment.verdict": _verdict,
}
"""By operation."""
