"""Flag records: flags raised, reworded and lapsed, and what people did about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from lib.domain.flags import FlagState, RaisedFlag
from lib.storage.bulk import add_rows, chunks, table_of
from lib.storage.tables import Flag, FlagResponse

_flags = table_of(Flag)
_REWORD = (
    update(_flags)
    .where(_flags.c.id == bindparam("flag_id"))
    .values(reason=bindparam("words"), administration_id=bindparam("form_id"))
)


def add_flags(session: Session, raised: Sequence[tuple[int, RaisedFlag]]) -> None:
    """New open flags, as pairs of client id and flag. `rule` keeps what the flag is about."""
    add_rows(
        session,
        Flag,
        [
            {
                "client_id": client_id,
                "kind": flag.kind,
                "is_risk": flag.is_risk,
                "reason": flag.reason,
                "rule": flag.about,
                "raised_on": flag.raised_on,
                "administration_id": flag.form_id,
                "state": FlagState.OPEN.value,
            }
            for client_id, flag in raised
        ],
    )


def lapse_flags(session: Session, flag_ids: Sequence[int]) -> None:
    """Rule flags whose rule no longer holds. A risk flag is never lapsed: the condition says so once more."""
    for piece in chunks(flag_ids):
        session.execute(
            update(_flags)
            .where(_flags.c.id.in_(piece), _flags.c.is_risk.is_(False), _flags.c.state == FlagState.OPEN.value)
            .values(state=FlagState.LAPSED.value)
        )


def reword_flags(session: Session, reworded: Sequence[tuple[int, RaisedFlag]]) -> None:
    """Open rule flags that hold on newer figures."""
    if reworded:
        session.connection().execute(
            _REWORD, [{"flag_id": flag_id, "words": flag.reason, "form_id": flag.form_id} for flag_id, flag in reworded]
        )


def answer_flag(
    session: Session, flag: Flag, account_id: int | None, what_was_done: str, now: datetime, rests_until: date | None
) -> None:
    """Keep what somebody did, and close the flag."""
    session.add(
        FlagResponse(flag_id=flag.id, responded_by_id=account_id, responded_at=now, what_was_done=what_was_done)
    )
    flag.state = FlagState.ANSWERED.value
    flag.rests_until = rests_until
    session.flush()
