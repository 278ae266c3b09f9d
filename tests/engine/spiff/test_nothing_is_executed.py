"""Every place where the installed SpiffWorkflow evaluates or executes text is tried with text that writes a
file: with the library's own engine in place the file appears, with Parley's it does not.

The places are found in the library's syntax trees. A release that has one more, or one less, fails here
until somebody has said how it is reached, or why it cannot be.
"""

from __future__ import annotations

import contextlib
import json
import pickle
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import TaskDataEnvironment
from SpiffWorkflow.specs.Execute import Execute
from SpiffWorkflow.specs.Transform import Transform

from engine.errors import ElementFailed, EngineError, StateUnreadable
from engine.lint import Severity, lint_bundle
from engine.spiff import workflow
from engine.spiff.compile import _Parser, compile_bundle
from engine.spiff.environment import CaseScriptEngine, FeelEnvironment
from engine.spiff.run import Running, Surroundings
from engine.testing import START
from engine.types import Bundle
from tests.engine.drawing import Drawing
from tests.engine.running import compiled
from tests.engine.spiff.attempts import ATTEMPTS, by_the_library, play
from tests.engine.spiff.sites import Site, scan, watched

FILE = "written"
SITES = scan()

ENGINE = "task.workflow.script_engine"
OURS = "my_task.workflow.script_engine"
EVENTS = "bpmn.specs.event_definitions"
LOOPS = "bpmn.specs.mixins.multiinstance_task"
TABLES = "dmn.engine.DMNEngine"
PROCESS = "bpmn.specs.bpmn_process_spec"
OWN_ENGINE = "bpmn.script_engine.python_engine"
OWN_ENVIRONMENT = "bpmn.script_engine.python_environment"

REACHED: dict[Site, str] = {
    Site("bpmn.specs.bpmn_task_spec", "_BpmnCondition._matches", f"{ENGINE}.evaluate(task, self.args[0])"): (
        "condition"
    ),
    Site("bpmn.specs.mixins.script_task", "ScriptTask._execute", f"{ENGINE}.execute(task, self.script)"): (
        "script"
    ),
    Site(
        PROCESS,
        "AdHocSubprocessSpec.path_complete",
        "workflow.script_engine.environment.evaluate(self.completion_condition, workflow.data)",
    ): "ad-hoc completion",
    Site(
        PROCESS,
        "AdHocSubprocessSpec.check_condition",
        "workflow.script_engine.environment.evaluate(cond, workflow.data)",
    ): "loop in an ad-hoc subprocess",
    Site(
        f"{EVENTS}.conditional",
        "ConditionalEventDefinition.has_fired",
        f"{OURS}.evaluate(my_task, self.expression)",
    ): "conditional event",
    Site(
        f"{EVENTS}.message",
        "MessageEventDefinition.calculate_correlations",
        "script_engine.environment.evaluate(prop.retrieval_expression, ctx)",
    ): "correlation property",
    Site(
        f"{EVENTS}.timer", "TimeDateEventDefinition.has_fired", f"{OURS}.evaluate(my_task, self.expression)"
    ): "date",
    Site(
        f"{EVENTS}.timer",
        "DurationTimerEventDefinition.has_fired",
        f"{OURS}.evaluate(my_task, self.expression)",
    ): "duration",
    Site(
        f"{EVENTS}.timer",
        "CycleTimerEventDefinition.cycle_complete",
        f"{OURS}.evaluate(my_task, self.expression)",
    ): "cycle",
    Site(LOOPS, "StandardLoopTask.loop_complete", f"{OURS}.evaluate(my_task, self.condition)"): (
        "standard loop"
    ),
    Site(
        LOOPS,
        "MultiInstanceTask.check_completion_condition",
        f"{OURS}.evaluate(last_child, self.condition)",
    ): "completion condition of a sequence",
    Site(
        LOOPS,
        "SequentialMultiInstanceTask._update_hook",
        f"{OURS}.evaluate(my_task, self.cardinality)",
    ): "cardinality of a sequence",
    Site(
        LOOPS,
        "ParallelMultiInstanceTask.create_children",
        f"{OURS}.evaluate(my_task, self.cardinality)",
    ): "cardinality",
    Site(
        "camunda.specs.event_definitions",
        "MessageEventDefinition.throw",
        f"{OURS}.evaluate(my_task, self.expression)",
    ): "camunda message",
    Site(
        "camunda.specs.multiinstance_task",
        "update_task_spec",
        f"{OURS}.evaluate(my_task, task_spec.cardinality)",
    ): "camunda cardinality",
    Site(
        "spiff.specs.event_definitions",
        "MessageEventDefinition.throw",
        f"{OURS}.evaluate(my_task, self.expression)",
    ): "spiff message",
    Site(
        "spiff.specs.event_definitions",
        "SpiffItemAwareEventDefinition.throw",
        f"{OURS}.evaluate(my_task, self.expression)",
    ): "spiff signal",
    Site(
        "spiff.specs.mixins.service_task", "ServiceTask.evaluate_params", f"{ENGINE}.evaluate()"
    ): "spiff parameter",
    Site(
        "spiff.specs.mixins.service_task", "ServiceTask._execute", f"{ENGINE}.call_service(task)"
    ): "spiff operation",
    Site(
        "spiff.specs.spiff_task", "SpiffBpmnTask.execute_script", f"{OURS}.execute(my_task, script)"
    ): "pre-script",
    Site(TABLES, "DMNEngine.__check_rule", "self.evaluate(input_val, lhs, task)"): "table's cell",
    Site(TABLES, "DMNEngine.needs_eq", "script_engine.validate(text)"): "table's cell",
    Site(TABLES, "DMNEngine.evaluate", "script_engine.validate(input_expr)"): "table's input",
    Site(
        TABLES, "DMNEngine.evaluate", "script_engine.evaluate(task, input_expr)"
    ): "table's input, asked for",
    Site(TABLES, "DMNEngine.evaluate", "script_engine.evaluate(task, match_expr)"): "table's cell, asked for",
    Site("dmn.specs.model", "Rule.output_as_dict", "script_engine.evaluate(task, outputEntry.text)"): (
        "table's output"
    ),
    Site("dmn.parser.DMNParser", "DMNParser._parse_input_output_element", "ast.parse(entry.text)"): (
        "table's output"
    ),
}
"""Reached with Parley's environment in place: by which attempt."""

