"""Phrase files: every row matches what it must and nothing it must not; a wrong row is named with its rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.domain.errors import DefinitionProblem
from lib.domain.note_words import words_of
from lib.domain.phrase_book import CODES, RISK, Phrase, PhraseBook
from lib.domain.phrase_language import parse
from lib.domain.phrase_matching import placed, steps_of
from lib.exchange import phrase_files
from lib.exchange.phrase_files import PHRASE_COLUMNS, load_phrase_book, read_phrases, table_of
from tests.unit.evidence_material import PHRASES, book

HEADER = ",".join(PHRASE_COLUMNS)
ROW = "x-1,needs,for,ask ... help,She asked him for help.,She asked the time.,clinical idiom,Secure Base,active"


def _matches(phrase: Phrase, sentence: str, phrases: PhraseBook) -> bool:
    note = words_of(sentence)
    steps = steps_of(note, phrases.lexicon.fillers)
    found = phrases.lexicon.places(note, steps)
    stands = not any(found.keys().isdisjoint(group) for group in phrase.pattern.groups)
    return stands and bool(placed(phrase.pattern, found, steps))


def test_every_row_matches_the_sentences_it_must_and_none_it_must_not() -> None:
    wrong = [
        (phrase.id, sentence)
        for phrase in book().phrases
        for told, wanted in ((phrase.must, True), (phrase.must_not, False))
        for sentence in told
        if _matches(phrase, sentence, book()) is not wanted
    ]
    assert wrong == []


def test_every_code_has_phrases_and_every_sign_supports_a_marker() -> None:
    assert {phrase.code for phrase in book().phrases} == {*CODES, RISK}
    assert len(book().mirror) == 24


def _refused(text: str, *words: str) -> None:
    with pytest.raises(DefinitionProblem) as caught:
        read_phrases(table_of(text, "phrases_x.csv", PHRASE_COLUMNS), {"filler"})
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (ROW.replace("needs", "neediness"), ("row 2", "code")),
        (ROW.replace(",for,", ",pro,"), ("row 2", "polarity")),
        (ROW.replace("active", "on"), ("row 2", "status")),
        (ROW.replace("She asked him for help.", ""), ("row 2", "must_match")),
        (ROW.replace("ask ... help", "ask ..."), ("row 2", "phrase")),
        (ROW.replace("ask ... help", "(ask|beg).*"), ("row 2", "phrase", "no word")),
        (ROW.replace("ask ... help", "ask ..99 help"), ("row 2", "gap")),
        (ROW.replace("ask ... help", "ask {nobody}"), ("row 2", "no class {nobody}")),
        (ROW.replace("ask ... help", "[please] ask"), ("row 2", "begin with a word")),
        (ROW + ",more", ("row 2", "10 cells")),
        (ROW.replace("Secure Base", '"Secure'), ("not valid CSV",)),
    ],
)
def test_a_wrong_row_is_named_with_its_rule(row: str, words: tuple[str, ...]) -> None:
    _refused(f"{HEADER}\n{row}\n", *words)


def test_a_wrong_header_and_an_empty_file_are_refused() -> None:
    _refused(f"{HEADER},more\n{ROW}\n", "row 1", "columns")
    _refused(f"{HEADER}\n", "holds no row")


def test_an_id_used_twice_is_refused(tmp_path: Path) -> None:
    for path in PHRASES.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    twice = (tmp_path / "phrases_trust.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "phrases_zz.csv").write_text("\n".join(twice[:2]) + "\n", encoding="utf-8")
    with pytest.raises(DefinitionProblem, match="used twice"):
        load_phrase_book(tmp_path)


def test_a_missing_and_a_foreign_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(DefinitionProblem, match=r"classes\.csv: cannot be read"):
        load_phrase_book(tmp_path)
    (tmp_path / "classes.csv").write_bytes(b"class,members\nfeeling,\xff\n")
    with pytest.raises(DefinitionProblem, match="not UTF-8"):
        load_phrase_book(tmp_path)


def test_a_muted_phrase_is_kept_and_not_searched() -> None:
    rows = table_of(f"{HEADER}\n{ROW.replace('active', 'muted')}\n", "x", PHRASE_COLUMNS)
    phrases = phrase_files.phrase_book(read_phrases(rows, set()), (), {}, {}, {}, {}, {})
    note = words_of("She asked him for help.")
    steps = steps_of(note, phrases.lexicon.fillers)
    assert phrases.phrases and phrases.phrases_in(phrases.lexicon.places(note, steps), steps) == []


@pytest.mark.parametrize(
    ("phrase", "sentence", "wanted"),
    [
        ("hide ... hurt", "She was hiding how badly hurt she felt.", True),
        ("hide ... hurt", "She hid; he was hurt.", False),
        ("=hide ... hurt", "She hid her hurt.", False),
        ("shut_down|clam_up", "He shuts right down and clams up.", True),
        ("turn~down", "Turned every offer down.", True),
        ("turn~down", "Turned to his wife and sat quietly down.", False),
        ("ask [kindly] for", "He asked kindly for it.", True),
        ("ask for", "He asked her husband for it.", False),
        ("shut_down -plant", "The plant shut down.", False),
        ("freeze +row", "Froze in the middle of the row.", True),
        ("freeze +row", "Froze in the snow.", False),
        ("not trust", "He doesn’t trust.", True),
        ("not trust", "He won't trust.", True),
    ],
)
def test_the_language_of_phrases(phrase: str, sentence: str, wanted: bool) -> None:
    told = Phrase("x", "needs", "for", phrase, parse(phrase, set(), "x"), ("x",), (), "x", "x")  # type: ignore[arg-type]
    phrases = phrase_files.phrase_book([told], (), {}, {}, {}, {}, phrase_files.read_forms(_forms()))
    assert _matches(told, sentence, phrases) is wanted


def _forms() -> list[phrase_files.Row]:
    return phrase_files.rows_of(PHRASES / "forms.csv", ("word", "forms"))


def test_a_class_holds_what_stands_in_a_class_that_it_holds_phrases_of_several_words_too() -> None:
    told = Phrase("x", "needs", "for", "{all_warm}", parse("{all_warm}", {"all_warm"}, "x"), ("x",), (), "x", "x")  # type: ignore[arg-type]
    rows = [("r1", {"class": "warm_one", "members": "hug, hold ..1 hand"})]
    rows.append(("r2", {"class": "all_warm", "members": "{warm_one}, kiss"}))
    classes = phrase_files.read_classes(rows)
    phrases = phrase_files.phrase_book([told], (), classes, {}, {}, {}, phrase_files.read_forms(_forms()))
    assert _matches(told, "She held his hand.", phrases)
    assert _matches(told, "He hugged her.", phrases)
    assert not _matches(told, "He waved.", phrases)
