"""How treatments and reviews change a risk's status: as data, like those of decisions."""

from __future__ import annotations

from workflows.risks.transitions import Transition
from workflows.risks.types import RiskStatus

_S = RiskStatus
CLOSE_TREATMENT = "treatment.close"
STOP_TREATMENT = "treatment.stop"
REOPEN_ACCEPTANCE = "acceptance.reopen"

CLOSED = Transition(CLOSE_TREATMENT, "", frozenset({_S.IN_TREATMENT}), _S.CLOSED)
"""Every milestone verified, and what is left lies within appetite."""
STOPPED = Transition(STOP_TREATMENT, "", frozenset({_S.IN_TREATMENT}), _S.UNDECIDED)
NOT_CONFIRMED = Transition(REOPEN_ACCEPTANCE, "", frozenset({_S.ACCEPTED}), _S.UNDECIDED)
"""Silence leads here too: an acceptance never goes on because nobody answered."""
