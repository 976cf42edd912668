"""A window of its own in which somebody rates the photographs of a study, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def run(folder: Path) -> int:
    """Open the window for a rater's folder, and return the exit status once it is closed.

    Parameters
    ----------
    folder
        A rater's, or a study's, where the window asks who is rating.

    Raises
    ------
    StudyError
        If it is neither.
    BrokenInstallation
        When there is no screen, or a system library for it is missing.
    """
    from app.gui.app import desktop, spare_the_start, write_log
    from app.gui.rating.session import open_folder

    work = open_folder(folder)
    app = desktop()
    # From here on a signal closes the window; each answer was kept when it was given.
    from app.gui.rating.window import RatingWindow
    from app.gui.style.theme import Scheme, apply_scheme
    from app.settings import SettingsFile
    from app.system.ipc import EndingSignals

    ends = EndingSignals()
    values = SettingsFile().values
    spare_the_start()
    apply_scheme(app, Scheme(values.scheme), values.text_percent)
    window = RatingWindow(work)
    window.show()
    write_log(window)
    ends.wanted.connect(window.close)
    status = app.exec()
    ends.close()
    return status
