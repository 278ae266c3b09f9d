"""The release of a policy as a case of the policy `policy-release`: reviewed, endorsed, released.

The case is the one record of who agreed. What a person does on a draft's page and what the same person does
in the inbox are the same submission.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, insert

from engine import Engine
from engine.definitions.types import Draft
from engine.errors import NotFound, OperationFailed
from engine.ports import Effect, OperationResult
from engine.types import Actor, Instance, InstanceState, Submission, Task, TaskState, Version, VersionState
from workflows.context import Context, Reading, Writing
from workflows.errors import RuleBroken
from workflows.events import DomainEvent, policy_chain
from workflows.identity.types import Role
from workflows.operations import Application, Call
from workflows.playing import stored
from workflows.policies.describing import describe
from workflows.policies.endorsements import endorse
from workflows.studio.models import draft_agreements
from workflows.studio.rules import NEEDED

KEY = "policy-release"
PUT, RETURN = "policies.release", "policies.return"
DRAFT = "draft:"
"""Before the id of a draft, the subject of its case."""
REVIEWS = {Role.CIO: "cio_review", Role.CISO: "ciso_review"}
IN_PLACE, ENDORSE, RESOLVE, RELEASE = (
    "review_in_place", "endorse_policy", "endorse_by_committee", "release_policy",
)  # fmt: skip
ANSWERED_BY = {
    Role.CIO: (REVIEWS[Role.CIO], IN_PLACE),
    Role.CISO: (REVIEWS[Role.CISO], IN_PLACE),
    Role.EXECUTIVE: (ENDORSE, RESOLVE),
}
"""Where each agreement is given: at its own step, or at the one that stands in for a silence."""
POSITIVE = {"agree", "endorse"}


@dataclass(frozen=True, slots=True)
class Given:
    """An agreement that a case holds."""

    person_id: str
    at: datetime
    words: str
    element_id: str


def begin(engine: Engine, writing: Writing, draft: Draft, reason: str) -> Instance:
    """Start the case of a draft sent to review. Raises `RuleBroken` where its policy is not installed."""
    answers = {"policy": draft.title, "draft": draft.id, "content": draft.hash, "reason": reason}
    try:
        return engine.instances.start(
            writing.uow,
            key=KEY,
            actor=Actor(writing.actor.id),
            subject=f"{DRAFT}{draft.id}",
            answers=answers,
            authority="May draft policies",
            checked=True,
        )
    except NotFound:
        raise RuleBroken(
            "The policy that governs releases is not installed here. Nothing was sent to review; run "
            "“parley policy install”."
        ) from None


def case_of(engine: Engine, connection: Connection, draft: Draft) -> Instance | None:
    """The running case of a draft in review."""
    if draft.state != VersionState.IN_REVIEW:
        return None
    found = engine.instances.of_subject(connection, f"{DRAFT}{draft.id}")
    return next((each for each in found if each.state is InstanceState.RUNNING), None)


def last_case(engine: Engine, connection: Connection, draft_id: str) -> str | None:
    """The case of a draft's last review, running or ended."""
    found = engine.instances.of_subject(connection, f"{DRAFT}{draft_id}")
    return found[0].id if found else None


def open_task(engine: Engine, connection: Connection, case: Instance | None, element_id: str) -> Task | None:
    """The open task of a case at an element."""
    if case is None:
        return None
    found = (each for each in engine.tasks.of_instance(connection, case.id) if each.element_id == element_id)
    return next((each for each in found if each.state is TaskState.OPEN), None)


def given(engine: Engine, connection: Connection, case_id: str) -> dict[Role, Given]:
    """The agreements that a case holds, by the post they stand for."""
    said_so = engine.instances.submissions(connection, case_id, reader=None)
    answered = {each.element_id: each for each in said_so}
    found: dict[Role, Given] = {}
    for role, places in ANSWERED_BY.items():
        for element_id in places:
            said = answered.get(element_id)
            if said is not None and said.answers.get("answer") in POSITIVE:
                found[role] = Given(said.person_id, said.at, _words(role, said), element_id)
                break
    return found


def _words(role: Role, said: Submission) -> str:
    words = str(said.answers.get("remark") or "")
    if said.element_id == IN_PLACE:
        return f"In place of the {role.label}, who was silent. {words}".strip()
    if said.element_id == RESOLVE:
        return f"By resolution of the committee: {said.answers.get('resolution')}."
    return words


def acting_roles(context: Context, reading: Reading, person_id: str) -> frozenset[Role]:
    """The posts a person holds, and those of the reviewers that the person acts in where they are vacant."""
    found = set(reading.organisation.roles(person_id))
    for role in NEEDED:
        desk = context.directory.desk(reading.connection, role.value, None, reading.now)
        if context.directory.authority(reading.connection, person_id, desk, reading.now) is not None:
            found.add(role)
    return frozenset(found)


