"""People: who works here in which role, who answers for whom, and who has which client."""

import streamlit as st

from lib.domain.people import Permission
from lib.services import people
from lib.ui import app_context, errors, gate, practice_clients, practice_people, practice_supervision

actor = gate.require(Permission.MANAGE_PEOPLE)

st.title("People")
search = practice_clients.ask_for_search()
now = app_context.now()

with errors.shown_to_the_user(), app_context.reading() as session:
    everybody = people.people_of_practice(session, actor)
    supervisions = people.supervisions_of_practice(session, actor)
    covers = people.covers_of_practice(session, actor, now)
    clients = people.clients_of_practice(session, actor, search, now)

accounts_tab, supervision_tab, clients_tab = st.tabs(["Accounts", "Supervision", "Clients"])
with accounts_tab:
    practice_people.show(everybody, actor)
with supervision_tab:
    practice_supervision.show(supervisions, everybody, now.date())
with clients_tab:
    practice_clients.show(clients, covers, everybody, now.date())
