"""The terminal: the line itself, imports and who acts, as a stranger's script meets them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from lib.commands.line import ROOMS, parser
from tests.integration.terminal import NOTES, ONE, PHQ9, RATINGS, Terminal, phq9, refused, sheet

RECEIPT = {"recognised", "rows", "new", "unchanged", "corrected", "rejected", "problems"}
PROBLEM = {"row", "column", "value", "rule", "mend"}


# --- the line itself ---------------------------------------------------------------------------------


def test_every_verb_has_help_and_is_listed() -> None:
    verbs = {verb for its_verbs in ROOMS.values() for verb in its_verbs}
    listed = parser().format_help()
    assert all(verb in listed for verb in verbs)
    assert {"demo", "account", "import", "export", "score", "change", "standing", "closure"} <= verbs
    assert {"migrate", "backup", "restore", "verify", "benchmark"} <= verbs


def test_a_room_adds_the_verbs_it_says_it_adds(terminal: Terminal) -> None:
    for its_verbs in ROOMS.values():
        for verb in its_verbs:
            said = terminal(verb, "--help")
            assert said.code == 0 and f"lib.commands {verb}" in said.out


def test_wrong_words_leave_with_two(terminal: Terminal) -> None:
    assert terminal("nonsense").code == 2
    assert terminal("import", "poems", "x.csv").code == 2
    assert terminal("change", "x.csv", "--method", "XX").code == 2


def test_common_options_stand_before_or_after_the_verb(staffed: Terminal) -> None:
    before, after = staffed("--json", "account", "list"), staffed("account", "list", "--json")
    assert before.code == after.code == 0 and before.data == after.data and len(after.data) == 4


@pytest.mark.parametrize("place", ["nowhere.csv", ".", "a\0b"])
def test_a_file_that_cannot_be_read_is_told_in_words(terminal: Terminal, place: str) -> None:
    path = place if "\0" in place else str(terminal.folder / place)
    for verb in (("import", "scores"), ("score",), ("change",), ("import", "archive"), ("mapping", "save")):
        assert refused(terminal(*verb, path), "cannot be read")


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite://", "postgresql://nobody@127.0.0.1:1/none"])
def test_a_database_that_is_none_is_told_in_words(terminal: Terminal, url: str) -> None:
    said = terminal("--database", url, "account", "list")
    assert said.code in (1, 3) and said.words.strip() and "Traceback" not in said.words and "Error" not in said.words


def test_a_file_that_is_no_database_is_left_as_it_was(terminal: Terminal) -> None:
    path = Path(terminal.put("letter.db", "Dear colleague, " * 200))
    said = terminal("--database", f"sqlite:///{path}", "account", "list")
    assert said.code == 3 and "letter.db" in said.words and path.read_text() == "Dear colleague, " * 200


def test_the_encrypted_file_opens_with_its_key_alone(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlcipher:///{terminal.folder / 'locked.db'}"
    assert terminal("--database", url, "migrate").code == 0
    assert not (terminal.folder / "locked.db").read_bytes().startswith(b"SQLite format 3")
    monkeypatch.setenv("SECUREBASE_KEY", "00" * 32)
    wrong = terminal("--database", url, "account", "list")
    assert wrong.code == 3 and "another key" in wrong.words
    monkeypatch.delenv("SECUREBASE_KEY")
    absent = terminal("--database", url, "account", "list")
    assert absent.code == 3 and "key was not found" in absent.words
    monkeypatch.setenv("SECUREBASE_KEY", "not a key")
    assert terminal("--database", url, "account", "list").code == 3


def test_an_error_nobody_foresaw_tells_an_id_and_never_its_words(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_path: str) -> tuple[bytes, str]:
        raise KeyError("what the client said")

    monkeypatch.setattr("lib.commands.verbs_measures.bytes_of", fails)
    said = terminal("score", "x.csv")
    assert said.code == 3 and "id " in said.words and "KeyError" in said.words
    assert "what the client said" not in said.words and "Traceback" not in said.words


def test_stopped_by_hand_it_says_so(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_path: str) -> tuple[bytes, str]:
        raise KeyboardInterrupt

    monkeypatch.setattr("lib.commands.verbs_measures.bytes_of", stopped)
    said = terminal("score", "x.csv")
    assert said.code == 130 and "Stopped" in said.words


# --- import ------------------------------------------------------------------------------------------


def test_a_receipt_has_exactly_the_keys_of_the_contract(staffed: Terminal) -> None:
    taken = staffed.take("scores", sheet(PHQ9, phq9(day="2026-01-12")))
    assert taken.code == 0 and set(taken.data) == RECEIPT and taken.counts == (1, 1, 0, 0, 0)
    wrong = staffed.take("scores", sheet(PHQ9, phq9(answers="4,1,1,1,1,1,1,1,0")))
    assert refused(wrong, "row 2", "item_1") and set(wrong.data) == RECEIPT
    (problem,) = wrong.data["problems"]
    assert set(problem) == PROBLEM and problem["row"] == 2 and problem["column"] == "item_1"
    assert problem["value"] == "4" and "0 to 3" in problem["rule"] and problem["mend"]


def test_a_file_refused_as_a_whole_has_a_receipt_too(staffed: Terminal) -> None:
    for content in (b"", b"%PDF-1.7 x", sheet(PHQ9), sheet(PHQ9, phq9(answers=",,,,,,,,"))):
        said = staffed.take("scores", content)
        assert refused(said) and set(said.data) == RECEIPT and said.data["problems"][0]["rule"]


def test_a_dry_run_says_what_would_change_and_writes_nothing(staffed: Terminal) -> None:
    before = staffed.record()
    said = staffed.take("scores", sheet(PHQ9, phq9(), phq9("B-2")), "--dry-run", "--create-clients")
    assert said.code == 0 and said.counts == (2, 1, 1, 0, 0) and staffed.record() == before
    assert staffed.take("scores", sheet(PHQ9, phq9("B-2")), "--dry-run").code == 1
    assert staffed.record() == before
    assert "nothing was written" in staffed("import", "scores", staffed.put("x.csv", ONE), "--dry-run").out


def test_the_same_file_again_is_unchanged_and_writes_nothing(staffed: Terminal) -> None:
    before = staffed.record()
    assert staffed.take("scores", ONE, name="another name.csv").counts == (1, 0, 1, 0, 0)
    assert staffed.record() == before


def test_a_changed_answer_is_a_correction_that_keeps_the_old_value(staffed: Terminal) -> None:
    said = staffed.take("scores", sheet(PHQ9, phq9(answers="3,1,1,1,1,1,1,1,0")))
    assert said.counts == (1, 0, 0, 1, 0)
    held = staffed.rows("select scales, superseded_at is null from administration order by id")
    assert [(json.loads(scales)["total"], current) for scales, current in held] == [(8, 0), (10, 1)]


def test_unknown_clients_stop_the_file_unless_they_are_asked_for(staffed: Terminal) -> None:
    content = sheet(PHQ9, phq9("007"), phq9("NA"), phq9("1e5"))
    assert refused(staffed.take("scores", content), "not among your clients")
    assert staffed.take("scores", content, "--create-clients", "--therapist", "wren@example.org").code == 0
    owned = staffed.rows(
        "select code from client join assignment on client.id = client_id join account on account.id = therapist_id "
        "where email = 'wren@example.org'"
    )
    assert set(owned) == {("007",), ("NA",), ("1e5",)}
    for nobody in ("nobody@example.org", "owl@example.org"):
        said = staffed.take("scores", sheet(PHQ9, phq9("Z")), "--create-clients", "--therapist", nobody)
        assert refused(said, nobody)


def test_only_the_right_rows_are_taken_when_asked_and_the_others_recorded(staffed: Terminal) -> None:
    content = sheet(PHQ9, phq9(day="2026-02-02"), phq9(day="2026-02-09", answers="9,1,1,1,1,1,1,1,0"))
    before = staffed.record()
    assert refused(staffed.take("scores", content)) and staffed.record() == before
    said = staffed.take("scores", content, "--only-valid")
    assert said.code == 0 and said.counts == (2, 1, 0, 0, 1) and said.places == {(3, "item_1")}
    (left_out,) = staffed.rows("select left_out from import_batch order by id desc limit 1")[0]
    assert [(each["row"], each["column"]) for each in json.loads(left_out)] == [(3, "item_1")]


def test_markers_and_notes_come_in_by_their_own_kinds(staffed: Terminal) -> None:
    assert staffed.take("markers", sheet(RATINGS, "A-1,2026-01-05,trust,2", "A-1,2026-01-06,needs,NE")).code == 0
    assert staffed.take("notes", sheet(NOTES, "A-1,2026-01-05,slept badly")).code == 0
    assert staffed.take("notes", "a file", name="A-1_2026-01-06_evening.txt").code == 0
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("A-1_2026-01-07.txt", "one")
        package.writestr("nobody_2026-01-07.md", "two")
    said = staffed("import", "notes", staffed.put("notes.zip", target.getvalue()))
    assert refused(said, "nobody_2026-01-07.md", "not among your clients")
    assert staffed.rows("select status, count(*) from note group by status") == [("imported", 2)]
    assert staffed.rows("select level from rating order by id") == [(2,), (None,)]


def test_a_kept_mapping_reads_a_foreign_table(staffed: Terminal) -> None:
    mapping = {"name": "clinic", "columns": {"Patient": "client", "Datum": "date", "BDI": "score"}}
    mapping["constants"] = {"instrument": "BDI-II"}
    path = staffed.put("clinic.json", json.dumps(mapping))
    foreign = "Patient;Datum;BDI\nA-1;13.01.2026;21\n"
    assert staffed("mapping", "save", path).code == 0 and staffed("mapping", "list", "--json").data == ["clinic"]
    assert refused(staffed.take("scores", foreign)) and refused(staffed.take("scores", foreign, "--mapping", "other"))
    assert staffed.take("scores", foreign, "--mapping", path, "--dry-run").counts == (1, 1, 0, 0, 0)
    assert staffed.take("scores", foreign, "--mapping", "clinic").counts == (1, 1, 0, 0, 0)
    assert refused(staffed("mapping", "save", staffed.put("broken.json", "{no")))
    assert refused(staffed("mapping", "save", staffed.put("latin.json", b'{"name": "\xfc"}')), "UTF-8")


# --- who acts ----------------------------------------------------------------------------------------


def test_a_therapist_imports_for_own_clients_alone_and_the_admin_and_supervisor_never(staffed: Terminal) -> None:
    content = sheet(PHQ9, phq9(day="2026-01-12"))
    assert staffed.take("scores", content, "--actor", "lark@example.org").code == 0
    before = staffed.record()
    assert refused(staffed.take("scores", ONE, "--actor", "wren@example.org"), "not among your clients")
    taken = staffed.take("scores", ONE, "--actor", "wren@example.org", "--create-clients")
    assert refused(taken), "another therapist's code is never taken over"
    for who in ("owl", "heron"):
        assert refused(staffed.take("scores", content, "--actor", f"{who}@example.org"), "role")
    assert staffed.record() == before


def test_a_denial_says_so_and_is_on_the_audit_log(staffed: Terminal) -> None:
    assert refused(staffed("standing", "A-1", "--actor", "heron@example.org"), "no such client")
    assert refused(staffed("closure", "A-1", "--actor", "wren@example.org"), "no such client")
    denied = staffed.rows("select actor_email from audit_event where action like '%den%' order by sequence")
    assert denied == [("heron@example.org",), ("wren@example.org",)]
    assert staffed("standing", "A-1", "--actor", "owl@example.org").code == 0
    assert refused(staffed("standing", "A-1", "--actor", "stranger@example.org"), "stranger@example.org")
    assert refused(staffed("standing", "nobody"), "no such client")


def test_accounts_are_closed_opened_reset_and_told(staffed: Terminal) -> None:
    assert staffed("account", "disable", "wren@example.org").code == 0
    assert refused(staffed.take("scores", ONE, "--actor", "wren@example.org"), "wren@example.org")
    assert staffed("account", "enable", "wren@example.org").code == 0
    once = staffed("account", "reset", "wren@example.org", "--json")
    assert set(once.data) == {"email", "one_time_password"} and once.data["one_time_password"]
    assert refused(staffed("account", "create", "lark@example.org", "--name", "L", "--role", "therapist"))
    assert staffed("account", "assign", "A-1", "wren@example.org", "--kind", "cover", "--from", "soon").code == 2
    given = staffed("account", "assign", "A-1", "wren@example.org", "--kind", "cover", "--until", "2099-01-01")
    assert given.code == 0 and staffed("standing", "A-1", "--actor", "wren@example.org").code == 0


@pytest.mark.parametrize("option", ["--actor", "--database"])
def test_a_name_a_script_forgot_to_set_is_refused_and_never_taken_for_the_operator(
    staffed: Terminal, option: str
) -> None:
    said = staffed("standing", "A-1", option, "")
    assert refused(said, f"{option} names nothing") and said.out == ""


def test_a_backup_that_is_not_there_is_wrong_input_and_nothing_is_touched(staffed: Terminal) -> None:
    before = staffed.record()
    assert refused(staffed("restore", str(staffed.folder / "none.sqlite"), "--json"), "There is no backup")
    assert staffed.record() == before


def test_an_anchor_that_was_named_and_is_not_there_is_never_passed_over(staffed: Terminal) -> None:
    assert staffed("verify").code == 0
    said = staffed("verify", "--anchor", str(staffed.folder / "none.json"))
    assert refused(said, "There is no anchor") and said.out == ""


def test_a_demonstration_beyond_all_measure_is_refused_before_it_begins(terminal: Terminal) -> None:
    assert refused(terminal("demo", "--clients", "99999999"), "at most 200,000 clients")
