"""One small record with a row in every frozen table, for tests of the storage ground."""

from __future__ import annotations

import hashlib
from datetime import date

from sqlalchemy.orm import Session

from lib.domain.audit import AuditFacts
from lib.storage.audit_records import append_event
from lib.storage.tables import (
    Account,
    Addendum,
    Administration,
    Client,
    Document,
    Note,
    NoteVersion,
    Practice,
    SignedDocument,
)
from tests.conftest import NOW

DAY = date(2026, 3, 2)
NOTE_TEXT = "Said closeness felt like a trap.\r\n\tThen: \\N, \\. and a quote \"'; naïve – ☂ 𝄞."
DOCX = bytes(range(256)) * 5


def sha256(content: str | bytes) -> str:
    """As it is taken at signing: of the bytes, of text in UTF-8."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def write_record(session: Session) -> None:
    """A practice, a therapist, a client with a note, an addendum, a corrected questionnaire and a signed document."""
    session.add_all(
        [
            Practice(id=1, name="Harbour Practice", created_at=NOW),
            Account(id=1, email="t@example.org", name="T", roles=["therapist"], password_hash="-", created_at=NOW),
            Client(id=1, code="007", name="", created_at=NOW),
        ]
    )
    session.flush()
    common = {"client_id": 1, "instrument": "phq9", "instrument_version": "1", "taken_on": DAY, "entered_at": NOW}
    session.add_all(
        [
            Note(
                id=1, client_id=1, originator_id=1, compartment="progress", status="signed", format="soap",
                dated_on=DAY, text=NOTE_TEXT, saved_at=NOW, import_labels=["table"],
            ),
            Document(
                id=1, client_id=1, kind="plan", audience="client", status="signed", author_id=1, drafted_at=NOW,
                record_fingerprint="-",
            ),
            Administration(id=2, answers={"phq9_1": 3, "phq9_2": None}, scales={"total": 4.5}, **common),
        ]
    )  # fmt: skip
    session.flush()
    # The older row points at the newer: a circle no order of tables unties.
    session.add(Administration(id=1, answers=None, scales={}, superseded_by_id=2, superseded_at=NOW, **common))
    session.add_all(
        [
            NoteVersion(
                id=1, note_id=1, number=1, content=NOTE_TEXT, sha256=sha256(NOTE_TEXT), signed_by_id=1,
                signed_at=NOW, meaning="I wrote this",
            ),
            Addendum(id=1, note_id=1, author_id=1, written_at=NOW, text="Later.", sha256=sha256("Later.")),
            SignedDocument(
                id=1, document_id=1, content="{}", content_sha256=sha256("{}"), pdf=b"%PDF", pdf_sha256=sha256(b"%PDF"),
                docx=DOCX, docx_sha256=sha256(DOCX), signed_by_id=1, signed_at=NOW, meaning="I wrote this",
            ),
        ]
    )  # fmt: skip
    append_event(session, AuditFacts(NOW, 1, "t@example.org", "therapist", "sign", "note", 1, "007"))
