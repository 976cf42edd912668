"""Somebody who does all there is to do with checks, by chance."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from app.history.errors import CheckNotFound, ProfileNameError
from app.history.exchange.model import PortableHistory
from app.history.records import Arms, Conditions, RowQuery
from tests.app.history.made_up import measured, new_check
from vision.result import Method

if TYPE_CHECKING:
    import random

    from app.history.records import NewCheck
    from app.history.store import History

#: Round midnight by UTC, before 1970, and by clocks that differ by up to a day.
_DAYS = datetime(2026, 3, 1), datetime(2026, 3, 2), datetime(2026, 3, 29), datetime(1969, 12, 31)
_ZONES = tuple(timezone(timedelta(hours=hours)) for hours in (-12, -3.5, 0, 2, 14))
METHODS = Method.CONTOUR, Method.MARKED, Method.BELT
GARMENTS = "", "jeans", "Shorts", "Ärmellos"
_NOTES = "", "", "after a walk", "100 % tired"
_ARMS = None, Arms.HANGING, Arms.CROSSED


def made(profile_id: int, chance: random.Random) -> NewCheck:
    """Return a check of any day, near its midnight more often than not."""
    at = chance.choice(_DAYS) + timedelta(seconds=chance.choice([0, -1, 1, 40_000]))
    result = measured(chance.uniform(-10, 30), chance.choice(METHODS))
    said = Conditions(chance.choice(GARMENTS), chance.choice(_ARMS), chance.choice(_NOTES))
    taken_at = at.replace(tzinfo=chance.choice(_ZONES), microsecond=chance.randrange(10**6))
    return replace(new_check(profile_id, result), taken_at=taken_at, conditions=said)


class Busy:
    """Somebody who does all there is to do with checks, by chance."""

    def __init__(self, history: History, chance: random.Random) -> None:
        self._history, self._chance = history, chance
        self._deletions: list[str] = []
        self._exported = PortableHistory((), ())

    def act(self) -> None:
        """Do one thing."""
        acts = self._save, self._save, self._say, self._move, self._delete, self._restore
        self._chance.choice([*acts, self._export, self._import, self._person, self._purge])()

    def _any(self) -> int:
        rows = self._history.rows(RowQuery(None), 0, 100)
        return self._chance.choice([row.id for row in rows] or [1])

    def _someone(self) -> int:
        self._history.default_profile()
        return self._chance.choice(self._history.profiles()).id

    def _save(self) -> None:
        self._history.save(made(self._someone(), self._chance))

    def _say(self) -> None:
        said = made(1, self._chance).conditions
        with suppress(CheckNotFound):
            self._history.set_conditions(self._any(), said)

    def _move(self) -> None:
        with suppress(CheckNotFound):
            self._history.set_taken_at(self._any(), made(1, self._chance).taken_at)

    def _delete(self) -> None:
        some = [self._any() for _ in range(self._chance.randrange(4))]
        self._deletions.append(self._history.delete(some))

    def _restore(self) -> None:
        if self._deletions:
            self._history.restore(self._chance.choice(self._deletions))

    def _export(self) -> None:
        given = list(self._history.portable())
        self._exported = PortableHistory(tuple({one.profile for one in given}), tuple(given))

    def _import(self) -> None:
        self._history.add_portable(self._exported)

    def _person(self) -> None:
        """Delete somebody, or make somebody whose name another had who lies in the bin."""
        if self._chance.random() < 0.5:
            self._deletions.append(self._history.delete_profile(self._someone()))
            return
        with suppress(ProfileNameError):
            self._history.add_profile(self._chance.choice(["Me", "Ada"]))

    def _purge(self) -> None:
        if self._deletions and self._chance.random() < 0.3:
            self._history.purge(self._deletions.pop())
