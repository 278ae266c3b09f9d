"""What can be wrong with a form definition, said in sentences a policy's author can act on."""

from __future__ import annotations

from collections.abc import Sequence


class FormError(Exception):
    """A form definition that the server cannot render and check.

    `findings` holds one sentence for each fault, each naming the component it is about. Nothing is taken from
    a form with a fault: a form is either honoured whole or refused whole.
    """

    def __init__(self, *findings: str) -> None:
        self.findings: Sequence[str] = findings
        super().__init__(" ".join(findings))
