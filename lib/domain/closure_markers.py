"""Closure summary, the growth markers: first and last in each context, and the evidence a person confirmed."""

from __future__ import annotations

from lib.domain.closure import Source, SourceKind
from lib.domain.draft_words import Part, counted, day, days, entry, event, in_context
from lib.domain.record_extract import RatingFact, RecordExtract

WORSE_VERDICTS = frozenset({"deteriorated", "worsened_across_cutoff"})
BETTER_VERDICTS = frozenset({"recovered", "improved"})


def ratings_by_marker(record: RecordExtract) -> list[list[RatingFact]]:
    """Ratings of one marker in one context, by date: levels of different contexts are never compared."""
    groups: dict[tuple[str, str], list[RatingFact]] = {}
    for rating in sorted(record.ratings, key=lambda rating: rating.rated_on):
        groups.setdefault((rating.marker, rating.context), []).append(rating)
    return list(groups.values())


def rating_source(rating: RatingFact) -> Source:
    """One rating as a source."""
    level = "not enough evidence" if rating.level is None else f"level {rating.level}"
    quote = f"{rating.label}{in_context(rating.context)}: {level}"
    return Source(SourceKind.RATING, rating.rated_on, quote, "rating", rating.id)


def outcome_markers(part: Part, record: RecordExtract) -> None:
    """Each marker in each context first and last, with what was noted, and the confirmed evidence."""
    for ratings in ratings_by_marker(record):
        _marker(part, ratings)
    _evidence(part, record)
    if record.notes and not record.evidence:
        part.ask("no_evidence")
    _disagreement(part, record)
    for moment in record.moments:
        values = {"date": day(moment.happened_on), "line": moment.line}
        values["whom"] = f" with {moment.with_whom}" if moment.with_whom else ""
        part.say("moment", entry(moment.happened_on, moment.line, "moment", moment.id), **values)


def _marker(part: Part, ratings: list[RatingFact]) -> None:
    rated = [rating for rating in ratings if rating.level is not None]
    label, context = ratings[-1].label, in_context(ratings[-1].context)
    if not rated:
        dates = days(rating.rated_on for rating in ratings)
        sources = [rating_source(rating) for rating in ratings]
        part.say("marker_unrated", *sources, label=label, context=context, dates=dates)
        return
    unrated_ratings = [rating for rating in ratings if rating.level is None]
    unrated = part.words.say("unrated", n=str(len(unrated_ratings))) if unrated_ratings else ""
    values = marker_values(rated) | {"unrated": unrated}
    sources = [rating_source(rating) for rating in (rated[0], rated[-1], *unrated_ratings)]
    if len(rated) == 1:
        part.say("marker_once", *sources, **values)
    else:
        values["direction"] = part.words.say(f"direction_{direction(rated)}")
        count = counted(len(rated), "rating", "ratings")
        held = event(ratings[-1].rated_on, f"{label}{context}: {count} with a level on record", "rating")
        part.say("marker_course", *sources, held, count=count, **values)
    noted = [rating for rating in rated if rating.evidence]
    for rating in dict.fromkeys((*noted[:1], *noted[-1:])):
        source = Source(SourceKind.RATING, rating.rated_on, rating.evidence, "rating", rating.id)
        told = {"label": label, "context": context, "date": day(rating.rated_on), "level": str(rating.level)}
        part.say("marker_episode", source, rating_source(rating), evidence=rating.evidence, **told)


def _disagreement(part: Part, record: RecordExtract) -> None:
    """Where ratings and questionnaires point different ways, the clinician is asked; neither overrules the other."""
    ends = [[rating for rating in ratings if rating.level is not None] for ratings in ratings_by_marker(record)]
    found = {direction(rated): rated[-1].label for rated in reversed(ends) if len(rated) > 1}
    for scale in record.scales:
        if scale.verdict in WORSE_VERDICTS and "higher" in found:
            part.ask("rated_higher_measured_worse", label=found["higher"], name=scale.name)
        if scale.verdict in BETTER_VERDICTS and "lower" in found:
            part.ask("rated_lower_measured_better", label=found["lower"], name=scale.name)


def marker_values(rated: list[RatingFact]) -> dict[str, str]:
    """First and last level with dates, as template values. `rated` has levels only and is not empty."""
    first, last = rated[0], rated[-1]
    return {
        "label": last.label,
        "context": in_context(last.context),
        "first": str(first.level),
        "first_on": day(first.rated_on),
        "last": str(last.level),
        "last_on": day(last.rated_on),
    }


def direction(rated: list[RatingFact]) -> str:
    """Whether the last level is higher, lower or the same as the first."""
    first, last = rated[0].level or 0, rated[-1].level or 0
    if last == first:
        return "same"
    return "higher" if last > first else "lower"


def _evidence(part: Part, record: RecordExtract) -> None:
    """Confirmed quotes, each only while it stands word for word in a note of this record."""
    notes = {note.id: note for note in record.notes}
    for found in record.evidence:
        note = notes.get(found.note_id)
        if note is None or not found.quote.strip() or found.quote not in note.text:
            part.ask("lost_quote", date=day(found.dated_on))
            continue
        source = Source(SourceKind.NOTE, note.dated_on, found.quote, "note", note.id)
        key = "evidence_for" if found.polarity == "for" else "evidence_against"
        part.say(key, source, label=found.label, date=day(note.dated_on), quote=found.quote)
