"""Which decision of the bundle's tables each business rule task makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.dmn import DmnError, Model, link, parse
from engine.dmn.graph import find
from engine.errors import DefinitionRefused
from engine.spiff.specs import DecisionTask
from engine.types import Bundle, Element


def connect_decisions(spec: Any, elements: Mapping[str, Element], bundle: Bundle) -> None:
    """Give each business rule task of a spec its model and the id of its decision.

    Raises:
        DefinitionRefused: where there is no such decision.
    """
    for task_spec in spec.task_specs.values():
        if isinstance(task_spec, DecisionTask):
            reference = elements[task_spec.name].decision or ""
            path, _, name = reference.partition("#")
            try:
                task_spec.model = read_model(bundle.files, path)
                task_spec.decision = find(task_spec.model, name).id
            except (DmnError, KeyError) as error:
                raise DefinitionRefused(
                    (), f"The decision {reference!r} of {task_spec.name!r} is not there: {error}."
                ) from error


def read_model(files: Mapping[str, bytes], path: str) -> Model:
    """A bundle's decision model, with the models of the bundle that it imports.

    Raises:
        KeyError: no such file. DmnError: a file that cannot be read.
    """
    model = parse(files[path])
    if not model.imports:
        return model
    others = [
        parse(data) for other, data in sorted(files.items()) if other.endswith(".dmn") and other != path
    ]
    return link(model, others)
