"""Reading a note: who, when and whether; sections, quotes and contrasts; risk language; places in the note."""

from __future__ import annotations

import pytest

from lib.commands import benchmark_notes
from lib.domain.evidence import read_note
from lib.domain.note_words import words_of
from lib.domain.phrase_book import Phrase, Polarity, phrase_book
from lib.domain.phrase_language import parse
from tests.unit.evidence_material import book, found, suggestions


def _one(sentence: str) -> tuple[str, str, str]:
    (label,) = found(sentence)
    return label


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("Ct asked her wife for comfort.", ("needs", "for", "present")),
        ("Ct did not ask her wife for comfort.", ("needs", "against", "negated")),
        ("Ct could not ask her wife for comfort.", ("needs", "against", "negated")),
        ("Ct refuses to ask her wife for comfort.", ("needs", "against", "negated")),
        ("Ct struggles to ask her wife for comfort.", ("needs", "against", "negated")),
        ("Ct didn't hesitate to ask her wife for comfort.", ("needs", "for", "present")),
        ("Never once asked his wife for comfort.", ("needs", "against", "negated")),
        ("Ct did not shut down during the argument.", ("shutdown", "against", "negated")),
        ("Ct no longer hides her sadness.", ("suppressed_feeling", "against", "negated")),
        ("She no longer believes that crying is weak.", ("vulnerability", "for", "present")),
        ("Ct was less quick to push her feelings aside.", ("suppressed_feeling", "against", "negated")),
    ],
)
def test_what_is_denied_is_turned_round_and_denied_twice_it_stands(sentence: str, label: tuple[str, str, str]) -> None:
    assert _one(sentence) == label


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Ct plans to ask her wife for comfort.", "hypothetical"),
        ("HW: ask wife for comfort once.", "hypothetical"),
        ("Role-played asking his wife for comfort.", "hypothetical"),
        ("Therapist encouraged ct to ask her wife for comfort.", "hypothetical"),
        ("If he asked his wife for comfort, she would come.", "hypothetical"),
        ("As a child she never asked her mother for comfort.", "historical"),
        ("In his first marriage he asked his wife for comfort.", "historical"),
        ("This week he asked his wife for comfort.", "present"),
        ("Her wife asked her mother for comfort.", "other"),
        ("Pt's mother asked her sister for comfort.", "other"),
        ("Reports that mother asked her sister for comfort.", "other"),
        ("When her husband got angry, asked her sister for comfort.", "present"),
        ("Ct and her wife asked their friends for comfort.", "present"),
        ("They asked their friends for comfort.", "present"),
        ('"I asked my wife for comfort."', "present"),
        ('Her mother said, "I asked my sister for comfort."', "other"),
    ],
)
def test_planned_past_and_other_peoples_are_told_apart(sentence: str, status: str) -> None:
    assert {each[2] for each in found(sentence)} == {status}


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Ask wife for comfort once.", "hypothetical"),
        ("Asks wife for comfort.", "present"),
        ("Plan - ask wife for comfort.", "hypothetical"),
        ("Goal #2: ask wife for comfort.", "hypothetical"),
        ("Ct to ask her wife for comfort.", "hypothetical"),
        ("HW: ask wife for comfort this week.", "hypothetical"),
        ("Means to sit down, put the phone away and ask his wife for comfort.", "hypothetical"),
        ("If her partner raised his voice she would shut down.", "hypothetical"),
        ("Wants to stop hiding her tears from the children.", "hypothetical"),
        ("Asking her sister for help would feel like begging.", "hypothetical"),
        ("Did her homework and asked her husband for comfort.", "present"),
        ("He turned down help, saying he would manage on his own.", "present"),
        ("Says that her husband hides his tears from the children.", "other"),
        ("Told me that his brother hides his feelings.", "other"),
        ("Ct finds it hard that her husband shuts down during arguments.", "other"),
        ("Talked about her mother's tendency to hide her feelings.", "other"),
        ("In the couple session the husband shut down during the argument.", "other"),
        ("Both partners asked their friends for comfort.", "present"),
        ("Let her brother drive and told her husband what she needs.", "present"),
        ("She thinks that people who cry are pathetic.", "present"),
        ("When they first met she hid her tears from him.", "historical"),
        ("In her home country she asked her mother for comfort.", "historical"),
        ("He is used to it and hides his tears from the children.", "present"),
    ],
)
def test_what_is_bid_wished_or_anothers_is_told_from_what_was_done(sentence: str, status: str) -> None:
    assert status in {each[2] for each in found(sentence)} <= {status, "negated"}


def test_trust_said_outright_is_trust() -> None:
    told = found("Pt trusted me enough to come back after the rupture.")
    assert ("trust", "for", "present") in told
    assert "fear" not in {code for code, _polarity, _status in told}


