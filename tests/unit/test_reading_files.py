"""Reading files for the screen: what a file is, by its content; and column mappings made by hand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from lib.domain.errors import ImportProblem, InvalidInput
from lib.exchange.definition_files import load_definitions
from lib.services.reading_files import (
    FileKind,
    MappingDraft,
    ReadingAnswers,
    TotalSeries,
    column_names,
    make_mapping,
    read_upload,
)

DEFINITIONS = load_definitions(Path(__file__).parents[2] / "data")
TODAY = date(2026, 11, 24)
START = date(2026, 1, 5)


def _kind(text: str, name: str) -> str:
    return read_upload(text.encode(), name, ReadingAnswers(), DEFINITIONS, TODAY).kind


def test_a_file_is_what_it_holds_and_not_what_it_is_called() -> None:
    assert _kind("client,date,instrument,score\nA,2026-01-05,bdi2,20\n", "notes.csv") == FileKind.SCORES
    assert _kind("client,date,marker,level\nA,2026-01-05,trust,2\n", "scores.csv") == FileKind.MARKERS
    assert _kind("client,date,text\nA,2026-01-05,Came late.\n", "scores.csv") == FileKind.NOTES


def test_running_text_with_a_dated_name_is_a_note() -> None:
    assert _kind("SUBJECTIVE: came late, spoke of work.\nPLAN: go on.", "A_2026-01-05.txt") == FileKind.NOTES


def test_a_program_is_refused_whatever_its_name_says() -> None:
    with pytest.raises(ImportProblem, match="program"):
        read_upload(b"MZ\x00\x00" + bytes(80), "scores.csv", ReadingAnswers(), DEFINITIONS, TODAY)


def test_a_mapping_made_by_hand_reads_totals_a_week_apart() -> None:
    data = b"id,w0,w1,w2\n7,20,,12\n"
    assert column_names(data, "x.csv", ReadingAnswers(), TODAY) == ("id", "w0", "w1", "w2")
    draft = MappingDraft("weekly", "id", starts_on=START, series=(TotalSeries("bdi2", ("w0", "w1", "w2")),))
    parsed = read_upload(data, "x.csv", ReadingAnswers(mapping=make_mapping(draft)), DEFINITIONS, TODAY)
    found = [(form.client_code, form.taken_on, dict(form.totals)) for form in parsed.administrations]
    assert found == [("7", START, {"total": 20.0}), ("7", START + timedelta(weeks=2), {"total": 12.0})]


def test_a_mapping_made_by_hand_counts_days_from_a_stated_start_and_keeps_a_first_score_on_its_own_day() -> None:
    data = b"PATIENT,RELDAYS,NOW,BEFORE\n7,9,20,30\n7,16,12,30\n"
    series = (TotalSeries("hamd17", ("NOW",), first_day=None), TotalSeries("hamd17", ("BEFORE",)))
    draft = MappingDraft("trial", "PATIENT", days_column="RELDAYS", starts_on=START, series=series)
    parsed = read_upload(data, "x.csv", ReadingAnswers(mapping=make_mapping(draft)), DEFINITIONS, TODAY)
    found = {((form.taken_on - START).days, form.totals["total"]) for form in parsed.administrations}
    assert found == {(0, 30.0), (9, 20.0), (16, 12.0)}


def test_a_mapping_made_by_hand_reads_items_with_codes_for_no_answer() -> None:
    data = b"SEQN," + ",".join(f"q{n}" for n in range(1, 10)).encode() + b"\n93705.0,0.0,1,2,3,0,1,2,3,9\n"
    items = tuple((f"q{number}", f"phq9_{number}") for number in range(1, 10))
    draft = MappingDraft(
        "survey", "SEQN", starts_on=START, item_columns=items, missing_codes=("7", "9"), client_integral=True
    )
    (form,) = read_upload(
        data, "x.csv", ReadingAnswers(mapping=make_mapping(draft)), DEFINITIONS, TODAY
    ).administrations
    assert (form.client_code, form.taken_on) == ("93705", START)
    assert form.answers is not None and form.answers["phq9_1"] == 0 and form.answers["phq9_9"] is None


@pytest.mark.parametrize(
    "draft",
    [
        MappingDraft(" ", "id", starts_on=START, series=(TotalSeries("bdi2", ("a",)),)),
        MappingDraft("x", "id", starts_on=START),
        MappingDraft("x", "id", series=(TotalSeries("bdi2", ("a",)),)),
    ],
)
def test_an_unfinished_mapping_is_refused_in_words(draft: MappingDraft) -> None:
    with pytest.raises(InvalidInput):
        make_mapping(draft)
