"""Standing records: the derived rows, put in place of the ones before. Nothing else writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import orjson
from sqlalchemy import delete
from sqlalchemy.orm import Session

from lib.domain.standing import RULES_VERSION, StandingDetail
from lib.storage.bulk import add_alike, add_rows, among, chunks, table_of
from lib.storage.tables import Standing, StandingScore


def replace_standings(session: Session, made: Sequence[tuple[int, StandingDetail]], now: datetime) -> None:
    """These standings, as pairs of client id and detail, in place of whatever stood before."""
    if not made:
        return
    for piece in chunks([client_id for client_id, _ in made]):
        session.execute(delete(table_of(StandingScore)).where(among(StandingScore.client_id, piece)))
        session.execute(delete(table_of(Standing)).where(among(Standing.client_id, piece)))
    rows = [_row(client_id, detail, now.date()) for client_id, detail in made]
    add_alike(session, Standing, _OF_EACH, rows, {"rules_version": RULES_VERSION, "computed_at": now})
    add_rows(session, StandingScore, [row for client_id, detail in made for row in _scores(client_id, detail)])


_OF_EACH = (
    "client_id", "is_open", "attention", "sessions_held", "last_seen_on", "open_risk_flags", "oldest_open_risk_on",
    "open_flags", "unsigned_notes", "main_measure", "detail",
)  # fmt: skip


def _row(client_id: int, detail: StandingDetail, today: date) -> tuple[object, ...]:
    return (
        client_id,
        detail.is_open,
        detail.attention_on(today),
        detail.sessions_held,
        detail.last_seen_on.isoformat() if detail.last_seen_on else None,
        detail.open_risk_flags,
        detail.oldest_open_risk_on.isoformat() if detail.oldest_open_risk_on else None,
        detail.open_flags,
        detail.unsigned_notes,
        detail.main_measure,
        orjson.dumps(detail).decode(),  # field by field, days as ISO text: what `from_json` reads
    )


def _scores(client_id: int, detail: StandingDetail) -> list[dict[str, object]]:
    return [
        {
            "client_id": client_id,
            "measure": measure.measure,
            "first_on": measure.first_on,
            "first_value": measure.first,
            "latest_on": measure.latest_on,
            "latest_value": measure.latest,
            "points": measure.points,
            "verdict": measure.verdict,
        }
        for measure in detail.measures
    ]
