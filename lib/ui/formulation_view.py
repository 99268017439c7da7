"""Formulation tab: how the pattern came to be, what keeps it going, its versions compared, signs then and now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import streamlit as st

from lib.domain.attachment import AttachmentRecord, Held
from lib.domain.clinical_model import ClinicalModel
from lib.domain.definitions import Definitions
from lib.domain.entries import Formulation
from lib.domain.formulation import differences
from lib.domain.people import Actor
from lib.services import entries
from lib.services.client_record import ClientOverview
from lib.ui import app_context, errors, formulation_forms, plain_table, sign_view, words


def show(
    actor: Actor,
    overview: ClientOverview,
    record: AttachmentRecord,
    definitions: Definitions,
    whose: str,
    now: datetime,
) -> None:
    """The version that stands, what changed, the way to write a new one; then the signs."""
    today, model, client_id = now.date(), definitions.model, overview.client.id
    versions = [held.entry for held in record.formulations]
    st.header("Formulation", anchor=False)
    if versions:
        _show_version(versions[-1], len(versions), model, today, client_id)
    else:
        st.text("No formulation is on record. Begin with what is known; each save is a version of its own.")
    if overview.client.may_write:
        _write(actor, client_id, record.formulations, model, whose, now)
    if len(versions) > 1:
        _compare(versions, model, today, client_id)
    sign_view.show(actor, overview, record, definitions, whose, now)


def _show_version(version: Formulation, number: int, model: ClinicalModel, today: date, client_id: int) -> None:
    with st.container(key=f"quiet-formulation-{client_id}"):
        st.text(f"version {number}, {words.day(version.dated_on, today)}")
    lists = (("Origins", version.origins, model.origins), ("Fears", version.fears, model.fears))
    told = [
        (about, ", ".join(known[key].label if key in known else key for key in keys))
        for about, keys, known in (*lists, ("Costs today", version.costs, model.costs))
    ]
    told += [(model.prompts[key].label, said) for key, said in version.stories.items() if key in model.prompts]
    told.append(("Summary", version.summary))
    rows = [plain_table.plain_row({"About": about, "In words": said}) for about, said in told if said]
    plain_table.show(
        rows,
        ("About", "In words"),
        "About",
        "The formulation that stands",
        f"formulation-{client_id}",
        "In words",
        most=True,
    )


def _write(
    actor: Actor,
    client_id: int,
    versions: Sequence[Held[Formulation]],
    model: ClinicalModel,
    whose: str,
    now: datetime,
) -> None:
    latest = versions[-1].entry if versions else None
    # The number of versions stands in the key: after a save the form begins again from what was saved.
    key = f"formulation-{client_id}-{len(versions)}"
    with st.expander("Write a new version" if latest else "Write the first version", key=f"write-{key}"):
        written = formulation_forms.ask(latest, model, whose, now.date(), key)
        if written is not None:
            with errors.shown_to_the_user(), app_context.writing() as session:
                entries.add_entry(session, actor, client_id, written, now, app_context.definitions())
            st.rerun()
        if versions and formulation_forms.ask_to_strike(versions[-1], now.date(), key):
            with errors.shown_to_the_user(), app_context.writing() as session:
                entries.strike_entry(
                    session,
                    actor,
                    client_id,
                    "formulation",
                    versions[-1].id,
                    entries.MISTAKE,
                    now,
                    app_context.definitions(),
                )
            st.rerun()


def _compare(versions: Sequence[Formulation], model: ClinicalModel, today: date, client_id: int) -> None:
    """The version that stands beside an earlier one, point by point."""
    names = {place: f"Version {place + 1}, {words.day(one.dated_on, today)}" for place, one in enumerate(versions[:-1])}
    chosen = st.selectbox(
        "Compare with",
        list(names),
        index=len(names) - 1,
        format_func=names.__getitem__,
        key=f"compare-{client_id}-{len(versions)}",
        width=320,
    )
    found = differences(versions[chosen], versions[-1], model)
    if not found:
        st.text("The two versions say the same.")
        return
    rows = [
        plain_table.plain_row({"About": one.about, "Then": one.before or "–", "Now": one.after or "–"}) for one in found
    ]
    plain_table.show(
        rows, ("About", "Then", "Now"), "About", "What changed between the versions", f"changed-{client_id}"
    )
