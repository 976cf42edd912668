"""``python -m app.tray``: the reminder as the window starts it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from app.errors import BrokenInstallation, is_of_ours
from app.system.shell import Status
from vision.native_output import separate_streams

if TYPE_CHECKING:
    from collections.abc import Callable


def start(is_quiet: bool, tell: Callable[[str], None]) -> int:
    """Remind until that is no longer wanted, and return the exit status.

    Parameters
    ----------
    is_quiet
        Whether nobody is there to read why it does not start.
    tell
        Says one sentence to whoever started it.
    """
    from app.breaks.preferences import PreferencesFile
    from app.system.qt import check_screen, keep_own_qt
    from app.text.breaks import IS_OFF

    # Started by a window, it waits for what that one has to say.
    if not is_quiet and not PreferencesFile().values.is_on:
        tell(IS_OFF)
        return Status.FAILED
    keep_own_qt()
    try:
        check_screen()
        from app.tray.app import run
    except BrokenInstallation as error:
        tell(str(error))
        return Status.FAILED
    except ImportError as error:
        if is_of_ours(error):
            raise
        tell(f"The reminder's library cannot be loaded ({error}).")
        return Status.FAILED
    return run(lambda sentence: None if is_quiet else tell(sentence))


if __name__ == "__main__":
    separate_streams()
    sys.exit(start("--quiet" in sys.argv, lambda sentence: print(sentence, file=sys.stderr)))
