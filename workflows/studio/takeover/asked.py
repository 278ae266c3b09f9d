"""The form of each start and step: made of what the file asks there, or found among the draft's forms."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from engine.diagrams.xml import BPMN, local
from engine.lint.rules.id_readable import NAME
from forms import FormError, parse
from workflows.studio.takeover.diagrams import Diagram, Setting, text_in
from workflows.studio.takeover.dialects import JUEL_FAMILY, SPIFF, ZEEBE
from workflows.studio.takeover.fields import camunda_field, form_property, schema_questions
from workflows.studio.takeover.flowable_forms import flowable_questions, is_flowable_form
from workflows.studio.takeover.questions import MadeForm, Question, form_from_form_js, form_of, key_of
from workflows.studio.takeover.survey import Survey, own
from workflows.studio.takeover.types import Edit

ASKED_AT = ("startEvent", "userTask", "manualTask", "task")
_FORM_KEYS = ("formKey", "formRef", "formDefinition")
_UNSUPPORTED = "Put another question in its place in the form's editor."
_NO_SUCH_FORM = (
    "Its form is not among the files: it is kept elsewhere, or written as a page of the tool's own."
)
_BRING_FORM = "Put the form's file in as well, or make a form in the studio and choose it for this step."
_TEMPLATE = re.compile(r"\{\{|\{%|<[A-Za-z/!]")


def read_forms(survey: Survey, diagram: Diagram) -> None:
    """Forms of a diagram's starts and steps."""
    for node in diagram.every(*ASKED_AT):
        parent = node.getparent()
        if local(node) == "startEvent" and parent is not None and local(parent) != "process":
            continue
        settings = _settings(diagram, node)
        if own(node, "form"):
            survey.claim(*settings)
            _known(survey, diagram, node, survey.files.get(own(node, "form")))
            continue
        if not (settings and _from_fields(survey, diagram, node, settings)):
            _from_file(survey, diagram, node, settings)


def _settings(diagram: Diagram, node: etree._Element) -> list[Setting]:
    found = diagram.of(node, (*JUEL_FAMILY, ZEEBE), "formField", "formProperty", *_FORM_KEYS)
    properties = diagram.of(node, (SPIFF,), "property")
    found += [each for each in properties if each.ident.startswith("form")]
    return found + diagram.of(node, (SPIFF,), "instructionsForEndUser")


def _from_fields(survey: Survey, diagram: Diagram, node: etree._Element, settings: list[Setting]) -> bool:
    """A form of fields that stand in the diagram itself."""
    questions: list[Question] = []
    found = False
    for each in settings:
        if each.node is None or each.name not in ("formField", "formProperty"):
            continue
        found = True
        read = camunda_field if each.name == "formField" else form_property
        question, why = read(each.node)
        if question is None:
            survey.leave(diagram, each, why, _UNSUPPORTED)
        else:
            survey.claim(each)
            questions.append(question)
    if questions:
        words = f"The file asks {len(questions)} {'question' if len(questions) == 1 else 'questions'} there."
        _offer(survey, diagram, node, None, words, lambda stem, title: form_of(stem, title, questions))
    return found


def _from_file(survey: Survey, diagram: Diagram, node: etree._Element, settings: list[Setting]) -> None:
    """A form that stands elsewhere: in the diagram's process, in a file of the draft, or as a JSON schema."""
    by_name = {each.ident or each.name: each for each in settings}
    schema = by_name.get("formJsonSchemaFilename")
    words = by_name.get("instructionsForEndUser")
    if schema is not None or words is not None:
        _spiff(survey, diagram, node, schema, by_name.get("formUiSchemaFilename"), words)
    for each in settings:
        if each.name not in _FORM_KEYS:
            continue
        path, document = _named_form(survey, diagram, each)
        if document is None:
            survey.leave(diagram, each, _NO_SUCH_FORM, _BRING_FORM)
            continue
        survey.claim(each)
        made = _flowable(document) if is_flowable_form(document) else form_from_form_js(document)
        _offer(survey, diagram, node, path, "The file names a form for it.", lambda _, __, made=made: made)
        return


def _flowable(document: Mapping[str, Any]) -> MadeForm:
    read = list(flowable_questions(document))
    title = str(document.get("name") or document.get("key") or "")
    made = form_of(
        key_of(str(document.get("key", ""))), title, [each for _, each in read if each is not None]
    )
    why = "Questions of this type are not supported."
    return replace(made, refused=[*made.refused, *((said, why) for said, each in read if each is None)])


def _spiff(
    survey: Survey,
    diagram: Diagram,
    node: etree._Element,
    schema: Setting | None,
    drawn: Setting | None,
    words: Setting | None,
) -> None:
    text = text_in(words.node).strip() if words is not None and words.node is not None else ""
    if words is not None and (_TEMPLATE.search(text) or schema is None):
        survey.leave(
            diagram,
            words,
            "These words stand above a form, and put in values by a template of the tool's."
            if _TEMPLATE.search(text)
            else "These words stand at a step without a form.",
            "Write them as a text in the step's form; values are put in as {{ask.cost}}.",
        )
        words, text = None, ""
    if schema is None:
        return
    described = _json(survey, _value(schema))
    if described is None:
        survey.leave(diagram, schema, _NO_SUCH_FORM, _BRING_FORM)
        return
    shown = _json(survey, _value(drawn)) if drawn is not None else {}
    survey.claim(*(each for each in (schema, drawn, words) if each is not None))
    questions: list[Question] = []
    for name, sort, question, why in schema_questions(described, shown or {}):
        if question is None:
            survey.leave_at(diagram, node, f"{name} {sort}".strip(), _value(schema), why, _UNSUPPORTED)
        else:
            questions.append(question)
    title = str(described.get("title") or "")
    _offer(
        survey,
        diagram,
        node,
        None,
        f"The file names {_value(schema)} for it.",
        lambda stem, named: form_of(stem, title or named, questions, text),
    )


