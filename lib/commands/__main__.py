"""The terminal front door: `python -m lib.commands VERB`."""

from __future__ import annotations

import sys


def run() -> int:
    """Load and run. Loading takes a second or two, in which somebody may already want to stop it."""
    try:
        from lib.commands.line import main
    except KeyboardInterrupt:
        sys.stderr.write("Stopped before anything began.\n")
        return 130
    return main()


if __name__ == "__main__":
    sys.exit(run())
