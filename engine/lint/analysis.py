"""Asking the rules, stage by stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.lint.rules import RULES, STAGES
from engine.lint.subject import Subject, finding, read_subject
from engine.lint.types import Finding, Known, Limits, ProcessSummary, Report, Severity

MOST_FINDINGS = 100
"""Findings of one rule that are listed; a last one says how many more there are."""


def analyse(
    key: str,
    files: Mapping[str, bytes],
    known: Known,
    limits: Limits,
    note: Callable[[str, object], None] = lambda what, value: None,
) -> list[Report]:
    """A report for each diagram of a bundle, and for each other file that something is found in.

    Args:
        key: name of the main diagram without `.bpmn`.
        files: the bundle.
        known: plain facts about operations, roles and forms.
        limits: bounds on the rehearsal; those on time and memory are the caller's.
        note: called with `("rule", name)` before each rule and `("finding", Finding)` for each finding, so
            that a caller who has to end this knows how far it came.
    """
    note("rule", "well-formed")
    subject = read_subject(key, files, known, limits)
    found: list[Finding] = []
    for stage in STAGES:
        for name in stage:
            note("rule", name)
            for each in _ask(name, subject):
                note("finding", each)
                found.append(each)
        if any(each.severity == Severity.ERROR for each in found):
            break
    return reports(subject, found)


def _ask(name: str, subject: Subject) -> list[Finding]:
    found: list[Finding] = []
    more = 0
    for fault in RULES[name].check(subject):
        if len(found) < MOST_FINDINGS:
            found.append(finding(name, fault))
        else:
            more += 1
    if more:
        last = found[-1]
        found.append(
            Finding(name, last.severity, last.path, "", f"There are {more:,} more places like these.")
        )
    return found


def reports(subject: Subject, found: list[Finding]) -> list[Report]:
    """The findings by file: diagrams first, in the order of their paths."""
    by_path: dict[str, list[Finding]] = {path: [] for path in sorted(subject.files) if path.endswith(".bpmn")}
    for each in found:
        by_path.setdefault(each.path, []).append(each)
    documents = {document.path: document for document in subject.documents}
    made = []
    for path, findings in by_path.items():
        document = documents.get(path)
        made.append(
            Report(
                path=path,
                readable=path not in subject.unreadable,
                processes=tuple(
                    ProcessSummary(each.id, each.name, each.xml.get("isExecutable") == "true")
                    for each in (() if document is None else document.processes)
                ),
                elements=0 if document is None else document.node_count + document.flow_count,
                findings=tuple(findings),
            )
        )
    return made