def _offer(
    survey: Survey, diagram: Diagram, node: etree._Element, path: str | None, found: str, make: Any
) -> None:
    """Offer a form. `path` names the file where there is one in the draft already."""
    identifier = _readable_id(survey, diagram, node)
    stem = re.sub(r"[^A-Za-z0-9_-]", "_", identifier).lstrip("_-") or "form"
    made: MadeForm = make(key_of(stem), node.get("name") or stem.replace("_", " ").capitalize())
    for said, why in made.refused:
        survey.leave_at(diagram, node, said, path or "", why, _UNSUPPORTED)
    if made.content is None:
        return
    _remember(survey, diagram, node, identifier, made.keys)
    files: dict[str, bytes] = {}
    if path is None:
        path = _free(survey, stem, made.content)
        files = {path: made.content}
    elif made.refused or not _reads(survey.files[path]):
        files = {path: made.content}
    survey.offer(
        "forms",
        diagram,
        [node],
        found=found,
        becomes=path,
        sentence=f"It becomes the form {path}: {', '.join(made.keys.values()) or 'words only'}.",
        edits=[Edit(diagram.path, diagram.at(node), "own", "form", path)],
        files=files,
    )


def _known(survey: Survey, diagram: Diagram, node: etree._Element, content: bytes | None) -> None:
    """What a form that the step has already asks."""
    try:
        form = parse(content or b"")
    except FormError:
        return
    identifier = _readable_id(survey, diagram, node)
    _remember(survey, diagram, node, identifier, {each.key: each.key for each in form.fields})


def _remember(
    survey: Survey, diagram: Diagram, node: etree._Element, identifier: str, keys: Mapping[str, str]
) -> None:
    if node.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics") is not None:
        return
    process = diagram.process_of(node)
    survey.fields[(diagram.path, node.get("id", ""))] = frozenset(keys.values())
    for name, key in keys.items():
        for known in {name, key_of(name)}:
            place = (diagram.path, process, known)
            survey.variables.setdefault(place, []).append((f"{identifier}.{key}", node.get("id", "")))


def _readable_id(survey: Survey, diagram: Diagram, node: etree._Element) -> str:
    """An element's id, or where no expression could write it the one that is offered instead."""
    key = node.get("id", "")
    if not key or NAME.fullmatch(key):
        return key
    wished = re.sub(r"\W+", "_", (node.get("name") or key).lower(), flags=re.ASCII).strip("_")[:40]
    wished = wished if wished and wished[0].isalpha() else f"step_{wished}".rstrip("_")
    new, count = wished, 1
    while new in survey.ids:
        count += 1
        new = f"{wished}_{count}"
    survey.ids.add(new)
    survey.offer(
        "ids",
        diagram,
        [node],
        found=f"Its id in the file is {key}, by which no expression can ask for its answers.",
        becomes=new,
        sentence=f"It is given the id {new}, wherever the file names it.",
        edits=[Edit(diagram.path, diagram.at(node), "id", key, new)],
    )
    return new


def _named_form(
    survey: Survey, diagram: Diagram, setting: Setting
) -> tuple[str | None, Mapping[str, Any] | None]:
    """The form that a setting names, as its JSON, with its file in the draft."""
    node = setting.node
    names = [setting.value] if node is None else [node.get(each, "") for each in ("formId", "formKey")]
    for name in (each.strip() for each in names if each.strip()):
        if name.startswith("camunda-forms:bpmn:"):
            for each in diagram.nodes:
                if each.tag == f"{{{ZEEBE}}}userTaskForm" and each.get("id") == name.rpartition(":")[2]:
                    return None, _object(each.text or "")
        plain = name.rpartition(":")[2].rpartition("/")[2]
        for path, data in sorted(survey.files.items()):
            if path.endswith(".form"):
                document = _object(data)
                if document is not None and plain in (
                    path,
                    path[:-5],
                    document.get("id"),
                    document.get("key"),
                ):
                    return path, document
    return None, None


def _json(survey: Survey, name: str) -> dict[str, Any] | None:
    data = survey.files.get(name.rpartition("/")[2])
    return None if data is None else _object(data)


def _object(data: bytes | str) -> dict[str, Any] | None:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _value(setting: Setting) -> str:
    return setting.value if setting.node is None else setting.node.get("value", "").strip()


def _reads(data: bytes) -> bool:
    try:
        parse(data)
    except FormError:
        return False
    return True


def _free(survey: Survey, stem: str, content: bytes) -> str:
    """A name for a new form that no other content has."""
    name, count = f"{stem}.form", 1
    while survey.new_files.get(name, survey.files.get(name, content)) != content:
        count += 1
        name = f"{stem}-{count}.form"
    return name
