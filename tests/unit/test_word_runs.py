"""Runs of words in a tree: what is found is what looking for each run by itself finds."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from lib.domain.note_words import words_of
from lib.domain.phrase_language import Element, Pattern
from lib.domain.phrase_matching import placed, steps_of
from lib.domain.word_runs import Run, word_runs

_FORMS = {"go": ("go", "goes"), "=go": ("go",), "home": ("home",), "the": ("the",), "him": ("him", "goes")}
_FILLERS = frozenset({"the", "so"})
_WORDS = st.lists(st.tuples(st.sampled_from(sorted(_FORMS)), st.sampled_from([0, 2])), min_size=2, max_size=4)
_TEXT = st.lists(st.sampled_from(["go", "goes", "home", "the", "so", "him", "cat", ";"]), max_size=12).map(" ".join)


@given(st.lists(_WORDS, max_size=8, unique_by=tuple), _TEXT)
def test_each_run_is_found_where_it_is_found_by_itself(runs: list[list[tuple[str, int]]], text: str) -> None:
    note = words_of(text)
    steps = steps_of(note, _FILLERS)
    told = [(tuple(word for word, _ in run), (0, *(gap for _, gap in run[1:]))) for run in runs]
    unique = list(dict.fromkeys(told))
    tree = word_runs((Run(words, gaps, (str(at),)) for at, (words, gaps) in enumerate(unique)), _FORMS.__getitem__)
    places = {
        symbol: [(at, at + 1) for at, word in enumerate(note.words) if word in forms]
        for symbol, forms in _FORMS.items()
    }
    wanted = [
        ((str(number),), (match.start, match.end))
        for number, (words, gaps) in enumerate(unique)
        for match in placed(Pattern(tuple(map(_element, words, gaps))), places, steps)
    ]
    assert sorted(tree.places(note.words, steps)) == sorted(wanted)


def _element(word: str, gap: int) -> Element:
    return Element((word,), gap)


def test_a_form_of_two_words_begins_what_either_begins() -> None:
    tree = word_runs(
        [Run(("go", "home"), (0, 0), ("goes home",)), Run(("=go", "him"), (0, 0), ("exactly",))], _FORMS.__getitem__
    )
    found = {}
    for first, second in product(("go", "goes"), ("home", "him")):
        note = words_of(f"{first} {second}")
        found[first, second] = [names for names, _ in tree.places(note.words, steps_of(note, _FILLERS))]
    assert found == {
        ("go", "home"): [("goes home",)],
        ("go", "him"): [("exactly",)],
        ("goes", "home"): [("goes home",)],
        ("goes", "him"): [],
    }


def test_small_words_may_stand_between_and_a_break_may_not() -> None:
    tree = word_runs([Run(("go", "home"), (0, 0), ("home",))], _FORMS.__getitem__)
    for text, wanted in (("go the so home", [(0, 4)]), ("go cat home", []), ("go; home", [])):
        note = words_of(text)
        assert [place for _, place in tree.places(note.words, steps_of(note, _FILLERS))] == wanted
