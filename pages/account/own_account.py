"""Own account: password, phrases for notes, second step at sign-in, recovery codes, and signing out everywhere."""

import streamlit as st

from lib.domain.people import Permission
from lib.services import own_account
from lib.ui import account_forms, app_context, errors, gate, own_phrases, process_screen

actor = gate.require(Permission.VIEW_OWN_ACCOUNT)

st.title("Own account")

with errors.shown_to_the_user(), app_context.reading() as session:
    facts = own_account.own_facts(session, actor)

account_forms.show(facts)
own_phrases.show(actor)
process_screen.way_in()
