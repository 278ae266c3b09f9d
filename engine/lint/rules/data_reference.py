"""Every data object reference points to a data object."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """References and associations that point nowhere."""
    for document in subject.documents:
        objects = {xml.get("id") for xml in document.bpmn("dataObject")}
        for xml in document.bpmn("dataObjectReference"):
            if xml.get("dataObjectRef") not in objects:
                label = xml.get("name") or xml.get("id") or "without a name"
                yield Fault(
                    document,
                    f"The data object “{label}” refers to “{xml.get('dataObjectRef') or ''}”, which is not "
                    "in the file. Delete it and draw it once more.",
                    element_id=xml.get("id", ""),
                )


RULE = Rule("data-reference", check)
