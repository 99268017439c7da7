"""Drafting the closure summary: plain statements of the record, each with its source, and questions for gaps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from lib.domain import closure_course, closure_markers, closure_outcome, closure_residual, closure_treatment
from lib.domain.closure import Audience, DocumentDraft, Letterhead, distinct_sources
from lib.domain.document_model import DocumentModel, Words
from lib.domain.draft_words import Part
from lib.domain.errors import DefinitionProblem
from lib.domain.other_names import people_named, texts_naming
from lib.domain.record_extract import RecordExtract

Drafting = Callable[[Part, RecordExtract], None]

SECTIONS: dict[str, Drafting] = {
    "header": closure_course.header,
    "ending": closure_course.ending,
    "needs": closure_course.needs,
    "formulation": closure_course.formulation,
    "treatment": closure_treatment.treatment,
    "outcome_measures": closure_outcome.outcome_measures,
    "outcome_markers": closure_markers.outcome_markers,
    "residual": closure_residual.residual,
    "risk": closure_outcome.risk,
    "protective": closure_outcome.protective,
    "ending_work": closure_course.ending_work,
    "recommendations": closure_course.recommendations,
    "coming_back": closure_course.coming_back,
}


def draft_closure_summary(
    record: RecordExtract,
    model: DocumentModel,
    audience: Audience,
    practice: Letterhead,
    therapist: str,
    today: date,
) -> DocumentDraft:
    """The closure summary for one audience, drafted from the record and nothing else.

    Raises DefinitionProblem when the model does not fit (another kind, an audience or template it lacks)."""
    if audience not in model.titles:
        raise DefinitionProblem(f"{model.kind} sections: no audience “{audience}”")
    words = Words(model, audience)

    def drafting(key: str) -> Drafting:
        if key == "safety":
            return lambda part, record: closure_outcome.safety(part, record, today)
        # A section the practice added has no drafting of its own: it asks its question.
        return SECTIONS.get(key, asks_only)

    return drafted(record, words, drafting, practice, therapist, today)


def draft_goodbye(
    record: RecordExtract, model: DocumentModel, practice: Letterhead, therapist: str, today: date
) -> DocumentDraft:
    """The empty pages of two goodbye letters. Nothing of the record is put into them."""
    return drafted(record, Words(model, Audience.CLIENT), lambda key: asks_only, practice, therapist, today)


def drafted(
    record: RecordExtract,
    words: Words,
    drafting: Callable[[str], Drafting],
    practice: Letterhead,
    therapist: str,
    today: date,
) -> DocumentDraft:
    """Every section of the model for this audience, drafted in the model's order."""
    sections = []
    naming_others = texts_naming(record, record.other_names)
    # A referrer is not told who the people of the client's life are, in whatever text their names stand.
    kept_from_reader = people_named(record) if words.audience is Audience.REFERRER else ()
    naming_people = texts_naming(record, kept_from_reader)
    for rule in words.model.sections:
        if words.audience not in rule.titles:
            continue
        part = Part(words, naming_others, naming_people)
        drafting(rule.key)(part, record)
        sections.append(part.as_section(rule))
    return DocumentDraft(
        kind=words.model.kind,
        audience=words.audience,
        client=record.client,
        practice=practice,
        therapist=therapist,
        drafted_on=today,
        sections=tuple(sections),
        title=words.model.titles[words.audience],
        basis=distinct_sources(sections),
    )


def asks_only(part: Part, record: RecordExtract) -> None:
    """Nothing is drafted: the section's own question stands."""
