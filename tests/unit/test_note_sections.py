"""Headings inside a note are recognised; the text around them is not touched."""

from __future__ import annotations

import pytest

from lib.exchange.note_sections import format_of, sections


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("S: x\nO: y\nA: z\nP: q", "soap"),
        ("Subjective: x\nAssessment: z\nPlan: q", "soap"),
        ("## Subjective\nx\n## Objective\ny\n**Assessment:** z\nPlan\nq", "soap"),
        ("SUBJECTIVE:,  boy of six. OBJECTIVE:,  well. ASSESSMENT:,  fine. PLAN:,  none", "soap"),
        ("DATA: x\nASSESSMENT: y\nPLAN: z", "dap"),
        ("Behaviour: x\nIntervention: y\nResponse: z\nPlan: q", "birp"),
        ("G: x\nI: y\nR: z\nP: q", "girp"),
        ("We plan to meet. Her goal: rest.", "narrative"),
        ("Plan: rest", "narrative"),
        ("A: I am fine\nB: no", "narrative"),
        ("", "narrative"),
    ],
)
def test_a_format_is_told_by_its_headings(text, expected):
    assert format_of(text) == expected


def test_sections_are_places_in_the_text_as_it_stands():
    text = "Late. SUBJECTIVE:,  tired, PAST HISTORY: ,none. PLAN:  rest"
    found = sections(text)
    assert [(each.key, text[each.start : each.end]) for each in found] == [
        ("subjective", "  tired, "),
        ("past history", "none. "),
        ("plan", "  rest"),
    ]
    assert text[found[0].heading_start : found[0].start] == "SUBJECTIVE:,"


@pytest.mark.parametrize("text", ["A " * 50_000, "A:" * 50_000, "ABC DEF" * 15_000, "#" * 100_000, "**" * 50_000])
def test_a_text_made_to_be_slow_to_read_is_read(text):
    # A pattern that goes back and forth would need hours for these; then the whole suite stands still.
    assert all(each.heading_start <= each.start <= each.end <= len(text) for each in sections(text))
