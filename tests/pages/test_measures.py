"""Measures page: what is typed is scored, flagged and filed under the client it was typed for."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from lib.domain.imports import AdministrationIn
from lib.domain.people import Actor
from lib.storage.tables import Administration, AuditEvent, Flag, Goal, GoalAttainment, Rating
from lib.ui import answer_sheet, measure_forms
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice, words_on

PAGE = "pages/clinician/measures.py"


class Keyboard:
    """The browser's half of the answer sheet: what it is shown, and what it sends with the next run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.shown: dict[str, Any] = {}
        self.sends: dict[str, Any] = {}
        monkeypatch.setattr(answer_sheet, "_mount", self._mount)

    def _mount(self, key: str, data: dict[str, Any], **_callbacks: Any) -> dict[str, Any]:
        self.shown = data
        sent, self.sends = self.sends, {}
        return sent

    def typed(self, digits: str) -> dict[str, str]:
        """The digits in the order of the printed form; a blank is an empty box."""
        return {item["id"]: digit.strip() for item, digit in zip(self.shown["items"], digits, strict=True)}

    def save(self, browser: AppTest, digits: str, form: str = "") -> AppTest:
        """Press "Save form" with these digits typed in."""
        self.sends = {"save": {"form": form or self.shown["form"], "answers": self.typed(digits)}}
        return browser.run()


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    return Keyboard(monkeypatch)


def _choose(browser: AppTest, client_id: int, instrument: str = "phq9") -> AppTest:
    return browser.selectbox(key=f"measure-{client_id}-which").set_value(instrument).run()


def _rate(browser: AppTest, client_id: int) -> AppTest:
    browser.session_state[f"measures-what-{client_id}"] = "Marker rating"
    return browser.run()


def _forms(practice: Practice) -> list[Administration]:
    with practice.database.reading() as session:
        found = list(session.scalars(select(Administration).order_by(Administration.id)))
        session.expunge_all()
    return found


def test_a_form_typed_in_is_scored_and_the_sum_is_shown(practice: Practice, people: House, keyboard: Keyboard) -> None:
    browser = _choose(practice.open(PAGE, people.lark, people.anna), people.anna)
    said = words_on(keyboard.save(browser, "222211110"))
    assert "Saved." in said and "PHQ-9: 12 of 0 to 27." in said
    (form,) = _forms(practice)
    assert (form.client_id, form.scales, form.respondent) == (people.anna, {"total": 12.0}, "client")


def test_the_box_begins_with_the_questionnaire_the_client_is_followed_by_whatever_page_was_open_before(
    practice: Practice, people: House, keyboard: Keyboard
) -> None:
    box = f"measure-{people.anna}-which"
    assert practice.open(PAGE, people.lark, people.anna).selectbox(key=box).value == "phq9", "nothing is known yet"
    gad7 = AdministrationIn("SB-001", NOW.date(), "gad7", {f"gad7_{item}": 1 for item in range(1, 8)}, {})
    with practice.database.writing() as session:
        factories.enter(session, people.lark, people.anna, gad7)
    browser = practice.open(PAGE, people.lark, people.anna)
    assert browser.selectbox(key=box).value == "gad7"
    assert _choose(browser, people.anna, "rses").run().selectbox(key=box).value == "rses"


def test_item_nine_raises_its_flag_at_once_with_a_plain_message(
    practice: Practice, people: House, keyboard: Keyboard
) -> None:
    browser = _choose(practice.open(PAGE, people.lark, people.anna), people.anna)
    assert [item["risk"] for item in keyboard.shown["items"]] == [0] * 8 + [1]
    assert "Item 9 was endorsed. A risk flag is open" in words_on(keyboard.save(browser, "000000001"))
    with practice.database.reading() as session:
        assert session.scalars(select(Flag.kind)).all() == ["item9_endorsed"]


def test_item_nine_left_empty_is_no_zero(practice: Practice, people: House, keyboard: Keyboard) -> None:
    browser = _choose(practice.open(PAGE, people.lark, people.anna), people.anna)
    said = words_on(keyboard.save(browser, "00000000 "))
    assert "This is not a zero" in said and "PHQ-9: no score" in said


