"""What other tools say and Parley does not take over: why, and what to do, as data."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.studio.takeover.dialects import (
    ACTIVITI,
    BIZAGI,
    CAMUNDA,
    FLOWABLE,
    FLOWABLE_MODELER,
    ITP,
    MODELER,
    SIGNAVIO,
    SPIFF,
    TRISO,
    TRISO_MODELING,
    W4,
    ZEEBE,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a setting is not taken over, and what to do; or why it needs nothing."""

    why: str
    advice: str = ""
    """Empty where the setting is kept and needs nothing."""


LOOK = Reason("How it looks or lies on the tool's own page; colours and sizes are kept with the drawing.")
IDENTITY = Reason("A name, number or date by which the tool itself finds the element again.")
ENGINE = Reason("How the tool's engine stores and retries a step. Parley keeps every step's answer at once.")
EMPTY = Reason("It is there and says nothing.")
READ = Reason("It is read where a step names it.")

OPERATION = Reason(
    "It names code or a worker of the tool's own. Parley runs no code that a diagram names.",
    "Choose one of Parley's operations for the step in the editor; or let a person do it, with a form.",
)
LISTENER = Reason(
    "Code that runs when the step begins or ends. Parley runs no code that a diagram names.",
    "Draw what it does as a step of its own, or leave it out; a script in it must go before a release.",
)
SCRIPT = Reason(
    "Scripts are never run.",
    "Draw a decision table, or a step with one of Parley's operations; then take the script out.",
)
OWNERS = Reason(
    "A script that says who is in which lane. Scripts are never run, and people hold roles by appointment.",
    "Appoint these people to the role of the lane, under Organisation; then take the script out.",
)
MAPPING = Reason(
    "Parley copies no variables: answers stand under the id of the step that asked, results under that of "
    "the step that made them.",
    "Name the step where the value is wanted, as in “review.approved”.",
)
PRIORITY = Reason(
    "Parley's inbox is ordered by due time.", "Give the step an earlier due time where it must come first."
)
FOLLOW_UP = Reason(
    "Parley reminds before the due time, not at a date of its own.",
    "Set how long before the due time a reminder goes out, at the step in the editor.",
)
SKIPPING = Reason(
    "A step that is skipped leaves no trace. In Parley each way round a step is drawn.",
    "Draw a gateway before the step, with the condition on the way round it.",
)
STARTING = Reason(
    "Who may begin a case is a matter of roles and of the policy, not of the diagram.",
    "Give the lane of the start the role that begins cases.",
)
RETENTION = Reason(
    "Parley keeps the record of every case; what the law wants erased is erased by itself.",
    "Nothing in the diagram. Ask whoever runs Parley about retention.",
)
VERSIONS = Reason(
    "A version of a policy holds all that it calls, as it was when it was released.",
    "Nothing: what is called is always the version that this one was released with.",
)
LOOPING = Reason(
    "The one item is called “item” in Parley, and all answers stand under the step's id as a list.",
    "Write “item” where its conditions and forms name the variable.",
)
ERRORS = Reason(
    "What fails waits as an incident until somebody has mended it; a diagram does not catch code's failures.",
    "Draw what people do then as a way of its own.",
)
DECISION_RESULT = Reason(
    "A decision's result stands under the id of its step, whole.",
    "Name the step where the result is wanted, as in “find_route”.",
)
PROPERTY = Reason(
    "A free property, which only programs of the tool's house know.",
    "Write what people must know into the step's description.",
)
TEMPLATE = Reason(
    "It says from which template the step was made; what the template does is code of the tool's house.",
    "Choose one of Parley's operations for the step in the editor.",
)
WORDS = Reason(
    "Words for the people who do it, put together by a template of the tool's.",
    "Write them as a text into the step's form.",
)
UNKNOWN = Reason(
    "Parley does not know what it means.",
    "Ask whoever drew it. What it says is for people, write into the step's description.",
)

