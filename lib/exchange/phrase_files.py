"""Phrase files: the CSV files of reading for evidence in, one checked phrase book out. A wrong row is named."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from lib.domain.errors import DefinitionProblem
from lib.domain.phrase_book import (
    CODES,
    RISK,
    Cue,
    CueKind,
    CueScope,
    Person,
    PersonKind,
    Phrase,
    PhraseBook,
    PhraseStatus,
    Polarity,
    phrase_book,
)
from lib.domain.phrase_language import Pattern, parse
from lib.domain.sentence_split import PAST, PLAIN, PLANNED

PHRASE_COLUMNS = ("id", "code", "polarity", "phrase", "must_match", "must_not_match", "source", "author", "status")
BETWEEN_SENTENCES = " / "
Row = tuple[str, dict[str, str]]


def load_phrase_book(folder: Path) -> PhraseBook:
    """The phrase book of this folder. Raises DefinitionProblem naming file, row and rule."""
    classes = read_classes(rows_of(folder / "classes.csv", ("class", "members")))
    known = set(classes)
    phrases = [
        phrase
        for path in [*sorted(folder.glob("phrases_*.csv")), folder / "risk.csv"]
        for phrase in read_phrases(rows_of(path, PHRASE_COLUMNS), known, risk=path.name == "risk.csv")
    ]
    _check_ids(phrases)
    return phrase_book(
        phrases=phrases,
        cues=read_cues(rows_of(folder / "cues.csv", ("kind", "applies", "scope", "phrases")), known),
        classes=classes,
        people=read_people(rows_of(folder / "people.csv", ("kind", "gender", "words"))),
        headings=read_headings(rows_of(folder / "headings.csv", ("section", "headings"))),
        mirror=load_mirror(folder),
        irregular=read_forms(rows_of(folder / "forms.csv", ("word", "forms"))),
    )


def load_mirror(folder: Path) -> Mapping[tuple[str, Polarity], tuple[str, Polarity]]:
    """What a sign that is seen supports besides, without the phrases. Raises DefinitionProblem for a wrong row."""
    return read_mirror(rows_of(folder / "mirror.csv", ("code", "polarity", "supports", "supports_polarity")))


def rows_of(path: Path, columns: tuple[str, ...]) -> list[Row]:
    """The rows of a CSV file, each with its place in words. Raises DefinitionProblem for a wrong header or row."""
    try:
        return table_of(path.read_text(encoding="utf-8"), path.name, columns)
    except OSError as error:
        raise DefinitionProblem(f"{path.name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DefinitionProblem(f"{path.name}: is not UTF-8 at byte {error.start}") from error


def table_of(text: str, name: str, columns: tuple[str, ...]) -> list[Row]:
    """The rows of a CSV text. The header must be exactly these columns; each row must have as many cells."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[Row] = []
    try:
        header = next(reader, [])
        if tuple(header) != columns:
            raise DefinitionProblem(f"{name}: row 1: the columns must be {', '.join(columns)}")
        for cells in reader:
            where = f"{name}: row {reader.line_num}"
            if len(cells) != len(columns):
                raise DefinitionProblem(f"{where}: has {len(cells)} cells, must have {len(columns)}")
            found.append((where, dict(zip(columns, (cell.strip() for cell in cells), strict=True))))
    except csv.Error as error:
        raise DefinitionProblem(f"{name}: row {reader.line_num}: is not valid CSV: {error}") from error
    if not found:
        raise DefinitionProblem(f"{name}: holds no row")
    return found


def read_phrases(rows: list[Row], classes: set[str], risk: bool = False) -> list[Phrase]:
    """Phrases of the rows. Every row needs at least one sentence it must match."""
    return [_phrase(where, row, classes, (RISK,) if risk else CODES) for where, row in rows]


