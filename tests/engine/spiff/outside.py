"""What the library runs outside any diagram: specs of its older layer, its readers, its migrations."""

from __future__ import annotations

import contextlib
import pickle
import sys
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from SpiffWorkflow.specs.Execute import Execute
from SpiffWorkflow.specs.Transform import Transform

from tests.engine.spiff.payloads import payload
from tests.engine.spiff.sites import Site


class Written:
    """Writes a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __reduce__(self) -> Any:
        return Path.write_text, (self._file, "x")


def _pickled(file: Path) -> bytes:
    return b64encode(pickle.dumps(Written(file)))


def _transform(file: Path) -> None:
    _run_spec(lambda spec: Transform(spec, "at", transforms=[payload(file)]))


def _execute(file: Path) -> None:
    _run_spec(lambda spec: Execute(spec, "at", args=["touch", str(file)]))


def _run_spec(made: Callable[[Any], Any]) -> None:
    from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
    from SpiffWorkflow.workflow import Workflow

    spec = WorkflowSpec("p", addstart=True)
    task_spec = made(spec)
    spec.start.connect(task_spec)
    case = Workflow(spec)
    case.run_next()
    for task in case.get_tasks(spec_name="at"):
        if hasattr(task, "subprocess") and task.subprocess.returncode is None:
            task.subprocess.communicate()


def _migrate(typename: str, key: str) -> Callable[[Path], None]:
    def run(file: Path) -> None:
        from SpiffWorkflow.bpmn.serializer.migration.version_1_2 import convert_timer_expressions

        timer = {"name": "at", "event_definition": {"typename": typename, "label": "at", key: payload(file)}}
        with contextlib.suppress(Exception):  # a number is no time
            convert_timer_expressions({"spec": {"task_specs": {"at": timer}}, "tasks": {}})

    return run


def _import(file: Path) -> None:
    from SpiffWorkflow.serializer.dict import get_class

    (file.parent / "written_on_import.py").write_text(payload(file), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(file.parent))
        with pytest.raises(AttributeError):
            get_class("written_on_import.Anything")
        del sys.modules["written_on_import"]


def _unpickle(read: str) -> Callable[[Path], None]:
    def run(file: Path) -> None:
        from SpiffWorkflow.serializer.dict import DictionarySerializer

        reader, data = DictionarySerializer(), _pickled(file)
        if read == "dict":
            reader.deserialize_dict({"a": data})
        elif read == "list":
            reader.deserialize_list([data])
        else:
            with pytest.raises((KeyError, AttributeError)):
                reader.deserialize_join(None, {"name": "at", "split_task": None, "threshold": data})

    return run


_MIGRATION = "bpmn.serializer.migration.version_1_2"
_READER = "serializer.dict"
_SUBPROCESS = "subprocess.Popen(self.args)"
_JOIN = "pickle.loads(b64decode(byte_payload))"

NEVER: dict[Site, tuple[Callable[[Path], None], str]] = {
    Site(_MIGRATION, "convert_timer_expressions.convert_timedate", "eval(expr)"): (
        _migrate("TimerEventDefinition", "dateTime"), "not loaded"
    ),
    Site(_MIGRATION, "convert_timer_expressions.convert_cycle", "eval(expr)"): (
        _migrate("CycleTimerEventDefinition", "cycle_definition"), "not loaded"
    ),
    Site(_READER, "get_class", "__import__(module_name)"): (_import, "not loaded"),
    Site(_READER, "DictionarySerializer.deserialize_dict", "pickle.loads(b64decode(v))"): (
        _unpickle("dict"), "not loaded"
    ),
    Site(_READER, "DictionarySerializer.deserialize_list", "pickle.loads(b64decode(v))"): (
        _unpickle("list"), "not loaded"
    ),
    Site(_READER, "DictionarySerializer.deserialize_join", _JOIN): (_unpickle("join"), "not loaded"),
    Site("specs.Transform", "Transform._update_hook", "exec(transform)"): (_transform, "not drawn"),
    Site("specs.Execute", "Execute._start", _SUBPROCESS): (_execute, "not drawn"),
}  # fmt: skip
"""Outside the script engine: how it is reached by calling the library, and why no diagram and no state of
Parley's reaches it."""
