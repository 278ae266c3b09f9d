"""What every test of a failure looks at: what is kept, where the case waits, how it goes on."""

from __future__ import annotations

from typing import Any

from tests.engine.playing import Stage


def kept(stage: Stage) -> list[tuple[str, dict[str, Any]]]:
    found = stage.read(lambda c: stage.engine.instances.submissions(c, stage.instance_id, reader=None))
    return [(s.element_id, dict(s.answers)) for s in found]


def assert_waits_before(
    stage: Stage, element: str | None, *, cause: str, at: list[str] | None = None
) -> None:
    """The submission is kept, the case waits, one incident says why; the record is whole."""
    assert [(i.element_id, cause in i.cause) for i in stage.incidents] == [(element, True)], stage.incidents
    assert stage.open == (at or [])
    assert stage.instance.state == "running"
    assert stage.instance.incidents == 1
    assert stage.path.failed == ((element,) if element else ())
    events = [e.event for e in stage.read(lambda c: stage.engine.audit.entries(c, stage.instance_id))]
    assert events.count("incident:opened") == 1


def assert_goes_on(stage: Stage, to: list[str]) -> None:
    """A retry mends it: the case goes on, and no incident is left."""
    assert stage.retry() is True
    assert stage.incidents == []
    assert stage.instance.incidents == 0
    assert stage.open == to
