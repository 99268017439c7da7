"""The line: words of a call become one verb run. Zero only on success; errors on stderr, in words."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import json
import os
import sys
import traceback
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.exc import ArgumentError, OperationalError

from lib.bootstrap import House, read_settings
from lib.commands.context import Context, Outcome, refused
from lib.domain.errors import (
    HouseError,
    ImportProblem,
    InvalidInput,
    NotAllowed,
    NotYours,
    ReauthenticationNeeded,
    UserFacingError,
)

ROOMS = {
    "verbs_practice": {"demo", "benchmark"},
    "verbs_people": {"account"},
    "verbs_files": {"import", "mapping", "export"},
    "verbs_measures": {"score", "change"},
    "verbs_instruments": {"instrument"},
    "verbs_markers": {"markers"},
    "verbs_notes": {"suggest"},
    "verbs_records": {"standing", "closure"},
    "verbs_responses": {"fit"},
    "verbs_database": {"migrate", "backup", "restore", "verify", "rebuild"},
}
"""The rooms and the verbs each of them adds."""

_ADDRESSES = (
    "The address of the database cannot be read. Write sqlite:////full/path/practice.db, "
    "sqlcipher:////full/path/practice.db or postgresql://user@host/name."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. Returns the exit code: 0 success, 1 refused or wrong input, 2 wrong words, 3 trouble inside;
    130 when stopped by hand and 141 when nobody reads the output any more, as other tools of a shell."""
    _write_any_character()
    try:
        code = _run(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = _complain("Stopped. What was not finished was not written.", 130)
    except BrokenPipeError:
        code = 141
        _let_go_of_output()
    except OSError as error:
        _let_go_of_output()
        what = f" {error.filename}" if error.filename else ""
        code = _complain(f"A file could not be read or written{what}: {error.strerror or type(error).__name__}.", 3)
    except Exception as error:  # noqa: BLE001 - the outermost edge: told by an id, never by its message
        code = _unforeseen(error)
    return code


def _run(arguments: list[str]) -> int:
    chosen = parser(arguments).parse_args(arguments)
    as_json = getattr(chosen, "json", False)
    try:
        context = Context(House(read_settings()), getattr(chosen, "database", None), getattr(chosen, "actor", None))
    except InvalidInput as error:
        return _complain(error.in_words(), 1)
    try:
        return _tell(chosen.run(context, chosen), as_json)
    except ImportProblem as problem:
        return _tell(refused(problem), as_json)
    except UserFacingError as error:
        if isinstance(error, NotAllowed | NotYours):
            context.record_denial(error)
        elif isinstance(error, ReauthenticationNeeded):
            context.count_wrong_password(error)
        return _complain(error.in_words(), 1)
    except HouseError as error:
        return _complain(str(error), 3)
    except ArgumentError:
        return _complain(_ADDRESSES, 1)
    except OperationalError:
        return _complain("The database is busy, out of reach, or cannot be written. Nothing was changed.", 3)
    finally:
        context.close()


def _write_any_character() -> None:
    """A terminal that knows few characters gets the others escaped, instead of an error half-way."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _let_go_of_output() -> None:
    """Point stdout at nothing, so that the interpreter does not complain once more when it closes it."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def parser(arguments: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The verbs, each with its own help. The common options may stand before or after the verb.

    Only the room of the verb called is loaded, so that a short verb does not wait for all the others."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--json", action="store_true", help="machine-readable output on stdout")
    common.add_argument("--database", metavar="URL", help="else SECUREBASE_DATABASE_URL, else the embedded file")
    common.add_argument("--actor", metavar="EMAIL", help="who acts, as it is recorded; else the operator")
    top = argparse.ArgumentParser(prog="python -m lib.commands", description=__doc__, parents=[common])
    verbs: Any = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    called = [room for room, its_verbs in ROOMS.items() if its_verbs & set(arguments)]
    for room in called or ROOMS:
        importlib.import_module(f"lib.commands.{room}").add_verbs(verbs, common)
    return top


def _tell(outcome: Outcome, as_json: bool) -> int:
    """Print what came of it; a refusal also goes to stderr in words."""
    if as_json and outcome.data is not None:
        in_ascii = (sys.stdout.encoding or "").casefold().replace("-", "") != "utf8"
        sys.stdout.write(json.dumps(outcome.data, ensure_ascii=in_ascii, indent=2, allow_nan=False) + "\n")
    elif not as_json and outcome.lines:
        sys.stdout.write("\n".join(outcome.lines) + "\n")
    return _complain(outcome.complaint, 1) if outcome.complaint else 0


def _complain(words: str, code: int) -> int:
    sys.stderr.write(words + "\n")
    return code


def _unforeseen(error: Exception) -> int:
    """Something nobody foresaw: its kind, its place and an id, never its message, which may hold record text."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "lib" in Path(frame.filename).parts and "site-packages" not in frame.filename]
    place = f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    error_id = uuid.uuid4().hex[:8]
    return _complain(f"Something went wrong inside ({type(error).__name__}{place}, id {error_id}).", 3)
