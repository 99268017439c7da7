"""An address for a client's own device: not offered where it could only lead that device to itself."""

from __future__ import annotations

import pytest

from lib.ui.questionnaire_links import is_only_here


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.1.1", "::1"])
def test_a_name_for_the_device_itself_leads_nowhere_else(host: str) -> None:
    assert is_only_here(host)


@pytest.mark.parametrize("host", ["practice.example", "192.168.1.20", None])
def test_a_name_in_the_network_leads_here(host: str | None) -> None:
    assert not is_only_here(host)