def _phrase(where: str, row: dict[str, str], classes: set[str], codes: tuple[str, ...]) -> Phrase:
    for column in ("id", "phrase", "must_match", "source", "author"):
        if not row[column]:
            raise DefinitionProblem(f"{where}: {column}: must not be empty")
    return Phrase(
        id=row["id"],
        code=_one_of(row["code"], codes, where, "code"),
        polarity=Polarity(_one_of(row["polarity"], tuple(Polarity), where, "polarity")),
        text=row["phrase"],
        pattern=parse(row["phrase"], classes, where),
        must=_sentences(row["must_match"]),
        must_not=_sentences(row["must_not_match"]),
        source=row["source"],
        author=row["author"],
        status=PhraseStatus(_one_of(row["status"], tuple(PhraseStatus), where, "status")),
    )


def _check_ids(phrases: list[Phrase]) -> None:
    seen: set[str] = set()
    for phrase in phrases:
        if phrase.id in seen:
            raise DefinitionProblem(f"phrases: id: {phrase.id!r} is used twice")
        seen.add(phrase.id)


def read_classes(rows: list[Row]) -> dict[str, list[Pattern]]:
    """Classes by name. A member may hold classes of earlier rows; a class may go on in a later row."""
    classes: dict[str, list[Pattern]] = {}
    for where, row in rows:
        members = [parse(member, set(classes), where) for member in _listed(row["members"], where)]
        classes.setdefault(row["class"], []).extend(members)
    return classes


def read_cues(rows: list[Row], classes: set[str]) -> list[Cue]:
    """Cues, one for each phrase of a row."""
    cues = []
    for where, row in rows:
        kind = CueKind(_one_of(row["kind"], tuple(CueKind), where, "kind"))
        applies = _one_of(row["applies"], ("any", "marker", "sign", "behaviour"), where, "applies")
        scope = CueScope(_one_of(row["scope"], tuple(CueScope), where, "scope"))
        for phrase in _listed(row["phrases"], where):
            cues.append(Cue(f"{kind}:{applies}:{scope}:{phrase}", kind, applies, scope, parse(phrase, classes, where)))
    return cues


def read_people(rows: list[Row]) -> dict[str, Person]:
    """Who a word means, by the word in small letters."""
    people: dict[str, Person] = {}
    for where, row in rows:
        kind = PersonKind(_one_of(row["kind"], tuple(PersonKind), where, "kind"))
        gender = _one_of(row["gender"], ("", "m", "f", "p"), where, "gender")
        for word in _listed(row["words"], where):
            if word in people:
                raise DefinitionProblem(f"{where}: words: {word!r} is there twice")
            people[word] = Person(kind, gender)
    return people


def read_headings(rows: list[Row]) -> dict[str, str]:
    """Headings in small letters -> what stands under them: planned, past or plain."""
    return {
        heading: _one_of(row["section"], (PLANNED, PAST, PLAIN), where, "section")
        for where, row in rows
        for heading in _listed(row["headings"], where)
    }


def read_mirror(rows: list[Row]) -> Mapping[tuple[str, Polarity], tuple[str, Polarity]]:
    """What is seen -> what it supports besides."""
    mirror = {}
    for where, row in rows:
        seen = (
            _one_of(row["code"], CODES, where, "code"),
            Polarity(_one_of(row["polarity"], tuple(Polarity), where, "polarity")),
        )
        supports = Polarity(_one_of(row["supports_polarity"], tuple(Polarity), where, "supports_polarity"))
        mirror[seen] = (_one_of(row["supports"], CODES, where, "supports"), supports)
    return mirror


def read_forms(rows: list[Row]) -> dict[str, tuple[str, ...]]:
    """Irregular words -> their forms."""
    return {row["word"]: tuple(row["forms"].split()) for _where, row in rows}


def _listed(cell: str, where: str) -> Iterator[str]:
    found = [each.strip() for each in cell.split(",") if each.strip()]
    if not found:
        raise DefinitionProblem(f"{where}: the list must not be empty")
    yield from found


def _sentences(cell: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in cell.split(BETWEEN_SENTENCES) if each.strip())


def _one_of(value: str, allowed: tuple[str, ...], where: str, column: str) -> str:
    if value not in allowed:
        raise DefinitionProblem(f"{where}: {column}: must be {', '.join(filter(None, allowed))}, not {value!r}")
    return value
