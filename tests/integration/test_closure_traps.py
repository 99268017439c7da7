"""Records planted with traps, brought in through files as a practice would, drafted four ways and checked."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from lib.domain import closure
from lib.domain.closure import Audience, DocumentKind
from lib.domain.course import Form, change_of, courses_of, known_scale
from lib.domain.people import OPERATOR
from lib.domain.policy import Action, RecordKind
from lib.services import access, closure_drafts
from lib.storage.engine import open_database
from tests import closure_check, factories
from tests.closure_check import Held
from tests.integration.terminal import CLOCK, Terminal

FOLDER = Path(__file__).parents[1] / "data" / "closure_traps"
RECORDS: dict[str, dict[str, Any]] = {
    record["client"]: record
    for file in sorted(FOLDER.glob("*.toml"))
    for record in tomllib.loads(file.read_text())["record"]
}
WAYS = (("summary", "file"), ("summary", "referrer"), ("summary", "client"), ("plan", "client"))
TO_CLIENT = (("summary", "client"), ("plan", "client"))


def _table(rows: list[dict[str, str]], columns: list[str]) -> str:
    held = io.StringIO()
    writer = csv.DictWriter(held, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return held.getvalue()


def _rows(key: str, columns: list[str]) -> str:
    return _table(
        [
            {"client": code, "date": each["on"], **{name: each[name] for name in columns if name in each}}
            for code, record in RECORDS.items()
            for each in record.get(key, [])
        ],
        columns,
    )


def _forms(key: str) -> dict[str, str]:
    """A wide file for each instrument."""
    by_instrument: dict[str, list[dict[str, str]]] = {}
    for code, record in RECORDS.items():
        for form in record.get(key, []):
            row = {"client": code, "date": form["on"], "instrument": form["instrument"]}
            row |= {"target": form.get("target", "general"), "respondent": form.get("respondent", "client")}
            row |= {f"item_{n}": answer for n, answer in enumerate(form["answers"].split(","), start=1)}
            by_instrument.setdefault(form["instrument"], []).append(row)
    return {name: _table(rows, list(rows[0])) for name, rows in by_instrument.items()}


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Terminal, dict[tuple[str, str, str], dict[str, Any]]]:
    """Every planted record in one practice, and every document of each, as the terminal gives it."""
    terminal = Terminal(tmp_path_factory.mktemp("traps"))
    files = [("scores", text) for text in (*_forms("forms").values(), *_forms("corrections").values())]
    files += [
        ("scores", _rows("totals", ["client", "date", "instrument", "score"])),
        ("markers", _rows("ratings", ["client", "date", "marker", "level", "context", "evidence"])),
        ("notes", _rows("notes", ["client", "date", "text", "session", "format", "attendance"])),
    ]
    for number, (kind, text) in enumerate(files):
        said = terminal.take(kind, text, "--create-clients", name=f"{number}.csv")
        assert said.code == 0, said.words + said.out
    database = open_database(f"sqlite:///{terminal.file}")
    with database.reading() as session:
        found = {(code, *way): _drafted(session, code, *way) for code in RECORDS for way in WAYS}
    database.close()
    return terminal, found


def _drafted(session: Session, code: str, kind: str, audience: str) -> dict[str, Any]:
    """What `closure CODE --format json` prints; the command itself is tried below."""
    client = access.client_for(session, OPERATOR, Action.READ, RecordKind.DOCUMENT_DRAFT, _id_of(session, code), CLOCK)
    draft = closure_drafts.drafted_now(
        session, client, DocumentKind(kind), Audience(audience), CLOCK, factories.definitions()
    )[1]
    return closure.as_json(draft, closure_drafts.reasons_against(session, client.client_id, draft, ()))


def _id_of(session: Session, code: str) -> int:
    return access.client_id_by_code(session, OPERATOR, code, CLOCK)


def _held(terminal: Terminal, code: str) -> Held:
    """What the record holds, read past the program: the planted words, and the rows that stand."""
    held, record = Held(), RECORDS[code]
    for note in record.get("notes", []):
        held.notes.setdefault(date.fromisoformat(note["on"]), []).append(note["text"])
    for rating in record.get("ratings", []):
        texts = held.ratings.setdefault(date.fromisoformat(rating["on"]), [])
        texts += [rating["level"], rating.get("evidence", "")]
    forms = terminal.rows(
        "select taken_on, scales, answers from administration join client on client.id = client_id "
        f"where code = '{code}' and superseded_at is null"
    )
    for day, scales, answers in forms:
        figures = held.figures.setdefault(date.fromisoformat(day), {"not answered"})
        for plain in (scales, answers or "{}"):
            for value in json.loads(plain).values():
                if value is not None:
                    figures |= {f"{value:g}", f"{value:.1f}", f"{value:.2f}"}
    held.days = {*held.notes, *held.figures, *held.ratings}
    return held


def _published(code: str, terminal: Terminal) -> list[str]:
    """The change rules' own sentences and the norms: their figures are published ones, named in the sentence."""

    rows = terminal.rows(
        "select a.id, instrument, target, respondent, taken_on, scales from administration a "
        f"join client on client.id = client_id where code = '{code}' and superseded_at is null"
    )
    forms = [Form(i, n, t, r, date.fromisoformat(d), json.loads(s)) for i, n, t, r, d, s in rows]
    told = []
    for course in courses_of(forms).values():
        known = known_scale(factories.definitions().instruments, course.measure)
        if known is not None:
            told += [
                change_of(course, known[1]).sentence,
                f"cut-off {known[1].change.cutoff:g}" if known[1].change and known[1].change.cutoff else "",
            ]
            told += [norm.citation for norm in known[1].norms] + [norm.group for norm in known[1].norms]
    return told


