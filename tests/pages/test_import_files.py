"""Import page: a file is shown as what it would change; nothing is written until a person says so."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from lib.domain.people import Actor
from lib.storage.tables import Administration, Client, ImportBatch, Note, SavedMapping
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice, words_on

PAGE = "pages/clinician/import_files.py"
SCORES = b"client,date,instrument,score\nSB-001,2026-02-10,bdi2,20\nSB-001,2026-02-17,bdi2,18\n"
ONE_WRONG = b"client,date,instrument,score\nSB-001,2026-02-10,bdi2,20\nSB-001,2026-02-17,bdi2,99\n"


def _key(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _choose(practice: Practice, actor: Actor, data: bytes, name: str = "scores.csv") -> AppTest:
    browser = practice.open(PAGE, actor)
    return browser.file_uploader(key="import-files").upload(name, data).run()


def _count(practice: Practice, table: type) -> int:
    with practice.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_file_is_recognised_and_nothing_is_written_before_the_button(practice: Practice, people: House) -> None:
    browser = _choose(practice, people.lark, SCORES, "anything.txt.csv")
    assert "Recognised as scores, totals: 2 BDI-II" in words_on(browser)
    assert {metric.label: metric.value for metric in browser.metric}["New"] == "2"
    assert _count(practice, Administration) == 0


def test_the_button_takes_the_file_in_and_shows_a_receipt(practice: Practice, people: House) -> None:
    browser = _choose(practice, people.lark, SCORES)
    browser.button(key=f"{_key(SCORES)}-go").click().run()
    assert {metric.label: metric.value for metric in browser.metric}["New"] == "2"
    assert "Taken in" in words_on(browser)
    assert (_count(practice, Administration), _count(practice, ImportBatch)) == (2, 1)


def test_the_same_file_again_has_nothing_to_take_in(practice: Practice, people: House) -> None:
    _choose(practice, people.lark, SCORES).button(key=f"{_key(SCORES)}-go").click().run()
    browser = _choose(practice, people.lark, SCORES)
    assert "Nothing changed" in words_on(browser)
    assert browser.button(key=f"{_key(SCORES)}-go").disabled


def test_a_wrong_row_stops_the_file_until_a_person_leaves_it_out(practice: Practice, people: House) -> None:
    key = _key(ONE_WRONG)
    browser = _choose(practice, people.lark, ONE_WRONG)
    assert browser.button(key=f"{key}-go").disabled
    (problems,) = [json.loads(one.proto.json) for one in browser.get("bidi_component") if one.key == f"{key}-problems"]
    (row,) = problems["rows"]
    wrong = dict(zip(problems["columns"], (cell["text"] for cell in row["cells"]), strict=True))
    assert (wrong["Row"], wrong["Value"]) == ("3", "99") and wrong["How to mend it"]
    assert not browser.dataframe, "a data grid has a download of its own that nobody would know of"
    browser.checkbox(key=f"{key}-valid").check().run()
    browser.button(key=f"{key}-go").click().run()
    assert _count(practice, Administration) == 1


def test_an_unknown_client_is_created_only_when_asked(practice: Practice, people: House) -> None:
    data = SCORES.replace(b"SB-001", b"007")
    browser = _choose(practice, people.lark, data)
    assert "1 client not among yours: 007" in words_on(browser)
    assert browser.button(key=f"{_key(data)}-go").disabled
    browser.checkbox(key=f"{_key(data)}-create").check().run()
    browser.button(key=f"{_key(data)}-go").click().run()
    with practice.database.reading() as session:
        assert "007" in session.scalars(select(Client.code)).all()


def test_another_therapists_client_reads_like_no_client_at_all(practice: Practice, people: House) -> None:
    data = SCORES.replace(b"SB-001", b"SB-002")
    said = words_on(_choose(practice, people.lark, data))
    assert "1 client not among yours: SB-002" in said and "Boris" not in said


def test_a_date_that_could_be_read_two_ways_is_asked_about(practice: Practice, people: House) -> None:
    data = b"client,date,instrument,score\nSB-001,02/03/2026,bdi2,20\n"
    browser = _choose(practice, people.lark, data)
    assert browser.button(key=f"{_key(data)}-go").disabled
    browser.selectbox(key=f"{_key(data)}-dates").set_value("m/d/y").run()
    browser.button(key=f"{_key(data)}-go").click().run()
    with practice.database.reading() as session:
        assert session.scalars(select(Administration.taken_on)).all() == [date(2026, 2, 3)]


def test_a_notes_text_stays_text(practice: Practice, people: House) -> None:
    data = b'client,date,text\nSB-001,2026-02-10,"![x](http://evil.example/p.png) **bold** <b>tag</b>"\n'
    browser = _choose(practice, people.lark, data)
    assert all("evil.example" not in str(element.value) for element in browser.markdown)
    browser.button(key=f"{_key(data)}-go").click().run()
    assert _count(practice, Note) == 1


def test_another_systems_table_is_mapped_once_and_read(practice: Practice, people: House) -> None:
    data = b"id,w0,w1\nSB-001,20,18\n"
    key = _key(data)
    browser = _choose(practice, people.lark, data)
    browser.text_input(key=f"{key}-map-name").input("weekly")
    browser.date_input(key=f"{key}-map-start").set_value(date(2026, 2, 3))
    browser.selectbox(key=f"{key}-map-0-of").set_value("bdi2").run()
    browser.multiselect(key=f"{key}-map-0-columns").set_value(["w0", "w1"]).run()
    browser.button(key=f"{key}-map-save").click().run()
    assert _count(practice, SavedMapping) == 1
    assert "Recognised as scores, totals: 2 BDI-II" in words_on(browser)
    browser.button(key=f"{key}-go").click().run()
    with practice.database.reading() as session:
        days = session.scalars(select(Administration.taken_on).order_by(Administration.taken_on)).all()
    assert days == [date(2026, 2, 3), date(2026, 2, 10)]


def test_a_mapping_saved_before_is_named_where_a_table_of_other_columns_is_not_read(
    practice: Practice, people: House
) -> None:
    other = b"pid,when,t\nSB-001,2026-02-10,20\n"
    assert "Mapped before?" not in words_on(_choose(practice, people.lark, other))
    with practice.database.writing() as session:
        session.add(SavedMapping(name="clinic", definition={"name": "clinic"}, saved_at=NOW))
    assert "under “How the file is read”: clinic." in words_on(_choose(practice, people.lark, other))


def test_a_file_that_is_no_table_says_why(practice: Practice, people: House) -> None:
    said = words_on(_choose(practice, people.lark, b"%PDF-1.7 nothing", "scores.csv"))
    assert "a PDF document" in said


@pytest.mark.parametrize("name", ["heron", "admin"])
def test_nobody_but_a_therapist_imports(practice: Practice, people: House, name: str) -> None:
    browser = practice.open_past_the_shell(PAGE, getattr(people, name))
    assert "Your role does not include this" in words_on(browser) and not browser.file_uploader


def test_a_stranger_sees_nothing(practice: Practice, people: House) -> None:
    browser = practice.open_past_the_shell(PAGE, None)
    assert "signed out" in words_on(browser) and not browser.file_uploader


def test_while_no_file_is_chosen_the_page_says_what_one_may_look_like(practice: Practice, people: House) -> None:
    browser = practice.open(PAGE, people.lark)
    (shapes,) = [json.loads(one.proto.json) for one in browser.get("bidi_component")]
    named = {row["cells"][0]["text"]: row["cells"][1]["text"] for row in shapes["rows"]}
    assert named["Scores as totals only"].startswith("client, date, instrument, score")
    assert "a missing answer" in words_on(browser)
