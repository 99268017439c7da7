"""Bulk: rows that differ in little come out as they went in, on both databases."""

from __future__ import annotations

from datetime import date

from lib.storage.bulk import add_alike
from lib.storage.engine import Database
from lib.storage.tables import Administration
from tests import factories
from tests.conftest import NOW

ODD = 'o\'hara 100 %s ? :x \\ "a"'


def test_rows_alike_come_out_as_they_went_in(database: Database) -> None:
    same = {
        "session_id": None, "instrument": ODD, "instrument_version": "1", "target": "général", "respondent": "client",
        "prorated": '["total"]', "unscorable": "{}", "alerts": "[]",
        "import_batch_id": None, "entered_by_id": None, "entered_at": NOW,
    }  # fmt: skip
    with database.writing() as session:
        anna = factories.house(session).anna
        rows = [(501, anna, "2026-01-05", None, '{"total":9.1}'), (502, anna, "2026-01-06", f'{{"{anna}":null}}', "{}")]
        add_alike(session, Administration, ("id", "client_id", "taken_on", "answers", "scales"), rows, same)
        add_alike(session, Administration, ("id",), [], same)
        first, second = session.get_one(Administration, 501), session.get_one(Administration, 502)
    assert (first.instrument, first.target, first.entered_at, first.session_id) == (ODD, "général", NOW, None)
    assert (first.taken_on, first.answers, first.scales) == (date(2026, 1, 5), None, {"total": 9.1})
    assert (first.prorated, first.unscorable, first.alerts) == (["total"], {}, [])
    assert second.answers == {str(anna): None} and second.superseded_at is None
