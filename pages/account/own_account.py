"""Own account: password, second step at sign-in, recovery codes, and signing out everywhere."""

import streamlit as st

from lib.domain.people import Permission
from lib.services import own_account
from lib.ui import account_forms, app_context, errors, gate

actor = gate.require(Permission.VIEW_OWN_ACCOUNT)

st.title("Own account")

with errors.shown_to_the_user(), app_context.reading() as session:
    facts = own_account.own_facts(session, actor)

account_forms.show(facts)
