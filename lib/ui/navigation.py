"""Navigation: every page there is, the permission that opens it, and the way from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn

import streamlit as st
from streamlit.navigation.page import Page

from lib.domain.people import Actor, Permission

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Entry:
    """One page: its file, its name in the navigation, and who may open it. `address` is its place in the URL.

    `alone`: nothing of ours stands above it, because somebody else looks at the screen."""

    file: str
    title: str
    address: str
    permission: Permission
    section: str = ""
    hidden: bool = False
    alone: bool = False


PAGES = (
    Entry("pages/clinician/caseload.py", "Caseload", "caseload", Permission.VIEW_OWN_CASELOAD),
    Entry("pages/supervisor/review_queue.py", "Review", "review", Permission.VIEW_SUPERVISED_PROGRESS),
    Entry("pages/supervisor/outcomes.py", "Outcomes", "outcomes", Permission.VIEW_SUPERVISED_PROGRESS),
    Entry("pages/supervisor/audit.py", "Audit", "audit-records", Permission.VIEW_SUPERVISED_PROGRESS),
    Entry("pages/supervisor/note_reviews.py", "Co-sign", "co-sign", Permission.VIEW_SUPERVISED_PROGRESS),
    Entry("pages/clinician/client.py", "Client", "client", Permission.VIEW_CLIENT),
    Entry("pages/clinician/session_note.py", "Note", "session-note", Permission.WRITE_CLINICAL_RECORD),
    Entry("pages/clinician/search.py", "Search", "search", Permission.VIEW_CLIENT),
    Entry("pages/clinician/evidence.py", "Evidence", "evidence", Permission.VIEW_CLIENT),
    Entry("pages/clinician/measures.py", "Measures", "measures", Permission.WRITE_CLINICAL_RECORD),
    Entry("pages/clinician/ending.py", "Ending", "ending", Permission.VIEW_CLIENT),
    Entry("pages/clinician/closure.py", "Closure", "closure", Permission.VIEW_CLIENT),
    Entry("pages/clinician/import_files.py", "Import", "import", Permission.IMPORT_FILES),
    Entry("pages/practice/people.py", "People", "people", Permission.MANAGE_PEOPLE, "Practice"),
    Entry("pages/practice/settings.py", "Settings", "settings", Permission.MANAGE_SETTINGS, "Practice"),
    Entry("pages/practice/instruments.py", "Instruments", "instruments", Permission.VIEW_INSTRUMENTS, "Practice"),
    Entry("pages/practice/phrases.py", "Phrases", "phrases", Permission.VIEW_PHRASES, "Practice"),
    Entry("pages/practice/audit.py", "Audit log", "audit", Permission.VIEW_AUDIT_LOG, "Practice"),
    Entry("pages/practice/figures.py", "Figures", "practice-figures", Permission.VIEW_PRACTICE_FIGURES, "Practice"),
    Entry("pages/supervisor/break_glass.py", "With a reason", "with-a-reason", Permission.READ_WITH_A_REASON, "More"),
    Entry("pages/clinician/own_figures.py", "My figures", "own-figures", Permission.VIEW_OWN_FIGURES, "More"),
    Entry(
        "pages/client/turn_round.py", "Together", "together", Permission.WRITE_CLINICAL_RECORD, hidden=True, alone=True
    ),
    Entry("pages/account/own_account.py", "Own account", "account", Permission.VIEW_OWN_ACCOUNT, hidden=True),
    Entry("pages/account/process_notes.py", "Process notes", "process-notes", Permission.VIEW_OWN_ACCOUNT, hidden=True),
)


def offered_to(actor: Actor, is_turned: bool = False) -> Page:
    """Draw the navigation with the pages this actor's roles open, and return the one to run.

    While the screen is turned round nothing is drawn, and the client's page is there whatever the roles are now."""
    entries = [entry for entry in PAGES if actor.has(entry.permission) or (is_turned and entry.alone)]
    sectioned = any(not entry.section for entry in entries if not entry.hidden)
    sections: dict[str, list[Page]] = {}
    for position, entry in enumerate(entries):
        section = entry.section if sectioned else ""
        sections.setdefault(section, []).append(_page(entry, is_default=position == 0))
    return st.navigation(sections, position="hidden" if is_turned else "top")


def first_address(actor: Actor) -> str:
    """The name of the page on which this actor's visits begin, as it would be typed; it stands at "/"."""
    return next((f"/{entry.address}" for entry in PAGES if actor.has(entry.permission)), "/")


def stands_alone(page: Page) -> bool:
    """Whether the navigation and the line above the pages are taken away for this one."""
    return any(entry.alone and entry.address == page.url_path for entry in PAGES)


def open_page(file: str) -> NoReturn:
    """Go to another page by its file, as "pages/clinician/client.py": plain st.switch_page looks beside the shell."""
    st.switch_page(str(ROOT / file))
    raise AssertionError("st.switch_page does not return")


def _page(entry: Entry, *, is_default: bool) -> Page:
    visibility: Literal["hidden", "visible"] = "hidden" if entry.hidden else "visible"
    return st.Page(
        ROOT / entry.file, title=entry.title, url_path=entry.address, default=is_default, visibility=visibility
    )
