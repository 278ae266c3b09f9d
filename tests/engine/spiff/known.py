"""How each place where SpiffWorkflow evaluates or executes text is reached, or why it is not."""

from __future__ import annotations

from tests.engine.spiff.sites import Site

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
