"""Record, story and formulation on the client page: entered in one line, seen at once, and only by who may."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import streamlit as st
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from lib.domain import entries
from lib.domain.process import PartState
from lib.services import entries as entry_service
from lib.storage import tables
from lib.ui import app_context, quick_entry, record_desk
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice, components_on, words_on

PAGE = "pages/clinician/client.py"
TODAY = NOW.date()
DAY = TODAY - timedelta(days=9)
TABS = ("Overview", "Story", "Record", "Formulation")


@pytest.fixture
def told(practice: Practice, people: House) -> House:
    """Anna has an open rupture, a ladder with an attempt, a belief, a person, a formulation and signs."""
    definitions = factories.definitions()
    with practice.database.writing() as session:

        def add(entry: entries.Entry) -> int:
            return entry_service.add_entry(session, people.lark, people.anna, entry, NOW, definitions)

        add(entries.Rupture(DAY, "Looked at the *clock*"))
        add(entries.LadderAttempt(add(entries.LadderStep(DAY, 1, "ask the time")), DAY, "no", "yes", "people answer"))
        belief = add(entries.Belief(DAY, "nobody stays", "some do"))
        add(entries.Conviction(belief, DAY, 80, 20))
        add(entries.Conviction(belief, TODAY, 60, 40))
        add(entries.ImportantPerson(DAY, "Jo", "partner", 5, "pursues"))
        add(entries.TherapyBreak("holiday", TODAY + timedelta(days=5), TODAY + timedelta(days=20), "skiing"))
        add(entries.Formulation(DAY, ("rejection",), summary="leaving first"))
        add(entries.Formulation(TODAY, ("rejection", "broken_trust"), summary="leaving first"))
        for day, level in ((DAY, 4), (TODAY, 2)):
            entry_service.rate_signs(
                session, people.lark, people.anna, "partner", day, {"shutdown": level}, NOW, definitions
            )
    return people


def _open(practice: Practice, actor: Any, client_id: int, tab: str) -> AppTest:
    browser = practice.open(PAGE, actor, client_id)
    browser.session_state[f"tabs-{client_id}"] = tab
    return browser.run()


def _desk(browser: AppTest) -> dict[str, Any]:
    found = [json.loads(one.proto.json) for one in browser.get("bidi_component") if '"quick"' in one.proto.json]
    (desk,) = found
    shown: dict[str, Any] = desk
    return shown


class Half:
    """The browser's half of the desk: sends what it is given, one message a run, and keeps what it was shown."""

    def __init__(self) -> None:
        self.shown: list[dict[str, Any]] = []
        self.to_send: list[dict[str, Any]] = []

    def mount(self, *, key: str, data: dict[str, Any], on_act_change: Callable[[], None]) -> dict[str, Any]:
        """Stands in for the component."""
        self.shown.append(data)
        if self.to_send:
            st.session_state[key] = {"act": self.to_send.pop(0)}
            on_act_change()
        return {}


@pytest.fixture
def half(monkeypatch: pytest.MonkeyPatch) -> Half:
    """The desk without a browser."""
    made = Half()
    monkeypatch.setattr(record_desk, "_mount", made.mount)
    return made


def _message(house: House, act: str, kind: str, ticket: str, entry_id: int = 0, **values: Any) -> dict[str, Any]:
    return {
        "ticket": ticket, "act": act, "kind": kind, "client_id": house.anna, "id": entry_id, "version": 1,
        "values": values, "from": "quick",
    }  # fmt: skip


def _lines(practice: Practice) -> list[str]:
    with practice.database.reading() as session:
        return list(session.scalars(select(tables.Moment.line).order_by(tables.Moment.id)))


def test_one_line_is_kept_once_seen_at_once_and_taken_back(practice: Practice, told: House, half: Half) -> None:
    day = TODAY.isoformat()
    kept = _message(told, "add", "moment", "t1", line="asked *him* to stay", marker="needs", happened_on=day)
    half.to_send = [kept, kept]  # the answer may be lost: the same ticket comes again
    browser = _open(practice, told.lark, told.anna, "Record").run()
    browser.run()
    assert _lines(practice) == ["asked *him* to stay"]
    answer = half.shown[-1]["answer"]
    assert answer["status"] == "kept" and answer["words"] == "Kept for 2 Mar."
    moments = next(section for section in half.shown[-1]["sections"] if section["key"] == "moments")
    assert [row["main"] for row in moments["rows"]] == ["asked *him* to stay"]
    half.to_send = [_message(told, "strike", "moment", "t2", answer["undo"]["id"], why="Entered by mistake")]
    browser.run().run()
    assert _lines(practice) == [] and half.shown[-1]["answer"]["status"] == "kept"


