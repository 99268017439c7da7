"""Settings: the practice's name, the letterhead of its documents, and whom a client in crisis can reach."""

import streamlit as st

from lib.domain.people import Permission
from lib.services import practice
from lib.ui import (
    app_context,
    document_wording_form,
    errors,
    expected_response_view,
    gate,
    practice_settings,
    practice_templates,
)

actor = gate.require(Permission.MANAGE_SETTINGS)

st.title("Settings")

with errors.shown_to_the_user(), app_context.reading() as session:
    settings = practice.practice_settings(session, actor)

practice_settings.show(settings, app_context.today())
practice_templates.show(actor)
expected_response_view.show(actor)
document_wording_form.show(actor)
