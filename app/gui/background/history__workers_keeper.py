"""Keeps checks for the pages: whose they are, and saving them beside the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from app.gui.background.history__kept import Kept

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.gui.background.history import HistoryDoor
    from app.gui.background.jobs import Jobs
    from app.history.comparison import Change
    from app.history.records import Check, NewCheck, Profile
    from app.history.store import History
    from vision.result import Measured


class HistoryKeeper(QObject):
    """The profiles and the one in use; saves checks.

    Nothing here waits: :meth:`load` asks for the profiles, and ``profiles_changed`` tells
    when they are there.
    """

    profiles_changed = pyqtSignal()
    profile_changed = pyqtSignal(int)
    check_saved = pyqtSignal(int)
    #: Message and remedy of an error that no caller takes.
    failed = pyqtSignal(Exception)

    def __init__(self, jobs: Jobs, door: HistoryDoor, profile_id: int | None) -> None:
        super().__init__()
        self._jobs, self._door = jobs, door
        self._profiles: list[Profile] = []
        self._garments: list[str] = []
        self._wanted_id = profile_id
        self._changes = 0

    def profiles(self) -> list[Profile]:
        """Return everyone known; empty until they are loaded."""
        return self._profiles

    def garments(self) -> list[str]:
        """Return what the current person wore before."""
        return self._garments

    @property
    def current_profile_id(self) -> int | None:
        """The person in use; None until the profiles are loaded."""
        known = [profile.id for profile in self._profiles]
        if self._wanted_id in known:
            return self._wanted_id
        return known[0] if known else None

    def current_profile(self) -> Profile | None:
        """Return the person in use."""
        current = self.current_profile_id
        return next((p for p in self._profiles if p.id == current), None)

    def set_current_profile(self, profile_id: int) -> None:
        """Use another person."""
        if profile_id != self.current_profile_id:
            self._wanted_id = profile_id
            self.profile_changed.emit(profile_id)
            self.load()

    def load(self) -> None:
        """Read the profiles anew."""
        wanted = self._wanted_id

        def work() -> tuple[list[Profile], list[str]]:
            history = self._door.history()
            default = history.default_profile()
            profiles = history.profiles()
            known = {profile.id for profile in profiles}
            whose = wanted if wanted in known else default.id
            return profiles, history.garments(whose)

        self._jobs.start("profiles", work, self._loaded, self.failed.emit)

    def _loaded(self, found: tuple[list[Profile], list[str]]) -> None:
        before = self.current_profile_id
        self._profiles, self._garments = found
        self.profiles_changed.emit()
        current = self.current_profile_id
        if current is not None and current != before:
            self.profile_changed.emit(current)

    def save(
        self, new: NewCheck, done: Callable[[Kept], None], failed: Callable[[Exception], None]
    ) -> None:
        """Keep a check."""

        def saved(kept: Kept) -> None:
            done(kept)
            self.check_saved.emit(kept.check_id)
            self.load()

        self._jobs.start(
            self._own_key(),
            lambda: _keep(self._door.history(), new),
            saved,
            failed,
            in_order=True,
        )

    def compare(
        self, result: Measured, taken_at: datetime, done: Callable[[Change | None], None]
    ) -> None:
        """Tell how a measurement differs from the current person's last check like it.

        Only the newest question is answered, and none where the history cannot be read:
        whoever then saves is told why.
        """
        profile_id = self.current_profile_id
        if profile_id is None:
            return

        def work() -> Change | None:
            from app.history.comparison__comparison import change_since_last
            from app.history.records import CheckRow, Conditions

            row = CheckRow(0, profile_id, taken_at, result.tilt, Conditions(), has_picture=False)
            return change_since_last(self._door.history(), row)

        self._jobs.start("compare", work, done, lambda _: None)

    def change(
        self,
        work: Callable[[History], object],
        done: Callable[[], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Change something about the profiles, then read them anew."""

        def changed(_: object) -> None:
            self.load()
            if done is not None:
                done()

        self._jobs.start(
            self._own_key(),
            lambda: work(self._door.history()),
            changed,
            failed if failed is not None else self.failed.emit,
            in_order=True,
        )

    def _own_key(self) -> str:
        """Return a key that no other call has, so that no answer is forgotten."""
        self._changes += 1
        return f"change {self._changes}"


def _keep(history: History, new: NewCheck) -> Kept:
    """Keep a check and say how it differs from the last one like it."""
    from app.history.errors import HistoryError

    check = history.save(new)
    try:
        return Kept(check.row.id, _change(history, check))
    except HistoryError:
        # It is kept all the same; to say otherwise would have it saved twice.
        return Kept(check.row.id)


def _change(history: History, check: Check) -> str:
    from app.history.comparison__comparison import change_since_last
    from app.text.history import SINCE_LAST, describe_change

    change = change_since_last(history, check.row)
    if change is None:
        return ""
    return SINCE_LAST.format(change=describe_change(check.row.tilt.method, change))
