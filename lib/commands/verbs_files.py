"""Verbs for files coming in and going out: `import`, `mapping`, `export`."""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import replace
from typing import Any

from lib.commands.context import Context, Outcome, bytes_of, in_line, place_for, write_out
from lib.commands.reading import add_reading_options, mapping_file, read_options
from lib.commands.verbs_people import own_password
from lib.domain.import_outcomes import ImportOptions, ImportRefused, Receipt
from lib.domain.imports import Parsed, Problem, problems_as_rows
from lib.domain.policy import Action, RecordKind
from lib.exchange.marker_sheets import read_markers
from lib.exchange.note_files import read_notes
from lib.exchange.score_sheets import read_scores
from lib.services import access, accounts, archives, collector, exports, imports, mappings

READERS = {"scores": read_scores, "markers": read_markers, "notes": read_notes}


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """`import KIND FILE`, `mapping save|list`, `export client|practice`."""
    _add_import(verbs, common)
    mapping = verbs.add_parser("mapping", parents=[common], help="saved column mappings")
    doing = mapping.add_subparsers(dest="doing", required=True)
    saving = doing.add_parser("save", parents=[common], help="keep a mapping file under the name it holds")
    saving.add_argument("file", metavar="FILE.json")
    saving.set_defaults(run=run_mapping_save)
    doing.add_parser("list", parents=[common], help="the names kept").set_defaults(run=run_mapping_list)
    export = verbs.add_parser("export", parents=[common], help="what was put in, out again")
    export.add_argument("what", choices=("client", "practice"))
    export.add_argument("client", nargs="?", metavar="CLIENT", help="the client's code, for `export client`")
    export.add_argument(
        "--format", choices=("csv", "json"), required=True, help="csv: a ZIP of tables with their data dictionary"
    )
    export.add_argument("--out", metavar="PATH", required=True)
    export.add_argument("--reason", default="", help="why a client's record leaves, for the audit log")
    export.set_defaults(run=run_export)


def _add_import(verbs: Any, common: argparse.ArgumentParser) -> None:
    importing = verbs.add_parser("import", parents=[common], help="take a file in: all of it or nothing")
    importing.add_argument("kind", choices=(*READERS, "archive"))
    importing.add_argument("file", metavar="FILE")
    importing.add_argument("--dry-run", action="store_true", help="say what would change, write nothing")
    importing.add_argument("--create-clients", action="store_true", help="make the clients that are not known yet")
    importing.add_argument("--therapist", metavar="EMAIL", help="who the new clients are assigned to")
    importing.add_argument("--only-valid", action="store_true", help="take the rows that are right, note the others")
    add_reading_options(importing)
    importing.set_defaults(run=run_import)


@collector.at_rest()
def run_import(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Read, check, and write in one transaction, or say what would change."""
    data, name = bytes_of(chosen.file)
    if chosen.kind == "archive":
        return _import_archive(context, chosen, data, name)
    definitions = context.definitions
    parsed: Parsed = READERS[chosen.kind](data, name, definitions.instruments, read_options(context, chosen))
    options = ImportOptions(chosen.create_clients, chosen.therapist, chosen.only_valid)
    if chosen.dry_run:
        with context.reading() as (session, actor, now):
            seen = imports.preview(session, actor, parsed, options, now, definitions)
        nothing = "The file holds nothing to take in.", "Check that it is the right file."
        receipt = _with_a_problem(seen.receipt, *nothing) if seen.refused else seen.receipt
        return _receipt_told(receipt, dry=True, refused=seen.refused)
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        with context.writing() as (session, actor, now):
            receipt = imports.commit_import(session, actor, parsed, options, name, sha256, now, definitions)
    except ImportRefused as refusal:
        receipt = _with_a_problem(refusal.receipt, refusal.message, refusal.mend)
        return _receipt_told(receipt, refused=True, why=refusal.in_words())
    return _receipt_told(receipt)


def _with_a_problem(receipt: Receipt, message: str, mend: str) -> Receipt:
    """The receipt of a refused file, which names the reason as a problem where no row is at fault."""
    return replace(receipt, problems=receipt.problems or (Problem(None, "", "", message, mend),))


def _receipt_told(receipt: Receipt, *, dry: bool = False, refused: bool = False, why: str = "") -> Outcome:
    told = receipt.as_json()
    done = "A dry run, nothing was written. " if dry else ""
    numbers = ", ".join(f"{told[key]} {key}" for key in ("new", "unchanged", "corrected", "rejected"))
    problems = [in_line(row) for row in problems_as_rows(receipt.problems)]
    complaint = [why or "As things stand, the file would not be taken.", *problems] if refused else []
    left_out = [] if refused else problems
    return Outcome(
        data=told,
        lines=(f"{done}{told['recognised']}: {told['rows']} rows; {numbers}.", *receipt.warnings, *left_out),
        complaint="\n".join(complaint),
    )


def _import_archive(context: Context, chosen: argparse.Namespace, data: bytes, name: str) -> Outcome:
    with context.writing() as (session, actor, now):
        receipt = archives.import_archive(session, actor, data, name, now, context.definitions)
    numbers = ", ".join(f"{receipt[key]} {key}" for key in ("new", "unchanged"))
    return Outcome(data=receipt, lines=(f"{receipt['recognised']}: {numbers} clients.",))


def run_mapping_save(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Keep a mapping under its name."""
    mapping = mapping_file(chosen.file)
    with context.writing() as (session, actor, now):
        mappings.save_mapping(session, actor, mapping, now)
    return Outcome(data={"saved": mapping.name}, lines=(f"Kept as {mapping.name}.",))


def run_mapping_list(context: Context, chosen: argparse.Namespace) -> Outcome:
    """The names of kept mappings."""
    with context.reading() as (session, actor, _now):
        names = mappings.mapping_names(session, actor)
    return Outcome(data=list(names), lines=tuple(names))


def asked_again(context: Context) -> str:
    """The practice leaves for its operator, or for an admin who gives their password again."""
    with context.reading() as (session, actor, _now):
        access.check_practice(session, actor, Action.EXPORT, RecordKind.PRACTICE_EXPORT)
    return "" if actor.is_operator else own_password(actor.email)


def run_export(context: Context, chosen: argparse.Namespace) -> Outcome:
    """Write one client's record, or the practice's, to a file."""
    out = place_for(chosen.out)
    password = asked_again(context) if chosen.what == "practice" else ""
    with context.writing() as (session, actor, now):
        if chosen.what == "client":
            content = exports.export_client(session, actor, chosen.client or "", chosen.format, chosen.reason, now)
        else:
            content = exports.export_practice(session, actor, chosen.format, now)
            accounts.reauthenticate(session, actor, password, now)
    write_out(out, content)
    what = ", a ZIP of CSV tables with their data dictionary" if chosen.format == "csv" else ""
    return Outcome(data={"path": str(out), "bytes": len(content)}, lines=(f"{out}: {len(content):,} bytes{what}.",))
