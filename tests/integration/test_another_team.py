"""Another team does not exist: not in a queue, a figure, a filter, a file, a search, an error or at the terminal."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import update
from sqlalchemy.orm import Session

from lib.domain.entries import Rupture
from lib.domain.errors import UserFacingError
from lib.domain.markers import RatingDraft
from lib.domain.notes import Compartment, NoteFormat, SessionDetails
from lib.domain.people import Actor
from lib.services import (
    audit_samples,
    break_glass,
    caseload,
    ending_figures,
    entries,
    measures,
    note_reviews,
    note_search,
    notes,
    outcomes,
    process_grants,
    progress,
    record_audit,
    review_queue,
    sessions,
    supervision,
    supervision_exports,
)
from lib.services.progress import Filters
from lib.services.supervision import CaseDraft
from lib.services.supervision_exports import Asked, What
from lib.storage.engine import Database
from lib.storage.tables import Account
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.integration.access_world import opened_once
from tests.integration.terminal import Said, Terminal

TODAY, DEFS = NOW.date(), factories.definitions()
DAY = TODAY - timedelta(days=20)
MARKER = next(iter(DEFS.model.markers))
NAMED = "Quay"  # the name both therapists' team bears, whoever answers for them
THEIRS = ("SB-002", "Boris", "Beispiel", "Finch", "finch@", "Stork", "heliotrope")  # of the team beside one's own


@dataclass(frozen=True)
class Beside:
    """Two teams with the same kinds of record: heron answers for lark, stork for finch."""

    database: Database
    house: House


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def beside(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    for database in opened_once(request, tmp_path_factory.mktemp("beside")):
        with database.writing() as session:
            house = factories.house(session)
            _fill(session, house.lark, house.heron, house.anna, "SB-001", "lantern")
            _fill(session, house.finch, house.stork, house.boris, "SB-002", "heliotrope")
            session.execute(update(Account).values(team=NAMED))
        yield Beside(database, house)


def _fill(session: Session, therapist: Actor, supervisor: Actor, client_id: int, code: str, word: str) -> None:
    """A course that grew worse, a rupture, a rating, a session, a note being written, comments, a sample."""
    factories.course(session, therapist, client_id, code, [8, 20], DAY)
    factories.enter(session, therapist, client_id, factories.phq9_total(code, TODAY, 21, item_9=2))
    sessions.record_session(session, therapist, client_id, DAY, SessionDetails(), NOW, DEFS)
    entries.add_entry(session, therapist, client_id, Rupture(DAY, f"It tore over the {word}."), NOW, DEFS)
    for level, day in ((0, DAY), (1, TODAY)):
        measures.rate_marker(session, therapist, client_id, RatingDraft(MARKER, level, day, evidence=word), NOW, DEFS)
    for compartment in Compartment:
        begun = notes.start_note(
            session, therapist, client_id, DAY, NoteFormat.NARRATIVE, compartment, NOW, definitions=DEFS
        )
        notes.save_draft(session, therapist, begun.note_id, client_id, f"The {word}.", begun.version, NOW)
    draft = CaseDraft(f"Speak of the {word}.", f"Ask about the {word}", TODAY)
    supervision.comment_on_case(session, supervisor, client_id, draft, NOW)
    assert therapist.account_id is not None
    supervision.hold_meeting(session, supervisor, therapist.account_id, TODAY, f"The {word}.", [], [], NOW)
    audit_samples.draw_sample(session, supervisor, None, DAY, TODAY, 5, 7, NOW)


Road = Callable[[Session, Actor], object]
_PERIOD = record_audit.Period(DAY, TODAY)


def _table(what: What, form: str) -> Road:
    def taken(session: Session, actor: Actor) -> object:
        content = supervision_exports.take_table(session, actor, Asked(what), form, NOW, DEFS)
        return content.decode("utf-8-sig") if form == "csv" else _inside(content)

    return taken


def _inside(workbook: bytes) -> str:
    """Every text of a workbook's parts."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        return "".join(parts.read(name).decode("utf-8") for name in parts.namelist())


def _report(session: Session, actor: Actor) -> object:
    mine = next(iter(review_queue.queue(session, actor, NOW).therapists))
    made = supervision_exports.meeting_report(session, actor, mine, NOW)
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


def _asked(s: Session, a: Actor) -> int:
    """The therapist this supervisor answers for."""
    return next(iter(review_queue.queue(s, a, NOW).therapists))


