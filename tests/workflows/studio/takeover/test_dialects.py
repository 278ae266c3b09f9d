"""What each tool's file offers, and what of it could not be taken over: a constructed file for each tool."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflows.studio.takeover import Takeover, read_takeover

MATERIAL = Path(__file__).parent / "material"

# Tool; files; offers as "kind element[, element]: what it becomes [?choice left open]";
# what is left as "element: what the file says".
TABLE: list[tuple[str, list[str], list[str], list[str]]] = [
    (
        "Camunda 7",
        ["camunda-7.bpmn", "camunda-7.dmn"],
        [
            "conditions question_to_decide: "
            'review.approved and find_route = "up" and requested.amount < 100000',
            "decisions find_route: camunda-7.dmn#exception_route with amount = requested.amount",
            "forms correct: correct.form",
            "forms decide: decide.form",
            "forms requested: requested.form",
            "forms review: review.form",
            "people correct: whoever began the case",
            "people decide: role of “management”?",
            "people review: role of “CISO” = ciso",
            "times review: P5D",
        ],
        [
            "decide: camunda:candidateUsers",
            "exception_request: camunda:historyTimeToLive",
            "requested: camunda:formField photo",
            "review: camunda:priority",
            "review: camunda:taskListener",
        ],
    ),
    (
        "Camunda 7",
        ["camunda-7-services.bpmn", "sign.form"],
        ["forms sign: sign.form"],
        [
            "ask: calledElement",
            "ask: camunda:calledElementBinding",
            "ask: camunda:in variables",
            "ask: camunda:in where",
            "ask: camunda:out answer",
            "begun: camunda:formKey",
            "f6: condition",
            "f8: condition",
            "file_it: camunda:inputParameter place",
            "file_it: camunda:outputParameter number",
            "file_it: camunda:topic",
            "file_it: camunda:type",
            "reckon: camunda:resultVariable",
            "reckon: script",
            "sign: camunda:assignee",
            "sign: camunda:collection",
            "sign: camunda:elementVariable",
            "sign: camunda:executionListener",
            "sign: filepicker paper",
        ],
    ),
    (
        "Camunda 8",
        ["camunda-8.bpmn", "supplier-check.form"],
        [
            "conditions f6: check.sound = true and begun.supplier_spend > 1000",
            "forms begun: begun.form",
            "forms check: supplier-check.form",
            "messages await: begun.reference",
            "people check: role of “risk-team”?",
            "times check: P3D",
        ],
        [
            "audit: zeebe:calledElement",
            "audit: zeebe:input what",
            "audit: zeebe:output audited",
            "begun: image Field_3",
            "check: zeebe:candidateUsers",
            "check: zeebe:followUpDate",
            "level: zeebe:calledDecision",
            "mail: zeebe:header subject",
            "mail: zeebe:taskDefinition",
        ],
    ),
    (
        "Flowable",
        ["flowable.bpmn", "askAgain.form"],
        [
            "conditions sid-F3: grant_leave.granted = true and startEvent1.days <= 20",
            'conditions sid-F7: again.form_askAgain_outcome = "Ask"',
            "forms again: askAgain.form",
            "forms sid-7D0A-11: grant_leave.form",
            "forms startEvent1: startEvent1.form",
            "ids sid-7D0A-11: grant_leave",
            "people again: whoever began the case",
            "people sid-7D0A-11: role of “managers”?",
            "times sid-7D0A-11: P2D",
        ],
        [
            "again: upload proof",
            "leave: flowable:candidateStarterGroups",
            "sid-7D0A-11: flowable:category",
            "sid-7D0A-11: flowable:formProperty spent",
            "sid-7D0A-11: flowable:skipExpression",
            "tell: flowable:field to",
            "tell: flowable:type",
        ],
    ),
    (
        "Signavio",
        ["signavio.bpmn"],
        [
            "people sid-l1: role of “CIO” = cio",
            "people sid-l2: role of “Internal audit”?",
            "processes sid-p1: a case runs this process",
        ],
        ["sid-t1: signavio:signavioMetaData riskandcontrols"],
    ),
    (
        "Bizagi",
        ["bizagi.bpmn"],
        [
            "people Id_l1: role of “Committee” = committee",
            "people Id_l2, Id_t3: role of “Back office”?",
            "people Id_t2: role of “Chief risk officer” = cro",
            "processes Id_p1: a case runs this process",
        ],
        ["Id_t1: bizagi:BizagiProperty duration"],
    ),
    (
        "SpiffWorkflow",
        ["spiffworkflow.bpmn", "expense-schema.json", "expense-uischema.json"],
        [
            'conditions f5: ask.cost >= 100 and ask.purpose != "travel"',
            "forms ask: ask.form",
            "people lane_asker: role of “Risk raiser” = raiser",
            "people lane_boss: role of “Manager”?",
            "times late: P3D",
        ],
        [
            "ask: people array",
            "ask: receipt data-url",
            "ask: spiffworkflow:postScript",
            "call: spiffworkflow:serviceTaskOperator http/GetRequest",
            "f7: condition",
            "judge: spiffworkflow:instructionsForEndUser",
            "owners: script",
            "rule: spiffworkflow:calledDecisionId",
        ],
    ),
]


def read(names: list[str]) -> Takeover:
    return read_takeover({name: (MATERIAL / name).read_bytes() for name in names})


@pytest.mark.parametrize(
    ("tool", "names", "offers", "left"), TABLE, ids=[names[0].removesuffix(".bpmn") for _, names, *_ in TABLE]
)
def test_what_a_tools_file_offers_and_what_is_left(
    tool: str, names: list[str], offers: list[str], left: list[str]
) -> None:
    found = read(names)
    assert found.tools == (tool,)
    assert (
        sorted(
            f"{each.kind} {', '.join(each.element_ids)}: {each.becomes}"
            + (f" = {each.chosen}" if each.choices and each.chosen else "?" if each.choices else "")
            for each in found.offers
        )
        == offers
    )
    assert sorted(f"{row.element_id}: {row.said}" for row in found.left) == left
    assert all(row.why and row.advice for row in found.left)
