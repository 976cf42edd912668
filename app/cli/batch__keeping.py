"""Keeps what the command line measures; the history is opened with the first of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.history.store import History
    from vision.image.frame import Frame
    from vision.result import Measured


class NotKept(Exception):
    """A measurement could not be kept; the text says why, and what to do."""


class Keeping:
    """Where measurements go, and whose they are.

    Parameters
    ----------
    profile, note
        As for :func:`app.history.from_measurement.save_measured`.
    """

    def __init__(self, profile: str | None, note: str) -> None:
        self._profile, self._note = profile, note
        self._history: History | None = None

    def keep(self, photo: str, frame: Frame, result: Measured) -> int:
        """Keep one and return its number.

        Raises
        ------
        NotKept
            When the history cannot be opened or written.
        """
        from app.history.errors import HistoryError
        from app.history.from_measurement import save_measured
        from app.history.store import History

        try:
            if self._history is None:
                self._history = History.open()
            check = save_measured(
                self._history,
                photo,
                frame,
                result,
                profile_name=self._profile,
                note=self._note,
            )
        except HistoryError as error:
            raise NotKept(f"{photo} was measured but not kept. {error}") from error
        return check.row.id

    def close(self) -> None:
        """Let go of the history."""
        if self._history is not None:
            self._history.close()