CUT_OFF: dict[Site, tuple[str, str]] = {
    Site(OWN_ENGINE, "PythonScriptEngine.evaluate", "self.environment.evaluate(expression, task.data, "
         "external_context)"): ("condition", "the engine's `evaluate` is Parley's"),
    Site(OWN_ENGINE, "PythonScriptEngine.execute", "self.environment.execute(script, task.data, "
         "external_context or {})"): ("script", "the engine's `execute` is Parley's"),
    Site(OWN_ENGINE, "PythonScriptEngine.call_service", "self.environment.call_service(task.data)"): (
        "spiff operation", "the engine's `call_service` is Parley's"
    ),
    Site(OWN_ENGINE, "PythonScriptEngine.validate", "ast.parse(expression)"): (
        "table's input", "the engine's `validate` is Parley's"
    ),
    Site(OWN_ENVIRONMENT, "TaskDataEnvironment.evaluate", "eval(expression, my_globals)"): (
        "condition", "the environment is Parley's"
    ),
    Site(OWN_ENVIRONMENT, "TaskDataEnvironment.execute", "exec(script, context)"): (
        "script", "the environment is Parley's"
    ),
    Site(TABLES, "DMNEngine.needs_eq", "script_engine.validate(f'v {text}')"): (
        "table's cell, compared", "only a SyntaxError leads there, and Parley's `validate` raises none"
    ),
    Site(TABLES, "DMNEngine.evaluate", "script_engine.evaluate(task, expr)"): (
        "table's cell", "`validate` refuses before"
    ),
}  # fmt: skip
"""Never reached with Parley's environment in place: by which attempt otherwise, and why not."""

HARMLESS = {
    Site(OWN_ENGINE, "PythonScriptEngine.call_service", "self.environment.call_service(task.data)"),
    Site("spiff.specs.mixins.service_task", "ServiceTask._execute", f"{ENGINE}.call_service(task)"),
}
"""Where the library too has nothing to run the text with: it asks an environment that names no services."""


def payload(file: Path) -> str:
    """Python that writes a file, and is no FEEL."""
    return f"__import__('pathlib').Path(r'{file}').write_text('x')"


def disguised(file: Path) -> str:
    """Python that writes a file, and is FEEL too: the invocation of a function that nobody defined."""
    return f'open("{file}", "w")'