def test_the_command_prints_what_is_checked_here(drafts: Any) -> None:
    terminal, found = drafts
    for kind, audience in WAYS:
        said = terminal("closure", "TR-201", "--kind", kind, "--audience", audience, "--format", "json")
        assert (said.code, said.data) == (0, found["TR-201", kind, audience])


def test_there_are_some_sixty_planted_records() -> None:
    assert len(RECORDS) >= 58
    assert all(record["trap"] for record in RECORDS.values())


@pytest.mark.parametrize("code", RECORDS)
def test_no_sentence_without_a_source_and_no_source_that_does_not_say_it(drafts: Any, code: str) -> None:
    terminal, found = drafts
    held, published = _held(terminal, code), _published(code, terminal)
    wrong = [
        f"{kind} for {audience}: {why}"
        for kind, audience in WAYS
        for why in closure_check.problems(found[code, kind, audience], held, published)
    ]
    assert not wrong, "\n".join(wrong)


def _sentences(draft: dict[str, Any], key: str = "") -> str:
    return "\n".join(
        line["text"] for section in draft["sections"] if key in ("", section["key"]) for line in section["sentences"]
    )


def _everything(draft: dict[str, Any]) -> str:
    quotes = [s["quote"] for part in draft["sections"] for line in part["sentences"] for s in line["sources"]]
    asks = [ask for part in draft["sections"] for ask in part["asks"]]
    return "\n".join([_sentences(draft), *quotes, *asks])


@pytest.mark.parametrize("code", RECORDS)
def test_a_trap_is_told_as_it_is_and_nothing_is_made_of_it(drafts: Any, code: str) -> None:
    record, found = RECORDS[code], drafts[1]
    for way in WAYS:
        draft = found[code, *way]
        for words in record.get("never", []):
            assert words not in _sentences(draft), (way, words)
        assert "no risk" not in _everything(draft).lower()
        assert draft["client"] == code and draft["status"] == "draft"
        # A code that is a bare number stands in dates and scores too.
        for other in (other for other in RECORDS.keys() - {code} if not other.isdigit()):
            assert other not in _everything(draft)
    file = found[code, "summary", "file"]
    for said in record.get("says", []):
        assert said["text"] in _sentences(file, said["in"]), _sentences(file, said["in"])
    asks = "\n".join(ask for section in file["sections"] for ask in section["asks"])
    for words in record.get("asks", []):
        assert words in asks, asks
    for words in record.get("blocked", []):
        assert any(words in reason["why"] for reason in file["blocked_by"])


@pytest.mark.parametrize("code", [code for code in RECORDS if any(key.startswith("client_") for key in RECORDS[code])])
def test_what_the_client_is_told_is_their_own(drafts: Any, code: str) -> None:
    record, found = RECORDS[code], drafts[1]
    letter = found[code, "summary", "client"]
    for said in record.get("client_says", []):
        assert said["text"] in _sentences(letter, said["in"])
    asks = "\n".join(ask for section in letter["sections"] for ask in section["asks"])
    assert all(words in asks for words in record.get("client_letter_asks", []))
    for way in TO_CLIENT:
        asks = "\n".join(ask for section in found[code, *way]["sections"] for ask in section["asks"])
        assert all(words not in _sentences(found[code, *way]) for words in record.get("client_never", []))
        assert all(words in asks for words in record.get("client_asks", []))


def test_what_notes_say_reaches_no_document_of_an_imported_record(drafts: Any) -> None:
    for code, record in RECORDS.items():
        texts = [line for note in record.get("notes", []) for line in note["text"].splitlines() if len(line) > 12]
        for way in WAYS:
            assert not any(line in _everything(drafts[1][code, *way]) for line in texts)
