"""One and the same act in many frames: whose, when, whether it happened; and which of two that are found is meant."""

from __future__ import annotations

import pytest

from tests.unit.evidence_material import found

NEEDS, NOT_NEEDS = ("needs", "for"), ("needs", "against")


@pytest.mark.parametrize(
    "sentence",
    [
        "As long as her gran was alive she asked her for help.",
        "While his mum was alive he told her what he needed.",
        "Until his divorce he asked his wife for help.",
        "Prior to the separation he told his wife what he needed.",
        "In the old house-share she asked her flatmates for help.",
        "Through her twenties she asked her mother for help.",
        "When the boys were small he asked his brother for help.",
        "For most of the marriage he told his wife what he needed.",
        "Used to ask his mother for help with the Sunday lunch.",
    ],
)
def test_times_of_a_life_are_past(sentence: str) -> None:
    assert {(*NEEDS, "historical")} <= found(sentence)


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("Raised by a cold father, he bottles up his feelings.", ("suppressed_feeling", "for", "present")),
        ("Ever since childhood he has bottled up his feelings.", ("suppressed_feeling", "for", "present")),
        ("Asked her manager for support on Monday, as she never could at the old firm.", (*NEEDS, "present")),
        ("Told her husband that she needs Friday, which would have been unthinkable.", (*NEEDS, "present")),
        (
            "Talks about her first marriage in a flat, factual way, as if it had happened to someone else.",
            ("defensive_detachment", "for", "present"),
        ),
    ],
)
def test_a_past_that_is_named_beside_it_is_not_its_time(sentence: str, label: tuple[str, str, str]) -> None:
    assert found(sentence) == {label}


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("He never complains and bottles up his anger.", ("suppressed_feeling", "for", "present")),
        ("Did not sleep well and asked her husband for help with the baby.", (*NEEDS, "present")),
        ("With little fuss she asked her neighbour for help.", (*NEEDS, "present")),
        ("He does not want to be a burden and so asks nobody for help.", (*NOT_NEEDS, "negated")),
        ("Rather than ask for help he carried the sofa up three flights.", ("independence", "for", "present")),
        ("He is bottling up his anger less.", ("suppressed_feeling", "against", "negated")),
        ("No longer storms off and stonewalls her in arguments.", ("shutdown", "against", "negated")),
        ('Said "hardly a scratch" and asked his wife for help.', (*NEEDS, "present")),
    ],
)
def test_how_far_a_denial_reaches(sentence: str, label: tuple[str, str, str]) -> None:
    assert label in found(sentence)
    assert len({each for each in found(sentence) if each[0] == label[0]}) == 1


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Rehearsed the call on Tuesday and on Thursday asked her father for help.", "present"),
        ("To ask Steph for help with the rota.", "hypothetical"),
        ("To her surprise she asked Steph for help.", "present"),
        ("Would like, by the summer, to ask her brother for help.", "hypothetical"),
        ("Rang back when he'd agreed and asked her for help.", "present"),
        ("Turned toward her husband and told him what she needs.", "present"),
        ("If only she could ask her mother for help.", "hypothetical"),
        ("Asked her sister if she could help her and told her what she needs.", "present"),
        ("We role-played the call, with him asking his sister for help.", "hypothetical"),
    ],
)
def test_what_has_not_happened(sentence: str, status: str) -> None:
    assert {each[2] for each in found(sentence) if each[0] == "needs"} == {status}


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("Says that if he cries in front of them he is weak.", ("vulnerability", "against", "present")),
        ("Thinks that to cry would be weak.", ("vulnerability", "against", "present")),
        ('"Dad died, dads do; I had a conference that week."', ("defensive_detachment", "for", "present")),
    ],
)
def test_a_stance_is_held_now_whatever_it_supposes(sentence: str, label: tuple[str, str, str]) -> None:
    assert label in found(sentence)


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("Deon, a junior, asked his brother for help.", "present"),
        ("With her mother, who has been wandering, unwell, asked her sister for help.", "present"),
        ("He described how his wife asked her sister for help.", "other"),
        ("Her partner is proud, but he asked his brother for help.", "other"),
    ],
)
def test_who_is_named_beside_is_not_who_acts(sentence: str, status: str) -> None:
    assert {each[2] for each in found(sentence)} == {status}


def test_what_befalls_an_owner_is_no_act_of_his() -> None:
    told = found('Says his father\'s death "was always on the cards" and that there is nothing in it to discuss.')
    assert told == {("defensive_detachment", "for", "present")}


def test_give_and_take_with_the_client_is_the_clients() -> None:
    told = found("In the army, he says, the lads carried him and he carried them.")
    assert told == {("reciprocity", "for", "historical")}


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("Drove himself to the ER with one eye taped shut sooner than ring his son.", "independence"),
        (
            "Cl begs her mother to come for Christmas, complains that she is coming, then phones to ask.",
            "mixed_signals",
        ),
        ("Pt shrugged off Monday's panic attack as being a little keyed up.", "minimising"),
    ],
)
def test_of_two_found_in_the_same_words_one_is_told(sentence: str, code: str) -> None:
    assert {each[0] for each in found(sentence)} == {code}


def test_fear_may_stand_beside_the_retreat_it_is_told_with() -> None:
    assert {each[0] for each in found('"I feel suffocated when people get too close."')} == {"fear", "intimacy"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Kept asking the same stupid questions.",
        "Her talk was not confined to work and topics.",
        "Could not have told her his own name.",
        "Did not leave her room or talk to anyone.",
    ],
)
def test_phrases_do_not_fire_beside_the_point(sentence: str) -> None:
    assert not any(label[2] in {"present", "negated"} and label[1] == "for" for label in found(sentence))


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("Thinks he might start to feel caged by her if they have a baby.", ("fear", "for", "hypothetical")),
        ("Is afraid that he will leave her if she shows any anger.", ("fear", "for", "present")),
        ("Has he ever asked her for help, I wondered aloud.", (*NEEDS, "hypothetical")),
        ("We explored how he hides his sadness.", ("suppressed_feeling", "for", "hypothetical")),
        ("Reviewed how he had asked his brother for help.", (*NEEDS, "present")),
        ("Homework not done: did not ask his brother for help.", (*NOT_NEEDS, "negated")),
        ("Unlike last year, he asked his sister for help.", (*NEEDS, "present")),
        ("What hurts is her husband going silent for days after an argument.", ("shutdown", "for", "other")),
        ('"He never asks me for help," she said of her husband.', (*NOT_NEEDS, "other")),
        ("Her colleague, she tells me, bottles up her anger.", ("suppressed_feeling", "for", "other")),
    ],
)
def test_questions_forecasts_and_what_is_told_of_another(sentence: str, label: tuple[str, str, str]) -> None:
    assert label in found(sentence)
    assert len({each for each in found(sentence) if each[0] == label[0]}) == 1


def test_will_is_a_name_only_before_a_verb_of_its_own() -> None:
    assert found("Will has told his wife what he needs.") == {(*NEEDS, "present")}
    assert found("He will tell his wife what he needs.") == {(*NEEDS, "hypothetical")}


def test_neither_and_nor_deny_once() -> None:
    assert found("Neither asked for help nor told anyone what he needed.") == {(*NOT_NEEDS, "negated")}
