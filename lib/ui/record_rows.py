"""Record rows: entries of the attachment record as the rows and sections the desk draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from lib.domain import entries as e
from lib.domain.attachment import AttachmentRecord, Held, by_parent
from lib.domain.clinical_model import ClinicalModel
from lib.ui import words
from lib.ui.record_desk import Act, Row, Section

BOTH = ("change", "strike")


def between_sessions(record: AttachmentRecord, model: ClinicalModel, today: date) -> list[Section]:
    """What is tried between sessions: the ladder, the practices, the moments."""
    return [_ladder(record, today), _practices(record, model, today), _moments(record, model, today)]


def between_us(record: AttachmentRecord, today: date) -> Section:
    """Ruptures, the open ones first with their age."""
    first = sorted(record.ruptures, key=lambda held: held.entry.happened_on, reverse=True)
    first.sort(key=lambda held: record.repair_of(held.id) is not None)
    return Section(
        "ruptures",
        "Ruptures and repairs",
        tuple(_rupture(held, record, today) for held in first),
        "No rupture is on record. That nothing was noted does not mean that nothing happened.",
        "rupture",
        words.count(len(record.open_ruptures()), "open", "open") if record.ruptures else "",
    )


def around(record: AttachmentRecord, model: ClinicalModel, today: date) -> list[Section]:
    """Breaks, life events, talks about the ending."""
    return [_breaks(record, model, today), _events(record, today), _endings(record, today)]


def _rupture(held: Held[e.Rupture], record: AttachmentRecord, today: date) -> Row:
    entry, repair = held.entry, record.repair_of(held.id)
    day = words.day(entry.happened_on, today)
    if repair is None:
        age = words.waiting(entry.happened_on, today)
        said = f"{day} · open since today" if age == "today" else f"{day} · open for {age}"
        act = Act("repair", "Repair", {"rupture_id": held.id})
        return row_of("rupture", held, entry.what, said, "watch", acts=(act,))
    mended = Row("repair", held.id, repair.repair, f"repaired {words.day(repair.repaired_on, today)}", can=("strike",))
    return row_of("rupture", held, entry.what, day, under=(mended,))


def _ladder(record: AttachmentRecord, today: date) -> Section:
    tried = by_parent(record.attempts, lambda held: held.entry.step_id)
    return Section(
        "ladder",
        "Vulnerability ladder",
        tuple(_step(held, tried.get(held.id, []), today) for held in record.steps),
        "No step is on the ladder. The first may be very small.",
        "step",
        words.count(len(record.attempts), "attempt") if record.attempts else "",
        seen=7,
    )


def _step(held: Held[e.LadderStep], attempts: Sequence[Held[e.LadderAttempt]], today: date) -> Row:
    return row_of(
        "step",
        held,
        f"{held.entry.rank} · {held.entry.step}",
        "" if attempts else "not tried yet",
        acts=(Act("attempt", "Attempt", {"step_id": held.id}),),
        under=tuple(_attempt(one, today) for one in reversed(attempts)),
    )


def _attempt(held: Held[e.LadderAttempt], today: date) -> Row:
    entry = held.entry
    told = (("Predicted", entry.prediction), ("Happened", entry.happened), ("Learned", entry.learned))
    said = " · ".join(f"{name}: {text}" for name, text in told if text)
    waits = "" if entry.learned or not entry.happened else " · what was learned is not written yet"
    waits = waits if entry.happened else " · what happened is not written yet"
    return row_of("attempt", held, said, words.day(entry.tried_on, today) + waits)


def _practices(record: AttachmentRecord, model: ClinicalModel, today: date) -> Section:
    reviews = by_parent(record.reviews, lambda held: held.entry.home_practice_id)
    listed = sorted(record.practices, key=lambda held: held.entry.ended_on is not None)
    return Section(
        "practices",
        "Everyday practices",
        tuple(_practice(held, reviews.get(held.id, []), model, today) for held in listed),
        "Nothing is agreed for the days between sessions.",
        "practice",
    )


def _practice(
    held: Held[e.HomePractice], reviews: Sequence[Held[e.HomePracticeReview]], model: ClinicalModel, today: date
) -> Row:
    entry = held.entry
    kind = model.practices[entry.practice].label if entry.practice in model.practices else entry.practice
    told = [kind, entry.frequency, f"agreed {words.day(entry.agreed_on, today)}"]
    if entry.ended_on is not None:
        told.append(f"ended {words.day(entry.ended_on, today)}")
    elif not reviews:
        told.append("not asked about yet")
    act = Act("review", "Done?", {"home_practice_id": held.id})
    return row_of(
        "practice",
        held,
        entry.agreement,
        " · ".join(one for one in told if one),
        acts=() if entry.ended_on else (act,),
        under=tuple(_review(one, today) for one in list(reversed(reviews))[:3]),
    )


def _review(held: Held[e.HomePracticeReview], today: date) -> Row:
    helpful = "" if held.entry.helpful is None else f" · helpful {held.entry.helpful} of 10"
    return row_of("review", held, held.entry.done, words.day(held.entry.reviewed_on, today) + helpful)


def _moments(record: AttachmentRecord, model: ClinicalModel, today: date) -> Section:
    return Section(
        "moments",
        "Moments of connection",
        tuple(_moment(held, model, today) for held in reversed(record.moments)),
        "No moment is on record. A sentence from today's session may be the first.",
        "moment",
        words.count(len(record.moments), "moment") if record.moments else "",
    )


def _moment(held: Held[e.Moment], model: ClinicalModel, today: date) -> Row:
    entry = held.entry
    marker = model.markers[entry.marker].label if entry.marker in model.markers else entry.marker
    context = model.contexts[entry.context].label.lower() if entry.context in model.contexts else ""
    told = [words.day(entry.happened_on, today), entry.with_whom or context, f"speaks for {marker}"]
    return row_of("moment", held, entry.line, " · ".join(one for one in told if one))


def _breaks(record: AttachmentRecord, model: ClinicalModel, today: date) -> Section:
    waiting = {held.id for held in record.breaks_to_look_back_on(today)}
    listed = sorted(record.breaks, key=lambda held: held.entry.starts_on, reverse=True)
    return Section(
        "breaks",
        "Breaks and separations",
        tuple(_break(held, model, today, held.id in waiting) for held in listed),
        "No break is on record. The next holiday can be written down before it comes.",
        "break",
    )


def _break(held: Held[e.TherapyBreak], model: ClinicalModel, today: date, waits: bool) -> Row:
    entry = held.entry
    kind = model.breaks[entry.kind].label if entry.kind in model.breaks else entry.kind
    until = f" to {words.day(entry.ends_on, today)}" if entry.ends_on else ""
    told = [f"{words.day(entry.starts_on, today)}{until}"]
    if entry.starts_on > today:
        told.append(f"in {words.count((entry.starts_on - today).days, 'day')}")
    told += [f"prepared: {entry.prepared}"] if entry.prepared else []
    told += [f"weathered: {entry.weathered}"] if entry.weathered else []
    told += ["how it was weathered is not written yet"] if waits else []
    main = f"{kind}: {entry.what}" if entry.what else kind
    return row_of("break", held, main, " · ".join(told), "watch" if waits else "")


def _events(record: AttachmentRecord, today: date) -> Section:
    rows = tuple(
        row_of("event", held, held.entry.what, words.day(held.entry.happened_on, today))
        for held in reversed(record.events)
    )
    return Section("events", "Life events", rows, "No life event is on record.", "event")


def _endings(record: AttachmentRecord, today: date) -> Section:
    rows = tuple(
        row_of("ending_talk", held, held.entry.what, words.day(held.entry.talked_on, today))
        for held in reversed(record.ending_talks)
    )
    return Section("endings", "Ending talked about", rows, "Ending has not been talked about.", "ending_talk")


def row_of(kind: str, held: Held[Any], main: str, quiet: str = "", tone: str = "", **more: Any) -> Row:
    """A row that can be changed and struck out."""
    quiet = f"{quiet} · corrected" if held.was_changed else quiet
    return Row(kind, held.id, main, quiet, held.version, tone, BOTH, values=values_of(held.entry), **more)


def values_of(entry: e.Entry) -> dict[str, Any]:
    """An entry's values as a form shows them: days in ISO, nothing for what was not said."""
    told = {each.name: getattr(entry, each.name) for each in fields(entry)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}