def mine(context: Context, reading: Reading, person_id: str, draft: Draft) -> Task | None:
    """The task of a draft's review that a person may answer now."""
    engine, connection = context.engine, reading.connection
    case = case_of(engine, connection, draft)
    for places in ANSWERED_BY.values():
        for element_id in places:
            task = open_task(engine, connection, case, element_id)
            if task and engine.tasks.authority(connection, person_id, task, reading.now):
                return task
    return None


def release(call: Call) -> OperationResult:
    """Release the draft the case is about. The value: the hash of what is released."""
    draft = _draft(call.engine, call.connection, call.context.subject)
    if draft.state != VersionState.IN_REVIEW:
        raise OperationFailed("This draft is not in review any more. Nothing was released; the case waits.")
    return OperationResult({"version": draft.hash}, [Effect("policies.released", {"draft": draft.id})])


def apply_released(application: Application) -> None:
    """Make the draft the newest version, with who agreed and who endorsed it. Raises `OperationFailed`."""
    engine, writing, context = application.engine, application.writing, application.context
    connection = writing.connection
    draft = engine.drafts.get(connection, application.payload["draft"])
    agreed = given(engine, connection, context.instance_id)
    _check(agreed, engine.drafts.authors(connection, draft.id))
    for role, each in agreed.items():
        row = {
            "id": uuid4().hex,
            "draft_id": draft.id,
            "revision": draft.revision,
            "content_hash": draft.hash,
            "role": role.value,
            "person_id": each.person_id,
            "words": each.words,
        }
        connection.execute(insert(draft_agreements).values(**row, at=each.at))
        writing.record(policy_chain(draft.key), DomainEvent.DRAFT_AGREED, {**row, "at": each.at})
    version = engine.drafts.release(
        writing.uow,
        draft.id,
        by=Actor(writing.actor.id),
        note=draft.note,
        agreed_by=[each.person_id for each in agreed.values()],
    )
    people = {role.value: each.person_id for role, each in agreed.items()}
    told = {"draft": draft.id, "version": version.hash, "number": version.number, "agreed": people}
    writing.record(policy_chain(draft.key), DomainEvent.DRAFT_RELEASED, told)
    describe(writing, version, draft.based_on)
    stored.released(writing, draft, version.hash)
    endorsement = agreed[Role.EXECUTIVE]
    role = Role.COMMITTEE if endorsement.element_id == RESOLVE else Role.EXECUTIVE
    endorse(writing, key=version.key, version_hash=version.hash, person_id=endorsement.person_id, role=role,
            case_id=context.instance_id)  # fmt: skip


def _check(agreed: Mapping[Role, Given], authors: frozenset[str]) -> None:
    missing = [role.label for role in ANSWERED_BY if role not in agreed]
    if missing:
        raise OperationFailed(f"{' and '.join(missing)} did not agree. Nothing was released; the case waits.")
    own = {each.person_id for each in agreed.values()} & authors
    if own:
        raise OperationFailed(
            "Somebody who changed this draft has agreed to it. Nothing was released; the case waits."
        )


def give_back(call: Call) -> OperationResult:
    """Give a draft back to its authors. The value: why."""
    answers = [call.context.data.get(each) or {} for each in (*REVIEWS.values(), IN_PLACE, ENDORSE, RESOLVE)]
    words = [str(each.get("words") or "") for each in answers if each.get("answer") == "send_back"]
    reason = "\n".join(filter(None, words)) or "Nobody agreed to it, or released it, in time."
    return OperationResult({"reason": reason}, [Effect("policies.returned", {"reason": reason})])


def apply_returned(application: Application) -> None:
    """Back to its authors; where one of them took it back already, there is nothing to do."""
    draft = _draft(application.engine, application.writing.connection, application.context.subject)
    if draft.state == VersionState.IN_REVIEW:
        application.engine.drafts.send_back(
            application.writing.uow,
            draft.id,
            by=Actor(application.writing.actor.id),
            reason=application.payload["reason"],
        )


def _draft(engine: Engine, connection: Connection, subject: str | None) -> Draft:
    if subject is None or not subject.startswith(DRAFT):
        raise OperationFailed("This case is about no draft, so there is nothing to release.")
    return engine.drafts.get(connection, subject.removeprefix(DRAFT))


def released(engine: Engine, connection: Connection, draft: Draft) -> Version:
    """The version that a released draft has become. Raises `RuleBroken` where it was not released."""
    if draft.state != VersionState.RELEASED:
        raise RuleBroken(
            "The release did not go through. Nothing was released; the page of its case says why.",
            rule="release",
        )
    return engine.definitions.latest(connection, draft.key)


OPERATIONS = {PUT: release, RETURN: give_back}
EFFECTS = {"policies.released": apply_released, "policies.returned": apply_returned}