@pytest.mark.parametrize("digits", ["222911110", "2229111١0", "222-11110", "         "])
def test_a_wrong_digit_is_named_and_nothing_is_saved(
    practice: Practice, people: House, keyboard: Keyboard, digits: str
) -> None:
    browser = _choose(practice.open(PAGE, people.lark, people.anna), people.anna)
    said = words_on(keyboard.save(browser, digits))
    assert "Not an answer of this form: item" in said or "No item is filled in" in said
    assert _forms(practice) == []


def test_what_a_form_would_say_is_told_before_it_is_saved(practice: Practice, people: House) -> None:
    phq9 = factories.definitions().instruments["phq9"]
    sheet = answer_sheet.Sheet("k", phq9, "", "Anna", measure_forms.told_before_saving)
    digits = "11111111 "
    typed = {item.id: digit.strip() for item, digit in zip(phq9.items, digits, strict=True)}
    told = answer_sheet.summary_of(sheet, typed)
    assert told["may_save"] and "Saving opens a risk flag" in told["alerts"][0]
    assert told["lines"] == [
        "PHQ-9: no score, because item 9 was not answered, and it is never filled in from the others."
    ]
    assert not answer_sheet.summary_of(sheet, {**typed, "phq9_2": "7"})["may_save"]


def test_a_form_of_another_client_or_round_is_not_taken(practice: Practice, people: House, keyboard: Keyboard) -> None:
    browser = _choose(practice.open(PAGE, people.lark, people.anna), people.anna)
    other = keyboard.shown["form"].replace(f"measure-{people.anna}-", f"measure-{people.boris}-")
    assert "Saved." not in words_on(keyboard.save(browser, "222211110", form=other))
    assert _forms(practice) == []


def test_what_was_typed_for_one_client_is_never_filed_under_the_next(
    practice: Practice, people: House, keyboard: Keyboard
) -> None:
    with practice.database.writing() as session:
        carla = factories.client(session, people.lark, "SB-003", "Carla Beispiel")
    browser = _choose(practice.open(PAGE, people.lark, people.anna), people.anna)
    for_anna = keyboard.shown["form"]
    browser.session_state["open_client_id"] = carla  # the next client is opened before anything was saved
    browser.run()
    assert "Carla Beispiel" in words_on(browser) and keyboard.shown["form"] != for_anna
    keyboard.save(browser, "333333333", form=for_anna)
    assert _forms(practice) == []


def test_the_other_printed_order_is_typed_as_printed_and_scored_by_its_items(
    practice: Practice, people: House, keyboard: Keyboard
) -> None:
    browser = _choose(practice.open(PAGE, people.lark, people.anna), people.anna, "rses")
    browser = browser.selectbox(key=f"measure-{people.anna}-rses-order").set_value("b").run()
    assert keyboard.shown["items"][0]["text"].startswith("I feel that I'm a person of worth")
    assert keyboard.shown["legend"].startswith("3 Strongly agree")
    reversed_places = {3, 5, 8, 9, 10}
    keyboard.save(browser, "".join("0" if place in reversed_places else "3" for place in range(1, 11)))
    assert [form.scales for form in _forms(practice)] == [{"total": 30.0}]


def test_the_ecr_rs_is_asked_about_one_person_at_a_time_and_by_whom(
    practice: Practice, people: House, keyboard: Keyboard
) -> None:
    browser = _choose(practice.open(PAGE, people.lark, people.anna), people.anna, "ecr_rs")
    browser = browser.selectbox(key=f"measure-{people.anna}-ecr_rs-about").set_value("mother").run()
    browser = browser.selectbox(key=f"measure-{people.anna}-ecr_rs-by").set_value("therapist").run()
    keyboard.save(browser, "111177777")
    (form,) = _forms(practice)
    assert (form.target, form.respondent, form.scales["anxiety"]) == ("mother", "therapist", 7.0)


