"""What somebody did, in one plain sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from engine.audit.types import AuditEntry
from engine.types import Submission
from workflows.cases import results
from workflows.cases.results_after import TOLD_AFTER
from workflows.cases.sentences import SAID, said, tallied
from workflows.cases.timeline import in_order
from workflows.cases.waiting import to_do
from workflows.shipped import shipped_policies

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
PARLEY = "{urn:parley:bpmn:1}"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def submission(element_id: str, answers: dict[str, Any], *, sealed: bool = False) -> Submission:
    return Submission(
        "s", "case", "t", element_id, 1, "dana", None, "by resolution", AT, None, "v", answers, sealed
    )


@pytest.mark.parametrize(
    ("element_id", "answers", "sentence"),
    [
        ("raise", {}, "Dana raised the risk."),
        (
            "raise",
            {"likelihood": "very_high", "impact": "low"},
            "Dana raised the risk, likelihood very high, impact low.",
        ),
        (
            "raise",
            {"origin": "challenge", "ground": "rating", "argument": "It is worse", "containment": "Off."},
            "Dana challenged the decision in force, on the ground “rating”: It is worse. "
            "Until it is settled: Off.",
        ),
        ("raise", {"origin": "asked for again"}, "Dana asked for a new decision on the risk."),
        (
            "cio_position",
            {"treatment": "exempt", "likelihood": "low", "impact": "low"},
            "Dana stated the business position: to exempt the risk; likelihood low, impact low.",
        ),
        ("ciso_position", {"treatment": "mitigate"}, "Dana advised: to mitigate the risk."),
        (
            "decide",
            {"decision": "mitigate", "reason": "It can be done"},
            "Dana decided to mitigate the risk: It can be done.",
        ),
        ("decide", {"decision": "exempt", "days": Decimal(1)}, "Dana decided to exempt the risk for 1 day."),
        (
            "decide",
            {"decision": "accept", "review_date": date(2026, 9, 1), "reason": "Small."},
            "Dana decided to accept the risk until a review on 1 September 2026: Small.",
        ),
        ("respond", {"response": "concur"}, "Dana concurred with the decision."),
        (
            "respond",
            {"response": "concur_with_conditions", "conditions": "Read the logs"},
            "Dana concurred under conditions: Read the logs.",
        ),
        (
            "respond",
            {"response": "challenge", "ground": "not_defensible", "argument": "It is exploited"},
            "Dana challenged the decision: not defensible. It is exploited.",
        ),
        (
            "answer_challenge",
            {"answer": "revise", "reason": "Right"},
            "Dana took the decision back to revise it: Right.",
        ),
        (
            "answer_challenge",
            {"answer": "stand", "reason": "No"},
            "Dana stood by the decision, so it goes to the steering committee: No.",
        ),
        ("vote", {"choice": "exempt", "days": Decimal(90)}, "Dana voted to exempt for 90 days."),
        ("vote", {"choice": "recuse", "reason": "My system"}, "Dana stepped aside: My system."),
        ("arbitrate", {"ruling": "refuse"}, "Dana ruled that the risk is not accepted."),
        ("arbitrate", {"ruling": "exempt", "days": Decimal(7)}, "Dana ruled to exempt the risk for 7 days."),
        ("somewhere_else", {"x": "y"}, "Dana completed “Look again”."),
    ],
)
def test_known_steps_have_words_of_their_own(element_id: str, answers: dict[str, Any], sentence: str) -> None:
    assert said(submission(element_id, answers), "Dana", "Look again") == sentence


def test_of_a_sealed_answer_only_that_it_was_filed_is_said() -> None:
    told = said(submission("cio_position", {}, sealed=True), "Dana (CIO)", "State business position")
    assert told.startswith("Dana (CIO) filed an answer to “State business position”. It stays sealed")


@pytest.mark.parametrize(
    ("tally", "sentence"),
    [
        (
            {
                "outcome": "exempt",
                "reason": "majority",
                "seated": 5,
                "recused": 0,
                "counts": {"exempt": 3, "refuse": 2},
            },
            "3 of 5 voted to exempt.",
        ),
        (
            {"outcome": "refuse", "reason": "majority", "seated": 5, "recused": 2, "counts": {"refuse": 3}},
            "3 of 3 voted to refuse, 2 members having stepped aside.",
        ),
        (
            {
                "outcome": None,
                "reason": "tie",
                "seated": 4,
                "recused": 0,
                "counts": {"exempt": 2, "refuse": 2},
            },
            "The vote was tied, 2 to 2. Nothing is accepted by that: the dispute goes up.",
        ),
        (
            {
                "outcome": None,
                "reason": "no quorum",
                "seated": 5,
                "recused": 0,
                "voted": 2,
                "counts": {"exempt": 2},
            },
            "There was no quorum: 2 of 5 voted. Nothing is accepted by that: the dispute goes up.",
        ),
        (
            {"outcome": None, "reason": "no quorum", "seated": 0, "recused": 0, "voted": 0, "counts": {}},
            "The committee could not be seated. Nothing is accepted by that: the dispute goes up.",
        ),
        (
            {
                "outcome": None,
                "reason": "no majority",
                "seated": 5,
                "recused": 0,
                "voted": 5,
                "counts": {"exempt": 2},
            },
            "No choice found a majority of 5. Nothing is accepted by that: the dispute goes up.",
        ),
    ],
)
def test_tallies(tally: dict[str, Any], sentence: str) -> None:
    assert tallied(tally) == sentence


def test_one_command_is_told_from_cause_to_effect() -> None:
    events = [
        "instance:started",
        "task:completed",
        "operation:called",
        "vote:tallied",
        "instance:completed",
        "timer:fired",
    ]
    entries = [AuditEntry("case", n, AT, "x", event, {}, "", "") for n, event in enumerate(events, 1)]
    assert [entry.seq for entry in in_order(entries)] == [1, 2, 4, 3, 5, 6]


@pytest.mark.parametrize(
    ("name", "words"),
    [("Concur or challenge", "concur or challenge"), ("CIO review", "CIO review"), ("", "")],
)
def test_a_tasks_name_within_a_sentence(name: str, words: str) -> None:
    assert to_do(name) == words


@pytest.mark.parametrize(
    ("element_id", "answers", "sentence"),
    [
        (
            "draw_up_plan",
            {"count": Decimal(2), "summary": "Both gateways are replaced"},
            "Dana set a plan of 2 milestones: Both gateways are replaced.",
        ),
        (
            "draw_up_plan",
            {"count": Decimal(1), "reason": "The parts are late"},
            "Dana changed the plan, now of 1 milestone: The parts are late.",
        ),
        (
            "report_milestone",
            {"status": "cannot", "obstacle": "No parts"},
            "Dana reported that a milestone cannot be reached as planned: No parts.",
        ),
        (
            "verify_milestone",
            {"verdict": "verified", "reason": "Seen", "likelihood": "low", "impact": "very_high"},
            "Dana verified the milestone, with likelihood low and impact very high left of the risk: Seen.",
        ),
        (
            "verify_milestone",
            {"verdict": "returned", "reason": "The old one still answers"},
            "Dana sent the milestone back: it is not done as reported: The old one still answers.",
        ),
        (
            "review_answer",
            {"still": "valid", "review_date": date(2027, 6, 8), "reason": "Nothing changed"},
            "Dana confirmed the acceptance until 8 June 2027: Nothing changed.",
        ),
        (
            "review_advice",
            {"still": "not_valid", "reason": "It is exploited now"},
            "Dana advised that the reasons for accepting are no longer valid: It is exploited now.",
        ),
        ("verify_controls", {"result_1": "works"}, "Dana looked at 1 control and found that it works."),
        (
            "check_controls",
            {"result_1": "works", "result_2": "fails"},
            "Dana looked at 2 controls; 1 of them did not work.",
        ),
        (
            "rule_on_emergency",
            {"ruling": "stop", "reason": "It can wait"},
            "Dana ruled that it may not go ahead: It can wait.",
        ),
        (
            "endorse_charter",
            {"answer": "endorse"},
            "Dana endorsed the charter.",
        ),
        (
            "cio_review",
            {"answer": "send_back", "words": "Ten days are too long"},
            "Dana sent the draft back: Ten days are too long.",
        ),
        (
            "charter_proposed",
            {"charter": "Charter 1", "reason": "The first"},
            "Dana proposed charter 1: The first.",
        ),
    ],
)
def test_steps_after_a_decision_and_about_governance(
    element_id: str, answers: dict[str, Any], sentence: str
) -> None:
    assert said(submission(element_id, answers), "Dana", "Some task") == sentence


@pytest.mark.parametrize(
    ("operation", "result", "sentence"),
    [
        (
            "treatment.next",
            {"number": Decimal(1), "owner_name": "Ivo Lind", "due": date(2026, 7, 1), "left": 2},
            "Milestone 1 lies with Ivo Lind, due on 1 July 2026. 2 milestones of the plan are still open.",
        ),
        (
            "treatment.plan",
            {"milestones": [{"due": date(2026, 7, 1)}, {"due": date(2026, 9, 1)}]},
            "The plan is on record: 2 milestones, the last one due on 1 September 2026.",
        ),
        (
            "treatment.close",
            {"residual": "high", "enough": False},
            "The treatment is finished, and not enough: what is left of the risk is high, above appetite. "
            "The risk is decided again.",
        ),
        (
            "acceptance.record",
            {"confirmed": True, "next_on": date(2027, 6, 8)},
            "The acceptance stands. It is reviewed again on 8 June 2027.",
        ),
        (
            "exemptions.request",
            {"allowed": False, "reason": "It was renewed twice already"},
            "The policy does not allow this exemption. It was renewed twice already.",
        ),
        ("exemptions.record_controls", {"count": Decimal(1)}, "1 compensating control is on record."),
        ("exemptions.close", {"outcome": "expired"}, "The exemption ended with its last day."),
        ("emergencies.refuse", {"outcome": "refused"}, "The emergency was refused. Nothing goes ahead."),
        (
            "charter.endorse",
            {"review_due": datetime(2027, 5, 22, tzinfo=UTC)},
            "The charter is in force, and reviewed by 22 May 2027.",
        ),
        (
            "policies.return",
            {"reason": "Ten days are too long"},
            "The draft went back to its author. Ten days are too long.",
        ),
    ],
)
def test_automatic_steps_in_plain_words(operation: str, result: dict[str, Any], sentence: str) -> None:
    assert TOLD_AFTER[operation](result) == sentence


ALONE = {"acceptance_begins", "exemption_requested", "positions_asked", "referred", "treatment_begins"}
"""Starts of policies that others call: by themselves they run in scenarios only."""


def test_every_step_of_the_shipped_policies_has_words_of_its_own() -> None:
    people, software = set(), set()
    for diagram in shipped_policies().glob("*/*.bpmn"):
        for node in etree.parse(diagram).iter(f"{BPMN}userTask", f"{BPMN}startEvent", f"{BPMN}serviceTask"):
            if node.tag == f"{BPMN}serviceTask":
                software.add(node.get(f"{PARLEY}operation"))
            elif node.get(f"{PARLEY}form") is not None:
                people.add(node.get("id"))
    assert len(people) > 40
    assert people - ALONE - set(SAID) == set()
    assert software - set(TOLD_AFTER) - results.KNOWN == set()
