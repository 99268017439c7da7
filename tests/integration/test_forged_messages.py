"""Messages no browser would send, to a real server: nothing of another's client comes back, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, DeferredFileRequestPayload
from websockets.exceptions import InvalidStatus

from lib.bootstrap import local_now
from lib.domain.closure import Audience, DocumentKind
from lib.domain.entries import Rupture
from lib.domain.notes import Compartment, NoteFormat
from lib.domain.people import OPERATOR, Actor, Role
from lib.services import accounts, clients, closure_versions, entries, measures, notes, people, practice
from lib.storage import archive_queries
from lib.storage.tables import AuditEvent, DocumentSection
from tests import factories
from tests.integration.running_server import GOOD, Server, running, sign_in
from tests.integration.socket_tab import Answer, Tab, chosen, opened, said

THEIRS = (b"ZQ-7077", b"Zarathustra", b"heliotrope")  # code, name, and what was said: nobody else's words
ROLES = {"lark": Role.THERAPIST, "finch": Role.THERAPIST, "owl": Role.SUPERVISOR, "rook": Role.PRACTICE_ADMIN}


@dataclass(frozen=True)
class Record:
    """One client, and what stands in the record."""

    client_id: int
    note_id: int
    version: int
    rupture_id: int
    document_id: int
    section_id: int


@dataclass(frozen=True)
class Stage:
    """A practice behind a running server: lark's own client, and finch's, who is none of lark's."""

    server: Server
    own: Record
    theirs: Record

    @contextmanager
    def browser(self, name: str) -> Iterator[httpx.Client]:
        with self.server.browser() as browser:
            assert sign_in(browser, f"{name}@practice.example").status_code == 303
            yield browser

    @contextmanager
    def tab(self, name: str) -> Iterator[Tab]:
        with self.browser(name) as browser, opened(self.server, browser) as tab:
            yield tab

    def record(self, of: Record) -> dict[str, list[dict[str, Any]]]:
        """Every row of the client's record."""
        with self.server.house.practice.reading() as session:
            return dict(archive_queries.rows_of_clients(session, [of.client_id]))

    def denials(self, name: str) -> int:
        with self.server.house.practice.reading() as session:
            refused = AuditEvent.action.startswith("denied_"), AuditEvent.actor_email == f"{name}@practice.example"
            return session.scalar(select(func.count()).where(*refused)) or 0


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running(tmp_path_factory.mktemp("forged")) as server:
        with server.house.practice.writing() as session:
            own, theirs = _make(session)
        yield Stage(server, own, theirs)


def _make(session: Session) -> tuple[Record, Record]:
    now, made = local_now(), {}
    practice.set_up_practice(session, "Harbour", "Ada", "ada@practice.example", GOOD, now)
    for name, role in ROLES.items():
        email = f"{name}@practice.example"
        account = accounts.create_account(session, OPERATOR, email, name, [role], now, password=GOOD).account_id
        made[name] = Actor(account, email, name, frozenset({role}))
    supervisor, supervised = made["owl"].account_id, made["lark"].account_id
    assert supervisor is not None and supervised is not None
    people.supervise(session, OPERATOR, supervisor, supervised, now)
    return (
        _record(session, made["lark"], "SB-101", "Anna Muster", "lantern"),
        _record(session, made["finch"], "ZQ-7077", "Zarathustra Quell", "heliotrope"),
    )


def _record(session: Session, owner: Actor, code: str, name: str, word: str) -> Record:
    """A client with a draft note, a risk flag, a rupture and a document being written, all holding the word."""
    now, definitions = local_now(), factories.definitions()
    day = now.date() - timedelta(days=3)
    client_id = clients.create_client(session, owner, code, name, None, None, now)
    begun = notes.start_note(
        session, owner, client_id, day, NoteFormat.NARRATIVE, Compartment.PROGRESS, now, definitions=definitions
    )  # fmt: skip
    said_of_them = f"The {word} came up again."
    saved = notes.save_draft(session, owner, begun.note_id, client_id, said_of_them, begun.version, now)
    measures.enter_form(
        session, owner, client_id, factories.phq9_total(code, day, 14, item_9=2), now, definitions
    )  # fmt: skip
    rupture = entries.add_entry(session, owner, client_id, Rupture(day, f"It tore over the {word}."), now, definitions)
    document = closure_versions.start_document(
        session, owner, client_id, DocumentKind.SUMMARY, Audience.FILE, now, definitions
    )  # fmt: skip
    section = session.scalar(select(func.min(DocumentSection.id)).where(DocumentSection.document_id == document))
    return Record(client_id, begun.note_id, saved.version, rupture, document, section or 0)


def nothing_of_theirs(answer: Answer) -> None:
    assert [word for word in THEIRS if word in answer.raw] == []


