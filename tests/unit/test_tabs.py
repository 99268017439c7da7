"""Tabs: a tab's id alone opens nothing to somebody else."""

from __future__ import annotations

from lib.ui.door import tabs


def test_a_tab_belongs_to_the_token_that_opened_it() -> None:
    tabs.remember("tab-1", "p.mine")
    assert tabs.is_of("tab-1", "p.mine")
    assert not tabs.is_of("tab-1", "p.other")
    assert not tabs.is_of("unknown tab", "p.mine")


def test_a_tab_is_resumed_by_its_own_token_only() -> None:
    tabs.remember("tab-2", "p.mine")
    assert tabs.may_resume("tab-2", "p.mine")
    assert not tabs.may_resume("tab-2", "p.other")


def test_a_new_tab_may_always_begin() -> None:
    assert tabs.may_resume("", "p.any")
    assert tabs.may_resume("never seen", "p.any")


def test_a_file_is_of_the_sign_in_it_was_made_for() -> None:
    tabs.file_made("report_Zm9v.pdf", "p.mine")
    assert tabs.is_file_of("report_Zm9v.pdf", "p.mine")
    assert not tabs.is_file_of("report_Zm9v.pdf", "p.other")
    assert not tabs.is_file_of("report_other.pdf", "p.mine")
