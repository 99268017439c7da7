"""People: the practice admin ends a cover before its last day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lib.domain.errors import NotYours
from lib.domain.policy import Action, RecordKind
from lib.services import access
from lib.services.people import covers_of_practice
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice

PAGE = "pages/practice/people.py"


def test_a_cover_is_ended_at_once_and_with_it_the_sight_of_the_client(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        until = NOW.date() + timedelta(days=20)
        factories.assign(session, people.anna, people.finch, "cover", ends_on=until)
        access.client_for(session, people.finch, Action.READ, RecordKind.CLIENT_IDENTITY, people.anna, NOW)
    browser = practice.open(PAGE, people.admin)
    next(button for button in browser.button if button.label == "End it now").click().run()
    assert not [button for button in browser.button if button.label == "End it now"]
    with practice.database.reading() as session:
        assert covers_of_practice(session, people.admin, NOW) == []
        with pytest.raises(NotYours):
            access.client_for(session, people.finch, Action.READ, RecordKind.CLIENT_IDENTITY, people.anna, NOW)
