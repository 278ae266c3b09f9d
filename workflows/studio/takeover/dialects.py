"""The tools whose files are recognised, by namespace and by what they write as exporter."""

from __future__ import annotations

from dataclasses import dataclass

from engine.diagrams.xml import BPMN, BPMNDI, PARLEY

CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
FLOWABLE = "http://flowable.org/bpmn"
ACTIVITI = "http://activiti.org/bpmn"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
SIGNAVIO = "http://www.signavio.com"
BIZAGI = "http://www.bizagi.com/bpmn20"
MODELER = "http://camunda.org/schema/modeler/1.0"
FLOWABLE_MODELER = "http://flowable.org/modeler"
TRISO = "http://www.trisotech.com/"
TRISO_MODELING = f"{TRISO}2015/triso/modeling"
W4 = "http://www.w4.eu/spec/BPMN/"
ITP = "http://www.itp-commerce.com/BPMN2.0"

JUEL_FAMILY = (CAMUNDA, FLOWABLE, ACTIVITI)
"""Tools of one descent: the same attributes, and expressions in JUEL."""

PREFIXES = {
    CAMUNDA: "camunda",
    ZEEBE: "zeebe",
    FLOWABLE: "flowable",
    ACTIVITI: "activiti",
    SPIFF: "spiffworkflow",
    SIGNAVIO: "signavio",
    BIZAGI: "bizagi",
}
"""How a setting is named to a person, whatever prefix the file has."""

STANDARD = frozenset(
    {
        "",
        BPMN,
        BPMNDI,
        PARLEY,
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.w3.org/2001/XMLSchema-instance",
        "http://www.w3.org/XML/1998/namespace",
    }
)
"""Namespaces that are no tool's own."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool, and by what its files are known."""

    name: str
    namespaces: tuple[str, ...]
    exporters: tuple[str, ...] = ()
    """Beginnings of `exporter`, in small letters."""
    targets: tuple[str, ...] = ()
    """Beginnings of the target namespace."""


TOOLS = (
    Tool("Camunda 7", (CAMUNDA,)),
    Tool("Camunda 8", (ZEEBE,)),
    Tool("Flowable", (FLOWABLE, FLOWABLE_MODELER), ("flowable",), ("http://www.flowable.org",)),
    Tool("Activiti", (ACTIVITI,), ("activiti",), ("http://www.activiti.org",)),
    Tool("SpiffWorkflow", (SPIFF,)),
    Tool("Signavio", (SIGNAVIO,), ("signavio",), (SIGNAVIO,)),
    Tool("Bizagi", (BIZAGI,), ("bizagi",), ("http://www.bizagi.com",)),
    Tool("Trisotech", (f"{TRISO}2014/triso/bpmn", TRISO_MODELING), ("trisotech",), (TRISO,)),
    Tool("W4 BPMN+ Composer", (f"{W4}20110701/MODEL", f"{W4}20110930/GRAPH"), ("w4",)),
    Tool("Yaoqiang BPMN Editor", ("http://bpmn.sourceforge.net",), ("yaoqiang",)),
    Tool("iGrafx", ("http://www.igrafx.com/2011/bpmn",), ("igrafx",)),
    Tool("BIC Design", ("http://www.gbtec.de/bpmn/MODEL",)),
    Tool("ADONIS", ("http://www.boc-group.com",), ("adonis",)),
    Tool("Aeneis", ("http://aeneis.de/bpmn20/ext",), ("intellior",)),
    Tool("Process Modeler for Visio", (ITP,)),
    Tool("KnowProcess", ("http://knowprocess.com/bpmn",)),
    Tool("jBPM", ("http://www.jboss.org/drools",)),
    Tool("SAP", ("http://sap.com/bpmn",)),
)  # fmt: skip
