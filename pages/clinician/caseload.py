"""Caseload: who needs me today and why, and how every client is doing."""

from lib.domain.people import Permission
from lib.services import caseload
from lib.ui import app_context, caseload_screen, errors, gate, supervision_today

actor = gate.require(Permission.VIEW_OWN_CASELOAD)
now = app_context.now()

with errors.shown_to_the_user(), app_context.reading() as session:
    entries = caseload.own_caseload(session, actor, now)
    waiting = supervision_today.read(session, actor, now)

caseload_screen.show(actor, [(entry.client_id, entry.standing) for entry in entries], waiting, now)
