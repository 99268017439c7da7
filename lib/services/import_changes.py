"""Import changes: a plan told row by row, so that a person sees what would change before anything is written."""

from __future__ import annotations

from lib.domain.definitions import Definitions
from lib.domain.flags import day_in_words
from lib.domain.form_changes import Outcome
from lib.domain.import_outcomes import RowChange
from lib.domain.instruments import Instrument
from lib.services.import_plans import ImportPlan, PlannedForm, PlannedNote, PlannedRating, rows_of


def changes_told(plan: ImportPlan, definitions: Definitions) -> tuple[RowChange, ...]:
    """Every form, rating and note that is right, in the order of the file. Note text is never repeated here."""
    found = [_form(form, definitions.instruments[form.incoming.instrument]) for form in plan.forms]
    found += [_rating(rating, definitions) for rating in plan.ratings]
    found += [_note(note) for note in plan.notes]
    return tuple(sorted(found, key=lambda change: change.rows[:1]))


def _form(form: PlannedForm, instrument: Instrument) -> RowChange:
    incoming = form.incoming
    about = "" if incoming.target == "general" else f" about {incoming.target}"
    what = f"{instrument.short_name}{about} of {day_in_words(incoming.taken_on)}"
    before = _scales(instrument, dict(form.held.scales)) if form.held and _changes(form.change.outcome) else ""
    after = _scales(instrument, form.change.scored.scales) if form.change.outcome is not Outcome.UNCHANGED else ""
    changed = _answers(form, instrument)
    if changed:
        before, after = (f"{before}; {changed[0]}", f"{after}; {changed[1]}")
    return RowChange(incoming.rows, incoming.client_code, what, form.change.outcome, before, after)


def _changes(outcome: Outcome) -> bool:
    return outcome is Outcome.CORRECTED


def _scales(instrument: Instrument, scales: dict[str, float | None]) -> str:
    return ", ".join(f"{scale.name} {_number(scales.get(scale.key), scale.decimals)}" for scale in instrument.scales)


def _number(value: float | None, decimals: int) -> str:
    return "no score" if value is None else f"{value:.{max(decimals, 0 if value == int(value) else 1)}f}"


def _answers(form: PlannedForm, instrument: Instrument) -> tuple[str, str] | None:
    """The answers a correction changes, old and new; a corrected answer may leave the total as it was."""
    if form.held is None or form.held.answers is None or form.change.answers is None:
        return None
    old, new = form.held.answers, form.change.answers
    items = [item for item in instrument.items if old.get(item.id) != new.get(item.id)]
    if not items:
        return None
    told = [
        ", ".join(f"item {item.number}: {_answer(answers.get(item.id))}" for item in items) for answers in (old, new)
    ]
    return told[0], told[1]


def _answer(answer: int | None) -> str:
    return "not answered" if answer is None else str(answer)


def _rating(rating: PlannedRating, definitions: Definitions) -> RowChange:
    incoming = rating.incoming
    marker = definitions.model.markers[incoming.marker]
    context = definitions.model.contexts.get(incoming.context)
    where = f" ({context.label})" if context else ""
    what = f"{marker.label}{where} of {day_in_words(incoming.rated_on)}"
    before = _level(rating.held_level) if rating.outcome is Outcome.CORRECTED else ""
    after = _level(incoming.level) if rating.outcome is not Outcome.UNCHANGED else ""
    return RowChange(rows_of(incoming), incoming.client_code, what, rating.outcome, before, after)


def _level(level: int | None) -> str:
    return "NE" if level is None else f"level {level}"


def _note(note: PlannedNote) -> RowChange:
    incoming = note.incoming
    what = f"Note of {day_in_words(incoming.dated_on)}"
    after = f"{len(incoming.text.split()):,} words" if note.outcome is Outcome.NEW else ""
    return RowChange(rows_of(incoming), incoming.client_code, what, note.outcome, "", after)
