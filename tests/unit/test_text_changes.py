"""What changed between two versions of a text: nothing lost, nothing invented, told in words and not in shreds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lib.domain.text_changes import Fate, Piece, stretches

WORDS = ["she", "asked", "him", " ", "\n", "  ", "to stay.", "ß", "\r\n", "e\u0301"]
TEXTS = st.lists(st.sampled_from(WORDS)).map("".join)


@given(TEXTS, TEXTS)
def test_both_versions_can_be_put_together_again_from_the_pieces(before: str, after: str) -> None:
    pieces = [piece for stretch in stretches(before, after) for piece in stretch.pieces]
    assert "".join(piece.text for piece in pieces if piece.fate is not Fate.GONE) == after
    assert "".join(piece.text for piece in pieces if piece.fate is not Fate.NEW) == before


@given(TEXTS)
def test_the_same_text_has_no_change(text: str) -> None:
    assert not any(stretch.is_changed for stretch in stretches(text, text))


def test_one_word_put_in_is_told_as_that_word() -> None:
    (stretch,) = stretches("She asked him to stay.", "She never asked him to stay.")
    kept, new, rest = stretch.pieces
    assert (kept, new) == (Piece(Fate.KEPT, "She "), Piece(Fate.NEW, "never "))
    assert rest == Piece(Fate.KEPT, "asked him to stay.")


def test_a_rewritten_sentence_is_told_whole_and_not_word_for_word_between_its_spaces() -> None:
    told = stretches("He left.\nShe was cold to him.\nNext week.", "He left.\nHe says: not today.\nNext week.")
    assert [stretch.is_changed for stretch in told] == [False, True, False]
    assert [piece.fate for piece in told[1].pieces] == [Fate.GONE, Fate.NEW]
