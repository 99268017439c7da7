"""One small record with a row in every frozen table, for tests of the storage ground."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Float, Integer, String
from sqlalchemy.orm import Session

from lib.domain.audit import AuditFacts
from lib.storage.audit_records import append_event
from lib.storage.tables import (
    Account,
    Addendum,
    Administration,
    Base,
    Client,
    Document,
    DocumentReview,
    EndingDecision,
    Episode,
    EpisodeEnding,
    Note,
    NoteReview,
    NoteVersion,
    Outreach,
    Practice,
    SignedDocument,
)
from lib.storage.tables.base import Moment
from tests.conftest import NOW

DAY = date(2026, 3, 2)
NOTE_TEXT = "Said closeness felt like a trap.\r\n\tThen: \\N, \\. and a quote \"'; naïve – ☂ 𝄞."
DOCX = bytes(range(256)) * 5


_FORM: dict[str, Any] = {
    "client_id": 1, "instrument": "phq9", "instrument_version": "1", "taken_on": DAY, "entered_at": NOW,
}  # fmt: skip
_SIGNED: dict[str, Any] = {"signed_by_id": 1, "signed_at": NOW, "meaning": "I wrote this"}


def sha256(content: str | bytes) -> str:
    """As it is taken at signing: of the bytes, of text in UTF-8."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


_FILLING: dict[type, Any] = {String: "-", Integer: 1, Float: 1.0, Boolean: False, Moment: NOW, Date: DAY, JSON: {}}


def _filled(table: type[Base], **values: Any) -> Base:
    """A row whose other required columns, which no test here is about, hold something of their type."""
    for column in table.__table__.columns:
        given = column.name in values or column.primary_key
        if not (given or column.nullable or column.default is not None):
            values[column.name] = _FILLING[type(column.type)]
    return table(**values)


def write_record(session: Session) -> None:
    """A practice, a therapist, a client with a note, an addendum, a corrected questionnaire and a signed document.

    In a fresh database every id is 1; of the two administrations the first is superseded by the second."""
    session.add(Practice(id=1, name="Harbour Practice", created_at=NOW))
    session.add(Account(email="t@example.org", name="T", roles=["therapist"], password_hash="-", created_at=NOW))
    session.add(Client(code="007", name="", created_at=NOW))
    session.flush()
    session.add(_filled(Note, client_id=1, originator_id=1, status="signed", text=NOTE_TEXT, import_labels=["table"]))
    session.add(_filled(Document, client_id=1, author_id=1, kind="plan", status="signed"))
    older = Administration(**_FORM, answers=None, scales={}, superseded_at=NOW)
    session.add(older)
    session.flush()
    newer = Administration(**_FORM, answers={"phq9_1": 3, "phq9_2": None}, scales={"total": 4.5})
    session.add(newer)
    session.flush()
    older.superseded_by_id = newer.id  # points forward: a circle no order of tables unties
    session.add(NoteVersion(note_id=1, number=1, content=NOTE_TEXT, sha256=sha256(NOTE_TEXT), **_SIGNED))
    session.add(Addendum(note_id=1, author_id=1, written_at=NOW, text="Later.", sha256=sha256("Later.")))
    session.add(NoteReview(note_id=1, supervisor_id=1, decided_at=NOW, decision="cosigned"))
    files = {"pdf": b"%PDF", "pdf_sha256": sha256(b"%PDF"), "docx": DOCX, "docx_sha256": sha256(DOCX)}
    session.add(SignedDocument(document_id=1, content="{}", content_sha256=sha256("{}"), **files, **_SIGNED))
    session.add(DocumentReview(document_id=1, supervisor_id=1, decided_at=NOW, decision="cosigned", **files))
    session.add(EndingDecision(client_id=1, decision="not_yet", reasons="-", board=[], decided_by_id=1, decided_at=NOW))
    session.add(Episode(client_id=1, number=1, status="closed", starts_on=NOW.date(), ends_on=NOW.date()))
    session.flush()
    session.add(EpisodeEnding(client_id=1, episode_id=1, is_sudden=True, decided_by="client", closed_at=NOW))
    session.add(Outreach(client_id=1, episode_id=1, tried_on=NOW.date(), how="telephone", what="-", recorded_at=NOW))
    append_event(session, AuditFacts(NOW, 1, "t@example.org", "therapist", "sign", "note", 1, "007"))
