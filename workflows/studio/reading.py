"""What the studio's pages show of drafts and versions, read in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from engine.definitions.models import drafts
from engine.definitions.types import Draft
from engine.errors import NotFound
from engine.instances.models import instances
from engine.lint import Severity
from engine.types import Element, InstanceState, Version, VersionState
from workflows.context import Context, Reading, may
from workflows.identity.queries import people_by_id
from workflows.identity.types import Role
from workflows.permissions import Permission
from workflows.studio.diagram_files import elements_of
from workflows.studio.models import draft_agreements
from workflows.studio.releasing import acting_roles, case_of, last_case, mine
from workflows.studio.releasing import given as agreements
from workflows.studio.rules import NEEDED, REVIEWERS, Standing, post_to_agree_in
from workflows.studio.types import (
    Agreement,
    DraftAllowed,
    DraftComment,
    DraftFile,
    DraftFinding,
    DraftPage,
    DraftRow,
    Named,
    VersionRow,
)

KINDS = {
    "boundaryEvent": "event",
    "businessRuleTask": "decision table",
    "callActivity": "called policy",
    "endEvent": "end",
    "eventBasedGateway": "gateway",
    "exclusiveGateway": "gateway",
    "inclusiveGateway": "gateway",
    "intermediateCatchEvent": "event",
    "intermediateThrowEvent": "event",
    "parallelGateway": "gateway",
    "sequenceFlow": "flow",
    "startEvent": "start",
    "subProcess": "part",
}
"""What an element without a name is called."""


def main_path(key: str, files: Mapping[str, bytes]) -> str | None:
    """The main diagram of files: `<key>.bpmn`, else the only one; None where there is none."""
    diagrams = sorted(path for path in files if path.endswith(".bpmn"))
    if f"{key}.bpmn" in diagrams:
        return f"{key}.bpmn"
    return diagrams[0] if len(diagrams) == 1 else None


def spoken_name(element: Element, elements: Mapping[str, Element]) -> str:
    """An element as a sentence speaks of it: its name, or what it is and where."""
    if element.kind == "sequenceFlow":
        ends = [elements[each] for each in (element.source, element.target) if each and each in elements]
        return "flow " + " → ".join(spoken_name(each, elements) for each in ends)
    return element.name or f"{KINDS.get(element.kind, 'task')} {element.id}"


def standing(reading: Reading, context: Context, draft: Draft) -> tuple[Standing, Mapping[Role, Any]]:
    """A draft's authors and agreements to its present content: those its case holds while it is in review,
    those on record once it is released; with who, when and in which words."""
    connection, engine = reading.connection, context.engine
    given: dict[Role, Any] = {}
    if draft.state == VersionState.IN_REVIEW:
        case = case_of(engine, connection, draft)
        given.update(agreements(engine, connection, case.id) if case is not None else {})
    elif draft.state == VersionState.RELEASED:
        found = select(draft_agreements).where(
            # The release itself counts the revision on by one, and changes nothing of the content.
            draft_agreements.c.draft_id == draft.id,
            draft_agreements.c.revision == draft.revision - 1,
        )
        rows = connection.execute(found.order_by(draft_agreements.c.at))
        given.update({Role(row.role): row for row in rows})
    authors = engine.drafts.authors(connection, draft.id)
    return Standing(authors, {role: each.person_id for role, each in given.items()}), given


def rows(reading: Reading, context: Context, key: str | None) -> list[DraftRow]:
    """Drafts of a policy, or of all, the last changed first."""
    query = select(drafts).order_by(drafts.c.changed_at.desc(), drafts.c.id)
    found = reading.connection.execute(query if key is None else query.where(drafts.c.key == key)).all()
    names = people_by_id(reading.connection, {row.changed_by for row in found})
    numbers = {
        (each.key, each.hash): each.number
        for every in {row.key for row in found}
        for each in context.engine.definitions.versions(reading.connection, every)
    }
    return [
        DraftRow(
            row.id, row.key, row.title, row.state, numbers.get((row.key, row.based_on)), row.changed_at,
            names[row.changed_by].name if row.changed_by in names else row.changed_by,
        )
        for row in found
    ]  # fmt: skip


def page(reading: Reading, context: Context, reader_id: str, draft_id: str) -> DraftPage:
    """A draft with findings, comments, agreements, and what the reader may do. Raises `NotFound`."""
    connection, store = reading.connection, context.engine.drafts
    draft = store.get(connection, draft_id)
    files = store.files(connection, draft_id)
    known = {each.hash: each for each in context.engine.definitions.versions(connection, draft.key)}
    diagrams = {path: elements_of(data) for path, data in files.items() if path.endswith(".bpmn")}
    main = main_path(draft.key, files)
    elements = {key: each for found in diagrams.values() for key, each in found.items()}
    comments = store.comments(connection, draft_id)
    now, given = standing(reading, context, draft)
    people = people_by_id(
        connection,
        {*now.authors, *now.agreed.values(), draft.made_by, draft.changed_by}
        | {each.person_id for each in comments},
    )

    def name(person_id: str) -> str:
        return people[person_id].name if person_id in people else person_id

    def spoken(element_id: str | None) -> str:
        return (
            spoken_name(elements[element_id], elements)
            if element_id and element_id in elements
            else element_id or ""
        )

    return DraftPage(
        id=draft.id,
        key=draft.key,
        title=draft.title,
        state=draft.state,
        revision=draft.revision,
        note=draft.note,
        made_at=draft.made_at,
        made_by=name(draft.made_by),
        changed_at=draft.changed_at,
        changed_by=name(draft.changed_by),
        content_hash=draft.hash,
        base=known.get(draft.based_on or ""),
        latest=next((each for each in known.values() if each.state == VersionState.RELEASED), None),
        authors=tuple(sorted(name(each) for each in now.authors)),
        files=tuple(DraftFile(path, len(files[path]), path.endswith(".bpmn")) for path in sorted(files)),
        diagram=main,
        elements=_named((diagrams[main] if main else {}).values(), elements),
        findings=findings(context, connection, draft.key, files, diagrams)
        if draft.state == VersionState.DRAFT
        else (),
        comments=tuple(
            DraftComment(
                each.at, name(each.person_id), each.element_id or "", spoken(each.element_id), each.words
            )
            for each in comments
        ),
        agreements=_agreements(given, name),
        allowed=_allowed(context, reading, reader_id, draft, now),
        case_id=last_case(context.engine, connection, draft.id),
    )


def _named(shown: Iterable[Element], elements: Mapping[str, Element]) -> tuple[Named, ...]:
    """What one can speak of on a diagram."""
    return tuple(Named(each.id, spoken_name(each, elements)) for each in shown if each.kind != "sequenceFlow")


def _agreements(given: Mapping[Role, Any], name: Callable[[str], str]) -> tuple[Agreement, ...]:
    """Who agreed so far, and who must still."""
    return tuple(
        Agreement(
            role,
            role.label,
            "agrees" if role in REVIEWERS else "endorses",
            name(given[role].person_id) if role in given else "",
            given[role].at if role in given else None,
            given[role].words if role in given else "",
        )
        for role in NEEDED
    )


def findings(
    context: Context,
    connection: Connection,
    key: str,
    files: Mapping[str, bytes],
    diagrams: Mapping[str, Mapping[str, Element]] | None = None,
) -> tuple[DraftFinding, ...]:
    """What linting says of files: refusals first, then warnings."""
    if diagrams is None:
        diagrams = {path: elements_of(data) for path, data in files.items() if path.endswith(".bpmn")}
    found = []
    for report in context.engine.definitions.reports(connection, key, files):
        for each in report.findings:
            if each.severity == Severity.INFO:
                continue
            elements = diagrams.get(each.path, {})
            element = elements.get(each.element_id)
            named = spoken_name(element, elements) if element else each.element_id
            refusal = each.severity == Severity.ERROR
            found.append(DraftFinding(each.path, each.element_id, named, each.rule, each.sentence, refusal))
    return tuple(sorted(found, key=lambda each: (not each.is_refusal, each.path)))


def history(reading: Reading, context: Context, key: str) -> list[VersionRow]:
    """All versions of a policy, newest first, with the cases under each. Raises `NotFound`."""
    connection = reading.connection
    versions: Sequence[Version] = context.engine.definitions.versions(connection, key)
    if not versions:
        raise NotFound("policy", key)
    counted = connection.execute(
        select(instances.c.version_hash, instances.c.state, func.count())
        .where(instances.c.key == key)
        .group_by(instances.c.version_hash, instances.c.state)
    ).all()
    total: dict[str, int] = {}
    running: dict[str, int] = {}
    for digest, state, count in counted:
        total[digest] = total.get(digest, 0) + count
        if state == InstanceState.RUNNING:
            running[digest] = count
    agreed = _agreed_to(reading, key)
    people = people_by_id(
        connection,
        {each.recorded_by for each in versions} | {who for each in agreed.values() for _, who in each},
    )

    def name(person_id: str) -> str:
        return people[person_id].name if person_id in people else "Parley"

    return [
        VersionRow(
            each,
            name(each.recorded_by),
            total.get(each.hash, 0),
            running.get(each.hash, 0),
            tuple(f"{role.label}: {name(who)}" for role, who in agreed.get(each.hash, ())),
        )
        for each in versions
    ]


def _agreed_to(reading: Reading, key: str) -> dict[str, list[tuple[Role, str]]]:
    """Who agreed to the released drafts of a policy, by content."""
    found = reading.connection.execute(
        select(draft_agreements.c.content_hash, draft_agreements.c.role, draft_agreements.c.person_id)
        .join(drafts, drafts.c.id == draft_agreements.c.draft_id)
        .where(
            drafts.c.key == key,
            drafts.c.state == VersionState.RELEASED,
            drafts.c.revision == draft_agreements.c.revision + 1,
        )
        .order_by(draft_agreements.c.at)
    ).all()
    agreed: dict[str, list[tuple[Role, str]]] = {}
    for digest, role, person_id in found:
        agreed.setdefault(digest, []).append((Role(role), person_id))
    return agreed


def _allowed(context: Context, reading: Reading, reader_id: str, draft: Draft, now: Standing) -> DraftAllowed:
    person = reading.organisation.people.get(reader_id)
    if person is None:
        return DraftAllowed(False, False, False, None, False, False, False)

    def has(permission: Permission) -> bool:
        return may(reading.organisation, person, permission)

    drawing, reviewing = draft.state == VersionState.DRAFT, draft.state == VersionState.IN_REVIEW
    drafts_it, reviews = has(Permission.DRAFT_POLICY), has(Permission.REVIEW_POLICY)
    asked = mine(context, reading, reader_id, draft) is not None
    posts = acting_roles(context, reading, reader_id)
    return DraftAllowed(
        change=drawing and drafts_it,
        submit=drawing and drafts_it,
        comment=(drawing or reviewing) and (drafts_it or reviews),
        agree=post_to_agree_in(now, reader_id, posts) if asked else None,
        send_back=reviewing and (drafts_it or asked),
        withdraw=(drawing or reviewing) and drafts_it,
        release=reviewing and now.is_complete and has(Permission.RELEASE_POLICY),
    )
