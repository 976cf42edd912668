"""Where ``beltline`` and ``python -m app`` begin."""

from __future__ import annotations

import os
import sys
import threading
from typing import NoReturn

from vision.native_output import separate_streams

#: What a shell reports for a program that was ended by Ctrl-C.
INTERRUPTED_STATUS = 130


def main() -> NoReturn:
    """Run the command line with this process's arguments and leave with its status."""
    separate_streams()
    status: object = 0
    try:
        from app.cli import app

        app(prog_name="beltline")
    except KeyboardInterrupt:
        status = INTERRUPTED_STATUS
    except SystemExit as leaving:
        status = leaving.code
    if isinstance(status, int) and _is_held():
        _leave_at_once(status)
    raise SystemExit(status)


def _is_held() -> bool:
    """Tell whether a driver, a network or a library still holds one of our threads."""
    return any(
        thread.daemon and thread.name.startswith("beltline-") for thread in threading.enumerate()
    )


def _leave_at_once(status: int) -> NoReturn:
    """End the process as it is: a thread that came back while Python is taken down ends in a crash.

    Python ends such a thread inside the driver's own code, which cannot bear it.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # closed, or nobody reads it
            continue
    os._exit(status)


if __name__ == "__main__":
    main()
