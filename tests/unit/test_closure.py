"""When a closure document may be signed, and what exactly is signed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lib.domain.closure import (
    DocumentDraft,
    DocumentKind,
    Section,
    Sentence,
    Source,
    SourceKind,
    as_json,
    as_signed,
    blocked_by,
    canonical_content,
    changed_sources,
    check_may_be_signed,
    content_hash,
)
from lib.domain.closure_draft import draft_goodbye
from lib.domain.errors import Blocked, Frozen, InvalidInput
from lib.domain.record_extract import CrisisContact
from lib.exchange.document_models import load_document_model
from tests.unit.closure_record import EMPTY, FULL, PRACTICE, TODAY, phq, plan, summary

NOW = datetime(2026, 11, 22, 14, 3, tzinfo=UTC)


def _own(text: str) -> Sentence:
    return Sentence(text, own_words=True)


def _ready() -> DocumentDraft:
    """A draft with every section that must be reviewed filled and reviewed."""
    draft = summary(FULL)
    sections = tuple(
        replace(section, sentences=section.sentences or (_own("Known to me."),), reviewed_at=NOW)
        for section in draft.sections
    )
    return replace(draft, sections=sections)


def test_a_reviewed_draft_with_nothing_open_may_be_signed() -> None:
    assert blocked_by(_ready(), [], [], ()) == ()
    check_may_be_signed(_ready(), [], [], ())


def test_an_open_flag_an_unsigned_note_and_a_changed_source_each_block_with_a_way_out() -> None:
    source = Source(SourceKind.SCORE, date(2026, 11, 1), "PHQ-9 19", "administration", 3)
    with pytest.raises(Blocked) as refused:
        check_may_be_signed(_ready(), ["Item 9 answered 1"], [date(2026, 11, 3)], (source,))
    whys = [why for why, _ in refused.value.reasons]
    assert len(whys) == 3
    assert "Item 9 answered 1" in whys[0] and "3 Nov 2026" in whys[1] and "score of 1 Nov 2026" in whys[2]
    assert all(way_out for _, way_out in refused.value.reasons)


def test_an_unreviewed_section_that_must_be_reviewed_blocks() -> None:
    reasons = blocked_by(summary(FULL), [], [], ())
    assert {reason.why for reason in reasons} == {
        f"“{section.title}” has not been reviewed." for section in summary(FULL).sections if section.must_review
    }
    assert len(reasons) == 3


def test_an_empty_risk_section_blocks_even_when_reviewed() -> None:
    ready = _ready()
    emptied = tuple(replace(s, sentences=()) if s.key == "risk" else s for s in ready.sections)
    assert [reason.why for reason in blocked_by(replace(ready, sections=emptied), [], [], ())] == [
        "“Risk at closure” says nothing yet."
    ]


def test_a_sentence_without_a_source_must_be_marked_as_own_words() -> None:
    with pytest.raises(InvalidInput):
        Sentence("She will cope well.")
    assert Sentence("She will cope well.", own_words=True)
    with pytest.raises(InvalidInput):
        Sentence("  ", own_words=True)


def test_a_new_score_after_drafting_is_a_changed_source_and_so_is_a_withdrawn_one() -> None:
    draft, later = summary(FULL), summary(replace(FULL, scales=(phq([17, 9, 6, 12]),)))
    dates = {source.dated_on for source in changed_sources(draft, later)}
    assert date(2025, 4, 15) in dates
    assert changed_sources(draft, summary(FULL)) == ()
    assert set(changed_sources(later, draft)) == set(changed_sources(draft, later))


def test_a_crisis_number_that_expired_since_drafting_is_a_change_and_the_mere_passing_of_days_is_not() -> None:
    never = CrisisContact(1, "Line", "0800 555 0100")
    waiting = replace(FULL, crisis_contacts=(never,))
    assert changed_sources(plan(waiting, date(2026, 11, 1)), plan(waiting, date(2026, 11, 2))) == ()
    confirmed = replace(FULL, crisis_contacts=(replace(never, confirmed_on=date(2026, 8, 4)),))
    assert changed_sources(plan(confirmed, date(2026, 11, 1)), plan(confirmed, date(2026, 11, 2))) == ()
    assert changed_sources(plan(confirmed, date(2026, 11, 2)), plan(confirmed, date(2026, 11, 3)))


def test_taking_a_sentence_out_is_editing_and_not_a_changed_record() -> None:
    draft = summary(FULL)
    shorter = replace(draft, sections=tuple(replace(s, sentences=s.sentences[:1]) for s in draft.sections))
    assert changed_sources(shorter, summary(FULL)) == ()


def test_the_hash_is_of_the_canonical_content_and_moves_with_every_word() -> None:
    draft = summary(FULL)
    assert content_hash(draft) == hashlib.sha256(canonical_content(draft)).hexdigest()
    other = replace(draft, sections=(*draft.sections[:-1], Section("sharing", "Sharing", (_own("Nobody."),))))
    assert content_hash(other) != content_hash(draft)
    assert content_hash(replace(draft, client=replace(draft.client, code="SB-004"))) != content_hash(draft)


def test_review_marks_and_questions_are_no_part_of_what_is_signed() -> None:
    draft = summary(FULL)
    reviewed = tuple(replace(section, reviewed_at=NOW, asks=()) for section in draft.sections)
    assert content_hash(replace(draft, sections=reviewed)) == content_hash(draft)


def test_canonical_content_keeps_every_language_readable() -> None:
    draft = replace(summary(FULL), therapist="Dr Łęcka שלום")
    assert "Dr Łęcka שלום".encode() in canonical_content(draft)


def test_signing_freezes_and_a_signed_document_cannot_be_signed_again() -> None:
    signed = as_signed(_ready(), "Dr Lark", NOW, "I wrote this and stand by it.")
    assert signed.content_sha256 == content_hash(_ready()) == content_hash(signed)
    with pytest.raises(Frozen):
        as_signed(signed, "Dr Lark", NOW, "again")
    with pytest.raises(Frozen):
        check_may_be_signed(signed, [], [], ())


def test_the_json_has_exactly_the_agreed_shape() -> None:
    draft = summary(FULL)
    told = json.loads(json.dumps(as_json(draft, blocked_by(draft, ["Item 9"], [], ()))))
    assert set(told) == {"client", "kind", "status", "sections", "blocked_by"}
    assert (told["client"], told["kind"], told["status"]) == ("SB-003", "summary", "draft")
    for section in told["sections"]:
        assert set(section) == {"key", "title", "sentences", "asks"}
        for sentence in section["sentences"]:
            assert set(sentence) == {"text", "sources"}
            assert all(set(source) == {"kind", "date", "quote"} for source in sentence["sources"])
    assert set(told["blocked_by"][0]) == {"why", "way_out"}


def test_a_document_in_which_nothing_is_written_cannot_be_signed() -> None:
    model = load_document_model(DocumentKind.GOODBYE)
    empty = draft_goodbye(EMPTY, model, PRACTICE, "Dr Lark", TODAY)
    assert [reason.why for reason in blocked_by(empty, (), (), ())] == ["Nothing is written yet."]
    written = replace(
        empty, sections=(replace(empty.sections[0], sentences=(Sentence("Thank you.", own_words=True),)),)
    )
    assert blocked_by(written, (), (), ()) == ()
