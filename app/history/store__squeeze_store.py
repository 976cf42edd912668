"""The part of a history that keeps squeeze tests.

What needs SQLAlchemy is loaded when a method needs it.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.history.db.engine import Database
    from app.history.exchange.model import PortableSqueeze
    from app.history.records import NewSqueeze, Squeeze, SqueezeAnswers


class SqueezeStore:
    """Keeps squeeze tests; see :class:`app.history.store.History`.

    Parameters
    ----------
    database
        Where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._guard = threading.Lock()
        #: What was deleted through this history and is not final yet.
        self._deletions: set[str] = set()

    def save_squeeze(self, new: NewSqueeze) -> Squeeze:
        """Keep a squeeze test; when this returns it is on the disk."""
        from app.history.db.squeezes import insert_squeeze
        from app.history.diary_record import record_of_squeeze, squeeze_of
        from app.history.profiles__profile_table import profile_by_id

        record = record_of_squeeze(new)
        with self._database.writing() as connection:
            profile_by_id(connection, new.profile_id)
            squeeze_id = insert_squeeze(connection, new.profile_id, record)
        return squeeze_of(record, squeeze_id, new.profile_id)

    def squeezes(self, profile_id: int) -> list[Squeeze]:
        """Return a person's squeeze tests, oldest first."""
        from app.history.db.squeezes import read_squeezes

        with self._database.reading() as connection:
            return read_squeezes(connection, profile_id)

    def set_squeeze_answers(self, squeeze_id: int, answers: SqueezeAnswers) -> None:
        """Change what a person said; :class:`SqueezeNotFound` if the test is gone."""
        from app.history.db.squeezes import update_answers

        with self._database.writing() as connection:
            update_answers(connection, squeeze_id, answers)

    def delete_squeezes(self, squeeze_ids: Sequence[int]) -> None:
        """Hide squeeze tests until the purge; numbers that are not there are passed over."""
        from app.history.db.trash import hide_squeezes

        with self._database.writing() as connection:
            deletion = hide_squeezes(connection, squeeze_ids)
        self._remember(deletion)

    def restore_squeezes(self, squeeze_ids: Sequence[int]) -> None:
        """Bring back hidden squeeze tests; those that are gone for good are passed over."""
        from app.history.db.trash import show_squeezes

        with self._database.writing() as connection:
            show_squeezes(connection, squeeze_ids)

    def portable_squeezes(self, profile_id: int | None = None) -> list[PortableSqueeze]:
        """Return squeeze tests as exports keep them, oldest first."""
        from app.history.db.squeezes import read_squeeze_records
        from app.history.exchange.merge__portable_reading import portable_profiles
        from app.history.exchange.model import PortableSqueeze

        with self._database.reading() as connection:
            owners = portable_profiles(connection)
            return [
                PortableSqueeze(owners[owner_id], record)
                for owner_id, record in read_squeeze_records(connection, profile_id)
            ]

    def _remember(self, deletion: str) -> None:
        with self._guard:
            self._deletions.add(deletion)
