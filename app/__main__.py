"""Where ``beltline`` and ``python -m app`` begin."""

from __future__ import annotations

import sys
import threading
from typing import NoReturn

from app.system import shell


def main() -> NoReturn:
    """Run the command line with this process's arguments and leave with its status."""
    shell.begin()
    status = shell.run(_command_line, _tell)
    if _is_held():
        # A thread that came back while Python is taken down would be ended inside the driver's
        # own code, which cannot bear it.
        shell.leave_at_once(status)
    sys.exit(status)


def _command_line() -> None:
    from app.cli import run

    run()


def _tell(sentence: str) -> None:
    print(f"beltline: {sentence}", file=sys.stderr)


def _is_held() -> bool:
    """Tell whether a driver, a network or a library still holds one of our threads."""
    return any(
        thread.daemon and thread.name.startswith("beltline-") for thread in threading.enumerate()
    )


if __name__ == "__main__":
    main()
