"""Quick entry: the one line for a page such as the session note, with what the day holds already under it."""

from __future__ import annotations

from datetime import date

from lib.domain.attachment import AttachmentRecord
from lib.domain.people import Actor
from lib.services import entries
from lib.ui import app_context, errors, record_day, record_desk


def show(actor: Actor, client_id: int, whose: str, about_on: date | None = None) -> None:
    """The line, and the day's entries with their acts. Nothing is drawn for who may only read.

    `whose` names the client in words (name, code, birth); `about_on` is the day filled in, such as the session's,
    today where None. It reads what it needs and writes by itself; the page only has to place it."""
    now, model = app_context.now(), app_context.definitions().model
    with errors.shown_to_the_user(), app_context.reading() as session:
        may_write = entries.may_write(session, actor, client_id, now)
        record = entries.attachment_record(session, actor, client_id, now) if may_write else AttachmentRecord()
    if may_write:
        on = about_on or now.date()
        day = record_day.section_of(record, model, on, now.date())
        record_desk.show(client_id, whose, record, day, True, on, "line")
