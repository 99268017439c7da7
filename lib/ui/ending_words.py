"""Ending words: kinds of ending, who decided, and what became of a check-in, as screens say them."""

from __future__ import annotations

from collections.abc import Mapping

from lib.domain.check_ins import CheckInState
from lib.domain.endings import DecidedBy
from lib.domain.process import EndingKind

KIND_WORDS: Mapping[EndingKind, str] = {
    EndingKind.COMPLETED: "Planned and completed",
    EndingKind.TRANSFERRED: "Transferred",
    EndingKind.WITHDREW: "Client withdrew",
    EndingKind.ENDED_BY_THERAPIST: "Ended by the therapist",
    EndingKind.OTHER: "Other",
}
DECIDED_WORDS: Mapping[str, str] = {
    DecidedBy.TOGETHER: "both together",
    DecidedBy.CLIENT: "the client",
    DecidedBy.THERAPIST: "the therapist",
    DecidedBy.CIRCUMSTANCES: "circumstances",
    DecidedBy.NOT_KNOWN: "not known",
}
STATE_WORDS: Mapping[CheckInState, str] = {
    CheckInState.DUE: "Due",
    CheckInState.HELD: "Held",
    CheckInState.NOT_REACHED: "Not reached",
    CheckInState.NOT_WANTED: "Not wanted",
}
