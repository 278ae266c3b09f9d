"""What a charter's case does by itself: puts it in force, and proposes the next one a year later."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from engine.errors import OperationFailed
from engine.ports import Effect, OperationResult
from workflows.charter import content, queries
from workflows.charter.commands import SUBJECT, propose
from workflows.charter.models import charter_endorsements
from workflows.events import CHARTER, DomainEvent
from workflows.identity.queries import organisation_at
from workflows.identity.types import Role
from workflows.operations import Application, Call
from workflows.policies.endorsements import endorse

ENDORSE, REVIEW = "charter.endorse", "charter.open_review"
YEAR = timedelta(days=365)
AHEAD = timedelta(days=30)
"""How long before the review is due governance staff is asked to look at it."""


def put_in_force(call: Call) -> OperationResult:
    """Put the charter in force. The value: `review_due` a year later, `review_from` a month before that."""
    number = _number(call.context.subject)
    queries.charter(call.engine, call.connection, number)
    due = call.context.now + YEAR
    value = {"review_due": due, "review_from": due - AHEAD}
    return OperationResult(value, [Effect("charter.endorsed", {"number": number, "review_due": due})])


def apply_endorsed(application: Application) -> None:
    """Write down that it is in force, by whom and what is missing; its policies are endorsed with it."""
    context, writing = application.context, application.writing
    connection, number = writing.connection, application.payload["number"]
    charter = queries.charter(application.engine, connection, number)
    said = [
        each
        for each in application.engine.instances.submissions(connection, context.instance_id, reader=None)
        if each.element_id == "endorse_charter"
    ]
    if not said or said[-1].answers.get("answer") != "endorse":
        raise OperationFailed("Nobody has endorsed this charter. It is not in force; the case waits.")
    by = said[-1].person_id
    row = {
        "number": number,
        "person_id": by,
        "case_id": context.instance_id,
        "review_due": application.payload["review_due"],
        "gaps": content.gaps(organisation_at(connection, context.now)),
    }
    connection.execute(insert(charter_endorsements).values(**row, at=context.now))
    writing.record(CHARTER, DomainEvent.CHARTER_ENDORSED, {**row, "content": charter.content_hash})
    for policy in charter.content["policies"]:
        endorse(
            writing,
            key=policy["key"],
            version_hash=policy["hash"],
            person_id=by,
            role=Role.EXECUTIVE,
            case_id=context.instance_id,
        )


def open_review(call: Call) -> OperationResult:
    """Propose the charter anew. The value: `opened`, false where another one came meanwhile."""
    number = _number(call.context.subject)
    latest = queries.all_charters(call.engine, call.connection)[0]
    if latest.number != number:
        return OperationResult({"opened": False})
    words = call.context.data.get("review_charter") or {}
    reason = str(words.get("words") or "The yearly review is due.")
    return OperationResult({"opened": True}, [Effect("charter.review", {"reason": reason})])


def apply_review(application: Application) -> None:
    """Start the endorsement of the charter drawn up anew, linked to this one."""
    propose(
        application.engine,
        application.writing,
        application.payload["reason"],
        None,
        authority="The yearly review, by the policy",
        linked_from=application.context.instance_id,
    )


def _number(subject: str | None) -> int:
    name = (subject or "").removeprefix(SUBJECT)
    if not name.isdigit():
        raise OperationFailed("This case is about no charter, so there is nothing to endorse.")
    return int(name)


OPERATIONS = {ENDORSE: put_in_force, REVIEW: open_review}
EFFECTS = {"charter.endorsed": apply_endorsed, "charter.review": apply_review}
