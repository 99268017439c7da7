"""The closure summary: what it says, what it must not say, and what it asks instead."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lib.domain.closure import Audience, ClientHeader, DocumentDraft, SourceKind, as_json
from lib.domain.closure_draft import draft_closure_summary
from lib.domain.document_model import DocumentModel, Words, parse_document_model
from lib.domain.errors import DefinitionProblem
from lib.domain.measure_facts import MissingScore, RiskAnswer
from lib.domain.process import PartState
from lib.domain.record_extract import (
    BeliefFact,
    ChangeFact,
    EvidenceFact,
    FormulationEntry,
    MomentFact,
    NoteFact,
    PersonFact,
    PracticeFact,
    PracticeReview,
    RiskFlag,
    RuptureFact,
)
from tests import closure_check
from tests.unit.closure_record import (
    EMPTY,
    FULL,
    NOTE,
    PRACTICE,
    SUMMARY_MODEL,
    TODAY,
    phq,
    plan,
    rated,
    summary,
    texts,
)

EVERYBODY = tuple(Audience)


@pytest.mark.parametrize("audience", EVERYBODY)
def test_an_empty_record_says_nothing_and_every_section_asks(audience: Audience) -> None:
    draft = summary(EMPTY, audience)
    assert draft.sections
    assert texts(draft) == []
    assert all(section.asks for section in draft.sections)


@pytest.mark.parametrize("audience", EVERYBODY)
def test_every_drafted_sentence_has_a_source_and_no_own_words(audience: Audience) -> None:
    lines = [line for section in summary(FULL, audience).sections for line in section.sentences]
    assert len(lines) > 10
    assert all(line.sources and not line.own_words for line in lines)


@pytest.mark.parametrize("draft", [*(summary(FULL, each) for each in EVERYBODY), plan(FULL)], ids=lambda d: d.title)
def test_every_date_and_number_of_a_sentence_is_said_by_one_of_its_sources(draft: DocumentDraft) -> None:
    assert closure_check.unsourced(as_json(draft, ()), ["Kroenke 2001"]) == []


def test_every_section_of_the_file_has_material_or_asks() -> None:
    for section in summary(FULL).sections:
        assert section.sentences or section.asks, section.key


def test_the_same_record_drafts_the_same_words() -> None:
    assert summary(FULL) == summary(replace(FULL))


def test_a_note_is_quoted_exactly_or_not_at_all() -> None:
    quotes = [s for s in summary(FULL).sources if s.kind is SourceKind.NOTE]
    assert [source.quote for source in quotes] == ["Told Ben she was struggling."]
    assert quotes[0].quote in NOTE.text


def test_a_confirmed_quote_that_left_its_note_is_asked_about_and_not_printed() -> None:
    changed = replace(FULL, notes=(replace(NOTE, text="Rewritten."),))
    draft = summary(changed)
    assert not [line for line in texts(draft) if "struggling" in line]
    assert any("16 Sep 2026" in ask for ask in draft.section("outcome_markers").asks)


def test_a_quote_from_a_note_outside_the_record_is_not_printed() -> None:
    other = EvidenceFact(9, 77, date(2026, 1, 1), "needs", "Saying needs", "for", "Boris asked for help.")
    assert not any("Boris" in line for line in texts(summary(replace(FULL, evidence=(other,)))))


def test_notes_are_never_read_for_risk_nor_for_a_third_partys_words() -> None:
    record = replace(EMPTY, notes=(NOTE,))
    for audience in EVERYBODY:
        said = " ".join(texts(summary(record, audience)))
        for word in ("harm", "die", "sister", "Denies"):
            assert word not in said


def test_two_clients_records_stay_apart() -> None:
    other = replace(
        EMPTY,
        client=ClientHeader("Boris Example", "SB-009"),
        client_id=9,
        notes=(NoteFact(8, date(2026, 1, 5), "Cleo Sample came up in the group."),),
    )
    said = summary(other)
    assert said.client.code == "SB-009"
    assert not any("Cleo" in line for line in texts(said))
    assert not set(said.sources) & set(summary(FULL).sources)


# --- measures --------------------------------------------------------------------------------------


def test_a_single_score_says_that_change_cannot_be_told() -> None:
    draft = summary(replace(EMPTY, scales=(phq([14], "undetermined"),)))
    said = texts(draft, "outcome_measures")
    assert len(said) == 1
    assert "change cannot be told from a single score" in said[0]
    assert draft.section("outcome_measures").asks


def test_first_best_last_count_and_missing_are_told() -> None:
    missing = (MissingScore(90, date(2025, 4, 1)), MissingScore(91, date(2025, 5, 1)))
    said = texts(summary(replace(EMPTY, scales=(phq([17, 4, 6], missing=missing),))), "outcome_measures")
    assert (
        "first 17 (21 Jan 2025), best 4 (18 Feb 2025), last 6 (18 Mar 2025); 3 scores; "
        "2 forms gave no score (1 Apr 2025, 1 May 2025)" in said[0]
    )


def test_best_is_the_highest_where_higher_is_better() -> None:
    said = texts(summary(replace(EMPTY, scales=(phq([17, 24, 20], "unchanged", better="higher"),))), "outcome_measures")
    assert "best 24" in said[0]


def test_the_verdict_stands_in_the_words_of_the_change_rules() -> None:
    told = "PHQ-9 fell from 17 to 6, more than measurement error."
    assert told in texts(summary(replace(EMPTY, scales=(phq([17, 6], verdict_sentence=told),))))


@pytest.mark.parametrize("verdict", ["deteriorated", "worsened_across_cutoff"])
@pytest.mark.parametrize("audience", EVERYBODY)
def test_deterioration_is_said_plainly_to_everybody(verdict: str, audience: Audience) -> None:
    draft = summary(replace(EMPTY, scales=(phq([8, 19], verdict),)), audience)
    assert any("worse" in line for line in texts(draft, "outcome_measures"))
    assert any("worse" in line for line in texts(draft, "residual"))


def test_an_improved_total_does_not_hide_an_item_that_got_worse() -> None:
    draft = summary(FULL)
    assert any("1 item is worse" in line for line in texts(draft, "outcome_measures"))
    assert any("item 3 (“Trouble sleeping”): first answer 1 (21 Jan 2025)" in line for line in texts(draft, "residual"))


def test_a_last_score_on_the_cut_off_is_a_residual_difficulty() -> None:
    assert texts(summary(replace(EMPTY, scales=(phq([20, 10]),))), "residual")
    assert not texts(summary(replace(EMPTY, scales=(phq([20, 9]),))), "residual")


def test_a_first_score_long_after_the_beginning_is_not_called_the_start() -> None:
    assert any("At the start PHQ-9" in line for line in texts(summary(FULL), "needs"))
    assert FULL.episode is not None
    later = replace(FULL, episode=replace(FULL.episode, started_on=date(2024, 1, 1)))
    assert not any("At the start PHQ-9" in line for line in texts(summary(later), "needs"))


# --- markers ---------------------------------------------------------------------------------------


def test_a_single_rating_says_that_change_cannot_be_told() -> None:
    assert "change cannot be told" in texts(summary(replace(EMPTY, ratings=rated([2]))), "outcome_markers")[0]


def test_not_enough_evidence_is_never_a_level() -> None:
    assert "not enough evidence" in texts(summary(replace(EMPTY, ratings=rated([None, None]))), "outcome_markers")[0]
    said = texts(summary(replace(EMPTY, ratings=rated([3, None]))), "outcome_markers")[0]
    assert "level 3" in said and "1 more without enough evidence" in said and "0" not in said.split("(")[0]


def test_levels_of_different_contexts_are_never_compared() -> None:
    record = replace(EMPTY, ratings=(*rated([1], "partner"), *rated([4], "therapist")))
    said = texts(summary(record), "outcome_markers")[:-1]  # the last says whose ratings they are
    assert len(said) == 2
    assert all("change cannot be told" in line for line in said)


def test_a_marker_that_fell_is_called_lower_and_stays_a_difficulty() -> None:
    draft = summary(replace(EMPTY, ratings=rated([4, 3])))
    assert "lower" in texts(draft, "outcome_markers")[0]
    assert "lower than at the first" in texts(draft, "residual")[0]


# --- risk ------------------------------------------------------------------------------------------


def test_item_nine_is_told_as_endorsed_not_endorsed_and_not_answered() -> None:
    said = texts(summary(FULL), "risk")
    assert "PHQ-9: Item 9 endorsed, 21 Jan 2025 (2)." in said
    assert "PHQ-9: Item 9 not endorsed, 18 Mar 2025." in said
    assert "PHQ-9: Item 9 not answered, 18 Feb 2025; this is not a zero." in said


@pytest.mark.parametrize("audience", EVERYBODY)
def test_the_words_no_risk_are_never_printed(audience: Audience) -> None:
    zero = replace(EMPTY, risk_answers=(RiskAnswer(1, date(2026, 1, 1), "PHQ-9", 9, 0),))
    for record in (EMPTY, FULL, zero):
        draft = summary(record, audience)
        printed = [*texts(draft), *(ask for section in draft.sections for ask in section.asks)]
        assert not any("no risk" in line.lower() or "without risk" in line.lower() for line in printed)


def test_open_and_answered_flags_are_both_told() -> None:
    said = texts(summary(FULL), "risk")
    assert any(line.startswith("Open risk flag since 18 Feb 2025") for line in said)
    assert any("answered on 22 Jan 2025: “Asked in session; safety plan”" in line for line in said)


def test_a_flag_answered_with_nothing_but_a_word_is_still_quoted() -> None:
    flag = RiskFlag(3, date(2025, 1, 1), "Item 9 answered 1", "Seen")
    assert "date not on record: “Seen”" in texts(summary(replace(EMPTY, risk_flags=(flag,))), "risk")[0]


def test_the_clinicians_own_view_of_risk_is_always_asked() -> None:
    for record in (EMPTY, FULL):
        assert any("own assessment of risk" in ask for ask in summary(record).section("risk").asks)


def test_many_zeros_are_counted_and_each_remains_a_source() -> None:
    days = [date(2025, 1, 1) + timedelta(days=7 * index) for index in range(8)]
    answers = tuple(RiskAnswer(i, day, "PHQ-9", 9, 0) for i, day in enumerate(days))
    section = summary(replace(EMPTY, risk_answers=answers)).section("risk")
    assert "not endorsed, 8 forms, 1 Jan 2025 to 19 Feb 2025" in section.sentences[0].text
    assert len(section.sentences[0].sources) == 8


# --- course and audiences --------------------------------------------------------------------------


def test_only_sessions_attended_count_as_treatment() -> None:
    draft = summary(FULL)
    assert not any("Alliance" in line or "Group" in line for line in texts(draft, "treatment"))
    assert any("2 attended, 1 missed without notice" in line for line in texts(draft, "header"))


def test_a_rupture_without_repair_is_told_and_asked_about() -> None:
    draft = summary(FULL)
    assert any("“Felt judged”; no repair" in line for line in texts(draft, "treatment"))
    assert any("1 May 2026" in ask for ask in draft.section("residual").asks)


def test_a_step_of_change_is_told_in_its_last_state_and_what_showed_it_in_the_file_alone() -> None:
    said = {
        audience: [line for line in texts(summary(FULL, audience), "treatment") if "origins" in line]
        for audience in Audience
    }
    since = "since 3 Feb 2026"
    assert said[Audience.FILE] == [
        f"Steps of change: Explore its origins, consolidated {since} (“Told Ben of the seven moves”)."
    ]
    assert said[Audience.REFERRER] == [f"Steps of change: Explore its origins, consolidated {since}."]
    assert said[Audience.CLIENT] == [f"The steps of change, as I saw them: Explore its origins, settled {since}."]
    told = as_json(summary(FULL, Audience.REFERRER), ())
    assert "seven moves" not in json.dumps(told)


def test_steps_of_change_come_the_furthest_first_and_what_is_not_started_is_none() -> None:
    states = ["under_way", "consolidated", "not_started", "under_way", "consolidated", "under_way", "under_way"]
    changes = tuple(
        ChangeFact(n, date(2026, n, 1), f"Step {n}", PartState(state)) for n, state in enumerate(states, start=1)
    )
    (line,) = summary(replace(EMPTY, changes=changes)).section("treatment").sentences
    assert line.text == (
        "Steps of change (5 of 6 on record): Step 2, consolidated since 1 Feb 2026; Step 5, consolidated since "
        "1 May 2026; Step 1, under way since 1 Jan 2026; Step 4, under way since 1 Apr 2026; Step 6, under way since "
        "1 Jun 2026."
    )
    assert [(source.record_type, source.record_id) for source in line.sources][:5] == [
        ("change_step", 2), ("change_step", 5), ("change_step", 1), ("change_step", 4), ("change_step", 6),
    ]  # fmt: skip
    assert line.sources[-1].quote == "6 steps of change on record, 5 of them told"


def test_no_end_and_no_kind_of_ending_are_asked_for() -> None:
    assert FULL.episode is not None
    open_ended = replace(FULL, episode=replace(FULL.episode, ended_on=None, ending="", reason=""))
    draft = summary(open_ended)
    assert draft.section("header").asks
    assert len(draft.section("ending").asks) == 3
    assert not any("12 months fall on" in line for line in texts(draft))


def test_a_referrer_gets_no_names_of_others_no_note_words_and_no_ruptures() -> None:
    draft = summary(FULL, Audience.REFERRER)
    keys = {section.key for section in draft.sections}
    assert {"header", "needs", "treatment", "outcome_measures", "residual", "risk", "recommendations"} <= keys
    assert not {"formulation", "ending_work"} & keys
    printed = " ".join([*texts(draft), *(source.quote for source in draft.sources)])
    for word in ("Ben", "Felt judged", "struggling", "Dad"):
        assert word not in printed
    assert "Item 9 endorsed" in printed


def test_the_clients_letter_has_no_item_numbers_no_flags_and_no_note_words() -> None:
    draft = summary(FULL, Audience.CLIENT)
    printed = " ".join([*texts(draft), *(source.quote for source in draft.sources)])
    for word in ("Item", "item 3", "flag", "Felt judged", "struggling", "reliab", "cut-off"):
        assert word not in printed


def test_the_clients_letter_prints_only_a_number_confirmed_within_ninety_days() -> None:
    said = texts(summary(FULL, Audience.CLIENT), "safety")
    assert "0800 555 0100" in said[0]
    assert "0800 555 0199" not in " ".join(said)
    assert "must be checked" in said[1]


def test_record_text_is_never_read_as_a_template() -> None:
    assert FULL.episode is not None
    odd = replace(FULL, episode=replace(FULL.episode, reason="{date} {number} {{x}}"))
    assert any("“{date} {number} {{x}}”" in line for line in texts(summary(odd), "ending"))


# --- definitions -----------------------------------------------------------------------------------


def _definition(**changed: object) -> dict[str, object]:
    given: dict[str, object] = {
        "kind": "summary",
        "title": {"file": "F"},
        "section": [{"key": "a", "title": "A", "ask": "?"}],
        "say": {"risk_flag_open": "Open {reason}."},
    }
    return given | changed


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "poem"},
        {"section": [{"key": "a", "title": "A"}]},
        {"section": [{"key": "a", "title": "A", "ask": "?"}] * 2},
        {"title": {"neighbour": "N"}},
        {"say": {"risk_flag_open": " "}},
    ],
)
def test_a_definition_that_breaks_a_rule_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(DefinitionProblem, match=r"mine\.toml"):
        parse_document_model(_definition(**changed), "mine.toml")


def test_a_template_asking_for_what_it_is_not_given_is_refused() -> None:
    model: DocumentModel = parse_document_model(_definition(), "mine.toml")
    with pytest.raises(DefinitionProblem, match="reason"):
        Words(model, Audience.FILE).say("risk_flag_open")
    with pytest.raises(DefinitionProblem, match="no sentence template"):
        Words(model, Audience.FILE).say("nothing")


def test_a_section_a_practice_adds_asks_its_question() -> None:
    added = replace(SUMMARY_MODEL.sections[0], key="house_rule")
    model = replace(SUMMARY_MODEL, sections=(added,))
    draft = draft_closure_summary(FULL, model, Audience.FILE, PRACTICE, "Dr Lark", TODAY)
    assert draft.sections[0].asks == (added.ask[Audience.FILE],)


def test_what_was_noted_of_one_kind_is_one_sentence_with_each_source() -> None:
    day = date(2025, 2, 1)
    noted = tuple(FormulationEntry(n, "cost", day, label) for n, label in enumerate(("regret", "isolation"), start=7))
    later = FormulationEntry(9, "cost", date(2025, 3, 1), "loneliness")
    (line,) = summary(replace(EMPTY, formulation=(*noted, later))).section("formulation").sentences
    assert line.text == "Cost today: regret; isolation (1 Feb 2025); loneliness (1 Mar 2025)."
    assert [source.quote for source in line.sources] == ["regret", "isolation", "loneliness"]


def test_of_many_entries_the_first_and_the_last_are_told_and_how_many_there_are() -> None:
    moments = tuple(MomentFact(n, date(2026, n, 1), f"Moment {n}.") for n in range(1, 8))
    draft = summary(replace(EMPTY, moments=moments))
    (line,) = draft.section("outcome_markers").sentences
    assert line.text == (
        "Moments of connection (3 of 7 on record): 1 Jan 2026: “Moment 1.”; 1 Jun 2026: “Moment 6.”; "
        "1 Jul 2026: “Moment 7.”"
    )
    assert [source.record_id for source in line.sources] == [1, 6, 7, None]
    assert line.sources[-1].quote == "7 moments of connection on record, 3 of them told"
    assert closure_check.unsourced(as_json(draft, ())) == []


def test_the_most_helpful_practices_are_told_first() -> None:
    def agreed(number: int, helpful: int | None) -> PracticeFact:
        reviewed = PracticeReview(date(2026, 6, 1), True, helpful)
        return PracticeFact(number, date(2026, 1, number), f"Practice {number}", "", (reviewed,))

    record = replace(EMPTY, practices=tuple(agreed(n, helpful) for n, helpful in enumerate((2, None, 9, 7, 8), 1)))
    (line,) = summary(record).section("treatment").sentences
    assert [label for label in ("Practice 3", "Practice 5", "Practice 4") if label in line.text] == [
        "Practice 3", "Practice 5", "Practice 4",
    ]  # fmt: skip
    assert "(3 of 5 on record)" in line.text and "Practice 1" not in line.text and "Practice 2" not in line.text


def test_an_entry_that_may_not_be_printed_is_left_out_alone_and_asked_about() -> None:
    moments = (
        MomentFact(1, date(2026, 1, 1), "Let him make tea"),
        MomentFact(2, date(2026, 2, 1), "Sat with Boris Example"),
        MomentFact(3, date(2026, 3, 1), "Stayed; no risk"),
    )
    section = summary(replace(EMPTY, moments=moments, other_names=("Boris Example",))).section("outcome_markers")
    assert [line.text for line in section.sentences] == ["Moments of connection: 1 Jan 2026: “Let him make tea”."]
    assert any("names another client" in ask for ask in section.asks)
    assert any("speaks of risk as absent" in ask for ask in section.asks)


def test_what_was_noted_with_the_first_and_the_last_rating_is_quoted_and_how_many_have_words() -> None:
    draft = summary(replace(EMPTY, ratings=rated([1, 2, 3], evidence="Stayed in the room")))
    line, whose = draft.section("outcome_markers").sentences
    assert whose.text.startswith("Levels are as rated by the clinician (3 ratings)")
    assert line.text.endswith(
        "3 ratings; noted (2 of 3 on record): level 1 (1 Feb 2025) “Stayed in the room”; "
        "level 3 (29 Mar 2025) “Stayed in the room”."
    )
    assert closure_check.unsourced(as_json(draft, ())) == []


def test_every_rupture_that_stands_open_is_told_however_many_there_are() -> None:
    open_ones = tuple(RuptureFact(n, date(2026, n, 1), f"Rupture {n}") for n in range(1, 7))
    said = texts(summary(replace(EMPTY, ruptures=open_ones)), "treatment")
    assert len(said) == 6 and all("no repair is on record" in line for line in said)


def test_what_somebody_is_to_the_client_is_not_said_twice() -> None:
    people = tuple(
        PersonFact(number, date(2026, 1, number), name, relation, safe_haven=True)
        for number, (name, relation) in enumerate((("his wife", "wife"), ("Ben", "brother"), ("Ana", "")), start=1)
    )
    (line, *_) = texts(summary(replace(EMPTY, people=people)), "protective")
    assert "his wife (1 Jan 2026); Ben (brother) (2 Jan 2026); Ana (3 Jan 2026)" in line


def test_a_referrer_is_told_no_name_of_a_person_in_whatever_text_it_stands() -> None:
    practice = PracticeFact(1, date(2025, 5, 1), "Sunday call with Ben", "weekly", (PracticeReview(TODAY, True, 9),))
    record = replace(FULL, practices=(practice, *FULL.practices))
    referrer = summary(record, Audience.REFERRER)
    assert "Ben" not in str(as_json(referrer, ()))
    assert any("names a person of the client's life" in ask for ask in referrer.section("treatment").asks)
    assert "One honest feeling" in " ".join(texts(referrer, "treatment")), "the other practices are told"
    assert "Sunday call with Ben" in " ".join(texts(summary(record), "treatment"))


def test_a_value_that_ends_a_sentence_gets_no_second_stop_and_keeps_its_own() -> None:
    believed = BeliefFact(1, date(2025, 3, 1), "If I leave first it cannot hurt.", "Stay. “No.”. Then go")
    told = " ".join(texts(plan(replace(EMPTY, beliefs=(believed,)))))
    quoted = replace(believed, old='"I can survive a no"', balanced="“Yes.” and “no”")
    said = " ".join(texts(plan(replace(EMPTY, beliefs=(quoted,)))))
    assert 'An old belief of mine: "I can survive a no". My answer to it: ““Yes.” and “no””' in said, "quoted once"
    assert "“If I leave first it cannot hurt.” My answer to it: “Stay. “No.”. Then go”" in told
