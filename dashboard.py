"""The door: `streamlit run dashboard.py` starts everything. Gate, sign-in and headers stand before the page script."""

import streamlit as st

from lib.ui.door import MIDDLEWARE, ROUTES, opening
from lib.ui.errors import on_script_error

opening.open_the_house()

# Streamlit finds this line by reading the source, so it stands here and nowhere else.
app = st.App(
    "lib/ui/shell.py", routes=ROUTES, middleware=MIDDLEWARE, lifespan=opening.lifespan, on_script_error=on_script_error
)
