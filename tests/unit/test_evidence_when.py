"""When and whose: initials, opinions that are no plans, what came after a rehearsal, a client in a when clause."""

from __future__ import annotations

import pytest

from lib.domain.note_words import words_of
from tests.unit.evidence_material import found


def test_the_stop_after_an_initial_ends_nothing() -> None:
    assert words_of("While W. read, E. blushed.").before == ["", "", "", ",", ""]
    assert words_of("So did I. She left.").before == ["", "", "", ".", ""]


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        (
            "Goal set with the pair: C. stops disappearing into the garage halfway through an argument.",
            ("shutdown", "against", "hypothetical"),
        ),
        (
            "Considers her wish for one free evening a month to be greedy.",
            ("minimising", "for", "present"),
        ),
        (
            "No more blowing hot then cold toward the stepdaughter since the mode work.",
            ("mixed_signals", "against", "negated"),
        ),
        (
            'Currently teaching himself conveyancing law because hiring a solicitor "feels like defeat."',
            ("independence", "for", "present"),
        ),
        ("Husband clams up and goes to bed when ct is angry with him.", ("shutdown", "for", "other")),
        (
            "Feels less afraid of being swallowed by the relationship, has kept her own Tuesday.",
            ("fear", "against", "negated"),
        ),
        (
            "Unable to keep the lid on her disappointment at the meeting, and relieved afterwards.",
            ("suppressed_feeling", "against", "negated"),
        ),
        ("GP had minimised her symptoms for two years before the diagnosis.", ("minimising", "for", "other")),
    ],
)
def test_status(sentence: str, label: tuple[str, str, str]) -> None:
    assert found(sentence) == {label}


@pytest.mark.parametrize(
    "sentence",
    [
        "Their detached house in Burnaby sold under the asking price.",
        "Phone shut down mid-session due to low battery.",
        "Joint session moved to Zoom owing to snow.",
    ],
)
def test_other_senses_are_no_signs(sentence: str) -> None:
    assert found(sentence) == set()
