"""Labels as they are given to Streamlit: nothing is read as markup, and ordinary names carry no sign of that."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.ui.plain import as_label
from tests.hostile_labels import HOSTILE, ORDINARY

JOINER = "\u2060"


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_is_its_own_label(name: str) -> None:
    assert as_label(name).replace(JOINER, "") == name


def test_the_name_of_a_scale_is_read_to_a_screen_reader_as_it_stands() -> None:
    assert as_label("BDI (0 to 63)") == "BDI (0 to 63)" and as_label("SB-001, M. Finch") == "SB-001, M. Finch"


def test_a_label_is_one_line() -> None:
    assert as_label(" a\n\n# b\t c ") == "a # b c"


@pytest.mark.parametrize("name", HOSTILE)
def test_every_hostile_name_is_changed_and_keeps_its_words(name: str) -> None:
    label = as_label(name)
    assert label != name and re.sub(r"[\\\u2060]", "", label) == name.replace("\\", "")


@settings(deadline=None)
@given(st.text(alphabet="ab1 *_`~$[](){}<>:&;#@.-+=!|\\/w", max_size=30))
def test_no_signs_that_make_markup_stand_together(text: str) -> None:
    label = as_label(text)
    bare = re.sub(r"\\[*`~$_:]", "\x00", label)
    pairs = re.findall(r"[*`~$]", bare)
    assert len(pairs) <= 1
    assert not re.search(r"\]\(|\]:|\]\[|<[\w/!?]|->|<-|--|>=|~=|www\.|:[^\s\d\u2060]|[^\u2060]@", bare)
