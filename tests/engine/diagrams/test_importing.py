"""Any BPMN 2.0 file that is well formed is taken as it is, whatever tool drew it and in whatever encoding."""

from __future__ import annotations

import codecs
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from engine.diagrams import DiagramUnreadable, import_diagram, read_definitions

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ENCODINGS = """
    utf-8 utf-16 utf-16-le utf-16-be utf-32 iso-8859-1 iso-8859-15 windows-1252 cp1250 cp437 cp850 koi8-r
    gb2312 gbk big5 shift_jis euc-jp euc-kr us-ascii
""".split()
NAMES = {
    "koi8-r": "Согласовать риск",
    "gb2312": "批准风险",
    "gbk": "批准风险",
    "big5": "批准風險",
    "shift_jis": "リスクを承認する",
    "euc-jp": "リスクを承認する",
    "euc-kr": "위험 승인",
    "us-ascii": "Approve risk",
}


def drawing(name: str, declared: str | None = "UTF-8") -> str:
    head = "" if declared is None else f'<?xml version="1.0" encoding="{declared}"?>\n'
    return (
        f'{head}<definitions xmlns="{BPMN}" id="d"><!-- ä kept --><?tool keeps this?>'
        f'<process id="p"><userTask id="approve" name="{name}"/></process></definitions>'
    )


def shown(text: str) -> etree._Element:
    """What a browser, given UTF-8, would read."""
    return etree.fromstring(text.encode("utf-8"))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_any_encoding_is_read_and_offered_as_utf_8(encoding: str) -> None:
    name = NAMES.get(encoding, "Risiko prüfen")
    text = drawing(name, encoding).replace("ä kept", "kept" if encoding in NAMES else "ä kept")
    data = text.encode(encoding)
    imported = import_diagram(data)
    assert imported.data == data
    assert imported.elements["approve"].name == name
    task = shown(imported.text).find(f".//{{{BPMN}}}userTask")
    assert task is not None
    assert task.get("name") == name
    assert imported.text.partition("?>")[2].strip() == text.partition("?>")[2].strip()


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, b""])
def test_without_a_declaration_it_is_utf_8(mark: bytes) -> None:
    data = mark + drawing("Prüfen", None).encode()
    imported = import_diagram(data)
    assert imported.elements["approve"].name == "Prüfen"
    assert shown(imported.text).tag == f"{{{BPMN}}}definitions"


def test_utf_8_that_says_it_is_utf_16_is_read() -> None:
    imported = import_diagram(drawing("Prüfen", "UTF-16").encode("utf-8"))
    assert imported.elements["approve"].name == "Prüfen"


def test_comments_and_instructions_stay_in_the_file_and_in_what_is_shown() -> None:
    imported = import_diagram(drawing("x").encode())
    for text in (imported.data.decode(), imported.text):
        assert "<!-- ä kept -->" in text
        assert "<?tool keeps this?>" in text


def test_a_comment_inside_a_condition_does_not_cut_it() -> None:
    data = drawing("x").replace(
        "</process>",
        '<sequenceFlow id="f" sourceRef="a" targetRef="b"><conditionExpression>a &gt; 1 <!-- and -->and '
        "<![CDATA[b < 2]]></conditionExpression></sequenceFlow></process>",
    )
    assert import_diagram(data.encode()).elements["f"].condition == "a > 1 and b < 2"


REFUSED = {
    "empty": (b"", "well-formed", "empty"),
    "blank": (b" \n ", "well-formed", "empty"),
    "cut off": (drawing("x").encode()[:-20], "well-formed", "not well-formed"),
    "no XML": (b"PK\x03\x04 a zip file", "well-formed", "not well-formed"),
    "Latin-1 that says UTF-8": (drawing("ü").encode("iso-8859-1"), "well-formed", "not well-formed"),
    "unknown encoding": (drawing("x", "klingon").encode(), "well-formed", "not well-formed"),
    "doctype": (b'<!DOCTYPE x><definitions xmlns="x"/>', "no-doctype", "DOCTYPE"),
    "html": (b"<html><body><p>Sign in</p></body></html>", "bpmn-file", "web page"),
    "html with a doctype": (b"<!DOCTYPE html><html><br></html>", "no-doctype", "DOCTYPE"),
    "xhtml": (b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "bpmn-file", "web page"),
    "no namespace": (b"<definitions><process id='p'/></definitions>", "bpmn-file", "in no namespace"),
    "dmn": (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
        "bpmn-file",
        "decision table",
    ),
    "old bpmn": (
        b'<definitions xmlns="http://schema.omg.org/spec/BPMN/2.0"/>',
        "bpmn-file",
        "in the namespace",
    ),
    "another root": (b"<svg/>", "bpmn-file", "“svg”"),
    "a single process": (f'<process xmlns="{BPMN}"/>'.encode(), "bpmn-file", "“process”"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_diagram_is_refused_with_a_sentence(name: str) -> None:
    data, rule, said = REFUSED[name]
    with pytest.raises(DiagramUnreadable) as refused:
        import_diagram(data)
    assert refused.value.rule == rule
    assert said in str(refused.value)
    assert "nothing was stored" in str(refused.value).lower()


def test_a_file_that_is_too_large_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.diagrams.xml.LARGEST_FILE_BYTES", 100)
    with pytest.raises(DiagramUnreadable, match="at most 100"):
        import_diagram(drawing("x").encode())


def inventory(root: etree._Element) -> Counter[tuple[str, tuple[tuple[str, str], ...], str]]:
    """Every element with its attributes and text."""
    return Counter(
        (
            str(node.tag),
            tuple(sorted((str(k), str(v)) for k, v in node.attrib.items())),
            (node.text or "").strip(),
        )
        for node in root.iter("*")
    )


def test_real_files_of_many_tools_come_in_show_and_go_out_unchanged(shared_data: Path) -> None:
    files = sorted((shared_data / "bpmn-miwg").rglob("*.bpmn"))
    assert len(files) >= 18
    for path in files:
        data = path.read_bytes()
        imported = import_diagram(data)
        assert imported.data == data, path.name
        original = etree.fromstring(data)
        assert inventory(shown(imported.text)) == inventory(original), path.name
        nodes = {
            node.get("id") for node in read_definitions(data).iter(f"{{{BPMN}}}userTask", f"{{{BPMN}}}task")
        }
        assert nodes - {None} <= set(imported.elements), path.name
        assert imported.elements, path.name
