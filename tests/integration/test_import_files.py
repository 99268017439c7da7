"""Files as other people make them, good and hostile, through `import`: what must come in does, and nothing else."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from lib.domain.imports import AdministrationIn
from lib.services import clients, measures
from lib.storage.engine import open_database
from tests import factories
from tests.conftest import MASTER_KEY, NOW
from tests.integration.bad_files import BAD
from tests.integration.good_files import GOOD
from tests.integration.import_material import ANSWERS, Bad, Good
from tests.integration.terminal import LONG, PHQ9, TOTALS, Terminal, phq9, sheet

HELD_ON = date(2025, 6, 1)
HELD = {f"phq9_{number}": 0 if number == 9 else 1 for number in range(1, 10)}


@pytest.fixture(scope="module")
def seeded(plain_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with four clients, copied for each test; A-1 was born in May 1980 and referred in January 2025."""
    file = Path(shutil.copy(plain_template, tmp_path_factory.mktemp("seeded") / "practice.db"))
    database = open_database(f"sqlite:///{file}", MASTER_KEY)
    with database.writing() as session:
        lark = factories.account(session, "lark")
        for code in ("A-1", "007", "NA", "1e5"):
            born, referred = (date(1980, 5, 5), date(2025, 1, 10)) if code == "A-1" else (None, None)
            client = clients.create_client(session, lark, code, "", born, referred, NOW)
            held = AdministrationIn(code, HELD_ON, "phq9", HELD, {})
            measures.enter_form(session, lark, client, held, NOW, factories.definitions())
    database.close()
    return file


@pytest.fixture
def practice(terminal: Terminal, seeded: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """The terminal on a copy of it. The definitions are read once, not once a call: nothing here is about them."""
    monkeypatch.setattr("lib.bootstrap.load_definitions", lambda _folder: factories.definitions())
    shutil.copy(seeded, terminal.file)
    return terminal


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_a_good_file_comes_in_whole_and_only_once(practice: Terminal, case: Good) -> None:
    before = practice.record()
    tried = practice.take(case.kind, case.content, "--dry-run", *case.options, name=case.file)
    assert tried.code == 0 and tried.data["new"] == case.new and practice.record() == before
    taken = practice.take(case.kind, case.content, *case.options, name=case.file)
    assert taken.code == 0 and taken.data == tried.data, taken.words
    assert taken.data["problems"] == [] and taken.data["rejected"] == taken.data["corrected"] == 0
    held = [
        value
        for table in ("administration", "note")
        for row in practice.rows(f"select * from {table}")
        for value in row
    ]
    assert any(case.keeps in str(value) for value in held)
    after = practice.record()
    again = practice.take(case.kind, case.content, *case.options, name=case.file)
    assert again.code == 0 and again.data["new"] == again.data["corrected"] == 0 and practice.record() == after


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_a_bad_file_is_refused_in_words_and_writes_nothing(practice: Terminal, case: Bad) -> None:
    before = practice.record()
    for dry in (["--dry-run"], []):
        answer = practice.take(case.kind, case.content, *dry, *case.options, name=case.file)
        assert answer.code == 1 and practice.record() == before
        assert case.says in answer.words and "Traceback" not in answer.words
        assert answer.data["problems"] and set(case.places) <= answer.places
        assert all(problem["rule"] and problem["mend"] for problem in answer.data["problems"])


@pytest.mark.parametrize(
    ("content", "alerts"),
    [
        (sheet(PHQ9, phq9(answers="0,0,0,0,0,0,0,0,1")), ["item9_endorsed"]),
        (sheet(PHQ9, phq9(answers="0,0,0,0,0,0,0,0,")), ["item9_missing"]),
        (sheet(LONG, *ANSWERS), ["item9_endorsed"]),
        (sheet(LONG, *ANSWERS[:8]), ["item9_missing"]),
        (sheet(TOTALS, "A-1,2026-01-05,PHQ-9,12"), ["item9_missing"]),
        (sheet(PHQ9, phq9(answers="3,3,3,3,3,3,3,3,0")), []),
    ],
    ids=["wide", "wide, not answered", "long", "long, not answered", "total alone", "high total, not endorsed"],
)
def test_item_nine_raises_its_flag_on_every_path(practice: Terminal, content: str, alerts: list[str]) -> None:
    assert practice.take("scores", content).code == 0
    raised = [kind for (kind,) in practice.rows("select kind from flag") if str(kind).startswith("item9")]
    assert raised == alerts


def test_a_total_may_agree_with_the_answers_held_and_never_replaces_them(practice: Terminal) -> None:
    before = practice.record()
    assert practice.take("scores", sheet(TOTALS, "A-1,2025-06-01,PHQ-9,8")).counts == (1, 0, 1, 0, 0)
    assert practice.take("scores", sheet(TOTALS, "A-1,2025-06-01,PHQ-9,12")).code == 1
    assert practice.record() == before


def test_a_long_form_with_a_faulty_row_is_left_out_whole(practice: Terminal) -> None:
    content = sheet(LONG, *ANSWERS[:8], "A-1,2026-01-05,PHQ-9,9,7", *(line.replace("A-1", "NA") for line in ANSWERS))
    taken = practice.take("scores", content, "--only-valid")
    assert taken.code == 0 and taken.counts == (18, 9, 0, 0, 9) and taken.places == {(10, "answer")}
    assert practice.rows("select count(*) from administration where taken_on = '2026-01-05'") == [(1,)]


def test_a_repeated_row_is_unchanged_on_the_receipt_or_left_out_with_the_row_it_repeats(practice: Terminal) -> None:
    content = sheet(PHQ9, phq9(), phq9(), phq9("nobody"), phq9("nobody"))
    receipt = practice.take("scores", content, "--only-valid")
    assert receipt.code == 0 and receipt.counts == (4, 1, 1, 0, 2)
