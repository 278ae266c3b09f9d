"""There is no ad-hoc subprocess."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Subprocesses without an order of their steps."""
    for node in subject.of("adHocSubProcess"):
        yield Fault(
            node,
            f"{node} is an ad-hoc subprocess, which cannot be run reliably. Draw the order of its steps, "
            "with an inclusive gateway where some may be left out.",
        )


RULE = Rule("ad-hoc-subprocess", check)