OF_A_SUPERVISOR: dict[str, Road] = {
    "queue": lambda s, a: review_queue.queue(s, a, NOW),
    "outcomes": lambda s, a: outcomes.supervised_progress(s, a, NOW),
    "progress": lambda s, a: progress.progress(s, a, None, Filters(), NOW, DEFS),
    "progress of a year": lambda s, a: progress.progress(s, a, None, Filters(begun_in=DAY.year), NOW, DEFS),
    "progress of a named team": lambda s, a: progress.progress(s, a, None, Filters(team=NAMED), NOW, DEFS),
    "what to narrow by": lambda s, a: progress.choices(s, a, NOW),
    "marker pairs": lambda s, a: progress.marker_pairs(s, a, MARKER, Filters(), NOW, DEFS),
    "endings": lambda s, a: ending_figures.team_endings(s, a, _PERIOD, NOW),
    "audit": lambda s, a: record_audit.team_figures(s, a, _PERIOD, NOW),
    "samples": lambda s, a: audit_samples.samples(s, a, NOW),
    "to co-sign": lambda s, a: note_reviews.waiting_for_cosignature(s, a, NOW),
    "sessions of supervision": lambda s, a: supervision.meetings(s, a, NOW),
    "to look at": lambda s, a: supervision.to_look_at(s, a, _asked(s, a), NOW),
    "readings with a reason": lambda s, a: break_glass.open_readings(s, a, NOW),
    "search": lambda s, a: note_search.search_notes(s, a, "helio* lantern*", NOW),
    "process notes": lambda s, a: (process_grants.own_process_notes(s, a), process_grants.possible_readers(s, a)),
    "report": _report,
    **{f"{what.value} as {form}": _table(what, form) for what in What if what is not What.PRACTICE
       for form in supervision_exports.FORMS},
}  # fmt: skip
OF_A_THERAPIST: dict[str, Road] = {
    "caseload": lambda s, a: caseload.own_caseload(s, a, NOW, include_closed=True),
    "to write for": lambda s, a: notes.clients_to_write_for(s, a, NOW),
    "own figures": lambda s, a: record_audit.own_figures(s, a, DAY, TODAY, NOW),
    "own progress": lambda s, a: progress.progress(s, a, None, Filters(own=True), NOW, DEFS),
    "own marker pairs": lambda s, a: progress.marker_pairs(s, a, MARKER, Filters(own=True), NOW, DEFS),
    "steps": lambda s, a: supervision.steps_for_me(s, a, NOW),
    "sessions of supervision": lambda s, a: supervision.meetings(s, a, NOW),
    "notices": lambda s, a: break_glass.notices(s, a, NOW),
    "search": lambda s, a: note_search.search_notes(s, a, "heliotrope", NOW),
    "own process notes": lambda s, a: process_grants.own_process_notes(s, a),
}


def test_no_road_of_a_supervisor_or_a_therapist_holds_a_word_of_another_team(beside: Beside) -> None:
    told: dict[str, str] = {}
    with beside.database.writing() as session:
        for who, roads in ((beside.house.heron, OF_A_SUPERVISOR), (beside.house.lark, OF_A_THERAPIST)):
            told |= {f"{who.name}: {name}": str(road(session, who)) for name, road in roads.items()}
    assert {name: [word for word in THEIRS if word in text] for name, text in told.items()} == {
        name: [] for name in told
    }
    seen = "".join(told.values())
    assert all(word in seen for word in ("SB-001", "Anna", "Lark", "lantern")), "the roads tell something at all"


REFUSED: dict[str, Callable[[Session, Actor, int], object]] = {
    "figures of a therapist": lambda s, a, it: record_audit.team_figures(
        s, a, record_audit.usual_period(TODAY, it), NOW
    ),
    "progress of a therapist": lambda s, a, it: progress.progress(s, a, None, Filters(therapist_id=it), NOW, DEFS),
    "endings of a therapist": lambda s, a, it: ending_figures.team_endings(
        s, a, record_audit.Period(DAY, TODAY, it), NOW
    ),
    "report about a therapist": lambda s, a, it: supervision_exports.meeting_report(s, a, it, NOW),
    "table of a therapist": lambda s, a, it: supervision_exports.take_table(
        s, a, Asked(What.PROGRESS, filters=Filters(therapist_id=it)), "csv", NOW, DEFS
    ),
    "cases of a therapist": lambda s, a, it: supervision.to_look_at(s, a, it, NOW),
    "sample of a therapist": lambda s, a, it: audit_samples.draw_sample(s, a, it, DAY, TODAY, 3, 1, NOW),
    "session with a therapist": lambda s, a, it: supervision.hold_meeting(s, a, it, TODAY, "We spoke.", [], [], NOW),
    "file of a sample": lambda s, a, it: audit_samples.close_follow_up(s, a, it, it, TODAY, NOW),
    "comment": lambda s, a, it: supervision.comment_of_client(s, a, it, it, NOW),
    "search in one record": lambda s, a, it: note_search.search_notes(s, a, "heliotrope", NOW, it),
}


