"""There are no data stores."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Data stores and references to them."""
    for document in subject.documents:
        for xml in document.bpmn("dataStoreReference", "dataStore"):
            label = xml.get("name") or xml.get("id") or "without a name"
            yield Fault(
                document,
                f"The data store “{label}” is not connected to anything. Delete it; a service task reads "
                "and writes by an operation. To explain where data come from, use a text annotation.",
                element_id=xml.get("id", ""),
            )


RULE = Rule("data-store", check)
