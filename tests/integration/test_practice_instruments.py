"""A practice's own instruments, words and figures: checked, kept, on the record, and used wherever scores are."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import Blocked, ImportProblem, InvalidInput, NotAllowed, NotYours, StaleVersion
from lib.domain.imports import AdministrationIn
from lib.domain.people import OPERATOR, Actor
from lib.domain.practice_instruments import figures_of
from lib.services import client_record, derived_measures, instruments, measures, practice_definitions
from lib.storage.engine import Database
from lib.storage.tables import AuditEvent, PracticeInstrument, Standing, StandingScore
from lib.ui import course_views
from tests import factories
from tests.conftest import NOW
from tests.integration.terminal import Terminal

SHIPPED = factories.definitions()
MOOD = """id = "mood_3"
name = "Mood in three questions"
short_name = "Mood-3"
version = "1"
domain = "symptom"
item_count = 3
minimum = 0
maximum = 4
citation = "our own"
key_citation = "our own"
licence = "ours"

[[risk_items]]
item = "mood_3_3"
threshold = 2
endorsed_alert = "mood_3_endorsed"
missing_alert = "mood_3_missing"

[[scales]]
key = "total"
name = "Mood-3"
items = ["mood_3_1", "mood_3_2", "mood_3_3"]
reverse = ["mood_3_2"]
low = 0
high = 12
direction = "lower_better"
"""
DAY = date(2026, 2, 10)
OURS = figures_of(5.0, "our clinic, 2025", 0.8, "our clinic, 2025", 12.0, "our clinic, 2025", None, "")


def define(session: Session, actor: Actor, text: str = MOOD, name: str = "mood.toml") -> None:
    instruments.define_instrument(session, actor, text.encode(), name, NOW, SHIPPED)


def known_now(session: Session) -> Definitions:
    return practice_definitions.definitions_of(session, SHIPPED)


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.sequence)))


def test_an_own_instrument_is_entered_scored_and_flagged_like_any_other(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        define(session, house.admin)
        form = AdministrationIn("SB-001", DAY, "mood_3", {"mood_3_1": 1, "mood_3_2": 4, "mood_3_3": 2}, {})
        entered = measures.enter_form(session, house.lark, house.anna, form, NOW, known_now(session))
        assert entered.scored.scales == {"total": 3.0} and entered.scored.alerts == ("mood_3_endorsed",)
        assert session.get_one(Standing, house.anna).open_risk_flags == 1
        assert "instrument_defined" in actions(session)
        overview = client_record.client_overview(session, house.lark, house.anna, NOW, known_now(session))
        assert "mood_3.total" in [one.measure for one in overview.measures]


@pytest.mark.parametrize(
    ("old", "new", "starts", "rule"),
    [
        ('"mood_3_2"]\nlow', '"mood_3_9"]\nlow', "reverse = ", "names 'mood_3_9', which is no item"),
        ("high = 12", "high = 13", "low = ", "items and rule give 0 to 12"),
        ("maximum = 4", "maximum = 0", "maximum = ", "must be above the minimum"),
        ("threshold = 2", "threshold = 9", "threshold = ", "must be an answer above"),
        ('direction = "lower_better"', "", "[[scales]]", "is missing"),
        ('direction = "lower_better"', 'direction = "down"', "direction", "must be one of"),
        ('version = "1"', 'version = "' + "1" * 30 + '"', "version", "must not be longer"),
        ("item_count = 3", "item_count = ", "item_count", "valid TOML"),
    ],
)
def test_a_broken_definition_is_refused_naming_row_and_rule(
    database: Database, old: str, new: str, starts: str, rule: str
) -> None:
    broken = MOOD.replace(old, new)
    assert broken != MOOD
    with database.writing() as session:
        house = factories.house(session)
        with pytest.raises(ImportProblem) as caught:
            define(session, house.admin, broken)
        (problem,) = caught.value.problems
        assert rule in problem.rule and problem.file == "mood.toml"
        assert problem.row is not None and starts in broken.splitlines()[problem.row - 1]
        assert session.scalar(select(PracticeInstrument)) is None


def test_a_broken_json_definition_names_its_row_too(database: Database) -> None:
    broken = {**_mood(), "scales": [{**_mood()["scales"][0], "reverse": ["mood_3_7"]}]}
    text = json.dumps(broken, indent=1)
    with database.writing() as session:
        house = factories.house(session)
        with pytest.raises(ImportProblem) as caught:
            define(session, house.admin, text, "mood.json")
    (problem,) = caught.value.problems
    assert problem.row is not None and '"reverse"' in text.splitlines()[problem.row - 1]
    assert problem.column == "scales 1, reverse"


def _mood() -> dict[str, Any]:
    return tomllib.loads(MOOD)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('"mood_3"\nname', '"phq9"\nname', "is an instrument of the product"),
        ('"Mood-3"\nversion', '"phq 9"\nversion', "is the name of another instrument"),
        ('"Mood in three questions"', '"Generalized anxiety disorder-7"', "is the name of another instrument"),
        ('"mood_3_endorsed"', '"no_data"', "is a flag of the product"),
    ],
)
def test_an_own_instrument_takes_no_name_of_the_product(database: Database, old: str, new: str, rule: str) -> None:
    text = MOOD.replace(old, new)
    if "phq9" in new:
        text = text.replace("mood_3_", "phq9_")
    with database.writing() as session:
        house = factories.house(session)
        with pytest.raises(ImportProblem) as caught:
            define(session, house.admin, text)
        assert rule in caught.value.problems[0].rule


def test_once_forms_are_held_a_definition_cannot_score_them_otherwise_nor_go(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        define(session, house.admin)
        define(session, house.admin, MOOD.replace('reverse = ["mood_3_2"]\n', ""))  # nobody has used it yet
        define(session, house.admin)
        form = AdministrationIn("SB-001", DAY, "mood_3", {"mood_3_1": 1, "mood_3_2": 4, "mood_3_3": 0}, {})
        measures.enter_form(session, house.lark, house.anna, form, NOW, known_now(session))
        with pytest.raises(Blocked, match="was not changed"):
            define(session, house.admin, MOOD.replace('reverse = ["mood_3_2"]\n', ""))
        with pytest.raises(Blocked, match="in use"):
            instruments.withdraw(session, house.admin, "mood_3", "definition", NOW, SHIPPED)
        define(session, house.admin, MOOD.replace("Mood in three questions", "Mood, three questions"))
        assert known_now(session).instruments["mood_3"].name == "Mood, three questions"


def test_two_instruments_of_a_practice_have_two_names(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        define(session, house.admin)
        with pytest.raises(ImportProblem) as caught:
            define(session, house.admin, MOOD.replace("mood_3", "mood_4"))
        assert "is the name of another instrument" in caught.value.problems[0].rule
        define(session, house.admin)  # the same again is no other instrument


def test_a_scale_entered_by_its_scores_is_defined_by_its_few_facts(database: Database) -> None:
    facts = '{"id": "mood_day", "name": "Mood today", "low": 0, "high": 10, "direction": "higher_better"}'
    with database.writing() as session:
        house = factories.house(session)
        define(session, house.admin, facts, "mood.json")
        scale = known_now(session).instruments["mood_day"].scale("total")
        assert (scale.low, scale.high, scale.change) == (0, 10, None)
        with pytest.raises(ImportProblem) as caught:
            define(session, house.admin, facts.replace('"high": 10', '"high": "ten"'), "mood.json")
        assert caught.value.problems[0].column == "high" and caught.value.problems[0].row == 1


def test_an_unused_definition_can_be_withdrawn(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        define(session, house.admin)
        instruments.withdraw(session, house.admin, "mood_3", "definition", NOW, SHIPPED)
        assert "mood_3" not in known_now(session).instruments
        with pytest.raises(InvalidInput):
            instruments.withdraw(session, house.admin, "mood_3", "definition", NOW, SHIPPED)


def _words(count: int = 9) -> bytes:
    items = "\n".join(f'{number} = "Question {number}"' for number in range(1, count + 1))
    return f'instrument = "ecr_rs"\nlicence = "by its author"\nsource = "his page"\n\n[items]\n{items}\n'.encode()


def test_words_of_an_instrument_are_shown_from_then_on_and_its_key_stays(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        instruments.add_item_texts(session, house.admin, _words(), "w.toml", NOW, SHIPPED)
        worded = known_now(session).instruments["ecr_rs"]
        assert [item.text for item in worded.items][:2] == ["Question 1", "Question 2"]
        assert worded.scales == SHIPPED.instruments["ecr_rs"].scales
        assert worded.text_licence.startswith("by its author")
        instruments.withdraw(session, house.admin, "ecr_rs", "texts", NOW, SHIPPED)
        assert known_now(session).instruments["ecr_rs"].items[0].text is None
        assert actions(session)[-2:] == ["item_texts_added", "instrument_withdrawn"]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (_words(8), "is missing"),
        (_words(10), "is not a key"),
        (_words().replace(b"ecr_rs", b"bdi2"), "totals only"),
        (_words().replace(b"ecr_rs", b"nothing"), "no instrument 'nothing'"),
        (_words().replace(b"licence = ", b"licens = "), "is missing"),
    ],
)
def test_words_that_do_not_fit_are_refused_by_rule(database: Database, data: bytes, rule: str) -> None:
    with database.writing() as session:
        house = factories.house(session)
        with pytest.raises(ImportProblem) as caught:
            instruments.add_item_texts(session, house.admin, data, "w.toml", NOW, SHIPPED)
        assert rule in caught.value.problems[0].rule
        assert known_now(session) is SHIPPED


def _verdict(session: Session, house: factories.House) -> tuple[str, str]:
    overview = client_record.client_overview(session, house.lark, house.anna, NOW, known_now(session))
    (course,) = [one for one in overview.measures if one.measure == "phq9.total"]
    return course.change.verdict.value, course.change.rests_on


def test_the_practices_own_figures_give_the_verdict_and_say_whose_they_are(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        factories.course(session, house.lark, house.anna, "SB-001", [18, 12], DAY)
        before, _ = _verdict(session, house)
        assert before == "unchanged"
        seen = SHIPPED.instruments["phq9"].scale("total").change
        ours = {**OURS, "sd": 3.0}
        instruments.change_figures(session, house.admin, "phq9", "total", ours, seen, NOW, SHIPPED)
        after, rests_on = _verdict(session, house)
        assert after == "improved"
        assert "SD 3, our clinic, 2025 (entered by the practice on 2 March 2026)" in rests_on
        assert session.get_one(StandingScore, (house.anna, "phq9.total")).verdict == "improved"
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "figures_changed")).one()
        assert "SD 6.1" in event.details["before"] and "SD 3 (our clinic" in event.details["after"]
        held = known_now(session).instruments["phq9"].scale("total").change
        instruments.change_figures(session, house.admin, "phq9", "total", None, held, NOW, SHIPPED)
        assert _verdict(session, house)[0] == "unchanged"


def test_a_scale_without_published_figures_gets_a_verdict_from_the_practices_own(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        assert SHIPPED.instruments["rses"].scale("total").change is None
        figures = figures_of(5.8, "our clinic", 0.9, "our clinic", None, "", None, "")
        instruments.change_figures(session, house.admin, "rses", "total", figures, None, NOW, SHIPPED)
        for day, total in ((DAY, 5), (NOW.date(), 20)):
            form = AdministrationIn("SB-001", day, "rses", None, {"total": total})
            measures.enter_form(session, house.lark, house.anna, form, NOW, known_now(session))
        overview = client_record.client_overview(session, house.lark, house.anna, NOW, known_now(session))
        assert overview.measures[0].change.verdict.value == "improved"


@pytest.mark.parametrize(
    "wrong",
    [{"sd": 0}, {"reliability": 1.0}, {"sd_citation": " "}, {"cutoff": 40.0}, {"sd": "6"}, {"rule_in_use": 3.0}],
)
def test_figures_without_a_source_or_out_of_bounds_are_refused(database: Database, wrong: dict[str, Any]) -> None:
    with database.writing() as session:
        house = factories.house(session)
        seen = SHIPPED.instruments["phq9"].scale("total").change
        with pytest.raises(InvalidInput):
            instruments.change_figures(session, house.admin, "phq9", "total", {**OURS, **wrong}, seen, NOW, SHIPPED)


def test_figures_somebody_else_changed_meanwhile_are_not_overwritten(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        seen = SHIPPED.instruments["phq9"].scale("total").change
        instruments.change_figures(session, house.admin, "phq9", "total", OURS, seen, NOW, SHIPPED)
        with pytest.raises(StaleVersion):
            instruments.change_figures(session, house.admin, "phq9", "total", {**OURS, "sd": 9}, seen, NOW, SHIPPED)


def test_therapists_read_instruments_admins_change_them_and_supervisors_do_neither(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        for actor in (house.lark, house.admin, OPERATOR):
            assert len(instruments.instruments_of_practice(session, actor, SHIPPED)) == len(SHIPPED.instruments)
        with pytest.raises(NotAllowed):
            instruments.instruments_of_practice(session, house.heron, SHIPPED)
        seen = SHIPPED.instruments["phq9"].scale("total").change
        for actor in (house.lark, house.heron):
            with pytest.raises(NotAllowed):
                define(session, actor)
            with pytest.raises(NotAllowed):
                instruments.add_item_texts(session, actor, _words(), "w.toml", NOW, SHIPPED)
            with pytest.raises(NotAllowed):
                instruments.change_figures(session, actor, "phq9", "total", OURS, seen, NOW, SHIPPED)
            with pytest.raises(NotAllowed):
                instruments.withdraw(session, actor, "mood_3", "definition", NOW, SHIPPED)


def test_what_is_held_and_breaks_a_rule_of_today_is_left_out_and_told(database: Database) -> None:
    with database.writing() as session:
        house = factories.house(session)
        define(session, house.admin)
        row = session.scalars(select(PracticeInstrument)).one()
        row.definition = {"definition": {**row.definition["definition"], "maximum": 0}}
        session.flush()
        listed = {one.key: one for one in instruments.instruments_of_practice(session, house.admin, SHIPPED)}
        assert listed["mood_3"].instrument is None and "maximum" in listed["mood_3"].problem
        assert set(known_now(session).instruments) == set(SHIPPED.instruments)


def test_the_terminal_takes_in_an_instrument_and_then_imports_and_scores_its_forms(
    staffed: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "mood.toml"
    file.write_text(MOOD.replace("high = 12", "high = 13"), encoding="utf-8")
    refused = staffed("instrument", "define", str(file))
    assert refused.code == 1 and "items and rule give 0 to 12" in refused.words and "row" in refused.words
    file.write_text(MOOD, encoding="utf-8")
    assert staffed("instrument", "define", str(file)).code == 0
    listed = {one["id"]: one for one in staffed("instrument", "list", "--json").data}
    assert listed["mood_3"]["own_definition"] and listed["mood_3"]["verdicts"] == []
    forms = tmp_path / "forms.csv"
    forms.write_text("client,date,instrument,item_1,item_2,item_3\nA-1,2026-02-01,Mood-3,1,0,4\n", encoding="utf-8")
    scored = staffed("score", str(forms), "--json")
    assert scored.code == 0 and scored.data[0]["scales"] == {"total": 9.0}
    assert scored.data[0]["flags"] == ["mood_3_endorsed"]
    assert staffed("import", "scores", str(forms)).code == 0
    by_lark = staffed("instrument", "define", str(file), "--actor", "lark@example.org")
    assert by_lark.code == 1 and "Your role does not include this" in by_lark.words


def test_forms_of_one_day_make_their_common_score_on_the_client_page_and_say_so_when_entered(
    database: Database,
) -> None:
    gad7 = AdministrationIn("SB-001", DAY, "gad7", {f"gad7_{n}": 1 for n in range(1, 8)}, {})
    with database.writing() as session:
        house = factories.house(session)
        factories.enter(session, house.lark, house.anna, factories.phq9_total("SB-001", DAY, 14))
        told = (session, house.lark, house.anna, "gad7", DAY, NOW, SHIPPED)
        assert derived_measures.derived_of_day(*told) == ()
        factories.enter(session, house.lark, house.anna, gad7)
        assert [one.scales for one in derived_measures.derived_of_day(*told)] == [{"total": 21.0}]
        with pytest.raises(NotYours):
            derived_measures.derived_of_day(session, house.finch, house.anna, "gad7", DAY, NOW, SHIPPED)
        overview = client_record.client_overview(session, house.lark, house.anna, NOW, SHIPPED)
        found = {one.measure: one for one in overview.measures}
        assert [point.value for point in found["phq_ads.total"].points] == [21.0]
        assert found["phq_ads.total"].points[0].band == "moderate"
        assert [one.measure for one in course_views.in_order(overview)][-1] == "phq_ads.total"
        assert [one.is_derived for one in found.values()].count(True) == 1
        form = AdministrationIn("SB-001", DAY, "phq_ads", None, {"total": 5.0})
        with pytest.raises(InvalidInput, match="worked out from other"):
            factories.enter(session, house.lark, house.anna, form)
