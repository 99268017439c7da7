"""With a reason: reading one client's record out of the ordinary, for an hour; the therapist is told."""

import streamlit as st

from lib.domain.people import Permission
from lib.ui import app_context, break_glass_form, gate

actor = gate.require(Permission.READ_WITH_A_REASON)

st.title("Open a record with a reason", anchor=False)
break_glass_form.show(actor, app_context.now())
