"""Turn it round: plain words, only what was chosen, and nothing that is not the client's own."""

from __future__ import annotations

import copy
import re
from datetime import date
from typing import Any

import pytest

from lib.domain import entries as e
from lib.domain.attachment import AttachmentRecord, Held
from lib.domain.errors import DefinitionProblem
from lib.domain.standing import MarkerStanding, MeasureStanding
from lib.domain.turn_round import (
    Chosen,
    Section,
    own_beliefs,
    own_lines,
    own_markers,
    own_measures,
)
from lib.domain.turn_round_definitions import parse_plain_words
from lib.exchange.definition_files import load_toml
from lib.ui.palette import LIGHT
from lib.ui.turn_round_drawing import stones, told
from tests.factories import DATA, definitions

DAY, LATER = date(2026, 1, 5), date(2026, 3, 2)
PLAIN = definitions().model.plain
JARGON = re.compile(r"avoidan|attach|score|reliab|clinic|deactivat|symptom|disorder|patholog|deficit", re.IGNORECASE)


def measure(key: str, verdict: str, first: float = 18, latest: float = 8) -> MeasureStanding:
    return MeasureStanding(
        key, key, 0, "lower_better", 0, 27, 10, None, None, DAY, first, LATER, latest, LATER, latest, 3, 3, verdict, ""
    )


def test_only_what_was_chosen_is_there_and_the_alliance_only_once_agreed() -> None:
    record = AttachmentRecord(moments=(Held(1, 1, e.Moment(DAY, "Asked Jo", "needs")),))
    lines = own_lines(Chosen(frozenset({Section.MEASURES, Section.ALLIANCE})), record, [], {})
    assert set(lines) == {Section.MEASURES}
    agreed = Chosen(frozenset({Section.MOMENTS, Section.ALLIANCE}), DAY)
    assert list(own_lines(agreed, record, [], {})) == [Section.MOMENTS, Section.ALLIANCE]
    assert own_lines(agreed, record, [], {})[Section.MOMENTS][0].said == "Asked Jo"


def test_beliefs_are_the_clients_words_then_and_now() -> None:
    own = Held(1, 1, e.Belief(DAY, "Nobody stays", "Some stay"))
    starter = Held(2, 1, e.Belief(DAY, "A starter of ours", own_words=False))
    rated = (Held(1, 1, e.Conviction(1, DAY, 90, 10)), Held(2, 1, e.Conviction(1, LATER, 40, 60)))
    found = own_beliefs(AttachmentRecord(beliefs=(own, starter), convictions=rated))
    assert [(one.words, one.then, one.now) for one in found] == [("Nobody stays", 90, 40), ("Some stay", 10, 60)]
    assert own_beliefs(AttachmentRecord(beliefs=(own,)))[0].then is None


def test_all_five_markers_are_said_and_one_not_looked_at_is_never_a_zero() -> None:
    found = own_markers(
        [MarkerStanding("needs", 3, LATER, 1, DAY), MarkerStanding("trust", None, None, None, None)], PLAIN
    )
    assert [one.label for one in found] == [marker.label for marker in PLAIN.markers.values()] and len(found) == 5
    by_label = {one.label: one for one in found}
    needs, trust = by_label[PLAIN.markers["needs"].label], by_label[PLAIN.markers["trust"].label]
    assert (needs.sentence, needs.now) == (PLAIN.markers["needs"].levels[3], 3)
    assert needs.then == 3, "a difference that may be chance is not drawn as one"
    assert (trust.now, trust.then) == (None, None) and "not looked at" in trust.sentence


def test_the_sentences_are_free_of_jargon() -> None:
    for marker in PLAIN.markers.values():
        for words in (marker.label, *marker.levels):
            assert not JARGON.search(words), words
    assert not any(JARGON.search(topic) for topic in PLAIN.topics.values())


@pytest.mark.parametrize(
    ("key", "verdict", "shown"),
    [
        ("phq9.total", "recovered", True),
        ("phq9.total", "improved", True),
        ("phq9.total", "unchanged", False),
        ("phq9.total", "deteriorated", False),
        ("phq9.total:therapist", "improved", False),
        ("ecr_r.avoidance", "improved", False),
    ],
)
def test_a_questionnaire_is_shown_only_where_it_helps(key: str, verdict: str, shown: bool) -> None:
    found = own_measures([measure(key, verdict)], definitions().instruments, PLAIN)
    assert bool(found[Section.MEASURES]) is shown and found[Section.ALLIANCE] == ()


def test_what_was_said_of_the_alliance_stands_apart_whichever_way_it_went() -> None:
    found = own_measures([measure("srs.total", "deteriorated", 36, 30)], definitions().instruments, PLAIN)
    assert found[Section.MEASURES] == () and "at first 36, now 30" in found[Section.ALLIANCE][0].said


def test_the_drawing_fills_what_was_reached_and_says_it() -> None:
    (marker,) = [one for one in own_markers([MarkerStanding("needs", 2, LATER, 2, DAY)], PLAIN) if one.now is not None]
    filled = [one for one in stones(marker, LIGHT) if one.attributes["fill"] == LIGHT.accent]
    assert len(filled) == 3 and told(marker) == "Saying what I need: stone 3 of 5"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda file: file["marker"].pop(), "reciprocity"),
        (lambda file: file["marker"][0]["levels"].pop(), "must hold 5"),
        (lambda file: file.update(source=["S9"]), "source"),
        (lambda file: file["topic"][0].update(lable="x"), "lable"),
    ],
)
def test_a_broken_file_is_refused_by_name(change: Any, words: str) -> None:
    file = copy.deepcopy(load_toml(DATA / "clinical_model" / "turn_round.toml"))
    change(file)
    with pytest.raises(DefinitionProblem, match=r"turn_round\.toml") as refused:
        parse_plain_words(file, definitions().model.markers, definitions().model.sources)
    assert words in str(refused.value)
