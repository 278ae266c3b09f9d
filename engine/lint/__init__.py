"""The release gate: what a diagram must be to be run as drawn, one rule a file, with a page in docs/rules.

report = lint_file(Path("policy/policy.bpmn"))      # or lint(data), or lint_bundle(key, files, known)
exit_status([report])                               # 0 releasable, 1 refused, 2 unreadable
json.dumps(report.as_dict())
"""

from __future__ import annotations

from engine.lint.files import Around, lint_file, lint_folder
from engine.lint.gate import check_release, known_of, lint, lint_bundle
from engine.lint.types import Finding, Known, Limits, ProcessSummary, Report, Severity, exit_status

__all__ = [
    "Around",
    "Finding",
    "Known",
    "Limits",
    "ProcessSummary",
    "Report",
    "Severity",
    "check_release",
    "exit_status",
    "known_of",
    "lint",
    "lint_bundle",
    "lint_file",
    "lint_folder",
]
