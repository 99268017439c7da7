"""Marker forms: markers rated one after the other against their written anchors, with the episode each rests on.

One form, by keyboard from the first level to the button. No earlier rating is shown before the new ones are saved: a
level is judged against the anchors, not against the last one. What is left open is not rated. The client's id stands
in every widget's key and in the value that is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from lib.domain.clinical_model import ClinicalModel, Entries, Marker
from lib.domain.errors import InvalidInput
from lib.domain.markers import BY_CLIENT, BY_CLINICIAN, EPISODE_FROM, HIGHEST, MARKER, TRUST, RatingDraft
from lib.ui.plain import as_label

NOT_ENOUGH = "NE"
CHOICES = (NOT_ENOUGH, "0", "1", "2", "3", "4")
NE_WORDS = "Not enough evidence: no episode in the last four weeks speaks for or against. This is not a zero."
UNVALIDATED = (
    "Rated against written anchors; the anchors are unvalidated. The level is the highest whose whole statement is "
    "supported by episodes of the last four weeks. What is left open is not rated."
)


@dataclass(frozen=True, slots=True)
class Rated:
    """What is rated of which client, and by whom; each save begins a new round of empty fields."""

    client_id: int
    subject: str
    source: str
    markers: Mapping[str, Marker]
    contexts: Entries
    round: int

    def key(self, field: str, marker: str = "") -> str:
        """The key of one widget, of this client, source and marker alone."""
        whose = {TRUST: "trust-"}.get(self.subject, "client-" if self.source == BY_CLIENT else "")
        return f"marker-{self.client_id}-{whose}{marker or 'all'}-{self.round}-{field}"


def rated(client_id: int, model: ClinicalModel, subject: str = MARKER, source: str = BY_CLINICIAN) -> Rated:
    """The markers, or the facets of trust."""
    markers = model.rated_facets if subject == TRUST else model.markers
    return Rated(client_id, subject, source, markers, model.contexts, st.session_state.get(_round(client_id), 0))


def begin_anew(client_id: int) -> None:
    """After a save: the next ratings of this client start with empty fields."""
    st.session_state[_round(client_id)] = st.session_state.get(_round(client_id), 0) + 1


def _round(client_id: int) -> str:
    return f"marker-{client_id}-round"


def ask(what: Rated, whose: str, today: date) -> list[RatingDraft] | None:
    """The form; drafts of what was rated only when it was sent by its button.

    Raises InvalidInput when nothing was rated. All other rules are checked by the service."""
    with st.form(what.key("form"), border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            rated_on = st.date_input(
                "Rated on", today, max_value=today, format="YYYY-MM-DD", key=what.key("on"), width=170
            )
            episodes_on = None
            if what.source == BY_CLINICIAN:
                episodes_on = st.date_input(
                    "Episodes of, unless said below", None, max_value=today, format="YYYY-MM-DD",
                    key=what.key("episodes"), width=230,
                )  # fmt: skip
        drafts = [_ask_marker(what, marker, rated_on, episodes_on, today) for marker in what.markers.values()]
        with st.container(horizontal=True, vertical_alignment="center"):
            sent = st.form_submit_button("Save ratings", type="primary", key=what.key("save"))
            st.text(f"for {whose}")
    if not sent:
        return None
    given = [draft for draft in drafts if draft is not None]
    if not given:
        raise InvalidInput("No level is chosen.", "Choose one, or NE where there is not enough evidence.", "level")
    return given


def _ask_marker(
    what: Rated, marker: Marker, rated_on: date, episodes_on: date | None, today: date
) -> RatingDraft | None:
    """One marker's fields; None where nothing is chosen. One half alone goes to the service, which refuses it."""
    with st.container(key=f"strong-{what.key('title', marker.key)}"):
        st.text(marker.name)
    with st.container(key=f"quiet-{what.key('caution', marker.key)}"):
        st.text(marker.caution)
    chosen = _ask_halves(what, marker) if marker.two_halves else (_ask_level(what, marker),)
    if what.source == BY_CLIENT:
        return _draft(what, marker, chosen, rated_on)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        context = _ask_context(what, marker, "Seen with", "context", "overall")
        sure = st.selectbox("How sure", ("low", "medium", "high"), index=1, key=what.key("sure", marker.key), width=120)
        own_day = st.date_input(
            "Episode of", None, max_value=today, format="YYYY-MM-DD", key=what.key("episode", marker.key), width=150
        )
        evidence = _ask_evidence(what, marker, f"What happened (from level {EPISODE_FROM} up)", "evidence")
    episode_with, second_on, second_with, second = "", None, "", ""
    if what.subject == MARKER:
        with st.expander(f"Level {HIGHEST}: a second episode, in another relationship"):  # noqa: SIM117
            with st.container(horizontal=True, vertical_alignment="bottom"):
                episode_with = _ask_context(what, marker, "First with", "with", "as seen with")
                second_with = _ask_context(what, marker, "Second with", "second-with", "not said")
                second_on = st.date_input(
                    "Second of", None, max_value=today, format="YYYY-MM-DD", key=what.key("second-on", marker.key),
                    width=150,
                )  # fmt: skip
                second = _ask_evidence(what, marker, "What happened", "second")
    episode = {
        "context": context,
        "confidence": sure,
        "episode_on": (own_day or episodes_on) if evidence else own_day,
        "evidence": evidence,
        "episode_with": episode_with,
        "second_on": (second_on or episodes_on) if second else second_on,
        "second_with": second_with,
        "second_evidence": second,
    }
    return _draft(what, marker, chosen, rated_on, **episode)


def _draft(
    what: Rated, marker: Marker, chosen: tuple[str | None, ...], rated_on: date, **episode: object
) -> RatingDraft | None:
    if all(choice is None for choice in chosen):
        return None
    levels = [None if choice in (None, NOT_ENOUGH) else int(choice) for choice in chosen]
    giving, receiving = levels if marker.two_halves else (None, None)
    return RatingDraft(
        marker=marker.key,
        level=None if marker.two_halves else levels[0],
        rated_on=rated_on,
        giving=giving,
        receiving=receiving,
        source=what.source,
        subject=what.subject,
        **episode,  # type: ignore[arg-type]
    )


def _ask_level(what: Rated, marker: Marker) -> str | None:
    captions = [NE_WORDS, *(as_label(anchor) for anchor in marker.anchors)]
    label = f"{marker.label}: level"
    return st.radio(
        label, CHOICES, index=None, captions=captions, key=what.key("level", marker.key), label_visibility="collapsed"
    )


def _ask_halves(what: Rated, marker: Marker) -> tuple[str | None, str | None]:
    for number, anchor in enumerate(marker.anchors):
        st.text(f"{number}   {anchor}")
    st.text(f"{NOT_ENOUGH}   {NE_WORDS}")
    with st.container(horizontal=True, gap="large"):
        giving = st.radio("Giving", CHOICES, index=None, horizontal=True, key=what.key("giving", marker.key))
        receiving = st.radio("Receiving", CHOICES, index=None, horizontal=True, key=what.key("receiving", marker.key))
    st.text("The lower of the two is the level.")
    return giving, receiving


def _ask_context(what: Rated, marker: Marker, label: str, field: str, none: str) -> str:
    return st.selectbox(
        label,
        ["", *what.contexts],
        format_func=lambda one: what.contexts[one].label if one else none,
        key=what.key(field, marker.key),
        width=150,
    )


def _ask_evidence(what: Rated, marker: Marker, label: str, field: str) -> str:
    said = st.text_input(label, key=what.key(field, marker.key), max_chars=500, width="stretch")
    return said.strip()
