"""Import: real files in, with a preview, problems one can mend, explicit choices and a receipt."""

import streamlit as st

from lib.domain.people import Permission
from lib.ui import gate, import_help, import_screen

actor = gate.require(Permission.IMPORT_FILES)

st.title("Import files")
st.text("Nothing is written before you have seen what would change and said so.")
uploads = import_screen.ask_files()
for upload in uploads:
    import_screen.show_file(actor, upload)
if not uploads:
    import_help.show()
