"""The style sheet: every rule takes its colour by name, and each name has its light and its dark colour."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest

from lib.ui.frame import style_sheet
from lib.ui.palette import DARK, LIGHT, Palette


@pytest.mark.parametrize("shown", [LIGHT, DARK])
def test_words_and_lines_have_both_palettes_so_that_they_follow_the_browser_between_two_runs(shown: Palette) -> None:
    sheet = style_sheet(shown)
    for name, colour in asdict(shown).items():
        assert f"--sb-{name}: {colour};" in sheet
        assert f"--sb-{name}: light-dark({asdict(LIGHT)[name]}, {asdict(DARK)[name]});" in sheet


def test_no_rule_names_a_colour_of_one_palette_alone() -> None:
    rules = style_sheet(LIGHT).split("\n", 3)[3]
    assert not re.findall(r"#[0-9A-Fa-f]{6}", rules)
    used = set(re.findall(r"var\(--sb-([a-z]+)\)", rules))
    assert used and used <= asdict(LIGHT).keys()
    assert style_sheet(LIGHT).split("\n", 3)[3] == style_sheet(DARK).split("\n", 3)[3]
