"""Record tab: the one line that adds, then what matters on top: what is open, tried and believed, and who is near."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lib.domain.attachment import AttachmentRecord
from lib.domain.clinical_model import ClinicalModel
from lib.services.client_record import ClientOverview
from lib.ui import record_beliefs, record_desk, record_process, record_rows
from lib.ui.record_desk import Section


def show(overview: ClientOverview, record: AttachmentRecord, model: ClinicalModel, whose: str, today: date) -> None:
    """The whole tab is one element: a list costs the browser nothing until it is read."""
    sections = sections_of(overview, record, model, today)
    record_desk.show(overview.client.id, whose, record, sections, overview.client.may_write, today, "record")


def sections_of(overview: ClientOverview, record: AttachmentRecord, model: ClinicalModel, today: date) -> list[Section]:
    """Every list of the tab, in its order."""
    sessions = record_process.worked_on(overview)
    left = [
        record_rows.between_us(record, today),
        *record_rows.between_sessions(record, model, today),
        *record_rows.around(record, model, today),
    ]
    right = [
        record_beliefs.beliefs(record, today),
        record_beliefs.people(record, today),
        record_process.changes(record, model, today),
        record_process.parts(record, sessions, model, today),
        record_process.approaches(sessions, model, today),
    ]
    return [*left, *(replace(section, side="right") for section in right)]
