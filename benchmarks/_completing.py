"""Completing a human task: beside SpiffWorkflow as released, beside the bare commit, at any age, in votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, select

from benchmarks._measuring import Report, Samples, processor_ratio, ratio
from benchmarks._policy import ANSWERS, ROUND, WHO, PolicyStage
from benchmarks._released import Released, as_released
from engine.instances.models import instances

PATH = ("cio_position", "ciso_position", *ROUND * 3)
"""Both positions, and three rounds of the dispute."""
AGED = 300
MOST_STATEMENTS = 12
MOST_BYTES = 8 * 1024
FLAT = 1.15
VOTERS = 500
VOTE_MILLISECONDS = 10.0


def beside(url: str, report: Report, cases: int, kind: str) -> None:
    """Each task by the command, by SpiffWorkflow as released, and the bare commit, in turn."""
    stage = PolicyStage(url)
    released = Released(stage.database)
    state = "x" * 2_500
    ours = Samples(f"{kind}: completing a task through the command")
    theirs = Samples(f"{kind}: completing it by SpiffWorkflow as released")
    bare = Samples(f"{kind}: the bare commit (one UPDATE, one INSERT)")
    plain = released.start()
    warm_up = max(2, cases // 10)
    largest = 0
    for number in range(cases + warm_up):
        case, other = stage.start(), released.start()
        taken = (ours, theirs, bare) if number >= warm_up else (Samples(""), Samples(""), Samples(""))
        for element_id in PATH:
            task = stage.open_task(case, element_id)
            person, answers = WHO[element_id], ANSWERS[element_id]
            taken[0].take(stage.complete, task, person, answers)
            with as_released():
                taken[1].take(released.complete, other, element_id, answers)
            taken[2].take(released.commit, plain, state)
        largest = max(largest, released.size(other))
    report.add(ours, theirs, bare)
    report.note(f"{kind}: state of SpiffWorkflow as released after three rounds", "bytes", largest)
    report.note(
        f"{kind}: processor time of the command to the released", "ratio", processor_ratio(ours, theirs)
    )
    report.note(f"{kind}: the command to the bare commit", "ratio", ratio(ours, bare))
    report.hold(f"{kind}: the command to SpiffWorkflow as released", "ratio", ratio(ours, theirs), 1.0)
    stage.close()


def aged(url: str, report: Report, rounds: int, kind: str) -> None:
    """The 300th round beside the 3rd, in turn: a case of any age costs the same."""
    stage = PolicyStage(url)
    old = stage.start()
    stage.grow(old, AGED - 1)
    early, late = Samples(f"{kind}: the 3rd round"), Samples(f"{kind}: the {AGED}th round and on")
    for _ in range(rounds):
        young = stage.start()
        stage.grow(young, 2)
        for element_id in ROUND:
            for case, samples in ((young, early), (old, late)):
                task = stage.open_task(case, element_id)
                person, answers = WHO[element_id], ANSWERS[element_id]
                samples.take(stage.complete, task, person, answers)
    report.add(early, late)
    report.note(f"{kind}: the same in processor time", "ratio", processor_ratio(late, early))
    report.hold(f"{kind}: the {AGED}th round to the 3rd", "ratio", ratio(late, early), FLAT)
    report.note(f"{kind}: state in round {AGED + rounds}", "bytes", _state_size(stage, old))
    stage.close()


def sized(url: str, report: Report, kind: str) -> None:
    """Bytes of state that the risk decision stores in its third round, at its largest."""
    stage = PolicyStage(url)
    case = stage.start()
    stage.grow(case, 2)
    sizes = [_state_size(stage, case)]
    for element_id in ROUND:
        stage.do(case, element_id)
        sizes.append(_state_size(stage, case))
    report.hold(f"{kind}: state of the risk decision in its third round", "bytes", max(sizes), MOST_BYTES)
    stage.close()


def voted(url: str, report: Report, voters: int, kind: str) -> None:
    """A vote of many: each of their votes."""
    stage = PolicyStage(url, seats=voters)
    case = stage.start()
    stage.grow(case, 0)
    stage.do(case, "decide")
    stage.do(case, "respond")
    task = stage.open_task(case, "answer_challenge")
    opening = Samples(f"{kind}: seating {voters} voters")
    stand = {"answer": "stand", "reason": "The release is worth more."}
    opening.take(stage.complete, task, "carla", stand)
    votes, last = Samples(f"{kind}: a vote of {voters}"), Samples(f"{kind}: the last vote, which closes it")
    for number in range(voters):
        ballot = stage.open_task(case, "vote", seat=f"s{number}")
        answers = {
            "choice": "exempt" if number % 3 else "refuse",
            "days": "60",
            "reason": "As the record says.",
        }
        if not number % 3:
            del answers["days"]
        samples = last if number == voters - 1 else votes
        samples.take(stage.complete, ballot, f"m{number}", answers)
    report.add(opening, votes, last)
    report.hold(f"{kind}: a vote of {voters}, median", "ms", votes.median, VOTE_MILLISECONDS)
    stage.close()


def counted(url: str, report: Report, kind: str) -> None:
    """SQL statements of one completion, without BEGIN and COMMIT."""
    stage = PolicyStage(url)
    for _ in range(2):  # what is immutable is read by the first case
        case = stage.start()
        counts: dict[str, int] = {}
        for element_id in PATH:
            task = stage.open_task(case, element_id)
            person, answers = WHO[element_id], ANSWERS[element_id]
            with counting(stage) as seen:
                stage.complete(task, person, answers)
            counts[element_id] = max(counts.get(element_id, 0), sum(seen.values()))
    for element_id, count in counts.items():
        report.note(f"{kind}: statements to complete {element_id}", "statements", count)
    report.hold(f"{kind}: SQL statements, at most", "statements", max(counts.values()), MOST_STATEMENTS)
    stage.close()


@contextmanager
def counting(stage: Any) -> Iterator[Counter[str]]:
    """The statements that are sent within the block."""
    seen: Counter[str] = Counter()

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            seen[statement] += 1

    event.listen(stage.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(stage.database.engine, "before_cursor_execute", note)


def _state_size(stage: PolicyStage, case_id: str) -> int:
    with stage.database.reading() as connection:
        query = select(instances.c.engine_state).where(instances.c.id == case_id)
        return len(bytes(connection.execute(query).scalar_one()))
