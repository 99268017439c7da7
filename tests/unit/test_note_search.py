"""What a person types into the search, and how the places it is found in are shown."""

from __future__ import annotations

import pytest

from lib.domain.errors import InvalidInput
from lib.domain.note_search import Piece, Term, extracts, terms_of


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("closeness", (Term(("closeness",)),)),
        ("  Closeness  TRAP ", (Term(("closeness",)), Term(("trap",)))),
        ('"felt like a trap"', (Term(("felt", "like", "a", "trap")),)),
        ("clos*", (Term(("clos",), True),)),
        ('"felt like a tr*" fear', (Term(("felt", "like", "a", "tr"), True), Term(("fear",)))),
        ("self-reliant", (Term(("self", "reliant")),)),
        ('unclosed "quote here', (Term(("unclosed",)), Term(("quote", "here")))),
        ("didn't", (Term(("didn", "t")),)),
        ("NEAR(a b) OR 'x';--", (Term(("near", "a")), Term(("b",)), Term(("or",)), Term(("x",)))),
        ("äußern Ökonomie", (Term(("äußern",)), Term(("ökonomie",)))),
    ],
)
def test_a_question_is_read_as_words_phrases_and_beginnings(typed: str, terms: tuple[Term, ...]) -> None:
    assert terms_of(typed) == terms


@pytest.mark.parametrize("typed", ["", "   ", '"" * - _', "x" * 201, "a b c d e f g h i j k l m"])
def test_a_question_without_a_word_or_with_too_many_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        terms_of(typed)


def shown(text: str, question: str) -> list[str]:
    """Each place as text, hits in [brackets]."""
    return [
        "".join(f"[{piece.text}]" if piece.is_hit else piece.text for piece in place)
        for place in extracts(text, terms_of(question))
    ]


def test_what_was_found_is_marked_and_nothing_else() -> None:
    assert shown("Said closeness felt like a trap.", "CLOSE* trap") == ["Said [closeness] felt like a [trap]."]
    assert shown("a trap, a Trap; entrapped", "trap") == ["a [trap], a [Trap]; entrapped"]
    assert shown("felt like\na trap", '"like a"') == ["felt [like a] trap"]


def test_a_long_text_is_shown_around_the_hits_and_says_that_there_is_more() -> None:
    text = "word " * 100 + "first trap " + "word " * 100 + "second trap " + "word " * 100 + "third trap"
    places = shown(text, "trap")
    assert len(places) == 2
    assert all(place.startswith("… ") and place.endswith(" …") and "[trap]" in place for place in places)
    assert all(len(place) < 220 for place in places)


def test_markup_in_a_note_stays_letters() -> None:
    (place,) = extracts("<b>trap</b> **x**", terms_of("trap"))
    assert place == (Piece("<b>", False), Piece("trap", True), Piece("</b> **x**", False))


def test_where_nothing_can_be_pointed_to_the_beginning_is_shown() -> None:
    assert extracts("short text", terms_of("absent")) == ((Piece("short text", False),),)


def test_a_word_longer_than_the_place_is_still_shown() -> None:
    assert "[" + "x" * 110 + "]" in shown("x" * 500, "x*")[0]
