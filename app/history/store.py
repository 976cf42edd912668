"""The history: profiles, their checks with the pictures, their squeeze tests and diary.

What needs SQLAlchemy is loaded when a history is opened, not when this module is.
"""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING

from app.history.errors import HistoryError, ProfileNameError
from app.history.place import Place, usual_place
from app.history.store__diary_store import DiaryStore

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from types import TracebackType

    from app.history.db.engine import Database
    from app.history.exchange.model import Added, PortableCheck, PortableHistory
    from app.history.records import Check, CheckRow, Conditions, NewCheck, Profile, Trend
    from app.history.records__query import RowQuery
    from vision.result import Method


class History(DiaryStore):
    """Keeps checks, squeeze tests and the diary.

    Safe to use from any thread, and by several programs at once.
    Every method raises :class:`app.history.errors.HistoryError` when the database cannot be
    read or written; what was saved before stays.

    Attributes
    ----------
    place
        Where it lies.
    """

    def __init__(self, database: Database) -> None:
        from app.history.db.open import picture_files
        from app.history.db.trends import Trends

        super().__init__(database)
        self.place = database.place
        self._files = picture_files(database)
        self._trends = Trends(database)
        self._everything: str | None = None

    @classmethod
    def open(cls, place: Place | None = None) -> History:
        """Open the history, making or upgrading it where needed.

        Parameters
        ----------
        place
            None takes the user's data folder, and the server that the environment names.

        Raises
        ------
        HistoryError
            If it is damaged, newer than this program, locked, or cannot be written.
        """
        from app.history.db.open import open_database

        return cls(open_database(place or usual_place()))

    def close(self) -> None:
        """Make this history's deletions final, and let go of the database.

        Deletions that cannot be made final now stay hidden, and become so after a day.
        """
        try:
            with suppress(HistoryError):
                self.purge()
        finally:
            self._database.close()

    def __enter__(self) -> History:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def profiles(self) -> list[Profile]:
        """Return all profiles, in the order in which they were made."""
        from app.history.profiles__profile_table import all_profiles

        with self._database.reading() as connection:
            return all_profiles(connection)

    def default_profile(self) -> Profile:
        """Return the first profile; it is made, as "Me", when there is none."""
        from app.history.profiles__profile_table import FIRST_NAME

        known = self.profiles()
        if known:
            return known[0]
        try:
            return self.add_profile(FIRST_NAME)
        except ProfileNameError:  # another program was quicker
            return self.profiles()[0]

    def add_profile(self, name: str) -> Profile:
        """Add a profile; :class:`ProfileNameError` if its name is empty, too long or taken."""
        from app.history.profiles__profile_table import insert_profile

        with self._database.writing(alone=True) as connection:
            return insert_profile(connection, name)

    def rename_profile(self, profile_id: int, name: str) -> Profile:
        """Give a profile another name; errors as :meth:`add_profile`."""
        from app.history.profiles__profile_table import rename

        with self._database.writing(alone=True) as connection:
            return rename(connection, profile_id, name)

    def delete_profile(self, profile_id: int) -> None:
        """Hide a profile with all that was kept of it until :meth:`purge`."""
        from app.history.db.trash import hide_profile

        with self._database.writing() as connection:
            deletion = hide_profile(connection, profile_id)
        self._remember(deletion)

    def restore_profile(self, profile_id: int) -> Profile:
        """Bring back a profile and what went with it.

        Where another one has taken its name meanwhile, all of it goes to that one, which is
        returned.
        """
        from app.history.db.trash import show_profile

        with self._database.writing(alone=True) as connection:
            return show_profile(connection, profile_id)

    def save(self, new: NewCheck) -> Check:
        """Keep a check; when this returns it is on the disk, whatever happens next."""
        from app.history.check_record import record_of
        from app.history.check_record__check_rebuild import check_of
        from app.history.db.checks import insert_check, insert_picture
        from app.history.files import encode_picture
        from app.history.profiles__profile_table import profile_by_id

        record = record_of(new)
        encoded = None if new.rgb is None else encode_picture(new.rgb)
        file_name = f"{record.uuid}.jpg"
        try:
            with self._database.writing() as connection:
                profile = profile_by_id(connection, new.profile_id)
                check_id = insert_check(connection, new.profile_id, record)
                if encoded is not None:
                    insert_picture(connection, check_id, file_name, encoded)
                    self._files.write(file_name, encoded)
        except BaseException:  # no row was kept, so no file may be, whatever ended it
            if encoded is not None:
                self._files.remove([file_name])
            raise
        return check_of(record, check_id, profile, self._files.kept(file_name) if encoded else None)

    def check(self, check_id: int) -> Check:
        """Return one check with everything that was kept; :class:`CheckNotFound` if gone."""
        from app.history.check_record__check_rebuild import check_of
        from app.history.db.checks__check_reading import picture_name, read_record
        from app.history.profiles__profile_table import profile_by_id

        with self._database.reading() as connection:
            owner_id, record = read_record(connection, check_id)
            profile = profile_by_id(connection, owner_id)
            file_name = picture_name(connection, check_id)
        picture = None if file_name is None else self._files.kept(file_name)
        return check_of(record, check_id, profile, picture)

    def count(self, query: RowQuery) -> int:
        """Return how many checks a list has."""
        from app.history.db.checks__check_reading import count_rows

        with self._database.reading() as connection:
            return count_rows(connection, query)

    def rows(self, query: RowQuery, first: int, count: int) -> list[CheckRow]:
        """Return at most ``count`` checks of a list from number ``first`` (0 = top) on."""
        from app.history.db.checks__check_reading import read_rows

        with self._database.reading() as connection:
            return read_rows(connection, query, first, count)

    def trend(self, profile_id: int, method: Method) -> Trend:
        """Return one person's checks by one method, oldest first; read-only arrays."""
        return self._trends.trend(profile_id, method)

    def methods(self, profile_id: int) -> list[Method]:
        """Return by which methods a person was measured, most used first."""
        from app.history.db.checks__check_reading import read_methods

        with self._database.reading() as connection:
            return read_methods(connection, profile_id)

    def garments(self, profile_id: int) -> list[str]:
        """Return what a person wore, most worn first."""
        from app.history.db.checks__check_reading import read_garments

        with self._database.reading() as connection:
            return read_garments(connection, profile_id)

    def set_conditions(self, check_id: int, conditions: Conditions) -> None:
        """Change garment, arms and note of a check; :class:`CheckNotFound` if gone."""
        from app.history.db.checks import update_conditions

        with self._database.writing() as connection:
            update_conditions(connection, check_id, conditions)

    def delete(self, check_ids: Sequence[int]) -> None:
        """Hide checks until :meth:`purge`; numbers that are not there are passed over."""
        from app.history.db.trash import hide_checks

        with self._database.writing() as connection:
            deletion = hide_checks(connection, check_ids)
        self._remember(deletion)

    def restore(self, check_ids: Sequence[int]) -> None:
        """Bring back hidden checks; those that are gone for good are passed over."""
        from app.history.db.trash import show_checks

        with self._database.writing() as connection:
            show_checks(connection, check_ids)

    def delete_everything(self) -> None:
        """Hide all profiles with all that belongs to them until :meth:`purge`."""
        from app.history.db.trash import hide_everything

        with self._database.writing() as connection:
            deletion = hide_everything(connection)
        self._remember(deletion)
        self._everything = deletion

    def restore_everything(self) -> None:
        """Bring back what the last :meth:`delete_everything` hid, unless it is final."""
        from app.history.db.trash import show_deletion

        deletion, self._everything = self._everything, None
        if deletion is None:
            return
        with self._database.writing(alone=True) as connection:
            show_deletion(connection, deletion)
        with self._guard:
            self._deletions.discard(deletion)

    def purge(self) -> None:
        """Make this history's deletions final: rows, pictures and thumbnails go.

        After :meth:`delete_everything` the copies from before upgrades go too.
        """
        from app.history.db.open import purge_database

        with self._guard:
            deletions, self._deletions = self._deletions, set()
            everything, self._everything = self._everything, None
        if not deletions:
            return
        try:
            purge_database(self._database, self._files, deletions, backups=everything is not None)
        except BaseException:  # what was not made final can still be, by the next try
            with self._guard:
                self._deletions |= deletions
                self._everything = everything
            raise

    def portable(self, profile_id: int | None = None) -> Generator[PortableCheck]:
        """Give check after check as exports keep it, oldest first."""
        from app.history.db.checks__check_reading import read_records
        from app.history.exchange.merge__portable_reading import portable_profiles
        from app.history.exchange.model import PortableCheck

        with self._database.reading() as connection:
            owners = portable_profiles(connection)
            with closing(read_records(connection, profile_id)) as owned:
                for owner_id, record in owned:
                    yield PortableCheck(owners[owner_id], record)

    def add_portable(self, content: PortableHistory) -> Added:
        """Add what an export holds, all of it or nothing; what is known is passed over."""
        from app.history.exchange.merge import add_all

        with self._database.writing(alone=True) as connection:
            return add_all(connection, content)
