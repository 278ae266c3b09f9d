"""An event refers to an error or escalation that is defined."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagrams.xml import local
from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """References to nothing, at which the library fails with a message about itself."""
    for document in subject.documents:
        defined = {xml.get("id") for xml in document.bpmn("error", "escalation")}
        for node in document.nodes:
            for part in node.definitions():
                kind = local(part).removesuffix("EventDefinition")
                reference = part.get(f"{kind}Ref")
                if kind in ("error", "escalation") and reference and reference not in defined:
                    yield Fault(
                        node,
                        f"{node} refers to the {kind} “{reference}”, which is not defined in the file. "
                        f"Choose the {kind} anew.",
                    )


RULE = Rule("reference-known", check)