@pytest.mark.parametrize("name", ["lark", "owl"])
def test_no_page_tells_of_a_client_whom_only_the_address_names(stage: Stage, name: str) -> None:
    """Every page the role has, over the socket with the client's number, and by its plain address."""
    before, address = stage.denials(name), f"client={stage.theirs.client_id}"
    with stage.browser(name) as browser, opened(stage.server, browser) as tab:
        for path, page in tab.run(query=address).pages().items():
            nothing_of_theirs(tab.run(page, query=address, name=path))
            told = browser.get(f"/{path}?{address}").content
            assert [word for word in THEIRS if word in told] == [], path
    assert stage.denials(name) > before


def test_no_page_of_a_practice_admin_holds_what_was_said(stage: Stage) -> None:
    with stage.tab("rook") as tab:
        for path, page in tab.run().pages().items():
            assert b"heliotrope" not in tab.run(page, query=f"client={stage.theirs.client_id}", name=path).raw, path


def test_the_hash_of_a_page_of_another_role_opens_no_page(stage: Stage) -> None:
    with stage.tab("rook") as admin, stage.tab("lark") as tab:
        offered = tab.run().pages()
        others = {path: page for path, page in admin.run().pages().items() if page not in offered.values()}
        own = set(tab.run().texts())
        for path, page in others.items():
            answer = tab.run(page, name=path)
            nothing_of_theirs(answer)
            assert b"rook" not in answer.raw and b"ada@" not in answer.raw, path
            there = set(admin.run(page, name=path).texts()) - own
            assert there and not there & set(answer.texts()), path


def _texts(stage: Stage, note_or_section: str) -> list[dict[str, Any]]:
    """Texts for another's note or section, under either client's number, and one's own under theirs."""
    own, theirs = stage.own, stage.theirs
    pairs = [
        (getattr(theirs, note_or_section), theirs.client_id),
        (getattr(theirs, note_or_section), own.client_id),
        (getattr(own, note_or_section), theirs.client_id),
    ]
    told = [(*pair, keeps) for pair in pairs for keeps in (False, True)]
    return [
        {"note_id": one, "client_id": client_id, "base_version": theirs.version, "number": number, "text": "forged",
         "also_mine": ["The heliotrope came up again."], "keeps_mine": keeps}
        for number, (one, client_id, keeps) in enumerate(told, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "editor", "kind"),
    [("session-note", "note_editor", "note_id"), ("closure", "section_editor", "section_id")],
)
def test_words_sent_under_anothers_note_or_section_are_refused_and_leave_an_event(
    stage: Stage, path: str, editor: str, kind: str
) -> None:
    own, theirs = stage.record(stage.own), stage.record(stage.theirs)
    before, sent = stage.denials("lark"), _texts(stage, kind)
    with stage.tab("lark") as tab:
        address = f"client={stage.own.client_id}"
        page = tab.run(query=address).pages()[path]
        drawn = tab.run(page, query=address, name=path)
        asked = {"client_id": stage.theirs.client_id, "note_id": stage.theirs.note_id}
        told = {"messages": sent, "sign": asked}
        answer = tab.run(page, query=address, name=path, widgets=[said(drawn.component(editor), "draft", told)])
        nothing_of_theirs(answer)
        assert answer.raw.count(b"There is no such") >= 1
    assert (stage.record(stage.own), stage.record(stage.theirs)) == (own, theirs)
    assert stage.denials("lark") == before + len(sent)


def test_a_desk_that_names_another_record_keeps_changes_and_strikes_nothing(stage: Stage) -> None:
    own, theirs = stage.record(stage.own), stage.record(stage.theirs)
    before, today = stage.denials("lark"), local_now().date().isoformat()
    words, it = {"happened_on": today, "what": "forged"}, stage.theirs
    sent = [
        ("add", it.client_id, 0, words),
        ("change", it.client_id, it.rupture_id, words),
        ("strike", it.client_id, it.rupture_id, {"why": "forged"}),
        ("change", stage.own.client_id, it.rupture_id, words),
        ("strike", stage.own.client_id, it.rupture_id, {"why": "forged"}),
    ]
    with stage.tab("lark") as tab:
        address = f"client={stage.own.client_id}"
        page = tab.run(query=address).pages()["session-note"]
        desk = tab.run(page, query=address, name="session-note").component("record_desk")
        for number, (act, client_id, entry_id, values) in enumerate(sent):
            told = {"ticket": f"forged-{number}", "act": act, "kind": "rupture", "client_id": client_id}
            told |= {"id": entry_id, "version": 1, "values": values}
            answer = tab.run(page, query=address, name="session-note", widgets=[said(desk, "act", told)])
            nothing_of_theirs(answer)
            assert b"refused" in answer.raw, act
    assert (stage.record(stage.own), stage.record(stage.theirs)) == (own, theirs)
    assert stage.denials("lark") == before + len(sent)


