"""Labels in a real browser: what people wrote is shown letter for letter, whatever markdown would make of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, expect

from lib.ui.plain import as_label
from tests.browser.conftest import PATIENCE_MS, free_port
from tests.hostile_labels import HOSTILE, ORDINARY

_PAGE = """
import json, pathlib
import streamlit as st
labels = json.loads(pathlib.Path("labels.json").read_text())
for label in labels:
    st.header(label, anchor=False)
    st.success(label)
st.radio("Radio", labels)
for label in labels:
    st.text_input(label)
"""
# Shown where: the words of each, and the elements of each that are more than plain text.
_SHOWN = """() => Object.fromEntries(Object.entries({
  header: 'h2', message: '[data-testid="stAlertContentSuccess"]',
  option: '[role="radiogroup"] label [data-testid="stMarkdownContainer"]',
  label: '[data-testid="stTextInput"] [data-testid="stWidgetLabel"]',
}).map(([kind, where]) => [kind, [...document.querySelectorAll(where)].map((one) => [
  one.textContent.replaceAll('\\u2060', '').trim(),
  one.querySelectorAll('a, em, strong, b, i, del, code, img, li, hr, blockquote, table, .katex, span[style]').length,
])]))"""


def test_no_name_is_read_as_markup_in_any_place_a_label_is_shown(browser: Browser, tmp_path: Path) -> None:
    names = [*ORDINARY, *HOSTILE]
    (tmp_path / "labels.json").write_text(json.dumps([as_label(name) for name in names]))
    (tmp_path / "page.py").write_text(_PAGE)
    port = free_port()
    command = [
        sys.executable, "-m", "streamlit", "run", "page.py", "--server.port", str(port), "--server.headless", "1",
    ]  # fmt: skip
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=tmp_path, env={**os.environ}, stdout=log, stderr=log)
        try:
            page = browser.new_page()
            for _ in range(60):
                if b"URL" in (tmp_path / "log").read_bytes():
                    break
                page.wait_for_timeout(250)
            page.goto(f"http://127.0.0.1:{port}")
            inputs = page.get_by_test_id("stTextInput")
            expect(inputs).to_have_count(len(names), timeout=PATIENCE_MS)
            expect(page.get_by_role("textbox", name="BDI (0 to 63)", exact=True)).to_be_visible(timeout=PATIENCE_MS)
            page.wait_for_timeout(1_000)
            shown = page.evaluate(_SHOWN)
            page.close()
        finally:
            server.terminate()
            server.wait(timeout=20)
    for kind in ("header", "message", "option", "label"):
        wrong = [(name, *found) for name, found in zip(names, shown[kind], strict=True) if found != [name, 0]]
        assert not wrong, kind