def test_the_mean_over_people_is_told_or_who_is_missing_for_it(
    practice: Practice, people: House, keyboard: Keyboard
) -> None:
    browser = _choose(practice.open(PAGE, people.lark, people.anna), people.anna, "ecr_rs")
    said = {}
    for target in ("mother", "father", "partner", "friend"):
        browser = browser.selectbox(key=f"measure-{people.anna}-ecr_rs-about").set_value(target).run()
        browser = keyboard.save(browser, "777711444")
        said[target] = words_on(browser)
    assert "mean over" not in said["mother"]
    assert ": no score about partner, friend on that day" in said["father"]
    assert "ECR-RS anxiety, mean over mother, father, partner, friend: 4.00." in said["friend"]


def test_a_total_alone_is_taken_and_says_that_nobody_saw_item_nine(practice: Practice, people: House) -> None:
    browser = _choose(practice.open(PAGE, people.lark, people.anna), people.anna)
    browser = browser.selectbox(key=f"measure-{people.anna}-phq9-way").set_value("totals").run()
    assert "Nobody here sees item 9 this way" in words_on(browser)
    key = f"measure-{people.anna}-phq9-general-client-0"
    browser.text_input(key=f"{key}-total").input("28")
    assert "must be a number from 0 to 27" in words_on(browser.button(key=f"{key}-save").click().run())
    browser.text_input(key=f"{key}-total").input("14")
    assert "Item 9 was not answered" in words_on(browser.button(key=f"{key}-save").click().run())
    assert [form.scales for form in _forms(practice)] == [{"total": 14.0}]


def test_what_is_worked_out_from_other_forms_is_not_offered(practice: Practice, people: House) -> None:
    browser = practice.open(PAGE, people.lark, people.anna)
    offered = browser.selectbox(key=f"measure-{people.anna}-which").options
    assert not any("PHQ-ADS" in one for one in offered) and any("GAD-7" in one for one in offered)


def test_a_rating_from_level_two_needs_its_episode_and_shows_the_earlier_one_only_afterwards(
    practice: Practice, people: House
) -> None:
    browser = practice.open(PAGE, people.lark, people.anna)
    browser = _rate(browser, people.anna)
    key = f"marker-{people.anna}"
    browser.radio(key=f"{key}-trust-0-level").set_value("1")
    browser.button(key=f"{key}-all-0-save").click().run()
    assert "Trust: 1. There was no earlier rating." in words_on(browser)
    browser.radio(key=f"{key}-trust-1-level").set_value("2")
    browser.button(key=f"{key}-all-1-save").click().run()
    assert "Trust: Level 2 needs at least one episode" in words_on(browser)
    browser.text_input(key=f"{key}-trust-1-evidence").input("Asked a neighbour for help.")
    browser.date_input(key=f"{key}-trust-1-episode").set_value(NOW.date())
    browser.button(key=f"{key}-all-1-save").click().run()
    assert "Trust: 2. Before: 1 on 2 Mar." in words_on(browser)


def test_all_five_are_rated_at_once_with_both_halves_kept(practice: Practice, people: House) -> None:
    browser = _rate(practice.open(PAGE, people.lark, people.anna), people.anna)
    key = f"marker-{people.anna}"
    browser.date_input(key=f"{key}-all-0-episodes").set_value(NOW.date())
    for marker, level in (("trust", "2"), ("needs", "NE"), ("presence", "0"), ("vulnerability", "4")):
        browser.radio(key=f"{key}-{marker}-0-level").set_value(level)
    browser.text_input(key=f"{key}-trust-0-evidence").input("Asked a neighbour for help.")
    browser.text_input(key=f"{key}-vulnerability-0-evidence").input("Told a friend.")
    browser.selectbox(key=f"{key}-vulnerability-0-with").set_value("friends")
    browser.radio(key=f"{key}-reciprocity-0-giving").set_value("3")
    browser.radio(key=f"{key}-reciprocity-0-receiving").set_value("1")
    browser.button(key=f"{key}-all-0-save").click().run()
    assert "Openness: Level 4 needs two relationships" in words_on(browser)
    browser.selectbox(key=f"{key}-vulnerability-0-second-with").set_value("family")
    browser.text_input(key=f"{key}-vulnerability-0-second").input("Told a sister.")
    browser.button(key=f"{key}-all-0-save").click().run()
    assert "5 ratings" in words_on(browser)
    with practice.database.reading() as session:
        kept = {one.key: one for one in session.scalars(select(Rating))}
    assert {key: one.level for key, one in kept.items()} == {
        "trust": 2, "needs": None, "presence": 0, "vulnerability": 4, "reciprocity": 1,
    }  # fmt: skip
    assert (kept["reciprocity"].giving, kept["reciprocity"].receiving) == (3, 1)
    assert (kept["trust"].episode_on, kept["vulnerability"].second_on) == (NOW.date(), NOW.date())