def test_a_line_that_breaks_a_rule_is_refused_in_words_and_nothing_is_kept(
    practice: Practice, told: House, half: Half
) -> None:
    ahead = (TODAY + timedelta(days=1)).isoformat()
    half.to_send = [_message(told, "add", "moment", "t1", line="asked", marker="needs", happened_on=ahead)]
    _open(practice, told.lark, told.anna, "Record").run().run()
    assert half.shown[-1]["answer"] | {"kind": "", "from": ""} == {
        "ticket": "t1", "status": "refused", "words": "The day lies ahead. Enter it when it has happened.",
        "kind": "", "from": "",
    }  # fmt: skip
    assert _lines(practice) == []


def test_a_message_about_another_record_is_refused_and_leaves_its_event(
    practice: Practice, told: House, half: Half
) -> None:
    values = {"line": "asked", "marker": "needs", "happened_on": TODAY.isoformat()}
    half.to_send = [_message(told, "add", "moment", "t1", **values) | {"client_id": told.boris}]
    _open(practice, told.lark, told.anna, "Record").run().run()
    assert half.shown[-1]["answer"]["status"] == "refused" and _lines(practice) == []
    with practice.database.reading() as session:
        assert "denied_write" in session.scalars(select(tables.AuditEvent.action)).all()


def test_a_forged_message_of_who_may_only_read_is_refused(practice: Practice, told: House, half: Half) -> None:
    values = {"line": "asked", "marker": "needs", "happened_on": TODAY.isoformat()}
    half.to_send = [_message(told, "add", "moment", "t1", **values)]
    _open(practice, told.heron, told.anna, "Record").run().run()
    assert half.shown[-1]["answer"]["status"] == "refused" and _lines(practice) == []


def test_the_record_tab_shows_every_list_in_one_element(practice: Practice, told: House) -> None:
    browser = _open(practice, told.lark, told.anna, "Record")
    desk = _desk(browser)
    said = {section["key"]: [row["main"] for row in section["rows"]] for section in desk["sections"]}
    assert said["ruptures"] == ["Looked at the *clock*"] and said["ladder"] == ["1 · ask the time"]
    assert said["beliefs"] == ["nobody stays\n→ some do"] and said["people"] == ["Jo, partner"]
    assert len(said["parts"]) == 10 and said["moments"] == []
    [belief] = next(section for section in desk["sections"] if section["key"] == "beliefs")["rows"]
    assert "believed 80 → 60 %" in belief["quiet"] and len(belief["drawing"]["lines"]) == 2
    drawn = [element.key for element in browser.get("bidi_component")]
    assert drawn == ["screen-width", f"do-{told.anna}", f"record-desk-record-{told.anna}"]
    assert not browser.get("plotly_chart")


def test_who_may_only_read_gets_lists_without_forms(practice: Practice, told: House) -> None:
    desk = _desk(_open(practice, told.heron, told.anna, "Record"))
    assert desk["may_write"] is False and desk["forms"] == []
    assert any(section["rows"] for section in desk["sections"])
    browser = _open(practice, told.heron, told.anna, "Formulation")
    assert "version 2" in words_on(browser)
    assert not any(button.key and "save" in button.key for button in browser.button)


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("name", ["finch", "stork"])
def test_who_may_not_know_the_client_sees_none_of_it(practice: Practice, told: House, name: str, tab: str) -> None:
    browser = _open(practice, getattr(told, name), told.anna, tab)
    shown = words_on(browser) + components_on(browser)
    assert "There is no such" in shown and "clock" not in shown and "nobody stays" not in shown


def test_before_you_go_in_says_what_is_open_what_is_ahead_and_one_question_with_its_reason(
    practice: Practice, told: House
) -> None:
    shown = components_on(practice.open(PAGE, told.lark, told.anna))
    [brief] = [json.loads(one) for one in shown.splitlines() if '"question"' in one]
    lines = {line["about"]: line for line in brief["lines"]}
    assert lines["Open rupture"]["said"] == "Looked at the *clock*" and lines["Open rupture"]["way"] == "tab:Record"
    assert lines["Next break"]["said"] == "Holiday: skiing, in 5 days."
    assert brief["question"]["reason"].startswith("The rupture of 21 Feb has no repair on record")


