"""Reading .dmn files: every version of the standard, and nothing that is no decision model."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from engine.dmn import DmnError, DmnLimitError, DmnParseError, decide, parse
from engine.dmn.parse import NAMESPACES
from tests.engine.dmn.building import decision, definitions, literal, table


@pytest.mark.parametrize("namespace", sorted(NAMESPACES))
def test_every_version_of_the_standard_is_read(namespace: str) -> None:
    found = parse(definitions(decision("d", literal("1 + 1")), namespace=namespace))
    assert decide(found, "d", {}).value == 2


def test_prefixes_and_other_tools_elements_do_not_matter() -> None:
    data = b"""<?xml version="1.0"?>
    <dmn:definitions xmlns:dmn="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:x="urn:x" name="m"
    namespace="n"> <!-- a comment --><x:decision id="not mine"/>
      <dmn:decision id="d" name="d"><dmn:extensionElements><x:literalExpression/></dmn:extensionElements>
        <dmn:literalExpression><dmn:text>3</dmn:text></dmn:literalExpression></dmn:decision>
    </dmn:definitions>"""
    found = parse(data)
    assert [part.id for part in found.decisions] == ["d"]
    assert decide(found, "d", {}).value == 3


def test_other_encodings_are_read() -> None:
    text = definitions(decision("Größe", literal('"ü"'))).decode()
    data = f'<?xml version="1.0" encoding="ISO-8859-1"?>{text}'.encode("latin-1")
    assert decide(parse(data), "Größe", {}).value == "ü"


NO_MODELS = {
    "nothing": b"",
    "text": b"not xml",
    "half": b"<definitions",
    "html": b"<html/>",
    "another namespace": b'<definitions xmlns="urn:x"/>',
    "bpmn": b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
    "a doctype": b"<!DOCTYPE definitions>" + definitions(),
    "an entity": b'<!DOCTYPE d [<!ENTITY a "b">]>' + definitions(decision("d", "<text>&a;</text>")),
    "an external entity": b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + definitions("&a;"),
    "an id twice": definitions(decision("d", literal("1")), decision("d", literal("2"))),
    "no id": definitions("<decision/>"),
    "no output": definitions(decision("d", "<decisionTable/>")),
    "another hit policy": definitions(decision("d", table(["a"], ["b"], [], policy="LUCKY"))),
    "a rule too short": definitions(decision("d", table(["a"], ["b"], [["1"]]))),
    "another language": definitions(
        decision(
            "d",
            '<literalExpression expressionLanguage="http://www.java.com"><text>x</text></literalExpression>',
        )
    ),
    "an unfinished filter": definitions(decision("d", "<filter/>")),
    "a NUL": b"\x00" * 10,
}


@pytest.mark.parametrize("data", NO_MODELS.values(), ids=NO_MODELS)
def test_what_is_no_model_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(DmnParseError) as caught:
        parse(data)
    assert len(str(caught.value)) > 20


def test_a_bomb_of_entities_is_refused_quickly() -> None:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    data = f'<!DOCTYPE d [<!ENTITY a0 "boom">{lines}]><definitions>&a11;</definitions>'.encode()
    begun = time.thread_time()
    with pytest.raises(DmnParseError):
        parse(data)
    assert time.thread_time() - begun < 1


def test_size_and_depth_have_limits() -> None:
    with pytest.raises(DmnLimitError, match="bytes"):
        parse(b" " * 5_000_000)
    with pytest.raises(DmnError):
        parse(definitions(decision("d", "<list>" * 300 + "</list>" * 300)))
    with pytest.raises(DmnLimitError, match="levels deep"):
        parse(definitions(decision("d", "<list>" * 100 + "</list>" * 100)))


def test_every_real_model_is_read(shared_data: Path) -> None:
    files = sorted((shared_data / "dmn-tck").rglob("*.dmn"))
    assert files
    assert all(parse(file.read_bytes()).name for file in files)
