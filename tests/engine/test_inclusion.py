"""A policy holds all that it runs: what it calls of other policies is included, and covered by its hash."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations

import pytest

from engine.definitions.callees import Beside
from engine.errors import DefinitionRefused
from engine.types import Actor, Version
from tests.engine.drawing import HEAD, Drawing
from tests.engine.playing import Stage


def policy(key: str, *calls: str, step: str = "") -> dict[str, bytes]:
    """A policy with one step of its own, which calls others' processes after it."""
    drawing = Drawing(f"{key}_process").start(f"{key}_begun").user(step or f"{key}_step", form=f"{key}.form")
    drawing.end(f"{key}_ended")
    names = []
    for called in calls:
        names.append(f"{key}_calls_{called}")
        drawing.call(names[-1], f"{called}_process", days="1")
    drawing.path(" ".join([f"{key}_begun", step or f"{key}_step", *names, f"{key}_ended"]))
    own = f'<bpmn:process id="{key}_process" isExecutable="true">{drawing.body()}</bpmn:process>'
    files = {f"{key}.bpmn": f"{HEAD}{own}</bpmn:definitions>".encode(), f"{key}.form": b"{}"}
    return {**files, "any.form": b"{}"}


def paths(*keys: str) -> set[str]:
    return {"any.form"} | {f"{key}.{kind}" for key in keys for kind in ("bpmn", "form")}


def release(stage: Stage, key: str, files: Mapping[str, bytes], beside: Beside | None = None) -> Version:
    with stage.database.unit_of_work() as uow:
        return stage.engine.definitions.release(
            uow, key=key, title=key, files=files, by=Actor("governor"), note="drawn", beside=beside
        )


def bundle(stage: Stage, version: Version) -> Mapping[str, bytes]:
    return stage.read(lambda c: stage.engine.definitions.bundle(c, version.hash).files)


def included(stage: Stage, version: Version) -> list[tuple[str, int]]:
    files = bundle(stage, version)
    found = stage.read(lambda c: stage.engine.definitions.callees.included(c, version.key, files))
    return [(each.key, each.number) for each in found]


def keys(stage: Stage) -> dict[str, str]:
    """Names that no other test of this database uses."""
    return {name: f"{name}{stage.token()[-8:]}" for name in "abc"}


def test_the_released_version_of_what_is_called_is_included_flat(fresh: Stage) -> None:
    k = keys(fresh)
    release(fresh, k["c"], policy(k["c"]))
    release(fresh, k["b"], policy(k["b"], k["c"]))
    first = release(fresh, k["a"], policy(k["a"], k["b"]))
    assert set(bundle(fresh, first)) == paths(*k.values())
    assert included(fresh, first) == [(k["b"], 1), (k["c"], 1)]
    assert release(fresh, k["a"], policy(k["a"], k["b"])) == first, "the same content is the same version"

    fresh.key = k["a"]
    fresh.start()
    for key in (k["a"], k["b"], k["c"]):
        assert fresh.open == [f"{key}_step"]
        fresh.do(f"{key}_step", "carla", said=key)
    assert fresh.instance.state == "completed"
    assert fresh.faults() == []


def test_what_is_called_changes_for_the_caller_at_its_next_release_alone(fresh: Stage) -> None:
    k = keys(fresh)
    release(fresh, k["b"], policy(k["b"]))
    first = release(fresh, k["a"], policy(k["a"], k["b"]))
    release(fresh, k["b"], policy(k["b"], step="another"))
    assert included(fresh, first) == [(k["b"], 1)]
    second = release(fresh, k["a"], policy(k["a"], k["b"]))
    assert (second.number, second.hash != first.hash) == (2, True)
    assert included(fresh, second) == [(k["b"], 2)]


def test_one_content_of_each_policy_is_included_however_often_it_is_called(fresh: Stage) -> None:
    k = keys(fresh)
    release(fresh, k["c"], policy(k["c"]))
    release(fresh, k["b"], policy(k["b"], k["c"]))
    release(fresh, k["c"], policy(k["c"], step="newer"))
    version = release(fresh, k["a"], policy(k["a"], k["b"], k["c"]))
    assert included(fresh, version) == [(k["b"], 1), (k["c"], 2)]
    assert b"newer" in bundle(fresh, version)[f"{k['c']}.bpmn"]


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_the_order_of_loading_makes_no_difference(fresh: Stage, order: tuple[str, ...]) -> None:
    k = keys(fresh)
    beside = {
        k["a"]: policy(k["a"], k["b"], k["c"]),
        k["b"]: policy(k["b"], k["c"]),
        k["c"]: policy(k["c"]),
    }
    made = {name: release(fresh, k[name], beside[k[name]], beside) for name in order}
    assert set(bundle(fresh, made["a"])) == paths(*k.values())
    assert included(fresh, made["a"]) == [(k["b"], 1), (k["c"], 1)]
    assert included(fresh, made["b"]) == [(k["c"], 1)]
    assert included(fresh, made["c"]) == []