@pytest.mark.parametrize("road", REFUSED)
def test_asking_for_what_is_another_teams_reads_like_asking_for_what_is_not_there(beside: Beside, road: str) -> None:
    house, said = beside.house, []
    theirs = {house.finch.account_id or 0, house.boris}
    for asked in (*theirs, 900_000):
        with pytest.raises(UserFacingError) as refused, beside.database.writing() as session:
            REFUSED[road](session, house.heron, asked)
        said.append(refused.value.in_words())
    assert not [word for word in THEIRS if word in said[0]]
    assert len(set(said)) == 1


# --- at the terminal --------------------------------------------------------------------------------------


@pytest.fixture
def two_teams(staffed: Terminal) -> Terminal:
    """Lark's A-1, whom owl supervises and wren covers; W-1 is wren's own and nobody's else."""
    assert staffed("import", "notes", staffed.put("w.csv", "client,date,text\nW-1,2026-10-01,The heliotrope.\n"),
                   "--create-clients", "--therapist", "wren@example.org").code == 0  # fmt: skip
    cover = ("--kind", "cover", "--until", "2026-12-01")
    assert staffed("account", "assign", "A-1", "wren@example.org", *cover).code == 0
    return staffed


ASKED = {
    "standing": ("standing",),
    "closure": ("closure", "--kind", "summary"),
    "export": ("export", "client", "--format", "json", "--reason", "asked for"),
}


def _ask(terminal: Terminal, verb: str, code: str, who: str) -> Said:
    first, *rest = ASKED[verb]
    out = ("--out", str(terminal.folder / "out.json")) if verb == "export" else ()
    words = [first, "client", code, *rest[1:]] if verb == "export" else [first, code, *rest]
    return terminal(*words, *out, "--actor", f"{who}@example.org")


@pytest.mark.parametrize("verb", ASKED)
def test_at_the_terminal_another_teams_client_reads_like_a_code_nobody_has(two_teams: Terminal, verb: str) -> None:
    for who in ("owl", "lark", "heron"):
        theirs, nobodys = _ask(two_teams, verb, "W-1", who), _ask(two_teams, verb, "N-0", who)
        assert (theirs.code, theirs.out, theirs.words) == (nobodys.code, nobodys.out, nobodys.words)
        assert theirs.code == 1 and "wren" not in theirs.words
    assert not (two_teams.folder / "out.json").exists()


def test_at_the_terminal_a_record_leaves_with_its_owner_alone(two_teams: Terminal) -> None:
    assert _ask(two_teams, "standing", "A-1", "owl").code == _ask(two_teams, "standing", "A-1", "wren").code == 0
    assert _ask(two_teams, "closure", "A-1", "owl").code == 0
    assert _ask(two_teams, "closure", "A-1", "wren").code == 1
    for who in ("owl", "wren", "heron"):
        assert _ask(two_teams, "export", "A-1", who).code == 1
        assert not (two_teams.folder / "out.json").exists()
    assert _ask(two_teams, "export", "A-1", "lark").code == 0


def test_at_the_terminal_a_backup_asks_an_admin_for_the_password_and_others_not_at_all(two_teams: Terminal) -> None:
    """Nobody can type a password into a pipe; the operator, who holds the files, needs none."""
    folder = str(two_teams.folder)
    asked = two_teams("backup", "--out", folder, "--actor", "heron@example.org")
    assert asked.code == 1 and "password" in asked.words
    refused = two_teams("backup", "--out", folder, "--actor", "lark@example.org")
    assert refused.code == 1 and "role" in refused.words
    assert two_teams("backup", "--out", folder).code == 0


def test_at_the_terminal_a_wrong_password_counts_as_a_try(two_teams: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.commands.verbs_files.own_password", lambda _email: "wrong wrong wrong")
    out = two_teams.folder / "all.json"
    said = [
        two_teams("export", "practice", "--format", "json", "--out", str(out), "--actor", "heron@example.org")
        for _ in range(6)
    ]
    assert {one.code for one in said} == {1} and not out.exists()
    assert "not right" in said[0].words and "Too many tries" in said[-1].words


def test_at_the_terminal_no_address_tells_anything_to_who_does_not_look_after_people(two_teams: Terminal) -> None:
    """A cover may not give a client away, and learns of no address; an owner reads one answer for all that cannot."""
    for kind in (("transfer",), ("assign",)):
        said = {
            two_teams("account", *kind, "A-1", email, "--actor", "wren@example.org").words
            for email in ("owl@example.org", "nobody@example.org", "lark@example.org")
        }
        assert len(said) == 1
    said = {
        two_teams("account", "transfer", "A-1", email, "--actor", "lark@example.org").words
        for email in ("owl@example.org", "nobody@example.org")
    }
    assert len(said) == 1
