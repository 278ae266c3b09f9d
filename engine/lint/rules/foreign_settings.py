"""Settings of other tools are kept, and not followed."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.lint.subject import Fault, Rule, Subject
from engine.lint.types import Severity

TOOLS = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://camunda.org/schema/zeebe/1.0": "Camunda 8",
    "http://flowable.org/bpmn": "Flowable",
    "http://activiti.org/bpmn": "Activiti",
    "http://www.jboss.org/drools": "jBPM",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow",
    "http://www.omnyx.com/bpmn": "Omnyx",
    "http://sap.com/bpmn": "SAP",
}


def check(subject: Subject) -> Iterator[Fault]:
    """One line for each tool whose settings a file holds."""
    for document in subject.documents:
        found: dict[str, int] = {}
        for xml in document.root.iter("*"):
            names = [etree.QName(xml).namespace, *(etree.QName(str(name)).namespace for name in xml.attrib)]
            for namespace in {n for n in names if n in TOOLS}:
                found[TOOLS[namespace]] = found.get(TOOLS[namespace], 0) + 1
        for tool, count in sorted(found.items()):
            yield Fault(
                document,
                f"The file holds settings of {tool} at {count} places. They are kept and not followed: set "
                "who acts, forms and operations anew.",
                Severity.INFO,
            )


RULE = Rule("foreign-settings", check)
