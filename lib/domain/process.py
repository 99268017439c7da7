"""The course of therapy in stable words: attendance, how an episode ends, the state of a part of the work."""

from __future__ import annotations

from enum import StrEnum


class Attendance(StrEnum):
    """How an offered session went."""

    ATTENDED = "attended"
    LATE_CANCEL = "late_cancel"
    NO_SHOW = "no_show"
    CANCELLED_BY_CLIENT = "cancelled_by_client"
    CANCELLED_BY_THERAPIST = "cancelled_by_therapist"


ATTENDANCE_WORDS: dict[Attendance, str] = {
    Attendance.ATTENDED: "attended",
    Attendance.LATE_CANCEL: "cancelled late",
    Attendance.NO_SHOW: "did not come",
    Attendance.CANCELLED_BY_CLIENT: "cancelled by the client",
    Attendance.CANCELLED_BY_THERAPIST: "cancelled by the therapist",
}


class EpisodeStatus(StrEnum):
    """Whether a course of therapy is going on."""

    OPEN = "open"
    CLOSED = "closed"


class EndingKind(StrEnum):
    """How a course of therapy ended."""

    COMPLETED = "completed"
    TRANSFERRED = "transferred"
    WITHDREW = "withdrew"
    ENDED_BY_THERAPIST = "ended_by_therapist"
    OTHER = "other"


class PartState(StrEnum):
    """How far one of the ten parts of the work has come. Not a staircase: a part may go back."""

    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    CONSOLIDATED = "consolidated"