def _story(browser: AppTest) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the drawing and the list under it were sent."""
    shown = [json.loads(one.proto.json) for one in browser.get("bidi_component")]
    return next(one for one in shown if "nodes" in one), next(one for one in shown if "rows" in one)


def test_the_story_lists_what_the_drawing_shows_and_a_kind_can_be_left_out(practice: Practice, told: House) -> None:
    browser = _open(practice, told.lark, told.anna, "Story")
    drawing, listed = _story(browser)
    keys = {node["opens"] for node in drawing["nodes"] if "opens" in node}
    assert keys == {row["id"] for row in listed["rows"]} and len(keys) == 3
    pills = next(one for one in browser.get("button_group"))
    pills.set_value(["rupture"]).run()
    _drawing, listed = _story(browser)
    assert [row["cells"][1]["text"] for row in listed["rows"]] == ["Rupture"]


def test_formulations_are_compared_and_signs_drawn_then_and_now(practice: Practice, told: House) -> None:
    browser = _open(practice, told.lark, told.anna, "Formulation")
    shown = components_on(browser)
    assert "What changed between the versions" in shown and "Broken trust" in shown
    assert "Shuts down: nearly always on 21 Feb, sometimes on 2 Mar" in shown


def test_a_new_version_begins_from_the_last_and_keeps_it(practice: Practice, told: House) -> None:
    browser = _open(practice, told.lark, told.anna, "Formulation")
    key = f"formulation-{told.anna}-2"
    browser.text_area(key=f"{key}-summary").input("Leaving *first*, and noticing it.")
    browser.button(key=f"{key}-save").click().run()
    with practice.database.reading() as session:
        rows = session.scalars(select(tables.Formulation).order_by(tables.Formulation.number)).all()
    assert [row.summary for row in rows][1:] == ["leaving first", "Leaving *first*, and noticing it."]
    assert rows[2].origins == ["rejection", "broken_trust"] and "version 3" in words_on(browser)


def test_signs_are_rated_on_the_screen(practice: Practice, told: House) -> None:
    browser = _open(practice, told.lark, told.anna, "Formulation")
    with practice.database.reading() as session:
        newest = max(session.scalars(select(tables.Rating.id).where(tables.Rating.subject == "sign")))
    key = f"signs-{told.anna}-{newest}"
    browser.selectbox(key=f"{key}-context").set_value("friends")
    browser.selectbox(key=f"{key}-guarded").set_value(3)
    browser.selectbox(key=f"{key}-fear").set_value(-1)
    browser.button(key=f"{key}-save").click().run()
    with practice.database.reading() as session:
        rated = session.execute(
            select(tables.Rating.key, tables.Rating.level).where(tables.Rating.context == "friends")
        ).all()
    assert sorted(rated) == [("fear", None), ("guarded", 3)]


def test_the_line_alone_shows_what_the_day_holds_and_nothing_to_who_may_only_read(
    practice: Practice, told: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(record_desk, "_mount", lambda **sent: shown.append(sent["data"]))
    monkeypatch.setattr(app_context, "writing", practice.database.writing)
    monkeypatch.setattr(app_context, "reading", practice.database.reading)
    with practice.database.writing() as session:
        rupture = session.scalars(select(tables.Rupture.id)).one()
        repair = entries.Repair(rupture, DAY, "said so")
        entry_service.add_entry(session, told.lark, told.anna, repair, NOW, factories.definitions())
    quick_entry.show(told.heron, told.anna, "Anna", DAY)
    assert shown == []
    quick_entry.show(told.lark, told.anna, "Anna", DAY)
    [section] = shown[0]["sections"]
    assert [(row["quiet"], row["main"]) for row in section["rows"]] == [
        ("Rupture", "Looked at the *clock*"),
        ("Belief", "nobody stays"),
        ("Conviction", "nobody stays: 80 %"),
        ("Important person", "Jo"),
        ("Ladder step", "ask the time"),
        ("Ladder attempt", "ask the time · no · yes · people answer"),
        ("Repair", "said so"),
    ]
    dates = {field["name"] for form in shown[0]["forms"] for field in form["fields"] if field["name"] == "happened_on"}
    assert dates and all(
        form["values"]["happened_on"] == DAY.isoformat()
        for form in shown[0]["forms"]
        if "happened_on" in form["values"]
    )


def test_a_step_of_change_shows_where_it_stands_now_and_where_it_stood(practice: Practice, told: House) -> None:
    with practice.database.writing() as session:
        for state, on in ((PartState.UNDER_WAY, DAY), (PartState.CONSOLIDATED, TODAY)):
            entry = entries.ChangeStep("practise_vulnerability", state, on, "asked *once*")
            entry_service.add_entry(session, told.lark, told.anna, entry, NOW, factories.definitions())
    for reader in (told.lark, told.heron):
        said = components_on(_open(practice, reader, told.anna, "Record"))
        assert "Practise vulnerability in small steps" in said and "consolidated since" in said
        assert "under way since" in said and "asked *once*" in said
    story = components_on(_open(practice, told.lark, told.anna, "Story"))
    assert "Step of change, Practise vulnerability in small steps: consolidated" in story
