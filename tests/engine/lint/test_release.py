"""A release passes the gate, in the database: what is refused leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine import Engine
from engine.db import Database
from engine.errors import DefinitionRefused
from engine.lint import Finding
from engine.testing import FakeClock, FakeDirectory, FakeForms, FakeOperations
from engine.types import Actor
from tests.engine.lint.drawn import node, straight, user


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    database = Database(sqlite_url)
    yield Engine(
        database,
        clock=FakeClock(),
        directory=FakeDirectory({"cio": ["carla"]}),
        forms=FakeForms(),
        operations=FakeOperations({}),
        roles=frozenset({"cio"}),
    )
    database.dispose()


def release(engine: Engine, data: bytes) -> None:
    with engine.database.unit_of_work() as uow:
        engine.definitions.release(
            uow, key="p", title="P", files={"p.bpmn": data}, by=Actor("gov"), note="drawn"
        )


def test_every_finding_of_a_refused_release_names_its_rule_and_element(engine: Engine) -> None:
    drawing = straight(
        user("a", parley_role="chief"), node("scriptTask", "s", "<bpmn:script>x</bpmn:script>")
    )
    with pytest.raises(DefinitionRefused) as refused:
        release(engine, drawing)
    findings = [each for each in refused.value.findings if isinstance(each, Finding)]
    assert sorted((each.rule, each.element_id) for each in findings) == [("role-known", "a"), ("script", "s")]
    with engine.database.reading() as connection:
        assert engine.definitions.keys(connection) == []


def test_what_passes_is_released_as_it_came(engine: Engine) -> None:
    drawing = (
        straight(user("a"))
        .replace(b"UTF-8", b"ISO-8859-1")
        .replace(b'id="a"', 'id="a" name="Prüfen"'.encode("latin-1"))
    )
    release(engine, drawing)
    with engine.database.reading() as connection:
        version = engine.definitions.latest(connection, "p")
        assert engine.definitions.diagram(connection, version.hash) == drawing
        assert engine.definitions.elements(connection, version.hash)["a"].name == "Prüfen"
