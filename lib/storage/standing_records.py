"""Standing records: the derived rows, put in place of the ones before. Nothing else writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from lib.domain.standing import RULES_VERSION, StandingDetail
from lib.storage.bulk import add_rows, among, chunks, table_of
from lib.storage.tables import Standing, StandingScore


def replace_standings(session: Session, made: Sequence[tuple[int, StandingDetail]], now: datetime) -> None:
    """These standings, as pairs of client id and detail, in place of whatever stood before."""
    if not made:
        return
    for piece in chunks([client_id for client_id, _ in made]):
        session.execute(delete(table_of(StandingScore)).where(among(StandingScore.client_id, piece)))
        session.execute(delete(table_of(Standing)).where(among(Standing.client_id, piece)))
    add_rows(session, Standing, [_row(client_id, detail, now) for client_id, detail in made])
    add_rows(session, StandingScore, [row for client_id, detail in made for row in _scores(client_id, detail)])


def _row(client_id: int, detail: StandingDetail, now: datetime) -> dict[str, object]:
    today: date = now.date()
    return {
        "client_id": client_id,
        "rules_version": RULES_VERSION,
        "computed_at": now,
        "is_open": detail.is_open,
        "attention": detail.attention_on(today),
        "sessions_held": detail.sessions_held,
        "last_seen_on": detail.last_seen_on,
        "open_risk_flags": detail.open_risk_flags,
        "oldest_open_risk_on": detail.oldest_open_risk_on,
        "open_flags": detail.open_flags,
        "unsigned_notes": detail.unsigned_notes,
        "main_measure": detail.main_measure,
        "detail": detail.as_json(),
    }


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
