"""A table of the bundle can be read, and its expressions are FEEL over what it is given."""

from __future__ import annotations

from collections.abc import Iterator

from engine.dmn import DmnError
from engine.dmn import check as check_model
from engine.lint.subject import Fault, Rule, Subject
from engine.spiff.decisions import read_model


def check(subject: Subject) -> Iterator[Fault]:
    """What is wrong with each table without any data."""
    for path in sorted(subject.files):
        if not path.endswith(".dmn"):
            continue
        try:
            problems = check_model(read_model(subject.files, path))
        except DmnError as error:
            yield Fault(path, f"{path} cannot be used: {str(error).rstrip('.')}. Mend the file.")
            continue
        for problem in problems:
            yield Fault(
                path,
                f"“{problem.element}” in {path} could not be decided: {problem.sentence.rstrip('.')}.",
                element_id=problem.element,
            )


RULE = Rule("decision-sound", check)
