"""Where ``beltline`` and ``python -m app`` begin."""

from __future__ import annotations

import sys

#: What a shell reports for a program that was ended by Ctrl-C.
INTERRUPTED_STATUS = 130


def main() -> None:
    """Run the command line with this process's arguments and leave with its status."""
    try:
        from app.cli import app

        app(prog_name="beltline")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED_STATUS)


if __name__ == "__main__":
    main()
