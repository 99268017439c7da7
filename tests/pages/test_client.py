"""Client page: identity as plain text, flags answered, courses with their verdicts, and who may not see or write."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from lib.domain import entries
from lib.domain.markers import RatingDraft
from lib.domain.process import PartState
from lib.services import entries as entry_service
from lib.services import measures
from lib.storage.tables import Administration, AuditEvent, Client, Flag, FlagResponse
from lib.ui import button_row
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice, components_on, words_on

PAGE = "pages/clinician/client.py"
TODAY = NOW.date()


@pytest.fixture
def told(practice: Practice, people: House) -> House:
    """Anna has a course, an item 9 answered, and a rating."""
    with practice.database.writing() as session:
        factories.course(session, people.lark, people.anna, "SB-001", [18, 16, 12, 8], date(2026, 1, 5))
        form = factories.phq9("SB-001", TODAY - timedelta(days=2), 0, 0, 0, 0, 0, 0, 0, 0, 2)
        factories.enter(session, people.lark, people.anna, form)
        draft = RatingDraft("trust", 2, TODAY, episode_on=TODAY, evidence="Asked **Jo** for help.")
        measures.rate_marker(session, people.lark, people.anna, draft, NOW, factories.definitions())
    return people


def _tab(browser: AppTest, client_id: int, name: str) -> AppTest:
    browser.session_state[f"tabs-{client_id}"] = name
    return browser.run()


def test_the_strip_tells_name_code_and_birth_as_plain_text(practice: Practice, told: House) -> None:
    with practice.database.writing() as session:
        session.get_one(Client, told.anna).name = "Anna *Muster* :red[x]"
        session.get_one(Client, told.anna).born_on = date(1989, 4, 3)
    browser = practice.open(PAGE, told.lark, told.anna)
    assert any(element.value == "Anna *Muster* :red[x]" for element in browser.text)
    assert any("born 3 Apr 1989 (36)" in element.value for element in browser.text)
    assert all("Muster" not in str(element.value) for element in browser.markdown)


def test_an_open_flag_stays_until_somebody_says_what_was_done(practice: Practice, told: House) -> None:
    browser = practice.open(PAGE, told.lark, told.anna)
    with practice.database.reading() as session:
        flag = session.scalars(select(Flag).where(Flag.is_risk)).one()
    key = f"flag-{told.anna}-{flag.id}"
    browser.button(key=f"{key}-save").click().run()
    assert "Say what was done." in words_on(browser)
    browser.text_area(key=f"{key}-done").input("Asked in session; *safe tonight*.")
    browser.button(key=f"{key}-save").click().run()
    with practice.database.reading() as session:
        assert session.scalars(select(FlagResponse.what_was_done)).all() == ["Asked in session; *safe tonight*."]
    assert any("Asked in session; *safe tonight*." in element.value for element in browser.text)


def test_the_overview_says_the_course_in_words(practice: Practice, told: House) -> None:
    browser = practice.open(PAGE, told.lark, told.anna)
    said = words_on(browser) + components_on(browser)
    assert "PHQ-9" in said and "● Recovered" in said
    assert (
        "rated 2 inconsistent, 2 Mar" in said
        and "one date only" in said
        and "not rated yet; this is not a zero" in said
    )
    assert "Item 9 answered: more than half the days." in components_on(browser)


def test_progress_gives_the_reason_for_each_verdict(practice: Practice, told: House) -> None:
    browser = practice.open(PAGE, told.lark, told.anna)
    assert not browser.get("plotly_chart")  # the overview asks for no chart library
    browser = _tab(browser, told.anna, "Progress")
    said = words_on(browser)
    assert "PHQ-9 fell from 18 to 2" in said and "where error alone allows" in said
    assert "Kroenke" in said


def test_a_verdict_that_cannot_be_given_says_why(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        factories.enter(session, people.lark, people.anna, factories.phq9_total("SB-001", TODAY, 9))
    said = words_on(_tab(practice.open(PAGE, people.lark, people.anna), people.anna, "Progress"))
    assert "– One score only" in said and "there is no second score" in said


def test_a_chosen_point_shows_the_items_behind_it(practice: Practice, told: House) -> None:
    browser = _tab(practice.open(PAGE, told.lark, told.anna), told.anna, "Progress")
    browser.selectbox(key=f"course-{told.anna}-phq9.total-form").set_value(_newest_form(practice)).run()
    said = words_on(browser)
    assert "PHQ-9 of 28 Feb: 2, none to minimal." in said and "More than half the days" in components_on(browser)


def _newest_form(practice: Practice) -> int:
    with practice.database.reading() as session:
        return session.scalars(select(func.max(Administration.id))).one()


def test_what_a_rating_rests_on_is_shown_as_data_and_not_as_markdown(practice: Practice, told: House) -> None:
    browser = _tab(practice.open(PAGE, told.lark, told.anna), told.anna, "Progress")
    assert "What happened" in components_on(browser) and "Asked **Jo** for help." in components_on(browser)
    assert all("Jo" not in str(element.value) for element in browser.markdown)


def test_an_empty_record_says_what_to_do(practice: Practice, people: House) -> None:
    said = words_on(practice.open(PAGE, people.lark, people.anna))
    assert "No score yet." in said and "Nothing is on record yet." in said


def test_a_supervisor_reads_and_has_no_button_that_writes(practice: Practice, told: House) -> None:
    browser = practice.open(PAGE, told.heron, told.anna)
    assert "Anna Muster" in words_on(browser)
    keys = [button.key or "" for button in browser.button if not (button.key or "").endswith("-help")]
    assert not any(key.startswith("flag-") for key in keys)
    assert _ways(browser) == ["closure", "ending"]


def _ways(browser: AppTest) -> list[str]:
    """The ways on from the record, as the browser is given them."""
    found = [json.loads(element.proto.json) for element in browser.get("bidi_component")]
    return [one["id"] for data in found for one in data.get("buttons", [])]


@pytest.mark.parametrize(("pressed", "page"), [("scores", "Measures"), ("delete", "Client record")])
def test_a_therapist_goes_on_from_the_record_by_the_ways_it_offers_and_no_other(
    practice: Practice, told: House, monkeypatch: pytest.MonkeyPatch, pressed: str, page: str
) -> None:
    browser = practice.open(PAGE, told.lark, told.anna)
    assert _ways(browser) == ["note", "scores", "markers", "turn", "closure", "ending"]
    with monkeypatch.context() as until_opened:
        until_opened.setattr(button_row, "_mount", lambda **_: {"pressed": pressed})
        browser.run()
    assert page in words_on(browser)


def test_a_reader_cannot_go_where_only_the_therapist_writes(
    practice: Practice, told: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = practice.open(PAGE, told.heron, told.anna)
    monkeypatch.setattr(button_row, "_mount", lambda **_: {"pressed": "note"})
    assert "Client record" in words_on(browser.run())


def test_the_form_for_details_is_sent_only_when_it_is_open(practice: Practice, told: House) -> None:
    browser = practice.open(PAGE, told.lark, told.anna)
    assert not browser.date_input
    with practice.database.reading() as session:
        version = session.get_one(Client, told.anna).version
    browser.session_state[f"details-{told.anna}-{version}"] = True
    assert len(browser.run().date_input) == 2


@pytest.mark.parametrize("name", ["finch", "stork"])
def test_who_has_no_relation_to_the_client_sees_nobody(practice: Practice, told: House, name: str) -> None:
    said = words_on(practice.open(PAGE, getattr(told, name), told.anna))
    assert "There is no such clinical record" in said and "Anna" not in said and "SB-001" not in said
    with practice.database.reading() as session:
        assert session.scalar(select(func.count()).where(AuditEvent.action == "denied_read")) == 1


def test_an_admin_has_no_client_page(practice: Practice, told: House) -> None:
    browser = practice.open_past_the_shell(PAGE, told.admin, told.anna)
    assert "Your role does not include this" in words_on(browser)


def test_a_stranger_sees_nothing(practice: Practice, told: House) -> None:
    said = words_on(practice.open_past_the_shell(PAGE, None, told.anna))
    assert "signed out" in said and "Anna" not in said


def test_without_an_open_client_it_points_to_the_caseload(practice: Practice, people: House) -> None:
    assert "No client is open." in words_on(practice.open(PAGE, people.lark))


@pytest.mark.parametrize(
    ("page", "title"),
    [("evidence", "Evidence in notes"), ("measures", "Measures"), ("ending", "Ending"), ("closure", "Closure")],
)
def test_a_page_keeps_its_own_title_while_nobody_is_open(
    practice: Practice, people: House, page: str, title: str
) -> None:
    browser = practice.open(f"pages/clinician/{page}.py", people.lark)
    assert [one.value for one in browser.title] == [title] and "No client is open." in words_on(browser)


def test_the_ten_parts_of_the_work_are_shown_once_one_was_marked(practice: Practice, told: House) -> None:
    assert "Ten parts" not in words_on(practice.open(PAGE, told.lark, told.anna))
    part = entries.PartOfWork("alliance", PartState.UNDER_WAY, TODAY - timedelta(days=30))
    with practice.database.writing() as session:
        entry_service.add_entry(session, told.lark, told.anna, part, NOW, factories.definitions())
    words = words_on(practice.open(PAGE, told.lark, told.anna))
    assert "under way since 31 Jan" in words and words.count("not started") == 9


def test_a_flag_opens_its_rule_and_what_to_consider_for_readers_too(practice: Practice, told: House) -> None:
    with practice.database.writing() as session:
        rupture = entries.Rupture(TODAY - timedelta(days=3), "Fell *silent*")
        entry_service.add_entry(session, told.lark, told.anna, rupture, NOW, factories.definitions())
        flags = {flag.kind: flag.id for flag in session.scalars(select(Flag))}
    for actor in (told.lark, told.heron):
        browser = practice.open(PAGE, actor, told.anna)
        browser.button(key=f"flag-{told.anna}-{flags['open_rupture']}-help").click().run()
        said = words_on(browser)
        assert "Raised by the rule: A rupture without a repair noted." in said
        assert "It may fit: the alliance" in said and "because the rupture of 27 Feb 2026 has no repair noted." in said
        assert "When the client keeps distance" in said and "When the client clings" in said
        browser.segmented_control(key=f"support-{told.anna}-{flags['open_rupture']}-side").set_value("Clinging").run()
        assert "To consider when the client clings" in words_on(browser)
        assert "When the client keeps distance" not in words_on(browser)
        browser.button(key=f"flag-{told.anna}-{flags['item9_endorsed']}-help").click().run()
        assert "Safety first" in words_on(browser)


def test_a_rule_flag_rests_as_long_as_was_chosen(practice: Practice, told: House) -> None:
    with practice.database.writing() as session:
        rupture = entries.Rupture(TODAY, "Fell silent")
        entry_service.add_entry(session, told.lark, told.anna, rupture, NOW, factories.definitions())
        flag_id = session.scalars(select(Flag.id).where(Flag.kind == "open_rupture")).one()
    key = f"flag-{told.anna}-{flag_id}"
    browser = practice.open(PAGE, told.lark, told.anna)
    browser.button(key=f"{key}-open").click().run()
    browser.text_area(key=f"{key}-done").input("Will speak of it on Monday.")
    browser.radio(key=f"{key}-rest").set_value(1)
    browser.button(key=f"{key}-save").click().run()
    with practice.database.reading() as session:
        assert session.get_one(Flag, flag_id).rests_until == TODAY + timedelta(days=7)
