"""The terminal: scores judged, records out again and kept, and real processes with pipes."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.integration.terminal import NOTES, ONE, PHQ9, RATINGS, TOTALS, Terminal, phq9, refused, sheet

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "data" / "golden"
RECEIPT = {"recognised", "rows", "new", "unchanged", "corrected", "rejected", "problems"}
CHANGE = {
    "client", "instrument", "scale", "before", "after", "change", "se_difference", "rci", "level", "direction",
    "cutoff", "verdict", "sentence", "rests_on",
}  # fmt: skip
SCORE = {"client", "date", "instrument", "target", "scales", "prorated", "unscorable", "flags"}
NOTE = 'She said: "closeness is a trap" \u2013 and stayed.'


# --- score and change --------------------------------------------------------------------------------


def test_score_stores_nothing_and_answers_in_the_contracts_shape(terminal: Terminal) -> None:
    before = terminal.file.read_bytes()
    content = sheet(PHQ9, phq9("007", answers="1,1,1,1,1,1,1,1,2"), phq9("NA", answers="1,1,1,1,1,1,1,1,"))
    said = terminal("score", terminal.put("s.csv", content), "--json")
    endorsed, missing = said.data
    assert said.code == 0 and set(endorsed) == SCORE and terminal.file.read_bytes() == before
    assert endorsed["client"] == "007" and endorsed["date"] == "2026-01-05" and endorsed["instrument"] == "phq9"
    assert endorsed["scales"] == {"total": 10} and endorsed["flags"] == ["item9_endorsed"]
    assert missing["scales"] == {"total": None} and missing["flags"] == ["item9_missing"]
    assert missing["unscorable"]["total"] and missing["prorated"] == []
    totals = terminal("score", terminal.put("t.csv", sheet(TOTALS, "A,2026-01-05,PHQ-9,12")), "--json")
    assert totals.data[0]["flags"] == ["item9_missing"], "a total alone never tells of item 9"
    wrong = terminal("score", terminal.put("w.csv", sheet(PHQ9, phq9(answers="1,1,1,1,1,1,1,1,9"))), "--json")
    assert refused(wrong, "item_9") and wrong.places == {(2, "item_9")}


@pytest.mark.parametrize("path", sorted((GOLDEN / "participants").glob("*.csv")), ids=lambda path: path.stem)
def test_change_with_figures_of_ones_own_equals_the_golden_rows(terminal: Terminal, path: Path) -> None:
    expected = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    given = next(
        row
        for row in csv.DictReader(io.StringIO((GOLDEN / "parameters.csv").read_text(encoding="utf-8")))
        if row["key"] == expected[0]["key"]
    )
    before, after = (np.array([float(row[name]) for row in expected]) for name in ("pre", "post"))
    figures = {
        "sd": before.std(ddof=1), "reliability": given["reliability"], "reliability-post": given["reliability_post"],
        "mean-clinical": before.mean(), "sd-clinical": before.std(ddof=1), "mean-functional": given["m_functional"],
        "sd-functional": given["sd_functional"], "mean-after": after.mean(), "sd-after": after.std(ddof=1),
    }  # fmt: skip
    options = [part for name, value in figures.items() for part in (f"--{name}", str(value))]
    pairs = sheet("client,instrument,before,after", *(f"{r['id']},own,{r['pre']},{r['post']}" for r in expected))
    said = terminal(
        "change", terminal.put("pairs.csv", pairs), "--json", "--better", given["better_is"],
        "--method", expected[0]["method"], "--cutoff", expected[0]["cutoff_type"], *options,
    )  # fmt: skip
    assert said.code == 0 and all(set(each) == CHANGE for each in said.data)
    assert [each["client"] for each in said.data] == [row["id"] for row in expected]
    assert [each["rci"] for each in said.data] == pytest.approx([float(row["rci"]) for row in expected], abs=1e-9)
    words = {"harmed": "worsened_across_cutoff"}
    assert [each["verdict"] for each in said.data] == [words.get(row["category"], row["category"]) for row in expected]


def test_change_refuses_what_it_cannot_judge(terminal: Terminal) -> None:
    known = terminal.put("k.csv", sheet("client,instrument,before,after", "A,PHQ-9,20,5", "B,PHQ-9,20,"))
    judged = terminal("change", known, "--json")
    assert [each["verdict"] for each in judged.data] == ["recovered", "undetermined"]
    assert judged.data[1]["rci"] is None and judged.data[1]["change"] is None
    for row, column in (("A,PHQ-9,28,5", "before"), ("A,PHQ-9,20,x", "after"), ("A,XYZ,2,1", "instrument")):
        said = terminal("change", terminal.put("w.csv", sheet("client,instrument,before,after", row)), "--json")
        assert refused(said) and said.places == {(2, column)}
    assert refused(terminal("change", known, "--sd", "6"), "--better")
    assert refused(terminal("change", known, "--better", "lower", "--sd", "-6", "--reliability", ".8"), "above 0")
    assert refused(terminal("change", known, "--better", "lower", "--sd", "nan", "--reliability", ".8"))


# --- the record out again ----------------------------------------------------------------------------


def test_closure_json_has_the_contracts_shape_and_quotes_are_exact(staffed: Terminal) -> None:
    table = 'client,date,text\nA-1,2026-01-05,"' + NOTE.replace('"', '""') + '"\n'
    assert staffed.take("notes", table).code == 0
    for kind in ("summary", "plan"):
        said = staffed("closure", "A-1", "--kind", kind, "--json")
        told = said.data
        assert said.code == 0 and set(told) == {"client", "kind", "status", "sections", "blocked_by"}
        assert told["client"] == "A-1" and told["kind"] == kind and told["status"] == "draft"
        assert all(set(section) == {"key", "title", "sentences", "asks"} for section in told["sections"])
        assert any(section["asks"] for section in told["sections"])
        assert all(set(each) == {"why", "way_out"} for each in told["blocked_by"])
        sentences = [sentence for section in told["sections"] for sentence in section["sentences"]]
        assert all(set(sentence) == {"text", "sources"} and sentence["sources"] for sentence in sentences)
        sources = [source for sentence in sentences for source in sentence["sources"]]
        assert all(source["kind"] in {"note", "score", "rating", "event", "entry"} for source in sources)
        assert all(source["quote"] in NOTE for source in sources if source["kind"] == "note")
    assert any(source["kind"] == "score" for source in sources) or kind == "plan"


def test_documents_are_written_and_a_place_that_cannot_be_is_refused_before_any_work(staffed: Terminal) -> None:
    for form, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("json", b"{")):
        out = staffed.folder / f"draft.{form}"
        assert staffed("closure", "A-1", "--format", form, "--out", str(out)).code == 0
        assert out.read_bytes().startswith(start)
        if os.name == "posix":
            assert out.stat().st_mode & 0o077 == 0, "a document of a client is its owner's to read"
    drafted = staffed.rows("select count(*) from audit_event where action = 'document_drafted'")
    for place in (staffed.folder, staffed.folder / "nowhere" / "x.pdf"):
        assert refused(staffed("closure", "A-1", "--format", "pdf", "--out", str(place)))
        assert refused(staffed("export", "client", "A-1", "--format", "json", "--out", str(place)))
    assert staffed.rows("select count(*) from audit_event where action = 'document_drafted'") == drafted


def test_standing_is_json_and_holds_the_measure(staffed: Terminal) -> None:
    said = staffed("standing", "A-1", "--json")
    assert said.code == 0 and said.data["client"]["code"] == "A-1"
    (measure,) = said.data["standing"]["measures"]
    assert measure["measure"] == "phq9.total" and measure["latest"] == 8
    assert json.loads(staffed("standing", "A-1").out) == said.data


def test_an_archive_comes_back_as_the_same_record_in_another_database(staffed: Terminal) -> None:
    staffed.take("notes", sheet(NOTES, "A-1,2026-01-05,slept badly"))
    out = staffed.folder / "archive.json"
    assert staffed("export", "practice", "--format", "json", "--out", str(out)).code == 0
    assert staffed("import", "archive", str(out), "--json").counts == (1, 0, 1, 0, 0)
    other = f"sqlite:///{staffed.folder / 'other.db'}"
    back = staffed("--database", other, "import", "archive", str(out), "--json")
    assert back.code == 0 and set(back.data) == RECEIPT and back.counts == (1, 1, 0, 0, 0)
    again = staffed.folder / "again.json"
    assert staffed("--database", other, "export", "practice", "--format", "json", "--out", str(again)).code == 0
    first, second = (json.loads(path.read_text(encoding="utf-8"))["clients"][0] for path in (out, again))
    for table in ("administration", "note"):
        kept = [{key: row[key] for key in row if not key.endswith("_id") and key != "id"} for row in first[table]]
        assert kept == [
            {key: row[key] for key in row if not key.endswith("_id") and key != "id"} for row in second[table]
        ]
    assert refused(staffed("import", "archive", staffed.put("x.json", "{}")), "not an archive")


def test_our_own_csv_export_comes_in_as_nothing_new(staffed: Terminal) -> None:
    staffed.take("notes", sheet(NOTES, 'A-1,2026-01-05,"=1+1 she wrote"'))
    staffed.take("markers", sheet(RATINGS, "A-1,2026-01-05,trust,2"))
    out = staffed.folder / "tables.zip"
    assert staffed("export", "client", "A-1", "--format", "csv", "--out", str(out)).code == 0
    with zipfile.ZipFile(out) as package:
        for kind, name in (("scores", "scores_items.csv"), ("markers", "marker_ratings.csv"), ("notes", "notes.csv")):
            said = staffed.take(kind, package.read(name), name=name)
            assert said.code == 0 and said.data["new"] == said.data["corrected"] == 0, (name, said.words)
    assert refused(staffed("export", "client", "nobody", "--format", "csv", "--out", str(out)))


# --- keeping the record ------------------------------------------------------------------------------


def test_a_backup_restores_and_what_was_there_is_never_lost(staffed: Terminal) -> None:
    said = staffed("backup", "--out", str(staffed.folder / "kept"), "--json")
    assert said.code == 0 and said.data["verified"] and Path(said.data["path"]).exists()
    before = staffed.rows("select * from administration")
    staffed.take("scores", sheet(PHQ9, phq9(day="2026-03-02")))
    assert refused(staffed("restore", said.data["path"]), "holds records")
    restored = staffed("restore", said.data["path"], "--replace", "--json")
    assert restored.code == 0 and restored.data["findings"] == [] and Path(restored.data["safety_backup"]).exists()
    assert staffed.rows("select * from administration") == before
    for place in (str(staffed.folder / "nowhere"), str(staffed.folder), staffed.put("x.csv", ONE)):
        trouble = staffed("restore", place, "--replace")
        assert trouble.code in (1, 3) and "Traceback" not in trouble.words and trouble.words.strip()
    assert staffed.rows("select * from administration") == before


def test_verify_names_the_first_bad_event_and_leaves_with_one(staffed: Terminal) -> None:
    assert staffed("verify", "--json").data["findings"] == []
    staffed("backup")
    with contextlib.closing(sqlite3.connect(staffed.file)) as connection, connection:
        triggers = connection.execute("select name from sqlite_master where type='trigger' and tbl_name='audit_event'")
        for (name,) in triggers.fetchall():
            connection.execute(f"drop trigger {name}")
        connection.execute("update audit_event set actor_email = 'somebody@example.org' where sequence = 2")
    said = staffed("verify", "--json")
    assert said.code == 1 and "2" in said.words
    chain = [finding for finding in said.data["findings"] if finding["check"] == "chain"]
    assert chain[0]["row"] == 2
    assert any(finding["check"] == "trigger" for finding in said.data["findings"])


def test_an_empty_database_has_nothing_to_verify(terminal: Terminal) -> None:
    url = f"sqlite:///{terminal.folder / 'empty.db'}"
    assert refused(terminal("--database", url, "verify"), "no record")


def test_migrate_says_when_there_is_nothing_to_do_and_rebuild_counts(staffed: Terminal) -> None:
    told = staffed("migrate", "--json").data
    assert told["before"] == told["after"] and told["backup"] is None
    assert staffed("rebuild", "--json").data == {"clients": 1}
    assert refused(staffed("rebuild", "--actor", "lark@example.org"))


def test_the_demonstration_never_mixes_with_records(staffed: Terminal) -> None:
    before = staffed.record()
    assert refused(staffed("demo"), "not empty") and staffed.record() == before


def test_the_demonstration_refuses_records_without_accounts_too(terminal: Terminal) -> None:
    assert terminal.take("scores", ONE, "--create-clients").code == 0
    before = terminal.record()
    assert refused(terminal("demo"), "not empty") and terminal.record() == before


# --- a real process ----------------------------------------------------------------------------------


def _process(*arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "lib.commands", *arguments]
    return subprocess.run(
        command, cwd=ROOT, input=given, capture_output=True, timeout=120, env={**os.environ, **environment}
    )


def test_a_file_comes_through_a_pipe_and_odd_terminals_get_every_character(terminal: Terminal) -> None:
    content = sheet(PHQ9, phq9("Ünal", "2020-01-05")).encode()
    plain = _process("score", "-", "--json", given=content, PYTHONIOENCODING="ascii")
    assert plain.returncode == 0 and json.loads(plain.stdout)[0]["client"] == "Ünal" and plain.stdout.isascii()
    told = _process("score", "-", given=content, PYTHONIOENCODING="latin-1")
    assert told.returncode == 0 and "Ünal".encode("latin-1") in told.stdout


def test_a_reader_that_leaves_early_gets_no_traceback(terminal: Terminal) -> None:
    command = [
        sys.executable,
        "-m",
        "lib.commands",
        "score",
        terminal.put("one.csv", sheet(PHQ9, phq9(day="2020-01-05"))),
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() in (b"", b"\n") and process.wait(timeout=120) == 141