_CODE = (
    "class",
    "delegateExpression",
    "expression",
    "type",
    "topic",
    "taskDefinition",
    "serviceTaskOperator",
)
_ENGINE = (
    "async asyncBefore asyncAfter exclusive jobPriority failedJobRetryTimeCycle retries taskPriority "
    "triggerable versionTag isStartableInTasklist startableInTasklist formFieldValidation asyncComplete"
).split()
_FAMILY: dict[str, Reason] = {
    **dict.fromkeys(_CODE, OPERATION),
    **dict.fromkeys(_ENGINE, ENGINE),
    **dict.fromkeys(("executionListener", "taskListener", "eventListener"), LISTENER),
    **dict.fromkeys(("in", "out", "inputParameter", "outputParameter", "variableMappingClass"), MAPPING),
    **dict.fromkeys(("resultVariable", "resultVariableName", "mapDecisionResult"), DECISION_RESULT),
    **dict.fromkeys(
        (
            "calledElementBinding",
            "calledElementVersion",
            "calledElementVersionTag",
            "caseRef",
            "decisionRefBinding",
            "decisionRefVersion",
            "decisionRefVersionTag",
            "formRefBinding",
            "formRefVersion",
        ),
        VERSIONS,
    ),
    **dict.fromkeys(("candidateStarterGroups", "candidateStarterUsers"), STARTING),
    **dict.fromkeys(("elementVariable", "elementIndexVariable"), LOOPING),
    **dict.fromkeys(("field", "connector"), OPERATION),
    **dict.fromkeys(("script", "resource"), SCRIPT),
    **dict.fromkeys(("errorEventDefinition", "errorCodeVariable", "errorMessageVariable"), ERRORS),
    **dict.fromkeys(("category", "property"), PROPERTY),
    **dict.fromkeys(("modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"), TEMPLATE),
    "diagramRelationId": IDENTITY,
    "followUpDate": FOLLOW_UP,
    "initiator": Reason("A variable for who began. Parley knows who began a case."),
    "historyTimeToLive": RETENTION,
    "priority": PRIORITY,
    "skipExpression": SKIPPING,
    "businessCalendarName": PRIORITY,
    "localScope": MAPPING,
}
"""Of Camunda 7, Flowable and Activiti."""

BY_NAME: dict[str, dict[str, Reason]] = {
    CAMUNDA: _FAMILY,
    FLOWABLE: _FAMILY,
    ACTIVITI: _FAMILY,
    ZEEBE: {
        **dict.fromkeys(("taskDefinition", "header", "script"), OPERATION),
        **dict.fromkeys(("input", "output"), MAPPING),
        **dict.fromkeys(("executionListener", "taskListener"), LISTENER),
        **dict.fromkeys(("modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"), TEMPLATE),
        "followUpDate": FOLLOW_UP,
        "loopCharacteristics": LOOPING,
        "priorityDefinition": PRIORITY,
        "property": PROPERTY,
        "userTask": ENGINE,
        "userTaskForm": READ,
        "versionTag": ENGINE,
    },
    SPIFF: {
        **dict.fromkeys(("preScript", "postScript"), SCRIPT),
        **dict.fromkeys(("messageVariable", "messagePayload", "processVariableCorrelation"), MAPPING),
        "serviceTaskOperator": OPERATION,
        "instructionsForEndUser": WORDS,
        "property": PROPERTY,
        "allowGuest": STARTING,
        "guestConfirmation": WORDS,
        "signalButtonLabel": WORDS,
        "scriptsOnInstances": LISTENER,
        "unitTests": Reason("Trials of a script, which is never run."),
        "variableName": MAPPING,
    },
    SIGNAVIO: {"signavioLabel": LOOK, "signavioType": LOOK, "signavioDiagramMetaData": IDENTITY},
    TRISO_MODELING: dict.fromkeys(
        "basicType defaultName definitionType hidden name readOnly translationLanguages unparsed".split(),
        IDENTITY,
    ),
    ITP: dict.fromkeys(
        "author conformanceSubClass createdWithVersion creationDate isCollapsed logicalSheetId "
        "modificationDate version".split(),
        IDENTITY,
    ),
}
"""By namespace and name. What is in no table is `UNKNOWN`."""

_LOOKS = (
    "ANYSIZE bgColor bgcolor bold borderColor bordercolor fontName fontSize fontcolor isMainParticipant "
    "italic strikethrough textAlign textColor textDirection textHeight textWidth textX textY underline "
    "visible"
).split()
_ADAPTERS = "adapterclassname adapterconfiguration adaptereventtype adaptertype revisionid".split()

BY_IDENT: dict[str, dict[str, Reason]] = {
    SIGNAVIO: {**dict.fromkeys(_LOOKS, LOOK), **dict.fromkeys(_ADAPTERS, IDENTITY)},
    BIZAGI: dict.fromkeys(_LOOKS, LOOK),
}
"""By namespace, and by the key of a property."""

WHOLE: dict[str, Reason] = {
    MODELER: IDENTITY,
    "http://bpmn.io/schema/bpmn/biocolor/1.0": LOOK,
    "http://www.omg.org/spec/BPMN/non-normative/color/1.0": LOOK,
    "http://www.omg.org/spec/BPMN/non-normative/extensions/i18n/1.0": Reason(
        "The same words in another language, which the tool shows; the file keeps them."
    ),
    f"{W4}20110930/GRAPH": LOOK,
    f"{W4}20110701/MODEL": IDENTITY,
    "http://bpmn.sourceforge.net": LOOK,
    "http://aeneis.de/bpmn20/ext": IDENTITY,
    f"{TRISO}2014/triso/bpmn": LOOK,
    FLOWABLE_MODELER: IDENTITY,
}
"""Namespaces of which nothing says how a case runs."""
