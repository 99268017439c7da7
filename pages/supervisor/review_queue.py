"""Review queue: the supervisor's first page, who to talk about next and why, with room for a word and a next step."""

from lib.domain.people import Permission
from lib.services import review_queue
from lib.ui import app_context, errors, gate, review_screen

actor = gate.require(Permission.VIEW_SUPERVISED_PROGRESS)
now = app_context.now()

with errors.shown_to_the_user(), app_context.reading() as session:
    queue = review_queue.queue(session, actor, now, app_context.definitions())

review_screen.show(actor, queue, now)
