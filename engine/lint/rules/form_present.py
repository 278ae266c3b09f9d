"""A form that is named is in the bundle."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Forms that are missing."""
    for node in subject.nodes:
        form = node.own("form")
        if form is not None and form not in subject.files:
            there = ", ".join(sorted(path for path in subject.files if path.endswith(".form"))) or "none"
            yield Fault(
                node,
                f"{node} uses the form {form}, which is not in the bundle. Add the file. There are: {there}.",
            )


RULE = Rule("form-present", check)