def test_policies_that_call_each_other_in_a_circle_are_refused(fresh: Stage) -> None:
    k = keys(fresh)
    beside = {
        k["a"]: policy(k["a"], k["b"]),
        k["b"]: policy(k["b"], k["c"]),
        k["c"]: policy(k["c"], k["a"]),
    }
    circle = " → ".join((k["a"], k["b"], k["c"], k["a"]))
    with pytest.raises(DefinitionRefused, match=circle):
        release(fresh, k["a"], beside[k["a"]], beside)


def test_files_of_one_name_are_refused_and_both_policies_named(fresh: Stage) -> None:
    k = keys(fresh)
    release(fresh, k["b"], {**policy(k["b"]), "shared.form": b"[]"})
    with pytest.raises(DefinitionRefused) as refused:
        release(fresh, k["a"], {**policy(k["a"], k["b"]), "shared.form": b"{}"})
    sentence = str(refused.value)
    assert all(word in sentence for word in ("shared.form", k["a"], k["b"], "Rename"))


def test_what_nobody_has_is_named_by_the_gate(fresh: Stage) -> None:
    k = keys(fresh)
    with pytest.raises(DefinitionRefused, match="which is not in the bundle"):
        release(fresh, k["a"], policy(k["a"], k["b"]))


def test_a_draft_holds_its_own_files_until_it_is_reviewed_with_what_it_calls(fresh: Stage) -> None:
    k = keys(fresh)
    release(fresh, k["b"], policy(k["b"]))
    released = release(fresh, k["a"], policy(k["a"], k["b"]))
    drafts, by = fresh.engine.drafts, Actor("ann")
    with fresh.database.unit_of_work() as uow:
        draft = drafts.make(uow, key=k["a"], title="A", by=by, based_on=released.hash)
        assert set(drafts.files(uow.connection, draft.id)) == paths(k["a"]) - {"any.form"}
        saved = drafts.save(
            uow, draft.id, revision=draft.revision, changes=policy(k["a"], k["b"], step="mended"), by=by
        )
        assert (
            fresh.engine.definitions.findings(uow.connection, k["a"], drafts.files(uow.connection, draft.id))
            == []
        )
    release(fresh, k["b"], policy(k["b"], step="newer"))
    with fresh.database.unit_of_work() as uow:
        sent = drafts.submit(uow, draft.id, revision=saved.revision, by=by, note="mended")
        reviewed = drafts.files(uow.connection, draft.id)
        assert set(reviewed) == paths(k["a"], k["b"])
        assert b"newer" in reviewed[f"{k['b']}.bpmn"]
    release(fresh, k["b"], policy(k["b"], step="newest"))
    with fresh.database.unit_of_work() as uow:
        version = drafts.release(uow, draft.id, by=Actor("carla"), note="", agreed_by={"carla"})
    assert version.hash == sent.hash, "what was agreed to is what is released"
    assert bundle(fresh, version) == reviewed


def test_a_draft_sent_back_is_submitted_with_what_is_called_then(fresh: Stage) -> None:
    k = keys(fresh)
    release(fresh, k["b"], policy(k["b"]))
    drafts, by = fresh.engine.drafts, Actor("ann")
    with fresh.database.unit_of_work() as uow:
        draft = drafts.make(uow, key=k["a"], title="A", by=by, files=policy(k["a"], k["b"]))
        drafts.submit(uow, draft.id, revision=draft.revision, by=by, note="first")
        back = drafts.send_back(uow, draft.id, by=Actor("carla"), reason="wait for b")
    release(fresh, k["b"], policy(k["b"], step="newer"))
    with fresh.database.unit_of_work() as uow:
        drafts.submit(uow, draft.id, revision=back.revision, by=by, note="second")
        assert b"newer" in drafts.files(uow.connection, draft.id)[f"{k['b']}.bpmn"]