def test_what_came_of_a_goal_is_read_beside_the_goal() -> None:
    told = found("G: lean on others. R: asked his wife for comfort.")
    assert told == {("trust", "for", "hypothetical"), ("needs", "for", "present")}


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Beto's sister asked her mother for comfort.", "other"),
        ("His brother, Cl says, asked their mother for comfort.", "other"),
        ("Husband, says Ct, asked his mother for comfort.", "other"),
        ("Per pt, she asked her mother for comfort.", "present"),
        ("Task for the week: ask her wife for comfort.", "hypothetical"),
        ("Experiment: asked her wife for comfort.", "present"),
        ("HW: ask wife for comfort by Friday.", "hypothetical"),
        ("As the eldest she never asked her mother for comfort.", "historical"),
        ("In his army years he never asked his wife for comfort.", "historical"),
    ],
)
def test_who_only_tells_it_is_not_who_acts_and_a_task_is_still_to_come(sentence: str, status: str) -> None:
    assert {each[2] for each in found(sentence)} == {status}


def test_an_initial_with_its_point_is_a_person_and_ends_nothing() -> None:
    assert words_of("C. asked D. for a hug, and E.'s answer was plan B.").named == [2, 7]
    (told,) = suggestions("C. asked D. for a hug after the news.")
    assert (told.code, told.phrase) == ("needs", "asked D. for a hug")


def test_a_name_inside_a_sentence_is_a_person_and_a_weekday_is_not() -> None:
    assert _one("Asked Sanjay to stay with her.") == ("needs", "for", "present")
    assert words_of("Asked Sanjay on Tuesday in Leeds Town Hall.").named == [1]


def test_what_is_quoted_after_a_colon_belongs_to_who_says_it() -> None:
    assert ("needs", "for", "present") in found('Sent her the text at last: "Please come home."')


def test_a_denial_before_an_act_s_occasion_does_not_deny_the_act() -> None:
    assert found("When her partner did not reply she was certain that he was leaving.") == {("fear", "for", "present")}


def test_both_halves_of_an_alternation_are_one_thing() -> None:
    assert found("Begged him to come over on Friday, then blocked him by Saturday.") == {
        ("mixed_signals", "for", "present")
    }


def test_a_scene_is_his_who_acts_at_its_end() -> None:
    assert found("When his wife says she loves him, he changes the subject.") == {("intimacy", "for", "present")}
    assert found("When he says he loves her, her husband changes the subject.") == {("intimacy", "for", "other")}


def test_to_fear_that_he_will_leave_is_to_fear_now() -> None:
    assert _one("Worries that her husband will leave her.") == ("fear", "for", "present")
    assert _one("As a boy he was terrified of being left.") == ("fear", "for", "historical")


def test_a_contrast_gives_two_labels_with_a_time_each() -> None:
    told = found("Used to storm off when they argued; now he stays in the conversation.")
    assert told == {("shutdown", "for", "historical"), ("presence", "for", "present")}


def test_a_faint_phrase_gives_way_to_a_firmer_one_and_is_believed_where_there_is_none() -> None:
    def read(*told: tuple[str, str]) -> set[str]:
        phrases = [
            Phrase(code, code, Polarity.FOR, text, parse(text, set(), code), ("x",), (), "x", "x")
            for code, text in told
        ]
        (reading,) = read_note("Smiled and hid it from his wife.", phrase_book(phrases, (), {}, {}, {}, {}, {}))
        return {each.code for each in reading.suggestions}

    faint, firm = ("surface_talk", "smile @otherwise"), ("suppressed_feeling", "=hid")
    assert read(faint) == {"surface_talk"}
    assert read(faint, firm) == {"suppressed_feeling"}


def test_words_that_only_stand_together_tell_something_where_two_phrases_agree() -> None:
    def read(*told: tuple[str, str, str]) -> list[tuple[str, str]]:
        phrases = [
            Phrase(id_, code, Polarity.FOR, text, parse(text, set(), code), ("x",), (), "x", "x")
            for id_, code, text in told
        ]
        (reading,) = read_note(
            "Smiled at lunch and hid it from his wife.", phrase_book(phrases, (), {}, {}, {}, {}, {})
        )
        return [(each.code, each.words) for each in reading.suggestions]

    one, two = ("a", "suppressed_feeling", "=hid +smile @twice"), ("b", "suppressed_feeling", "smile +wife @twice")
    firm = ("c", "fear", "=lunch")
    assert read(one) == []
    assert read(one, ("b", "fear", "smile +wife @twice")) == [], "they do not agree"
    told = ("suppressed_feeling", "matched 'hid' with 'Smiled' -> suppressed_feeling for")
    assert read(one, two) == [told]
    assert read(one, two, firm) == [("fear", "matched 'lunch' -> fear for"), told]
    assert read(one, two, ("c", "suppressed_feeling", "=lunch")) == [
        ("suppressed_feeling", "matched 'lunch' -> suppressed_feeling for")
    ]


