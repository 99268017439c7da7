"""Standing: recomputed in the transaction of every write, and made anew for a whole practice from its record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.flag_changes import FlagChanges, reconcile, resting
from lib.domain.instruments import Instruments
from lib.domain.marker_sources import telling
from lib.domain.marker_standing import EstimatedLevel, estimated_levels
from lib.domain.standing import RULES_VERSION, MarkerStanding
from lib.domain.standing_rules import ClientRecord, courses_of_record, markers_of, rule_flags, standing_of
from lib.services import collector
from lib.storage import (
    client_queries,
    engine,
    flag_queries,
    flag_records,
    response_records,
    standing_queries,
    standing_records,
)
from lib.storage.bulk import chunks


def recompute(session: Session, client_id: int, now: datetime, definitions: Definitions) -> None:
    """Make one client's rule flags and standing anew from the record, in the caller's transaction."""
    recompute_many(session, [client_id], now, definitions)


def begin(session: Session, client_ids: Sequence[int], now: datetime) -> None:
    """The standing of clients about whom nothing is known yet."""
    recompute_many(session, client_ids, now, None)


def rebuild(session: Session, now: datetime, definitions: Definitions, client_ids: Sequence[int] | None = None) -> int:
    """Make the standings of these clients, or of the whole practice, anew from the record. Returns how many."""
    wanted = client_queries.all_client_ids(session) if client_ids is None else client_ids
    engine.expect_many_pages(session)
    with collector.at_rest():
        recompute_many(session, wanted, now, definitions)
    return len(wanted)


def renew(session: Session, now: datetime, definitions: Definitions) -> int:
    """Rebuild the standings that other rules made, and those that are missing: after an upgrade. Returns how many."""
    return rebuild(session, now, definitions, standing_queries.clients_to_renew(session, RULES_VERSION))


def renewal_is_due(session: Session) -> bool:
    """Whether some client's standing is missing or was made by other rules."""
    return bool(standing_queries.clients_to_renew(session, RULES_VERSION))


def recompute_many(
    session: Session,
    client_ids: Sequence[int],
    now: datetime,
    definitions: Definitions | None,
    moved: Collection[int] | None = None,
) -> None:
    """`recompute` for many clients with a few statements for each thousand of them. `definitions` None: nothing that
    needs them is in these records yet.

    `moved`: the only clients about whom something was written that a marker rests on (a rating, a goal, a form that is
    `telling`); the markers of the others are taken over from the standing they have. None: it may be any of them."""
    session.flush()
    instruments: Instruments = definitions.instruments if definitions else {}
    models = response_records.current_models(session)
    for piece in chunks(client_ids):
        unmoved = [client_id for client_id in piece if moved is not None and client_id not in moved]
        markers = standing_queries.kept_markers(session, unmoved)
        records = standing_queries.client_records(session, piece, unrated=markers.keys())
        courses = {record.client_id: courses_of_record(record) for record in records}
        raised = {
            record.client_id: rule_flags(record, courses[record.client_id], instruments, models) for record in records
        }
        changes = {
            record.client_id: reconcile(raised[record.client_id], record.flags, now.date()) for record in records
        }
        records = _with_flags_written(session, records, changes)
        markers |= _markers([record for record in records if record.client_id not in markers], definitions)
        made = [
            (
                record.client_id,
                standing_of(
                    record,
                    courses[record.client_id],
                    instruments,
                    now.date(),
                    markers[record.client_id],
                    resting(raised[record.client_id], record.flags, now.date()),
                ),
            )
            for record in records
        ]
        standing_records.replace_standings(session, made, now)


def _markers(records: Sequence[ClientRecord], definitions: Definitions | None) -> dict[int, tuple[MarkerStanding, ...]]:
    """The markers of all these clients at once, estimated from all that was said of them."""
    estimates = _estimates(records, definitions) if definitions else {}
    return {record.client_id: markers_of(record, estimates.get(record.client_id, {})) for record in records}


def _estimates(records: Sequence[ClientRecord], definitions: Definitions) -> dict[int, dict[str, EstimatedLevel]]:
    model = definitions.model.estimation
    said = {
        record.client_id: (
            record.ratings,
            record.attainments,
            [form for line in telling(record.lines, model) for form in line.forms()],
        )
        for record in records
    }
    return estimated_levels(said, definitions.model.markers, model)


def _with_flags_written(
    session: Session, records: list[ClientRecord], changes: dict[int, FlagChanges]
) -> list[ClientRecord]:
    """Write what changed, and give those clients their flags as they stand now, with ids."""
    touched = [client_id for client_id, change in changes.items() if change != FlagChanges()]
    if not touched:
        return records
    flag_records.add_flags(session, [(cid, flag) for cid in touched for flag in changes[cid].to_raise])
    flag_records.lapse_flags(session, [flag_id for cid in touched for flag_id in changes[cid].to_lapse])
    flag_records.reword_flags(session, [pair for cid in touched for pair in changes[cid].to_reword])
    now_held = flag_queries.flags_of(session, touched)
    asked = set(touched)
    return [
        replace(record, flags=now_held.get(record.client_id, ())) if record.client_id in asked else record
        for record in records
    ]
