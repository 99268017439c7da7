"""The terminal front door: `python -m lib.commands VERB`. Zero only on success; errors on stderr, in words."""

from __future__ import annotations

import argparse
import json
import sys
import traceback
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import OperationalError

from lib.bootstrap import House, read_settings
from lib.commands import verbs_database, verbs_files, verbs_measures, verbs_people, verbs_practice, verbs_records
from lib.commands.context import Context, Outcome, refused
from lib.domain.errors import HouseError, ImportProblem, NotAllowed, NotYours, UserFacingError

ROOMS = (verbs_practice, verbs_people, verbs_files, verbs_measures, verbs_records, verbs_database)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. Returns the exit code: 0 success, 1 refused or wrong input, 2 wrong words, 3 trouble inside."""
    chosen = parser().parse_args(arguments)
    as_json = getattr(chosen, "json", False)
    context = Context(House(read_settings()), getattr(chosen, "database", None), getattr(chosen, "actor", None))
    try:
        return _tell(chosen.run(context, chosen), as_json)
    except ImportProblem as problem:
        return _tell(refused(problem), as_json)
    except UserFacingError as error:
        if isinstance(error, NotAllowed | NotYours):
            context.record_denial(error)
        return _complain(error.in_words(), 1)
    except HouseError as error:
        return _complain(str(error), 3)
    except OperationalError:
        return _complain("The database is busy or out of reach. Nothing was changed.", 3)
    except Exception as error:  # noqa: BLE001 - the outermost edge: told by an id, never by its message
        return _unforeseen(error)
    finally:
        context.close()


def parser() -> argparse.ArgumentParser:
    """All verbs, each with its own help. The common options may stand before or after the verb."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--json", action="store_true", help="machine-readable output on stdout")
    common.add_argument("--database", metavar="URL", help="else SECUREBASE_DATABASE_URL, else the embedded file")
    common.add_argument("--actor", metavar="EMAIL", help="who acts, as it is recorded; else the operator")
    top = argparse.ArgumentParser(prog="python -m lib.commands", description=__doc__, parents=[common])
    verbs: Any = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    for room in ROOMS:
        room.add_verbs(verbs, common)
    return top


def _tell(outcome: Outcome, as_json: bool) -> int:
    """Print what came of it; a refusal also goes to stderr in words."""
    if as_json and outcome.data is not None:
        json.dump(outcome.data, sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
        sys.stdout.write("\n")
    elif not as_json and outcome.lines:
        sys.stdout.write("\n".join(outcome.lines) + "\n")
    return _complain(outcome.complaint, 1) if outcome.complaint else 0


def _complain(words: str, code: int) -> int:
    sys.stderr.write(words + "\n")
    return code


def _unforeseen(error: Exception) -> int:
    """Something nobody foresaw: an id, the kind of error and where, never its message: that may hold record text."""
    where = "".join(traceback.format_tb(error.__traceback__)[-3:])
    error_id = uuid.uuid4().hex[:8]
    return _complain(f"{where}Something went wrong inside ({type(error).__name__}, id {error_id}).", 3)


if __name__ == "__main__":
    sys.exit(main())
