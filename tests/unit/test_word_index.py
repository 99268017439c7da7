"""The index by words: everything that could stand in a sentence is found, once, in its order; nothing else is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lib.domain.word_index import word_index

_SYMBOLS = st.sampled_from("abcdefgh")
_GROUPS = st.lists(st.lists(_SYMBOLS, min_size=1, max_size=4, unique=True).map(tuple), min_size=1, max_size=4)


@given(
    st.lists(_GROUPS, max_size=12),
    st.sets(_SYMBOLS),
    st.dictionaries(_SYMBOLS, st.integers(min_value=1, max_value=1500)),
)
def test_what_has_a_symbol_of_each_group_in_the_sentence_is_found_in_order(
    needed: list[list[tuple[str, ...]]], present: set[str], weights: dict[str, int]
) -> None:
    index = word_index(enumerate(needed), weights)
    wanted = [number for number, groups in enumerate(needed) if all(present & set(group) for group in groups)]
    assert index.standing(present) == wanted


def test_what_is_needed_twice_is_asked_for_once() -> None:
    index = word_index([("again and again", [("again",), ("and",), ("again",)])], {"and": 1500})
    assert index.standing({"again", "and"}) == ["again and again"]
    assert index.standing({"again"}) == []


def test_an_empty_index_finds_nothing() -> None:
    assert word_index((), {}).standing({"a"}) == []
