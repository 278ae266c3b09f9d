"""Only what a person changed differs from the file: constructed files, and what an editor makes of them."""

# ruff: noqa: E501  (lines of the constructed files)

from __future__ import annotations

import pytest

from engine.diagrams.patching import patched
from engine.diagrams.xml import DiagramUnreadable

FILE = """<?xml version='1.0' encoding="ISO-8859-1"?>
<!-- drawn by hand -->
<b:definitions xmlns:b='http://www.omg.org/spec/BPMN/20100524/MODEL'
    xmlns:x="urn:else" targetNamespace='urn:t' x:kept='a>b'>
\t<b:process id="p" isExecutable='true'>
\t\t<b:subProcess id="inner" triggeredByEvent="false"/>
\t\t<b:userTask   id="one" startQuantity="1" name='caf\u00e9 &amp; bar' x:owner="sam"><!-- why --><x:note>kept</x:note>
\t\t</b:userTask>
\t\t<b:sequenceFlow id="f" sourceRef="one" targetRef="two"><b:conditionExpression><![CDATA[a < b]]></b:conditionExpression></b:sequenceFlow>
\t\t<b:task id="two"/>
\t</b:process>
</b:definitions>
""".replace("\n", "\r\n")

# What an editor keeps of it: no comments, no defaults, nothing foreign, its own prefixes.
OPENED = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:parley="urn:parley:bpmn:1"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:t">
  <bpmn:process id="p" isExecutable="true">
    <bpmn:subProcess id="inner" />
    <bpmn:userTask id="one" name="caf\u00e9 &#38; bar" />
    <bpmn:sequenceFlow id="f" sourceRef="one" targetRef="two"><bpmn:conditionExpression>a &lt; b</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:task id="two" />
  </bpmn:process>
</bpmn:definitions>
"""
ONE = '<bpmn:userTask id="one" name="caf\u00e9 &#38; bar" />'


def _saved(*changes: tuple[str, str]) -> str:
    after = OPENED
    for old, new in changes:
        assert old in after
        after = after.replace(old, new)
    made = patched(FILE.encode("iso-8859-1"), OPENED.encode(), after.encode())
    return made.decode("iso-8859-1")


def test_nothing_changed_is_the_file() -> None:
    assert _saved() == FILE
    assert _saved(("\n    <bpmn:task", "\n\n<bpmn:task")) == FILE


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (("caf\u00e9 &#38; bar", "it's \u2026 &lt;new&gt;"), "caf\u00e9 &amp; bar", "it&apos;s &#8230; &lt;new&gt;"),
        (("a &lt; b", "a &gt; b"), "<![CDATA[a < b]]>", "a &gt; b"),
        (('<bpmn:task id="two" />', ""), '\r\n\t\t<b:task id="two"/>', ""),
        ((' name="caf\u00e9 &#38; bar"', ""), " name='caf\u00e9 &amp; bar'", ""),
        (('<bpmn:task id="two" />', '<bpmn:userTask id="two" />'), "<b:task id", "<b:userTask id"),
        (
            ('<bpmn:task id="two" />', '<bpmn:task id="two" name="Two"><bpmn:incoming>f</bpmn:incoming></bpmn:task>'),
            '<b:task id="two"/>',
            '<b:task id="two" name="Two">\r\n\t\t\t<b:incoming>f</b:incoming>\r\n\t\t</b:task>',
        ),
    ],
    ids=["name", "condition", "removed", "attribute", "type", "child"],
)  # fmt: skip
def test_nothing_but_the_change(change: tuple[str, str], old: str, new: str) -> None:
    assert FILE.count(old) == 1
    assert _saved(change) == FILE.replace(old, new)


def test_what_is_new_is_written_in_the_files_own_hand() -> None:
    made = '<bpmn:userTask id="n" parley:form="n.form"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P1D</bpmn:timeDuration></bpmn:userTask>'
    saved = _saved((ONE, ONE + made))
    assert (
        '\t\t</b:userTask>\r\n\t\t<b:userTask id="n" parley:form="n.form">\r\n\t\t\t'
        '<b:timeDuration xsi:type="b:tFormalExpression">P1D</b:timeDuration>\r\n\t\t</b:userTask>\r\n'
    ) in saved
    assert "<b:definitions xmlns:" in saved
    assert 'xmlns:parley="urn:parley:bpmn:1"' in saved


def test_a_step_that_goes_into_a_subprocess_takes_along_what_no_editor_knows() -> None:
    inside = '<bpmn:subProcess id="inner">' + ONE + "</bpmn:subProcess>"
    saved = _saved((ONE, ""), ('<bpmn:subProcess id="inner" />', inside))
    assert saved.index("<x:note>kept</x:note>") < saved.index("</b:subProcess>") < saved.index('id="f"')
    assert saved.count('x:owner="sam"') == 1
    assert saved.count("<!-- why -->") == 1


def test_what_is_no_diagram_is_refused() -> None:
    with pytest.raises(DiagramUnreadable):
        patched(FILE.encode("iso-8859-1"), OPENED.encode(), b"<html/>")