def test_the_client_and_the_facets_are_rated_apart(practice: Practice, people: House) -> None:
    browser = _rate(practice.open(PAGE, people.lark, people.anna), people.anna)
    key = f"marker-{people.anna}"
    browser.segmented_control(key=f"{key}-who").set_value("Client's own").run()
    browser.radio(key=f"{key}-client-needs-0-level").set_value("3")
    browser.button(key=f"{key}-client-all-0-save").click().run()
    assert "Needs: 3." in words_on(browser)
    browser.segmented_control(key=f"{key}-who").set_value("Facets of trust").run()
    browser.radio(key=f"{key}-trust-repair-1-level").set_value("1")
    browser.button(key=f"{key}-trust-all-1-save").click().run()
    assert "Repair: 1." in words_on(browser)
    with practice.database.reading() as session:
        kept = [(one.subject, one.key, one.source, one.level) for one in session.scalars(select(Rating))]
    assert kept == [("marker", "needs", "client", 3), ("trust", "repair", "clinician", 1)]


def test_a_goal_is_agreed_and_then_rated(practice: Practice, people: House) -> None:
    browser = _rate(practice.open(PAGE, people.lark, people.anna), people.anna)
    browser.segmented_control(key=f"marker-{people.anna}-who").set_value("Goals").run()
    assert "No goal is agreed yet." in words_on(browser)
    browser.text_input(key=f"goals-{people.anna}-0-new-goal").input("Say one *wish* a week.")
    browser.button(key=f"goals-{people.anna}-0-new-save").click().run()
    assert "the goal is agreed" in words_on(browser) and "Say one *wish* a week." in words_on(browser)
    browser.button(key=f"goals-{people.anna}-1-save").click().run()
    assert "No goal is rated." in words_on(browser)
    with practice.database.reading() as session:
        goal_id = session.scalars(select(Goal.id)).one()
    browser.radio(key=f"goals-{people.anna}-1-attained-{goal_id}").set_value(1)
    browser.button(key=f"goals-{people.anna}-1-save").click().run()
    assert "+1 more than expected" in words_on(browser)
    with practice.database.reading() as session:
        assert session.scalars(select(GoalAttainment.attained)).all() == [1]


def test_no_level_chosen_is_not_saved_as_not_enough_evidence(practice: Practice, people: House) -> None:
    browser = practice.open(PAGE, people.lark, people.anna)
    browser = _rate(browser, people.anna)
    browser.button(key=f"marker-{people.anna}-all-0-save").click().run()
    assert "No level is chosen" in words_on(browser)
    with practice.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Rating)) == 0


@pytest.mark.parametrize("name", ["heron", "stork", "admin"])
def test_nobody_but_a_therapist_opens_it(practice: Practice, people: House, name: str) -> None:
    actor: Actor = getattr(people, name)
    browser = practice.open_past_the_shell(PAGE, actor, people.anna)
    said = words_on(browser)
    assert "Your role does not include this" in said and "Anna" not in said and not browser.text_input


def test_another_therapists_client_does_not_exist_here(practice: Practice, people: House) -> None:
    browser = practice.open(PAGE, people.lark, people.boris)
    said = words_on(browser)
    assert "There is no such client" in said and "Boris" not in said
    with practice.database.reading() as session:
        assert session.scalar(select(func.count()).where(AuditEvent.action == "denied_read")) == 1


def test_a_stranger_sees_nothing(practice: Practice, people: House) -> None:
    browser = practice.open_past_the_shell(PAGE, None, people.anna)
    assert "signed out" in words_on(browser) and not browser.text_input
