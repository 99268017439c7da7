"""Taking a document away, in one of its forms."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from lib.domain.people import Actor
from lib.services import closure_signing
from lib.ui import app_context, download


def button(label: str, document_id: int, name: str, form: str, client_id: int) -> None:
    """A button for one form of a document. `name` is of our own words and the client's code."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "document"
    making = partial(_document, document_id, form)
    download.button(label, safe, "docx" if form == "docx" else "pdf", making, f"{client_id}-{document_id}-{form}")


def _document(document_id: int, form: str, session: Session, actor: Actor, now: datetime) -> bytes:
    content, _name = closure_signing.take_away(session, actor, document_id, form, now, app_context.definitions())
    return content
