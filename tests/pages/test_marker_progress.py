"""Markers on the client page: drawn with what is behind each dot, disagreements said, always as unvalidated."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from lib.domain.imports import AdministrationIn
from lib.domain.markers import RatingDraft
from lib.services import measures
from tests import factories
from tests.conftest import NOW
from tests.factories import House
from tests.pages.opening import Practice, words_on

PAGE = "pages/clinician/client.py"
TODAY = NOW.date()


def rate(practice: Practice, people: House, *drafts: RatingDraft) -> None:
    with practice.database.writing() as session:
        measures.rate_markers(session, people.lark, people.anna, drafts, NOW, factories.definitions())


def progress(practice: Practice, people: House) -> tuple[str, str]:
    """What the page says, and everything its components were sent."""
    browser = practice.open(PAGE, people.lark, people.anna)
    browser.session_state[f"tabs-{people.anna}"] = "Progress"
    browser.run()
    sent = [json.loads(element.proto.json) for element in browser.get("bidi_component")]
    return words_on(browser), json.dumps(sent, ensure_ascii=False)


def test_a_marker_is_drawn_with_its_evidence_behind_the_dot(practice: Practice, people: House) -> None:
    episode = {"episode_on": TODAY, "evidence": "Asked **Jo** for <b>help</b>."}
    rate(practice, people, RatingDraft("trust", 2, TODAY, "partner", **episode))  # type: ignore[arg-type]
    said, sent = progress(practice, people)
    assert "unvalidated working estimate" in said and "RESEARCHER PRIOR, not estimated" in said
    assert "2 Mar, therapist 2 (partner): Asked **Jo** for <b>help</b>." in sent
    assert "Trust: level 2.0, 95 % interval 0.8 to 3.2, – one date only; Needs: not rated" in sent
    assert "Jo" not in said  # a person's words reach the page as data of a drawing or a table, never as markup


def test_sources_that_disagree_are_both_said(practice: Practice, people: House) -> None:
    rate(practice, people, RatingDraft("needs", 0, TODAY), RatingDraft("needs", 4, TODAY, source="client"))
    said, sent = progress(practice, people)
    assert "Needs: sources disagree, 2 Mar 2026: client 4, therapist 0." in said
    assert "≠ sources disagree" in sent


def test_an_old_estimate_says_since_when(practice: Practice, people: House) -> None:
    rate(practice, people, RatingDraft("needs", 1, TODAY - timedelta(days=61)))
    _, sent = progress(practice, people)
    assert "old: nothing since 31 Dec 2025" in sent


def test_a_questionnaire_alone_draws_no_level(practice: Practice, people: House) -> None:
    with practice.database.writing() as session:
        form = AdministrationIn("SB-001", TODAY, "ecr_r", None, {"anxiety": 3.0, "avoidance": 3.0})
        factories.enter(session, people.lark, people.anna, form)
    said, sent = progress(practice, people)
    assert "Not rated yet. Not rated is not zero" in said and "Trust: level" not in sent
    assert "ECR-R: anxiety 3.0 and avoidance 3.0 on 2 Mar, one date only." in sent
    assert "nobody has rated this marker yet" in said


@pytest.mark.parametrize("rated", [True, False])
def test_facets_of_trust_are_shown_once_one_was_rated(practice: Practice, people: House, rated: bool) -> None:
    if rated:
        rate(practice, people, RatingDraft("repair", 1, TODAY, subject="trust"))
    said, sent = progress(practice, people)
    assert ("Six facets of trust" in said) is rated and ("Repair: level" in sent) is rated
