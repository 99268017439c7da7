"""Outcomes: progress across the clients of one's supervisees, read-only, every count with its denominator."""

from lib.domain.people import Permission
from lib.services import outcomes
from lib.ui import app_context, errors, gate, outcomes_screen

actor = gate.require(Permission.VIEW_SUPERVISED_PROGRESS)
now = app_context.now()

with errors.shown_to_the_user(), app_context.reading() as session:
    progress = outcomes.supervised_progress(session, actor, now)

outcomes_screen.show(actor, progress, now)