def test_a_row_or_choice_that_was_never_offered_opens_nothing(stage: Stage) -> None:
    with stage.tab("lark") as tab:
        first = tab.run()
        opened_row = said(first.component("caseload"), "opened", stage.theirs.client_id)
        nothing_of_theirs(tab.run(widgets=[opened_row]))
        address = f"client={stage.own.client_id}"
        page = first.pages()["session-note"]
        drawn = tab.run(page, query=address, name="session-note")
        box = next(one for kind, one in drawn.widgets() if kind == "selectbox" and "note-client" in one)
        for value in ({"string_value": str(stage.theirs.client_id)}, {"int_value": 1}, {"int_value": -1}):
            nothing_of_theirs(tab.run(page, query=address, name="session-note", widgets=[chosen(box, **value)]))
    with stage.tab("owl") as tab:
        queue = tab.run().component("plain_table")
        nothing_of_theirs(tab.run(widgets=[said(queue, "opened", str(stage.theirs.client_id))]))


USED: dict[str, dict[str, Any]] = {
    "button": {"trigger_value": True},
    "text_input": {"string_value": "forged"},
    "text_area": {"string_value": "forged"},
    "selectbox": {"string_value": "forged"},
    "bidi_component": {"json_value": '{"draft": {"messages": []}, "act": {}}'},
}


def test_what_stands_on_anothers_pages_does_nothing_in_ones_own_tab(stage: Stage) -> None:
    """Every button and field of finch's pages, used in lark's tab, with finch's client in the address."""
    before, address = stage.record(stage.theirs), f"client={stage.theirs.client_id}"
    with stage.tab("finch") as other, stage.tab("lark") as tab:
        pages = other.run(query=address).pages()
        tab.run()
        for path in ("client", "session-note", "closure"):
            drawn = other.run(pages[path], query=address, name=path)
            forged = [chosen(one, **USED[kind]) for kind, one in drawn.widgets() if kind in USED]
            assert len(forged) > 5
            nothing_of_theirs(tab.run(pages[path], query=address, name=path, widgets=forged))
    assert stage.record(stage.theirs) == before


def test_a_part_of_a_page_drawn_for_another_is_not_drawn_again_for_oneself(stage: Stage) -> None:
    """The signing sheet is such a part: its id is asked for from another tab."""
    address = f"client={stage.theirs.client_id}"
    with stage.tab("finch") as other, stage.tab("lark") as tab:
        page = other.run(query=address).pages()["session-note"]
        drawn = other.run(page, query=address, name="session-note")
        sign = next(one for kind, one in drawn.widgets() if kind == "button" and "-sign-" in one)
        sheet = other.run(page, query=address, name="session-note", widgets=[chosen(sign, trigger_value=True)])
        part = next(one.delta.fragment_id for one in sheet.messages if one.delta.fragment_id)
        assert b"heliotrope" in sheet.raw
        tab.run()
        for asked_at in (page, ""):
            nothing_of_theirs(tab.run_part(part, asked_at, address))


def test_a_file_made_for_one_person_is_given_to_nobody_else(stage: Stage) -> None:
    address = f"client={stage.theirs.client_id}"
    with (
        stage.browser("finch") as theirs,
        stage.browser("lark") as own,
        opened(stage.server, theirs) as other,
        opened(stage.server, own) as tab,
    ):
        page = other.run(query=address).pages()["closure"]
        drawn = other.run(page, query=address, name="closure")
        file_id = next(one.download_button.deferred_file_id for one in drawn.elements() if one.download_button.id)
        tab.run()
        strange = tab.ask(_file_asked(file_id, other.session_id))
        assert strange.messages[-1].backend_operation_response.error_msg
        made = other.ask(_file_asked(file_id, other.session_id)).messages[-1].backend_operation_response
        place = made.deferred_file.url
        assert theirs.get(place).content.startswith((b"%PDF", b"PK"))
        assert own.get(place).status_code == 404
        with stage.server.browser() as stranger:
            assert stranger.get(place).status_code == 401
        taken = tab.ask(_file_asked(file_id, tab.session_id)).messages[-1].backend_operation_response
        assert own.get(taken.deferred_file.url or place).status_code == 404


def _file_asked(file_id: str, session_id: str) -> BackendOperationRequest:
    return BackendOperationRequest(
        request_id="forged", session_id=session_id, deferred_file=DeferredFileRequestPayload(file_id=file_id)
    )


def test_a_picture_of_a_secret_lies_inside_the_page_and_at_no_address(stage: Stage) -> None:
    with stage.tab("finch") as tab:
        page = tab.run().pages()["account"]
        drawn = tab.run(page, name="account")
        begin = next(one.button.id for one in drawn.elements() if one.button.label == "Set up the second step")
        shown = tab.run(page, name="account", widgets=[chosen(begin, trigger_value=True)])
        pictures = [picture.url for one in shown.elements() for picture in one.imgs.imgs]
    assert pictures and all(url.startswith("data:image/png;base64,") for url in pictures)


def test_anothers_tab_takes_no_upload_and_is_not_resumed(stage: Stage) -> None:
    with stage.browser("lark") as own, stage.tab("finch") as other:
        other.run()
        answer = own.put(f"/_stcore/upload_file/{other.session_id}/a-file", content=b"forged")
        assert answer.status_code == 404
        with pytest.raises(InvalidStatus), opened(stage.server, own, resuming=other.session_id):
            pass
