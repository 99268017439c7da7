"""Who works here: the practice, accounts, roles, sign-ins, and the dated relations that give access."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lib.storage.tables.base import Base


class Practice(Base):
    """The one practice of this database. `clock_on` fixes "today" in a demonstration, and is empty elsewhere.

    `settings`: letterhead lines, crisis contacts with the day they were confirmed, reminders."""

    __tablename__ = "practice"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200))
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    clock_on: Mapped[date | None]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class Account(Base):
    """A person who signs in. `roles` holds the values of domain.people.Role; disabled means out at the next action.

    `team`: the name under which a practice admin counts therapists together; it gives nobody sight of anything."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[Any]]
    is_trainee: Mapped[bool] = mapped_column(default=False)
    is_disabled: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str] = mapped_column(String(300))
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_last_step: Mapped[int | None]
    recovery_hashes: Mapped[list[Any]] = mapped_column(default=list)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    team: Mapped[str] = mapped_column(String(60), default="", server_default=text("''"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class LoginSession(Base):
    """A signed-in browser. Only the sha256 of its token is kept.

    `turned_to_id`: the client who is looking at its screen, from turning it round until the password is given."""

    __tablename__ = "login_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    acting_role: Mapped[str] = mapped_column(String(20))
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    turned_to_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))


class SignInAttempt(Base):
    """One try at signing in or re-authenticating, for the limits by account and by address."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index(None, "email", "tried_at"),
        Index(None, "address", "tried_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(64))
    tried_at: Mapped[datetime]
    succeeded: Mapped[bool]


class Supervision(Base):
    """A supervisor answers for a therapist from one day to another, both included; open while `ends_on` is empty."""

    __tablename__ = "supervision"
    __table_args__ = (
        Index(None, "supervisor_id", "therapist_id"),
        CheckConstraint("supervisor_id <> therapist_id", name="not_of_oneself"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    therapist_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Assignment(Base):
    """A therapist has a client from one day to another, both included. `kind`: owner or cover."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(None, "therapist_id", "kind", "ends_on", "client_id"),
        Index(None, "client_id", "kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"))
    therapist_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(10))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class BreakGlass(Base):
    """A supervisor's or admin's reading of one client out of the ordinary: reason, 60 minutes, the owner is told."""

    __tablename__ = "break_glass"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(1000))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    owner_saw_at: Mapped[datetime | None]


class SupervisionMeeting(Base):
    """A supervision session between two people, with what was agreed."""

    __tablename__ = "supervision_meeting"
    id: Mapped[int] = mapped_column(primary_key=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    therapist_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    held_on: Mapped[date]
    summary: Mapped[str] = mapped_column(default="")


class SupervisionComment(Base):
    """A supervisor's comment on a client, and the next step agreed with the therapist.

    `said_done_on`, `said`: the therapist's own word that the step was done; `done_on` is the supervisor's."""

    __tablename__ = "supervision_comment"
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("supervision_meeting.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("client.id"), index=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    therapist_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime]
    comment: Mapped[str]
    agreed_step: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    said_done_on: Mapped[date | None]
    said: Mapped[str] = mapped_column(default="", server_default=text("''"))
