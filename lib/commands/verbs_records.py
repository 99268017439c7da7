"""Verbs about one client's record: `standing` and `closure`."""

from __future__ import annotations

import argparse
import json
import re
from typing import Any

from lib.commands.context import Context, Outcome, place_for, write_out
from lib.domain import closure
from lib.domain.closure import Audience, DocumentKind
from lib.services import access, client_record, closure_drafts


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """`standing CLIENT` and `closure CLIENT`."""
    standing = verbs.add_parser("standing", parents=[common], help="all that the client page knows, as JSON")
    standing.add_argument("client", metavar="CLIENT")
    standing.set_defaults(run=run_standing)
    drafting = verbs.add_parser("closure", parents=[common], help="draft a closure summary or plan from the record")
    drafting.add_argument("client", metavar="CLIENT")
    drafting.add_argument("--kind", choices=[kind.value for kind in DocumentKind], default="summary")
    drafting.add_argument("--audience", choices=[audience.value for audience in Audience], default=None)
    drafting.add_argument("--format", choices=("pdf", "docx", "leaflet", "phone", "json"), default="json")
    drafting.add_argument("--out", metavar="PATH")
    drafting.set_defaults(run=run_closure)


def run_standing(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Everything the client page knows."""
    with context.writing() as (session, actor, now):
        client_id = access.client_id_by_code(session, actor, chosen.client, now)
        overview = client_record.client_overview(session, actor, client_id, now, context.definitions)
    told = client_record.as_json(overview)
    return Outcome(data=told, lines=(json.dumps(told, ensure_ascii=False, indent=2),))


def _ending(form: str) -> str:
    return f"_{form}.pdf" if form in ("leaflet", "phone") else f".{form}"


def run_closure(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Draft a document from the record. Nothing is kept or signed."""
    kind = DocumentKind(chosen.kind)
    audience = Audience(chosen.audience or ("file" if kind is DocumentKind.SUMMARY else "client"))
    name = re.sub(r"[^\w-]+", "_", f"{chosen.client}_{kind.value}_{audience.value}") + _ending(chosen.format)
    out = place_for(chosen.out or name) if chosen.out or chosen.format != "json" else None
    with context.writing() as (session, actor, now):
        client_id = access.client_id_by_code(session, actor, chosen.client, now)
        drafted = closure_drafts.draft_from_record(session, actor, client_id, kind, audience, now, context.definitions)
    told = closure.as_json(drafted.draft, drafted.blocked_by)
    text = json.dumps(told, ensure_ascii=False, indent=2)
    if out is None:
        return Outcome(data=told, lines=(text,))
    write_out(out, f"{text}\n".encode() if chosen.format == "json" else closure_drafts.rendered(drafted, chosen.format))
    return Outcome(data=told, lines=(f"{out}: a draft, not signed.",))
