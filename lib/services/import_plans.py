"""Import plans: what a parsed file would do to the record, decided before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import InvalidInput
from lib.domain.form_changes import FormChange, HeldForm, Outcome, change_of_form, day_problem
from lib.domain.import_outcomes import NOT_YOUR_CLIENT, ImportOptions
from lib.domain.imports import AdministrationIn, MarkerRatingIn, NoteIn, Parsed, Problem
from lib.domain.markers import CheckedRating, RatingDraft, check_rating
from lib.domain.people import Actor
from lib.services.clients import check_code
from lib.storage import client_queries, import_queries, measure_queries, rating_queries
from lib.storage.client_queries import KnownClient

_FormKey = tuple[str, str, str, str, date]
Value = AdministrationIn | MarkerRatingIn | NoteIn
Brought = TypeVar("Brought", AdministrationIn, MarkerRatingIn, NoteIn)


class PlannedForm(NamedTuple):
    """A form and what it would do."""

    incoming: AdministrationIn
    change: FormChange
    held: HeldForm | None


@dataclass(frozen=True, slots=True)
class PlannedRating:
    """A rating and what it would do; `held_id` is the rating it corrects."""

    incoming: MarkerRatingIn
    checked: CheckedRating
    outcome: Outcome
    held_id: int | None = None
    held_level: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedNote:
    """A note and what it would do: a frozen note is never replaced, so it is new or there already."""

    incoming: NoteIn
    outcome: Outcome


@dataclass(slots=True)
class ImportPlan:
    """The whole of a file. `known` maps codes to clients the actor may write to; `to_create` are codes to make."""

    known: dict[str, KnownClient]
    to_create: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    forms: list[PlannedForm] = field(default_factory=list)
    ratings: list[PlannedRating] = field(default_factory=list)
    notes: list[PlannedNote] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rejected_rows: set[int] = field(default_factory=set)
    _told: set[Problem] = field(default_factory=set)

    def refuse(self, rows: Sequence[int | None], column: str, value: str, rule: str, mend: str, file: str = "") -> None:
        """Note one value that is not taken, at its first row; a row with many scores says it once."""
        problem = Problem(rows[0] if rows else None, column, value, rule, mend, file=file)
        if problem not in self._told:
            self._told.add(problem)
            self.problems.append(problem)
        self.rejected_rows.update(row for row in rows if row is not None)


def plan_import(
    session: Session, actor: Actor, parsed: Parsed, options: ImportOptions, now: datetime, definitions: Definitions
) -> ImportPlan:
    """Decide about every value of the file. Reads only.

    A code that is somebody else's client reads exactly like a code nobody has: the same rule, and no count, name or
    date of it. Where clients are to be created it is refused in the words of a code that cannot be used; that a code
    is taken can then be inferred, as codes are one practice's, and who has it cannot."""
    plan = _plan_clients(session, actor, parsed, options, now)
    today = now.date()
    _plan_forms(session, plan, _of_accepted(plan, parsed.administrations), today, definitions)
    _plan_ratings(session, plan, _of_accepted(plan, parsed.ratings), today, definitions)
    _plan_notes(session, plan, _of_accepted(plan, parsed.notes), today)
    planned: list[PlannedForm | PlannedRating | PlannedNote] = [*plan.forms, *plan.ratings, *plan.notes]
    used = {each.incoming.client_code for each in planned}
    plan.to_create = [code for code in plan.to_create if code in used]
    return plan


# --- clients -----------------------------------------------------------------------------------------


def _plan_clients(session: Session, actor: Actor, parsed: Parsed, options: ImportOptions, now: datetime) -> ImportPlan:
    values: list[Value] = [*parsed.administrations, *parsed.ratings, *parsed.notes]
    codes = list(dict.fromkeys(value.client_code for value in values))
    found = client_queries.clients_by_code(session, actor, codes, now)
    plan = ImportPlan(known={code: client for code, client in found.items() if client.may_write})
    for code in codes:
        if code in plan.known:
            continue
        if options.create_clients and code not in found and _fits(code):
            plan.to_create.append(code)
        else:
            plan.unknown.append(code)
    mend = (
        "This code cannot be used for a new client: correct it, or ask your practice admin."
        if options.create_clients
        else "Correct the code, or ask for unknown clients to be created."
    )
    unknown = set(plan.unknown)
    for value in values:
        if value.client_code in unknown:
            plan.refuse(rows_of(value), "client", value.client_code, NOT_YOUR_CLIENT, mend, file_of(value))
    return plan


def _fits(code: str) -> bool:
    try:
        check_code(code)
    except InvalidInput:
        return False
    return True


def _of_accepted(plan: ImportPlan, values: Sequence[Brought]) -> list[Brought]:
    """The values whose client is known or to be created."""
    refused = set(plan.unknown)
    return [value for value in values if value.client_code not in refused]


def rows_of(value: Value) -> tuple[int, ...]:
    """The rows of the file a value came from."""
    if isinstance(value, AdministrationIn):
        return value.rows
    return () if value.row is None else (value.row,)


def file_of(value: Value) -> str:
    """The file inside an archive a value came from."""
    return value.file if isinstance(value, NoteIn) else ""


