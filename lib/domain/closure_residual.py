"""Closure summary, what remains difficult: scales, items, markers, beliefs, ruptures left open."""

from __future__ import annotations

from lib.domain.closure_markers import WORSE_VERDICTS, direction, marker_values, rating_source, ratings_by_marker
from lib.domain.closure_outcome import course_values, first_and_last, item_sources, told_scales
from lib.domain.draft_words import Part, Piece, day, entry, event, figure, score_source
from lib.domain.measure_facts import ScaleFact, WorseItem
from lib.domain.record_extract import RecordExtract

# A marker at 0-2 is absent, emerging or inconsistent by the rating's own anchors (S1).
LOW_MARKER_LEVEL = 2
STRONG_CONVICTION_PERCENT = 50
ITEMS_APART = 3


def residual(part: Part, record: RecordExtract) -> None:
    """What the record shows as still difficult: scales, items, markers, beliefs, ruptures left open."""
    for scale in told_scales(part, record):
        if scale.points:
            _residual_scale(part, scale)
    _worse_items(part, record)
    part.say_together("residual_markers", _low_markers(record))
    for belief in record.beliefs:
        last = max(belief.convictions, key=lambda rated: rated.rated_on, default=None)
        if last is not None and last.percent >= STRONG_CONVICTION_PERCENT:
            source = entry(last.rated_on, f"{last.percent} %", "conviction", last.id)
            values = {"old": belief.old, "last": str(last.percent), "last_on": day(last.rated_on)}
            part.say("residual_belief", source, **values)
    for rupture in record.ruptures:
        if rupture.repaired_on is None:
            source = event(rupture.happened_on, rupture.what, "rupture", rupture.id)
            part.say("residual_rupture", source, date=day(rupture.happened_on), what=rupture.what)
            part.ask("open_rupture", date=day(rupture.happened_on))


def _low_markers(record: RecordExtract) -> list[Piece]:
    """Markers low at the last rating, or lower than at the first."""
    pieces = []
    for ratings in ratings_by_marker(record):
        rated = [rating for rating in ratings if rating.level is not None]
        if not rated:
            continue
        lower = direction(rated) == "lower"
        if lower or (rated[-1].level or 0) <= LOW_MARKER_LEVEL:
            ends = (rated[0], rated[-1]) if lower else (rated[-1],)
            key = "residual_marker_lower" if lower else "residual_marker"
            pieces.append(Piece(key, tuple(rating_source(each) for each in ends), marker_values(rated)))
    return pieces


def _residual_scale(part: Part, scale: ScaleFact) -> None:
    values = course_values(scale)
    last = scale.points[-1]
    if scale.cutoff is not None:
        clinical = last.value >= scale.cutoff if scale.better == "lower" else last.value <= scale.cutoff
        if clinical:
            cutoff = figure(scale.cutoff, scale.decimals)
            part.say("residual_cutoff", score_source(scale, last), cutoff=cutoff, **values)
    if scale.verdict in WORSE_VERDICTS:
        part.say("residual_worse", *first_and_last(scale), **values)


def _worse_items(part: Part, record: RecordExtract) -> None:
    """Items that are worse at their last answer than at their first; several of one scale in one sentence."""
    told: set[tuple[str, int, int]] = set()
    for scale in record.scales:
        # An item may count in several scales of its form: it is told once.
        items = [item for item in scale.worse_items if (scale.instrument, item.number, item.last.id) not in told]
        told |= {(scale.instrument, item.number, item.last.id) for item in items}
        sources = [source for item in items for source in item_sources(scale, item)]
        if len(items) > ITEMS_APART:
            listed = "; ".join(part.words.say("residual_item_short", **_item_values(item)) for item in items)
            part.say("residual_items", *sources, name=scale.name, items=listed)
            continue
        for item in items:
            key = "residual_item" if item.text else "residual_item_plain"
            part.say(key, *item_sources(scale, item), name=scale.name, text=item.text, **_item_values(item))


def _item_values(item: WorseItem) -> dict[str, str]:
    return {
        "number": str(item.number),
        "before": figure(item.first.value, 0),
        "first_on": day(item.first.taken_on),
        "after": figure(item.last.value, 0),
        "last_on": day(item.last.taken_on),
        "worse": "worse, as it is scored in reverse" if item.is_reversed else "worse",
    }
