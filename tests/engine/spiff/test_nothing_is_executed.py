"""Every place where the installed SpiffWorkflow evaluates or executes text is tried with text that writes a
file: with the library's own engine in place the file appears, with Parley's it does not.

The places are found in the library's syntax trees. A release that has one more, or one less, fails here
until somebody has said how it is reached, or why it cannot be.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path

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
from tests.engine.spiff.known import CUT_OFF, HARMLESS, REACHED
from tests.engine.spiff.outside import NEVER
from tests.engine.spiff.payloads import DISGUISES, payload
from tests.engine.spiff.sites import Site, scan, watched

FILE = "written"
SITES = scan()


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