def _day_fits(plan: ImportPlan, value: Value, day: date, today: date) -> bool:
    client = plan.known.get(value.client_code)
    problem = day_problem(day, today, client.born_on if client else None, client.referred_on if client else None)
    if problem is not None:
        plan.refuse(rows_of(value), "date", day.isoformat(), *problem, file_of(value))
    return problem is None


# --- forms -------------------------------------------------------------------------------------------


def _plan_forms(
    session: Session, plan: ImportPlan, forms: Sequence[AdministrationIn], today: date, definitions: Definitions
) -> None:
    held = _held_forms(session, plan.known, forms)
    seen: dict[_FormKey, AdministrationIn] = {}
    for form in forms:
        if not _day_fits(plan, form, form.taken_on, today):
            continue
        instrument = definitions.instruments.get(form.instrument)
        if instrument is None:
            plan.refuse(form.rows, "instrument", form.instrument, "there is no such instrument here", "Correct it.")
            continue
        key = (form.client_code, form.instrument, form.target, form.respondent, form.taken_on)
        try:
            change = change_of_form(instrument, form, held.get(key))
        except InvalidInput as problem:
            plan.refuse(form.rows, problem.field, "", problem.message, problem.mend)
            continue
        twin = seen.setdefault(key, form)
        if twin is not form:
            if (twin.answers, twin.totals) != (form.answers, form.totals):
                rule = f"another {instrument.short_name} of this client and day stands in this file"
                plan.refuse(form.rows, "date", form.taken_on.isoformat(), rule, "Keep the right one.")
                continue
            change = FormChange(Outcome.UNCHANGED, change.answers, change.scored)
        if change.problem:
            plan.refuse(form.rows, "total", _totals_told(form), change.problem, change.mend)
            continue
        plan.forms.append(PlannedForm(form, change, held.get(key)))


def _held_forms(
    session: Session, known: Mapping[str, KnownClient], forms: Sequence[AdministrationIn]
) -> dict[_FormKey, HeldForm]:
    code_of = {known[form.client_code].id: form.client_code for form in forms if form.client_code in known}
    instruments, days = list({form.instrument for form in forms}), {form.taken_on for form in forms}
    return {
        (code_of[form.client_id], form.instrument, form.target, form.respondent, form.taken_on): HeldForm(
            form.id, form.answers, form.scales
        )
        for form in measure_queries.current_forms(session, list(code_of), instruments, days)
    }


def _totals_told(form: AdministrationIn) -> str:
    return ", ".join(f"{value:g}" for value in form.totals.values())


# --- ratings -----------------------------------------------------------------------------------------


def _plan_ratings(
    session: Session, plan: ImportPlan, ratings: Sequence[MarkerRatingIn], today: date, definitions: Definitions
) -> None:
    code_of = {plan.known[r.client_code].id: r.client_code for r in ratings if r.client_code in plan.known}
    held = {
        (code_of[r.client_id], r.marker, r.context, r.rated_on): r
        for r in rating_queries.current_ratings(session, list(code_of))
    }
    seen: dict[tuple[str, str, str, date], int | None] = {}
    for rating in ratings:
        if not _day_fits(plan, rating, rating.rated_on, today):
            continue
        draft = RatingDraft(rating.marker, rating.level, rating.rated_on, rating.context, evidence=rating.evidence)
        try:
            checked = check_rating(draft, definitions.model.markers, definitions.model.contexts, today, imported=True)
        except InvalidInput as problem:
            plan.refuse(rows_of(rating), problem.field, "", problem.message, problem.mend)
            continue
        key = (rating.client_code, rating.marker, rating.context, rating.rated_on)
        if key in seen:
            if seen[key] != rating.level:
                rule = "another rating of this marker, context and day stands in this file"
                plan.refuse(rows_of(rating), "level", _level_told(rating.level), rule, "Keep the right one.")
                continue
            plan.ratings.append(PlannedRating(rating, checked, Outcome.UNCHANGED))
            continue
        seen[key] = rating.level
        plan.ratings.append(_planned_rating(rating, checked, held.get(key)))


def _planned_rating(
    rating: MarkerRatingIn, checked: CheckedRating, held: rating_queries.StoredRating | None
) -> PlannedRating:
    if held is None:
        return PlannedRating(rating, checked, Outcome.NEW)
    # A file without evidence says nothing against evidence that is held.
    same = held.level == rating.level and rating.evidence in ("", held.evidence)
    outcome = Outcome.UNCHANGED if same else Outcome.CORRECTED
    return PlannedRating(rating, checked, outcome, held.id, held.level)


def _level_told(level: int | None) -> str:
    return "NE" if level is None else str(level)


# --- notes -------------------------------------------------------------------------------------------


def _plan_notes(session: Session, plan: ImportPlan, notes: Sequence[NoteIn], today: date) -> None:
    code_of = {plan.known[n.client_code].id: n.client_code for n in notes if n.client_code in plan.known}
    there = {
        (code_of[client_id], dated_on, text)
        for client_id, dated_on, text in import_queries.final_note_texts(
            session, list(code_of), {note.dated_on for note in notes}
        )
    }
    for note in notes:
        if not _day_fits(plan, note, note.dated_on, today):
            continue
        key = (note.client_code, note.dated_on, note.text)
        plan.notes.append(PlannedNote(note, Outcome.UNCHANGED if key in there else Outcome.NEW))
        there.add(key)
