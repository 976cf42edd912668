"""What the Check page needs of whoever keeps checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from app.gui.background.history__kept import Kept
    from app.history.comparison import Change
    from app.history.records import NewCheck, Profile
    from vision.result import Measured


class Keeper(Protocol):
    """Knows the people, and keeps checks; nothing here waits."""

    @property
    def current_profile_id(self) -> int | None:
        """The person in use; None until the profiles are loaded."""
        ...

    def profiles(self) -> Sequence[Profile]:
        """Return everyone known; empty until they are loaded."""
        ...

    def garments(self) -> Sequence[str]:
        """Return what the person in use wore before."""
        ...

    def set_current_profile(self, profile_id: int) -> None:
        """Use another person."""
        ...

    def compare(
        self, result: Measured, taken_at: datetime, done: Callable[[Change | None], None]
    ) -> None:
        """Tell how a measurement differs from the last check like it; None without one."""
        ...

    def save(
        self, new: NewCheck, done: Callable[[Kept], None], failed: Callable[[Exception], None]
    ) -> None:
        """Keep a check, then call one of the two on the GUI thread."""
        ...
