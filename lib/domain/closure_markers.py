"""Closure summary, the growth markers: first and last in each context, and the evidence a person confirmed."""

from __future__ import annotations

from lib.domain.closure import Source, SourceKind
from lib.domain.draft_words import Part, Piece, counted, day, days, entry, event, in_context, telling
from lib.domain.record_extract import RatingFact, RecordExtract

WORSE_VERDICTS = frozenset({"deteriorated", "worsened_across_cutoff"})
MOMENTS_TOLD, QUOTES_TOLD, NOTED_TOLD = 3, 2, 2
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
    _whose_levels(part, record)
    _evidence(part, record)
    if record.notes and not record.evidence:
        part.ask("no_evidence")
    _disagreement(part, record)
    moments = [
        Piece(
            "moment",
            (entry(moment.happened_on, moment.line, "moment", moment.id),),
            {
                "date": day(moment.happened_on),
                "line": moment.line,
                "whom": f"with {moment.with_whom}, " if moment.with_whom else "",
            },
        )
        for moment in sorted(record.moments, key=lambda moment: moment.happened_on)
    ]
    part.say_together("moments", moments, at_most=MOMENTS_TOLD, noun="moments of connection")


def _whose_levels(part: Part, record: RecordExtract) -> None:
    """That the levels are the clinician's ratings, and not the working estimate drawn on the client's page."""
    rated = sorted((each for each in record.ratings if each.level is not None), key=lambda each: each.rated_on)
    if rated:
        count = counted(len(rated), "rating", "ratings")
        held = event(rated[-1].rated_on, f"{count} with a level by the clinician on record", "count")
        part.say("marker_whose", rating_source(rated[0]), rating_source(rated[-1]), held, count=count)


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
    noted, noted_sources = _noted(part, rated, f"{label}{context}")
    sources = [rating_source(rating) for rating in (rated[0], rated[-1], *unrated_ratings)]
    if len(rated) == 1:
        part.say("marker_once", *sources, *noted_sources, noted=noted, **values)
        return
    values["direction"] = part.words.say(f"direction_{direction(rated)}")
    count = counted(len(rated), "rating", "ratings")
    held = event(ratings[-1].rated_on, f"{label}{context}: {count} with a level on record", "rating")
    part.say("marker_course", *sources, held, *noted_sources, count=count, noted=noted, **values)


def _noted(part: Part, rated: list[RatingFact], name: str) -> tuple[str, list[Source]]:
    """What was noted with the first and the last rating that have words, and with how many there are words."""
    with_words = [each for each in rated if each.evidence and part.words.say("marker_noted", **_noted_values(each))]
    printable = [each for each in with_words if part.may_print(each.evidence, [_words_source(each)])]
    told = telling(printable, NOTED_TOLD)
    if not told:
        return "", []
    sources = [source for each in told for source in (_words_source(each), rating_source(each))]
    some = ""
    if len(told) < len(printable):
        total, shown = str(len(printable)), str(len(told))
        some = part.words.say("some_of", total=total, shown=shown)
        counted_words = f"{name}: {total} ratings with words of their own, {shown} of them told"
        sources.append(event(told[-1].rated_on, counted_words, "count"))
    listed = "; ".join(part.words.say("marker_noted", **_noted_values(each)) for each in told)
    return part.words.say("marker_notes", some=some, list=listed), sources


def _noted_values(rating: RatingFact) -> dict[str, str]:
    return {"date": day(rating.rated_on), "level": str(rating.level), "evidence": rating.evidence.strip()}


def _words_source(rating: RatingFact) -> Source:
    return Source(SourceKind.RATING, rating.rated_on, rating.evidence, "rating", rating.id)


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
    quoted: dict[tuple[str, str], list[Piece]] = {}
    for found in sorted(record.evidence, key=lambda found: found.dated_on):
        note = notes.get(found.note_id)
        if note is None or not found.quote.strip() or found.quote not in note.text:
            part.ask("lost_quote", date=day(found.dated_on))
            continue
        source = Source(SourceKind.NOTE, note.dated_on, found.quote, "note", note.id)
        key = "evidence_for" if found.polarity == "for" else "evidence_against"
        piece = Piece("quote", (source,), {"date": day(note.dated_on), "quote": found.quote})
        quoted.setdefault((key, found.label), []).append(piece)
    for (key, label), pieces in quoted.items():
        noun = f"confirmed sentences on {label}"
        part.say_together(key, pieces, at_most=QUOTES_TOLD, noun=noun, label=label)
