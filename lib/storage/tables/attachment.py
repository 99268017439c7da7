"""The attachment record: formulation, people, beliefs, ruptures, process, ladder, practices, moments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lib.storage.tables.base import Base
from lib.storage.tables.kept import Kept


class Formulation(Kept, Base):
    """How the pattern came to be and what keeps it going; each save is a new dated version."""

    __tablename__ = "formulation"
    __table_args__ = (Index(None, "client_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    number: Mapped[int]
    dated_on: Mapped[date]
    origins: Mapped[list[Any]] = mapped_column(default=list)
    fears: Mapped[list[Any]] = mapped_column(default=list)
    costs: Mapped[list[Any]] = mapped_column(default=list)
    stories: Mapped[dict[str, Any]] = mapped_column(default=dict)  # reflection prompt key -> the client's answer
    summary: Mapped[str] = mapped_column(default="")


class ImportantPerson(Kept, Base):
    """Somebody who matters to the client. `moves`: pursues, withdraws, both, neither."""

    __tablename__ = "important_person"
    __table_args__ = (
        CheckConstraint("felt_safety IS NULL OR felt_safety BETWEEN 0 AND 10", name="felt_safety_in_range"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    relation: Mapped[str] = mapped_column(String(100), default="")
    felt_safety: Mapped[int | None]
    moves: Mapped[str] = mapped_column(String(12), default="")
    is_safe_haven: Mapped[bool] = mapped_column(default=False)
    is_secure_base: Mapped[bool] = mapped_column(default=False)
    noted_on: Mapped[date]
    ended_on: Mapped[date | None]


class PersonSafety(Kept, Base):
    """How safe the client felt with somebody on a later day, 0-10, and who pursued or withdrew then."""

    __tablename__ = "person_safety"
    __table_args__ = (CheckConstraint("felt_safety BETWEEN 0 AND 10", name="felt_safety_in_range"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("important_person.id"), index=True)
    rated_on: Mapped[date]
    felt_safety: Mapped[int]
    moves: Mapped[str] = mapped_column(String(12), default="")


class Belief(Kept, Base):
    """A core belief and its balanced answer, in the client's words."""

    __tablename__ = "belief"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    belief: Mapped[str]
    balanced: Mapped[str] = mapped_column(default="")
    own_words: Mapped[bool] = mapped_column(default=True)
    noted_on: Mapped[date]


class BeliefConviction(Kept, Base):
    """How far the client held the belief and its answer on a day, 0-100 %."""

    __tablename__ = "belief_conviction"
    __table_args__ = (
        CheckConstraint("conviction BETWEEN 0 AND 100", name="conviction_in_range"),
        CheckConstraint(
            "balanced_conviction IS NULL OR balanced_conviction BETWEEN 0 AND 100", name="balanced_in_range"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    belief_id: Mapped[int] = mapped_column(ForeignKey("belief.id"), index=True)
    rated_on: Mapped[date]
    conviction: Mapped[int]
    balanced_conviction: Mapped[int | None]


class Rupture(Kept, Base):
    """A strain in the therapeutic relationship, open until a repair is noted."""

    __tablename__ = "rupture"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    happened_on: Mapped[date]
    what: Mapped[str]
    repaired_on: Mapped[date | None]
    repair: Mapped[str] = mapped_column(default="")


class ProcessPart(Kept, Base):
    """A change of state of one of the ten parts of therapy: not_started, under_way, consolidated."""

    __tablename__ = "process_part"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    part: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(15))
    since_on: Mapped[date]
    done: Mapped[str] = mapped_column(default="")


class ChangeStep(Kept, Base):
    """A change of state of one of the steps of change: not_started, under_way, consolidated."""

    __tablename__ = "change_step"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    step: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(15))
    since_on: Mapped[date]
    done: Mapped[str] = mapped_column(default="")


class LadderStep(Kept, Base):
    """A graded small risk on the vulnerability ladder."""

    __tablename__ = "ladder_step"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    rank: Mapped[int]
    step: Mapped[str]
    noted_on: Mapped[date]


class LadderAttempt(Kept, Base):
    """One behavioural experiment: prediction, what happened, what was learned."""

    __tablename__ = "ladder_attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("ladder_step.id"), index=True)
    tried_on: Mapped[date]
    prediction: Mapped[str] = mapped_column(default="")
    happened: Mapped[str] = mapped_column(default="")
    learned: Mapped[str] = mapped_column(default="")


class HomePractice(Kept, Base):
    """An everyday practice agreed with the client. `practice`: a key of the clinical model."""

    __tablename__ = "home_practice"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    practice: Mapped[str] = mapped_column(String(30))
    agreement: Mapped[str]
    frequency: Mapped[str] = mapped_column(String(60), default="")
    agreed_on: Mapped[date]
    ended_on: Mapped[date | None]


class HomePracticeReview(Kept, Base):
    """Whether an agreed practice was done, and how helpful it was, 0-10."""

    __tablename__ = "home_practice_review"
    __table_args__ = (CheckConstraint("helpful IS NULL OR helpful BETWEEN 0 AND 10", name="helpful_in_range"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    home_practice_id: Mapped[int] = mapped_column(ForeignKey("home_practice.id"), index=True)
    reviewed_on: Mapped[date]
    done: Mapped[str] = mapped_column(String(60))
    helpful: Mapped[int | None]


class Moment(Kept, Base):
    """A moment of connection: dated, who with, one line, which marker it is evidence for."""

    __tablename__ = "moment"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    happened_on: Mapped[date]
    with_whom: Mapped[str] = mapped_column(String(100), default="")
    context: Mapped[str] = mapped_column(String(20), default="")
    line: Mapped[str]
    marker: Mapped[str] = mapped_column(String(30))


class EndingTalk(Kept, Base):
    """Ending was talked about, or an ending criterion was noted by hand: what was said, when."""

    __tablename__ = "ending_talk"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    talked_on: Mapped[date]
    what: Mapped[str]
    written_at: Mapped[datetime] = mapped_column()  # here it was never left out
