"""The part of a history that keeps the diary: exercises, breaks, self-checks, screenings.

What needs SQLAlchemy is loaded when a method needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.history.store__squeeze_store import SqueezeStore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.history.diary import Content, Entry, EntryKind
    from app.history.exchange.model import PortableEntry


class DiaryStore(SqueezeStore):
    """Keeps the diary; see :class:`app.history.store.History`."""

    def note(self, profile_id: int, at: datetime, content: Content) -> Entry:
        """Keep an entry; when this returns it is on the disk.

        Parameters
        ----------
        at
            When it happened, with its offset from UTC.
        """
        return self.note_all(profile_id, [(at, content)])[0]

    def note_all(self, profile_id: int, noted: Sequence[tuple[datetime, Content]]) -> list[Entry]:
        """Keep several entries, all of them or none; see :meth:`note`."""
        from app.history.db.diary import insert_entry
        from app.history.diary_record__diary_record import entry_of, record_of_entry
        from app.history.profiles__profile_table import profile_by_id

        records = [record_of_entry(at, content) for at, content in noted]
        with self._database.writing() as connection:
            profile_by_id(connection, profile_id)
            ids = [insert_entry(connection, profile_id, record) for record in records]
        pairs = zip(records, ids, strict=True)
        return [entry_of(record, entry_id, profile_id) for record, entry_id in pairs]

    def entries(
        self, profile_id: int, *kinds: EntryKind, since: datetime | None = None
    ) -> list[Entry]:
        """Return a person's entries of these kinds (of all, for none given), oldest first."""
        from app.history.db.diary import read_entries

        with self._database.reading() as connection:
            return read_entries(connection, profile_id, kinds, since)

    def newest_entry(self, profile_id: int, kind: EntryKind) -> Entry | None:
        """Return the newest entry of a kind, or None."""
        from app.history.db.diary import read_newest

        with self._database.reading() as connection:
            return read_newest(connection, profile_id, kind)

    def delete_entries(self, entry_ids: Sequence[int]) -> None:
        """Hide entries until the purge; numbers that are not there are passed over."""
        from app.history.db.trash import hide_entries

        with self._database.writing() as connection:
            deletion = hide_entries(connection, entry_ids)
        self._remember(deletion)

    def restore_entries(self, entry_ids: Sequence[int]) -> None:
        """Bring back hidden entries; those that are gone for good are passed over."""
        from app.history.db.trash import show_entries

        with self._database.writing() as connection:
            show_entries(connection, entry_ids)

    def portable_entries(self, profile_id: int | None = None) -> list[PortableEntry]:
        """Return the diary as exports keep it, oldest first."""
        from app.history.db.diary import read_entry_records
        from app.history.exchange.merge__portable_reading import portable_profiles
        from app.history.exchange.model import PortableEntry

        with self._database.reading() as connection:
            owners = portable_profiles(connection)
            return [
                PortableEntry(owners[owner_id], record)
                for owner_id, record in read_entry_records(connection, profile_id)
            ]
