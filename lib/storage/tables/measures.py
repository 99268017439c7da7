"""Questionnaires filled in, clinician ratings, goals and flags."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lib.storage.tables.base import Base


class Administration(Base):
    """One filled-in form. A correction adds a row; the old one points to it by `superseded_by_id` and stays.

    `answers`: item id -> value or null; null as a whole when only totals came. `scales`: scale key -> value or null.
    `unscorable`: scale key -> why. `alerts`: risk alerts raised by the scoring core."""

    __tablename__ = "administration"
    __table_args__ = (
        Index(None, "client_id", "instrument", "taken_on"),
        Index(
            "uq_administration_current",
            "client_id",
            "instrument",
            "target",
            "respondent",
            "taken_on",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("therapy_session.id"))
    instrument: Mapped[str] = mapped_column(String(60))
    instrument_version: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(30), default="general")
    respondent: Mapped[str] = mapped_column(String(20), default="client")
    taken_on: Mapped[date]
    answers: Mapped[dict[str, Any] | None]
    scales: Mapped[dict[str, Any]]
    prorated: Mapped[list[Any]] = mapped_column(default=list)
    unscorable: Mapped[dict[str, Any]] = mapped_column(default=dict)
    alerts: Mapped[list[Any]] = mapped_column(default=list)
    import_batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime]
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("administration.id"))
    superseded_at: Mapped[datetime | None]


class Rating(Base):
    """One rating by an anchored scale: a growth marker, a trust facet, or a sign.

    `subject`: marker, trust or sign. `level` 0-4, or null for NE (not enough evidence), which is never zero.
    For reciprocity `giving` and `receiving` are kept and `level` is the lower. `source`: clinician or client. The first
    episode was `episode_with` somebody; the second one, which the highest level needs, `second_with` somebody else."""

    __tablename__ = "rating"
    __table_args__ = (
        Index(None, "client_id", "subject", "rated_on"),
        CheckConstraint("level IS NULL OR level BETWEEN 0 AND 4", name="level_in_range"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("therapy_session.id"))
    subject: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(30))
    context: Mapped[str] = mapped_column(String(20), default="")
    source: Mapped[str] = mapped_column(String(12), default="clinician")
    level: Mapped[int | None]
    giving: Mapped[int | None]
    receiving: Mapped[int | None]
    confidence: Mapped[str] = mapped_column(String(8), default="medium")
    rated_on: Mapped[date]
    episode_on: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(default="")
    episode_with: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    second_on: Mapped[date | None]
    second_with: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    second_evidence: Mapped[str] = mapped_column(default="", server_default=text("''"))
    rated_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    rated_at: Mapped[datetime]
    import_batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    superseded_at: Mapped[datetime | None]


class Goal(Base):
    """A goal for Goal Attainment Scaling, attached to a marker; attainments -2..+2 in GoalAttainment."""

    __tablename__ = "goal"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    marker: Mapped[str] = mapped_column(String(30))
    goal: Mapped[str]
    weight: Mapped[float] = mapped_column(default=1.0)
    levels: Mapped[dict[str, Any]] = mapped_column(default=dict)
    agreed_on: Mapped[date]
    ended_on: Mapped[date | None]


class GoalAttainment(Base):
    """How far a goal was reached on a day, -2..+2. A correction adds a row and ends the old one."""

    __tablename__ = "goal_attainment"
    __table_args__ = (CheckConstraint("attained BETWEEN -2 AND 2", name="attained_in_range"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)
    rated_on: Mapped[date]
    attained: Mapped[int]
    superseded_at: Mapped[datetime | None]


class Flag(Base):
    """Something that asks for a person: a risk item answered or left empty, reliable worsening, an open rupture.

    `kind` by domain.flags.FlagKind. `reason` is the sentence shown. Risk flags stay open until somebody records what
    they did. `rests_until` lets an answered flag sleep until it is due again."""

    __tablename__ = "flag"
    __table_args__ = (Index(None, "client_id", "state"), Index(None, "state", "kind"))
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    kind: Mapped[str] = mapped_column(String(30))
    is_risk: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str]
    rule: Mapped[str] = mapped_column(default="")
    raised_on: Mapped[date]
    administration_id: Mapped[int | None] = mapped_column(ForeignKey("administration.id"))
    state: Mapped[str] = mapped_column(String(10))  # open | answered
    rests_until: Mapped[date | None]


class FlagResponse(Base):
    """What somebody did about a flag, in words. Never edited."""

    __tablename__ = "flag_response"
    id: Mapped[int] = mapped_column(primary_key=True)
    flag_id: Mapped[int] = mapped_column(ForeignKey("flag.id"), index=True)
    responded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    responded_at: Mapped[datetime]
    what_was_done: Mapped[str]


class QuestionnaireLink(Base):
    """A one-time link by which a client fills in one questionnaire."""

    __tablename__ = "questionnaire_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    instrument: Mapped[str] = mapped_column(String(60))
    target: Mapped[str] = mapped_column(String(30), default="general")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