def test_staying_and_not_leaving_is_one_thing_said_twice() -> None:
    assert _one("Stayed in the conversation when she got angry and did not leave the room.") == (
        "presence",
        "for",
        "present",
    )


def test_a_section_gives_the_time_unless_the_sentence_says_otherwise() -> None:
    note = (
        "S: Ct asked her wife for comfort.\n"
        "History: Never asked her wife for comfort. This week she asked her wife for comfort.\n"
        "Plan: Ask her wife for comfort.\n"
    )
    statuses = [each.suggestions[0].status.value for each in read_note(note, book())]
    assert statuses == ["present", "historical", "present", "hypothetical"]


def test_every_sentence_is_exactly_its_stretch_of_the_note() -> None:
    note = "S:  Pt said “I’m fine,” w/ tears.\r\n\r\nDr. Hall called.  Ct asked   her wife for comfort!\nPLAN:,  see. ,"
    readings = read_note(note, book())
    assert all(note[each.start : each.end] == each.sentence for each in readings)
    assert [each.sentence for each in readings][1:3] == ["Dr. Hall called.", "Ct asked   her wife for comfort!"]
    (told,) = readings[2].suggestions
    assert note[told.start : told.end] == told.phrase == "asked   her wife for comfort"


def test_each_line_is_one_entry_in_order_empty_ones_too() -> None:
    text = "Ct asked her wife for comfort. She cried.\n\nAte well.\r\n"
    readings = read_note(text, book(), as_lines=True)
    assert [each.sentence for each in readings] == ["Ct asked her wife for comfort. She cried.", "", "Ate well."]
    assert read_note("", book(), as_lines=True) == ()
    assert len(read_note("one\ntwo", book(), as_lines=True)) == 2


@pytest.mark.parametrize(
    "sentence",
    [
        "They would be better off without me.",
        "She sees herself as a burden to her family and did not ask her wife for comfort.",
        '"There is no way out," he said.',
        "Feels like a bigger burden than ever.",
        "It would be better for everyone if I wasn't around.",
        "Reports passive suicidal ideation.",
        "Denies SI, but thinks they'd be better off without him.",
        "Does not want to live any more.",
        "Since her dad's overdose she has had suicidal thoughts.",
        "After his father's overdose he took an overdose himself.",
    ],
)
def test_risk_wording_raises_the_plain_line_and_suppresses_evidence(sentence: str) -> None:
    (reading,) = read_note(sentence, book(), as_lines=True)
    assert reading.risk_language and reading.suggestions == ()
    assert reading.risk_phrase and reading.risk_phrase in sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "Denies SI, HI, AVH.",
        "No suicidal ideation reported.",
        "Felt like a burden for wanting a call back.",
        "Took himself off to the pub.",
        "Explained his dad's suicide by way of statistics.",
        "Ate well.",
    ],
)
def test_a_routine_denial_and_a_burden_for_asking_raise_none(sentence: str) -> None:
    (reading,) = read_note(sentence, book(), as_lines=True)
    assert not reading.risk_language


def test_of_several_risk_wordings_the_longest_is_shown() -> None:
    (reading,) = read_note("Nobody would miss me if I was gone.", book())
    assert reading.risk_phrase == "Nobody would miss me"
    (reading,) = read_note("The world would be better without me.", book())
    assert reading.risk_phrase == "world would be better without me"


def test_a_suggestion_says_in_words_why_it_was_made() -> None:
    (told,) = suggestions("Ct did not ask her wife for comfort.")
    assert told.words == "matched 'ask her wife for comfort'; 'not' denies it -> needs against"
    assert told.cues == ("not",) and told.is_offered
    (folded,) = suggestions("Her wife asked her mother for comfort.")
    assert not folded.is_offered


def test_the_same_note_gives_the_same_answer() -> None:
    note = "Ct asked her wife for comfort. Stayed in the conversation when she got angry."
    assert read_note(note, book()) == read_note(note, book())


def test_no_text_upsets_it() -> None:
    for text in ("", "\n\n", '"', "'", "w/", "....", "it's 's n't", "Ünsäglich – schön.", "a\x00b", "(" * 50):
        for as_lines in (False, True):
            assert all(
                text[each.start : each.end] == each.sentence for each in read_note(text, book(), as_lines=as_lines)
            )


def test_the_notes_of_the_benchmark_are_as_long_as_it_says() -> None:
    assert all(450 <= len(text.split()) <= 600 for text in benchmark_notes.notes(book())[:40])


@pytest.mark.parametrize("name", ["İpek", "İİİ", "ŞİİR"])
def test_a_letter_that_grows_when_it_is_made_small_moves_no_words(name: str) -> None:
    text = f"With {name} beside him he shut down when asked about his mother."
    told = [one for each in read_note(text, book()) for one in each.suggestions]
    assert [text[one.start : one.end] for one in told] == ["shut down"] == [one.phrase for one in told]
