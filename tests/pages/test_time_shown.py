"""The one control of the time shown on the progress tab: over every chart, kept per client, verdicts of the whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from lib.domain import entries
from lib.domain.imports import AdministrationIn
from lib.domain.markers import RatingDraft
from lib.services import entries as entry_service
from lib.services import measures
from lib.storage.tables import Evidence, Note
from lib.ui import drawings
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice, words_on

PAGE = "pages/clinician/client.py"
TODAY = NOW.date()
DAYS = (TODAY - timedelta(days=300), TODAY - timedelta(days=20))
D = factories.definitions()


@pytest.fixture
def told(practice: Practice, people: House) -> Iterator[House]:
    """Most of a year: of everything that is drawn one early and one late."""
    with practice.database.writing() as session:
        for on, total in zip(DAYS, (18, 6), strict=True):
            factories.enter(session, people.lark, people.anna, factories.phq9_total("SB-001", on, total))
            scores = {"anxiety": 2.0 + total / 10, "avoidance": 2.0 + total / 10}
            form = AdministrationIn("SB-001", on, "ecr_r", None, scores)
            factories.enter(session, people.lark, people.anna, form)
            draft = RatingDraft("trust", 2, on, "partner", episode_on=on, evidence="Asked for help.")
            measures.rate_markers(session, people.lark, people.anna, [draft], NOW, D)
            for entry in (entries.Moment(on, "Stayed", "trust"), entries.LifeEvent(on, "Moved house")):
                entry_service.add_entry(session, people.lark, people.anna, entry, NOW, D)
            note = Note(
                client_id=people.anna, originator_id=people.lark.account_id, compartment="progress", status="signed",
                format="narrative", dated_on=on, text="She asked me.", saved_at=NOW,
            )  # fmt: skip
            session.add(note)
            session.flush()
            session.add(
                Evidence(
                    client_id=people.anna,
                    note_id=note.id,
                    dated_on=on,
                    code="trust",
                    polarity="for",
                    quote="She asked me.",
                    starts=0,
                    ends=13,
                    state="confirmed",
                )
            )
    yield people


def progress(practice: Practice, people: House) -> AppTest:
    browser = practice.open(PAGE, people.lark, people.anna)
    browser.session_state[f"tabs-{people.anna}"] = "Progress"
    return browser.run()


def choose(browser: AppTest, people: House, shown: str) -> AppTest:
    browser.session_state[f"period-{people.anna}"] = shown
    return browser.run()


def drawn(browser: AppTest) -> dict[str, tuple[str, list[str], list[str]]]:
    """Each drawing by the first word of its label: the label, all words under the pointer, all words drawn."""
    sent = [json.loads(element.proto.json) for element in browser.get("bidi_component")]
    return {
        one["label"].partition(":")[0]: (
            one["label"],
            [node["told"] for node in one["nodes"] if "told" in node],
            [node["text"] for node in one["nodes"] if "text" in node],
        )
        for one in sent
        if "nodes" in one
    }


def found(words: list[str], part: str) -> int:
    return sum(part in said for said in words)


KINDS = (
    ("PHQ-9", "Click for the answers"),
    ("ECR-R avoidance", "Click for the answers"),
    ("Trust", "therapist 2 (partner)"),
    ("Trust", "confirmed evidence for Trust"),
    ("Trust", "Stayed"),
    ("Trust", "Moved house"),
)


def test_one_choice_governs_measures_markers_evidence_events_and_the_plane(practice: Practice, told: House) -> None:
    browser = progress(practice, told)
    whole = drawn(browser)
    assert [found(whole[name][1], part) for name, part in KINDS] == [2] * len(KINDS)
    assert "Shown: the whole course, 6 May 2025 to 2 Mar 2026." in words_on(browser)
    assert "over the whole course" not in words_on(browser).replace("What moved, over the whole course", "")
    part = drawn(choose(browser, told, "Last 3 months"))
    assert [found(part[name][1], kind) for name, kind in KINDS] == [1] * len(KINDS)
    assert "← 1 earlier" in part["PHQ-9"][2] and "first score 18" in part["PHQ-9"][2]
    said = words_on(browser)
    assert (
        "Shown: 2 Dec 2025 to 2 Mar 2026. Outside it: 3 of 6 scores, 1 of 2 ratings of markers, 1 of 2 pieces of "
        in said
    )
    assert "ECR-R, 2 dates, 1 of them faded: outside the days shown" in said
    assert part["Trust"][0].endswith("drawn: 2 Dec 2025 to 2 Mar 2026")


def test_verdicts_stay_those_of_the_whole_course_and_say_so_where_less_is_shown(
    practice: Practice, told: House
) -> None:
    browser = choose(progress(practice, told), told, "Last 3 months")
    said = words_on(browser)
    assert "● Recovered, over the whole course" in said and "PHQ-9 fell from 18 to 6" in said
    assert "What is said in words below speaks of the whole course, 6 May 2025 to 2 Mar 2026." in said
    lines = next(one.value for one in browser.text if one.value.startswith("Better: ")).splitlines()
    assert any(line.startswith("Better: ") and "PHQ-9 18 to 6, recovered" in line for line in lines)
    assert sum("Trust +" in line for line in lines) == 1
    assert "over the whole course" in " ".join(drawn(browser)["Trust"][2])


def test_the_choice_is_kept_for_each_client_while_the_person_goes_between_tabs(practice: Practice, told: House) -> None:
    browser = choose(progress(practice, told), told, "Last 3 months")
    browser.session_state[f"tabs-{told.anna}"] = "Record"
    browser.run()
    assert not any(one.label == "Time shown" for one in browser.get("button_group"))
    browser.session_state[f"tabs-{told.anna}"] = "Progress"
    assert "← 1 earlier" in drawn(browser.run())["PHQ-9"][2]
    assert f"period-kept-{told.boris}" not in browser.session_state


def test_days_of_one_s_own_may_be_chosen_and_are_kept(practice: Practice, told: House) -> None:
    browser = choose(progress(practice, told), told, "From – to")
    assert "Shown: the whole course" in words_on(browser)
    (asked,) = [one for one in browser.date_input if one.label == "From, to"]
    asked.set_value((DAYS[0], DAYS[0] + timedelta(days=30))).run()
    assert "Shown: 6 May to 5 Jun 2025." in words_on(browser)
    assert "1 later →" in drawn(browser)["PHQ-9"][2]
    browser.session_state[f"tabs-{told.anna}"] = "Record"
    browser.run()
    browser.session_state[f"tabs-{told.anna}"] = "Progress"
    assert "Shown: 6 May to 5 Jun 2025." in words_on(browser.run())


def test_a_choice_that_is_offered_no_more_falls_back_to_the_whole_course(practice: Practice, told: House) -> None:
    browser = choose(progress(practice, told), told, "Course 2")
    assert "Shown: the whole course" in words_on(browser)


def test_a_course_of_weeks_asks_nothing(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        factories.course(session, people.lark, people.anna, "SB-001", [14, 12], TODAY - timedelta(days=20), 14)
    browser = progress(practice, people)
    assert "Shown: the whole course" in words_on(browser)
    assert not any(one.label == "Time shown" for one in browser.get("button_group"))


@pytest.mark.parametrize("forged", [False, True])
def test_a_mark_of_evidence_opens_its_note_and_no_other(
    practice: Practice, told: House, monkeypatch: pytest.MonkeyPatch, forged: bool
) -> None:
    with practice.database.reading() as session:
        note_id = session.scalars(select(Note.id).order_by(Note.id)).first()
    asked = "note-999" if forged else f"note-{note_id}"
    monkeypatch.setattr(drawings, "_mount", lambda **_: {"opened": asked})
    said = words_on(progress(practice, told))
    assert ("Suggestions of a phrase file" in said) is not forged
    assert ("What moved, over the whole course" in said) is forged


def test_a_supervisor_sees_the_same_charts_and_a_mark_tells_no_word_of_the_note(
    practice: Practice, told: House
) -> None:
    browser = practice.open(PAGE, told.heron, told.anna)
    browser.session_state[f"tabs-{told.anna}"] = "Progress"
    marks = drawn(browser.run())["Trust"][1]
    assert found(marks, "confirmed evidence for Trust. Click for the note.") == 2
    assert not found(marks, "She asked me")