DISGUISES: dict[str, Callable[[Path], str]] = {
    "plain": payload,
    "as FEEL": disguised,
    "behind an equals sign": lambda file: f"={disguised(file)}",
    "JUEL": lambda file: f"${{{payload(file)}}}",
    "in a choice": lambda file: f'if {disguised(file)} = null then 1 else {disguised(file)}',
    "in a filter": lambda file: f"[1, 2][{disguised(file)} != 1]",
    "as a function": lambda file: f'(function(f) f("{file}", "w"))(open)',
    "by attributes": lambda file: f'"x".__class__.__base__.__subclasses__()[{disguised(file)}]',
    "from Java": lambda file: f'(function(a) external {{java: {{class: "{file}", '
    'method signature: "write(java.lang.String)"}})("x")',
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / FILE


@pytest.fixture
def as_released(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's own engine in the place of Parley's."""
    monkeypatch.setattr(workflow, "CaseScriptEngine", lambda case: PythonScriptEngine())


# --- The list is whole -------------------------------------------------------------------------------------


def test_every_place_is_accounted_for() -> None:
    known = [*REACHED, *CUT_OFF, *NEVER]
    assert len(known) == len(set(known))
    assert sorted(map(str, SITES)) == sorted(map(str, known))


def test_the_scan_sees_whatever_evaluates(tmp_path: Path) -> None:
    """In any disguise that the syntax shows; a module of another release is scanned in the same way."""
    calls = [
        "eval(x)",
        "exec(x, {})",
        "compile(x, '', 'eval')",
        "__import__(x)",
        "builtins.eval(x)",
        "ast.literal_eval(x)",
        "importlib.import_module(x)",
        "pickle.loads(x)",
        "subprocess.run(x)",
        "os.system(x)",
        "task.workflow.script_engine.evaluate(task, x)",
        "engine.execute(x)",
        "get_engine().environment.call_service(x)",
        "script_engine.validate(x)",
    ]
    body = "\n".join(f"        lambda: {call}" for call in calls)
    innocent = "re.compile(x)\netree.parse(x)\nvalidator.validate(x)\njson.loads(x)\n"
    (tmp_path / "new.py").write_text(f"class A:\n    def f(self):\n{body}\n{innocent}", encoding="utf-8")
    assert {site.call for site in scan(tmp_path)} == set(calls)
    assert {(site.module, site.function) for site in scan(tmp_path)} == {("new", "A.f")}


# --- The attempts are real ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("as_released")
@pytest.mark.parametrize("site", [*REACHED, *CUT_OFF], ids=str)
def test_the_library_as_released_runs_it(site: Site, file: Path) -> None:
    """Otherwise the tests below would prove nothing: the attempt leads to the place, and the file appears."""
    attempt = ATTEMPTS[REACHED[site] if site in REACHED else CUT_OFF[site][0]]
    # The library raises what it likes at a value that is no time, no number of instances, and so on.
    with watched(SITES) as reached, contextlib.suppress(Exception):
        play(by_the_library(attempt.files(payload(file)), attempt.parser))
    assert site in reached
    assert file.exists() is (site not in HARMLESS)


# --- With Parley's environment, the library's own specs run nothing ----------------------------------------


@pytest.mark.parametrize("site", [*REACHED, *CUT_OFF], ids=str)
def test_the_environment_alone_stops_it(site: Site, file: Path) -> None:
    """The library's own parser and specs, also those that Parley never uses: only the environment is ours."""
    attempt = ATTEMPTS[REACHED[site] if site in REACHED else CUT_OFF[site][0]]
    with watched(SITES) as reached:
        causes = play(by_the_library(attempt.files(payload(file)), attempt.parser))
    assert not file.exists()
    assert (site in reached) is (site in REACHED)
    assert causes
    assert all(cause[0].isupper() and cause.endswith((".", ")")) for cause in causes), causes
    assert_nothing_ran(reached)


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("name", [name for name, attempt in ATTEMPTS.items() if attempt.parser])
def test_no_disguise_gets_past_the_environment(name: str, disguise: str, file: Path) -> None:
    attempt = ATTEMPTS[name]
    files = attempt.files(DISGUISES[disguise](file))
    # The library's parser of tables refuses a text that is no Python, and its timers a value that is no time.
    # Parley uses neither.
    with watched(SITES) as reached, contextlib.suppress(Exception):
        play(by_the_library(files, attempt.parser))
    assert not file.exists()
    assert_nothing_ran(reached)


def assert_nothing_ran(reached: set[Site]) -> None:
    assert not {
        site for site in reached if site.call.startswith(("eval(", "exec(", "subprocess.", "pickle."))
    }


# --- Parley's own parser and engine: refused at release, and stopped even where the gate was passed by ------

EXTENSIONS_LEFT_OUT = {"pre-script", "post-script", "spiff signal"}
"""What stands in extensions of other tools is not part of what is run: the case goes on without it."""


@pytest.mark.parametrize("name", ATTEMPTS)
def test_the_release_gate_refuses_it(name: str, file: Path) -> None:
    findings = [
        finding
        for report in lint_bundle("p", ATTEMPTS[name].files(payload(file)))
        for finding in report.findings
    ]
    if name in {"spiff signal"}:
        # A name and nothing else is sent; the foreign payload is kept in the file and not followed.
        assert "foreign-settings" in {finding.rule for finding in findings}
    else:
        assert Severity.ERROR in {finding.severity for finding in findings}
    assert all(finding.sentence.endswith((".", ")", "?")) for finding in findings)
    assert not file.exists()


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("name", ATTEMPTS)
def test_a_case_that_passed_by_the_gate_runs_nothing(name: str, disguise: str, file: Path) -> None:
    """Compiled and run without the gate: every outcome is an incident, or a refusal in a sentence."""
    files = ATTEMPTS[name].files(DISGUISES[disguise](file))
    causes: list[str] = []
    with watched(SITES) as reached:
        try:
            causes = play(compile_bundle(Bundle("drawn", files), "p"))
        except EngineError as error:
            causes = [str(error)]
    assert not file.exists()
    assert_nothing_ran(reached)
    assert all("fault in the software" not in cause for cause in causes), causes
    if disguise == "plain":
        assert bool(causes) is (name not in EXTENSIONS_LEFT_OUT)


# --- What lies outside any diagram -------------------------------------------------------------------------


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


@pytest.mark.parametrize("site", NEVER, ids=str)
def test_what_the_library_runs_outside_any_diagram(site: Site, file: Path) -> None:
    with watched(SITES) as reached:
        NEVER[site][0](file)
    assert site in reached
    assert file.exists()


def test_those_modules_are_not_even_loaded_by_a_program_that_runs_cases(root: Path) -> None:
    """Every module of the engine, in a process of its own that also parses, runs, stores and restores."""
    program = (
        "import importlib, pkgutil, sys\n"
        "import engine\n"
        "for found in pkgutil.walk_packages(engine.__path__, 'engine.'):\n"
        "    if not found.name.endswith('__main__'): importlib.import_module(found.name)\n"
        "from engine.spiff import run\n"
        "from engine.spiff.compile import compile_bundle\n"
        "from engine.testing import START\n"
        "from engine.types import Bundle\n"
        "files = {'p.bpmn': sys.stdin.buffer.read()}\n"
        "version = compile_bundle(Bundle('drawn', files), 'p')\n"
        "around = run.Surroundings(START, None, lambda key: ())\n"
        "task = run.start(version, around, {})\n"
        "done = run.Running(version, task.state, around).complete(task.opened[0].id, {'n': 1})\n"
        "assert done.completed\n"
        "print('\\n'.join(name for name in sys.modules if name.startswith('SpiffWorkflow.')))\n"
    )
    drawing = Drawing().start().user("one").exclusive("which").end().path("start one which")
    drawing.when("which", "end", "one.n = 1")
    ran = subprocess.run(
        [sys.executable, "-c", program], input=drawing.bpmn(), cwd=root, capture_output=True, check=True
    )
    loaded = set(ran.stdout.decode().split())
    assert "SpiffWorkflow.bpmn.script_engine.python_engine" in loaded
    unwanted = {f"SpiffWorkflow.{site.module}" for site, (_, why) in NEVER.items() if why == "not loaded"}
    packages = (
        "SpiffWorkflow.dmn",
        "SpiffWorkflow.camunda",
        "SpiffWorkflow.spiff",
        "SpiffWorkflow.bpmn.serializer",
    )
    assert not loaded & unwanted
    assert not {name for name in loaded if name.startswith(packages)}


def test_no_element_of_a_diagram_becomes_a_spec_that_runs_code() -> None:
    made = {**BpmnParser.PARSER_CLASSES, **_Parser.OVERRIDE_PARSER_CLASSES}
    assert len(made) >= 20
    for tag, (_, spec_class) in made.items():
        # None says that the element is refused.
        assert spec_class is None or not issubclass(spec_class, Transform | Execute), tag


def test_the_engine_and_its_environment_are_parleys_through_and_through() -> None:
    for name in ("evaluate", "execute", "call_service", "validate"):
        assert getattr(CaseScriptEngine, name) is not getattr(PythonScriptEngine, name)
        assert name in vars(CaseScriptEngine)
    for name in ("evaluate", "execute", "call_service"):
        assert name in vars(FeelEnvironment)
    assert not issubclass(FeelEnvironment, TaskDataEnvironment)
    assert not issubclass(ElementFailed, SyntaxError)


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.3", "1.4"])
def test_a_state_of_an_older_serializer_is_not_migrated_but_refused(version: str, file: Path) -> None:
    timer = {"typename": "TimerEventDefinition", "label": "at", "dateTime": payload(file)}
    spec = {"task_specs": {"at": {"name": "at", "event_definition": timer}}}
    state = json.dumps({"serializer_version": version, "spec": spec, "tasks": {}}).encode()
    line = compiled(Drawing().start().user("one").end().path("start one end"))
    around = Surroundings(START, lambda *_: pytest.fail("no operation is drawn"), lambda _: ())
    with pytest.raises(StateUnreadable, match="cannot be read"):
        Running(line, state, around)
    assert not file.exists()
