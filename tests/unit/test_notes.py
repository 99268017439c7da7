"""Rules about notes: formats, moves of status, what may be signed, and what exactly is signed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date

import pytest

from lib.domain.errors import Frozen, HouseError, InvalidInput
from lib.domain.notes import (
    HEADINGS,
    MOVES,
    Compartment,
    NoteFormat,
    NoteStatus,
    SessionDetails,
    SignedContent,
    canonical_content,
    check_dated_on,
    check_details,
    check_may_add,
    check_may_move,
    check_may_sign,
    check_may_write,
    clean_text,
    has_words,
    kind_of,
    may_add,
    may_sign,
    may_write,
    signed_text,
    status_in_words,
    template,
    text_hash,
)
from lib.domain.policy import RecordKind

DAY = date(2026, 3, 2)
CONTENT = SignedContent("007", "Ada Muster", date(1990, 1, 31), DAY, "soap", "progress", 1, "Said “no” – twice.\nÄ")


@pytest.mark.parametrize("note_format", list(NoteFormat))
def test_every_format_has_a_template_that_holds_its_headings_in_order_and_nothing_else(note_format: NoteFormat) -> None:
    lines = [line for line in template(note_format).splitlines() if line]
    assert lines == [f"{heading.upper()}:" for heading in HEADINGS[note_format]]
    assert not has_words(template(note_format))


def test_a_soap_note_has_its_four_sections() -> None:
    assert template(NoteFormat.SOAP) == "SUBJECTIVE:\n\n\nOBJECTIVE:\n\n\nASSESSMENT:\n\n\nPLAN:\n"


@pytest.mark.parametrize("status", list(NoteStatus))
def test_the_question_and_the_check_about_writing_and_adding_agree(status: NoteStatus) -> None:
    for asks, checks in ((may_write, check_may_write), (may_add, check_may_add)):
        if asks(status):
            checks(status)
        else:
            with pytest.raises(Frozen):
                checks(status)


@pytest.mark.parametrize("status", list(NoteStatus))
@pytest.mark.parametrize("text", ["", "   \n", "SUBJECTIVE:\n\nOBJECTIVE:\n", "SUBJECTIVE:\ncalm"])
def test_the_question_and_the_check_about_signing_agree(status: NoteStatus, text: str) -> None:
    if may_sign(status, text):
        check_may_sign(status, text)
        assert "calm" in text
    else:
        with pytest.raises((Frozen, InvalidInput)):
            check_may_sign(status, text)


@pytest.mark.parametrize(
    ("status", "writable"),
    [
        (NoteStatus.DRAFT, True),
        (NoteStatus.RETURNED, True),
        (NoteStatus.SIGNED, False),
        (NoteStatus.COSIGNED, False),
        (NoteStatus.IMPORTED, False),
        (NoteStatus.RETRACTED, False),
    ],
)
def test_only_a_draft_or_a_returned_note_is_written_in(status: NoteStatus, writable: bool) -> None:
    assert may_write(status) is writable


def test_no_move_leads_back_to_a_draft_and_none_leads_out_of_retracted() -> None:
    assert all(NoteStatus.DRAFT not in following for following in MOVES.values())
    assert MOVES[NoteStatus.RETRACTED] == frozenset()
    assert set(MOVES) == set(NoteStatus)
    with pytest.raises(Frozen):
        check_may_move(NoteStatus.COSIGNED, NoteStatus.RETURNED)


def test_a_trainees_signed_note_says_that_it_waits() -> None:
    assert status_in_words(NoteStatus.SIGNED) == "Signed"
    assert status_in_words(NoteStatus.SIGNED, waits_for_cosignature=True) == "Signed, waits for co-signature"
    assert status_in_words(NoteStatus.COSIGNED, waits_for_cosignature=True) == "Co-signed"


@pytest.mark.parametrize("status", list(NoteStatus))
def test_a_process_note_stays_one_whatever_its_status(status: NoteStatus) -> None:
    assert kind_of(status, Compartment.PROCESS) is RecordKind.NOTE_PROCESS
    expected = RecordKind.NOTE_DRAFT if status is NoteStatus.DRAFT else RecordKind.NOTE_SIGNED
    assert kind_of(status, Compartment.PROGRESS) is expected


def test_line_breaks_become_one_kind_and_nothing_else_changes() -> None:
    assert clean_text("a\r\nb\rc\n\n  d\t") == "a\nb\nc\n\n  d\t"


@pytest.mark.parametrize("text", ["a\x00b", "half \ud83d pair", "x" * 100_001])
def test_what_is_no_text_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        clean_text(text)


def test_what_is_signed_is_stable_json_and_gives_the_text_back() -> None:
    canonical = canonical_content(CONTENT)
    assert canonical == (
        '{"client":{"born_on":"1990-01-31","code":"007","name":"Ada Muster"},"compartment":"progress",'
        '"dated_on":"2026-03-02","format":"soap","number":1,"text":"Said “no” – twice.\\nÄ"}'
    )
    assert signed_text(canonical) == CONTENT.text
    assert text_hash(canonical) == hashlib.sha256(canonical.encode()).hexdigest()


@pytest.mark.parametrize(
    "changed",
    [
        {"client_code": "07"},
        {"client_name": "Ada"},
        {"client_born_on": None},
        {"dated_on": date(2026, 3, 3)},
        {"compartment": "process"},
        {"number": 2},
        {"text": "Said “no” – twice.\nÄ "},
    ],
)
def test_any_change_to_what_is_signed_changes_its_hash(changed: dict[str, object]) -> None:
    other = replace(CONTENT, **changed)  # type: ignore[arg-type]
    assert text_hash(canonical_content(other)) != text_hash(canonical_content(CONTENT))


@pytest.mark.parametrize("broken", ["", "just words", "[]", json.dumps({"words": 1})])
def test_content_that_is_not_canonical_is_an_error_never_an_empty_note(broken: str) -> None:
    with pytest.raises(HouseError):
        signed_text(broken)


def test_a_session_is_not_in_the_future_and_not_before_birth() -> None:
    check_dated_on(DAY, DAY, None)
    with pytest.raises(InvalidInput, match="future"):
        check_dated_on(date(2026, 3, 3), DAY, None)
    with pytest.raises(InvalidInput, match="born"):
        check_dated_on(DAY, DAY, date(2026, 3, 3))


@pytest.mark.parametrize(
    "details",
    [
        SessionDetails(attendance="came"),
        SessionDetails(minutes=0),
        SessionDetails(minutes=601),
        SessionDetails(modality="x" * 31),
        SessionDetails(next_on=DAY),
    ],
)
def test_details_that_cannot_be_are_refused(details: SessionDetails) -> None:
    with pytest.raises(InvalidInput):
        check_details(details, DAY)


def test_a_plain_session_is_fine() -> None:
    check_details(SessionDetails(minutes=50, modality="in person", next_on=date(2026, 3, 9)), DAY)
