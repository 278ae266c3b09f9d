"""Exactly one process of the main diagram is marked executable."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Which process a case runs must be said, not guessed."""
    main = subject.main
    if main is None:
        for document in subject.documents[:1]:
            yield Fault(
                document,
                f"The bundle holds several diagrams, and none of them is named {subject.key}.bpmn. Name "
                "the one that a case runs so.",
            )
        return
    called = subject.called()
    marked = [p for p in main.processes if p.xml.get("isExecutable") == "true" and p.id not in called]
    if not marked:
        at = next((p for p in main.processes if p.nodes), None)
        if at is not None:
            yield Fault(
                at,
                f"{at} is not marked executable, so it is a drawing and not a policy to run. "
                'Set its property “executable” (isExecutable="true").',
            )
    for extra in marked[1:]:
        yield Fault(
            extra,
            f"{extra} is marked executable beside “{marked[0].name or marked[0].id}”, and a case can run "
            "only one of them. Take the mark off the other, or call it by a call activity.",
        )


RULE = Rule("executable-marked", check)
