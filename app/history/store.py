"""The history: profiles, their checks with the pictures, their squeeze tests and diary.

Loads SQLAlchemy; whoever starts quickly imports it when a history is opened.
"""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeVar

from app.history.check_record import check_of, record_of
from app.history.clients import Client
from app.history.db import checks, lists, profiles, rows, schema, trash
from app.history.db.damage.copies import remove_copies
from app.history.db.merge import add_all, owners_of
from app.history.db.open import open_database, picture_files, purge_database
from app.history.db.trends import Trends, read_angles
from app.history.diary_record import (
    DiaryRecord,
    SqueezeRecord,
    entry_of,
    record_of_entry,
    record_of_squeeze,
    squeeze_of,
)
from app.history.errors import (
    CorruptHistory,
    DeletionNotFound,
    HistoryError,
    ProfileNameError,
    ProfileNotFound,
    UnreadableRows,
)
from app.history.exchange.model import Portable
from app.history.place import (
    EncodedPicture,
    Place,
    encode_picture,
    exists,
    plan_picture_file,
    size_of_jpeg,
    usual_place,
)
from app.history.values import moment_of, tidy_name
from vision.messages import tr
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Sequence
    from datetime import datetime

    from app.history.check_record import CheckRecord
    from app.history.db.engine import Database
    from app.history.diary import Content, Entry, EntryKind
    from app.history.errors import HistoryError
    from app.history.exchange.model import Added, PortableHistory
    from app.history.records import (
        Check,
        CheckRow,
        Conditions,
        DatedAngles,
        DaySums,
        Deletion,
        KeptPicture,
        NewCheck,
        NewSqueeze,
        Profile,
        RowQuery,
        Squeeze,
        SqueezeAnswers,
        Trend,
        TrendOutline,
    )

_Noted = TypeVar("_Noted", SqueezeRecord, DiaryRecord)
#: What belongs to a profile and can be deleted by its numbers.
OwnedName = Literal["checks", "squeezes", "diary"]


class History:
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
        self.place = database.place
        self._database = database
        self._files = picture_files(database)
        self._searches = lists.Searches()
        self._trends = Trends(database, self._searches)

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
        return cls(open_database(place or usual_place()))

    def take_told(self) -> list[HistoryError]:
        """Return once what a person should hear of how the history was found; usually nothing."""
        told, self._database.told = self._database.told, []
        return told

    def close(self) -> None:
        """Let go of the database; a copy that is being made is waited for."""
        self._database.close()

    def __enter__(self) -> History:
        """Return itself."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Close it."""
        self.close()

    def changes(self) -> int:
        """Return a number that grows whenever something has come or gone, through any program."""
        with self._database.reading() as connection:
            return rows.count_of_changes(connection)

    # Damage.

    def harm(self) -> HistoryError | None:
        """Return what a person should hear of damage that was met so far, or None."""
        if self._database.is_damaged:
            return CorruptHistory(self.place.database)
        found = self._database.unreadable.all()
        return UnreadableRows(found) if found else None

    def keep_daily_copy(self) -> None:
        """Make today's copy if there is none and something has changed; of a million, a minute.

        The first thing that is written on a day does the same, but waits for that of a small
        file alone. :class:`CorruptHistory` where the copy shows that the file is damaged.
        """
        if not self._database.is_server:
            self._database.begin_day(and_wait=True)

    def give_up_copy(self) -> None:
        """Do not wait for today's copy if it is being made; the next opening makes it."""
        self._database.give_up_copy()

    def try_out(self) -> int:
        """Read everything and begin to write; return how many checks there are.

        Nothing that was kept is changed. :class:`HistoryError` tells the first thing that is wrong.
        """
        self._database.look_thoroughly()
        self._database.mend_days()
        with closing(self.portable()) as records:
            count = sum(1 for _ in records)
        self.portable_squeezes()
        self.portable_entries()
        self._database.try_writing()
        harm = self.harm()
        if harm is not None:
            raise harm
        return count

    # Profiles.

    def profiles(self) -> list[Profile]:
        """Return all profiles, in the order in which they were made."""
        with self._database.reading() as connection:
            return profiles.read_profiles(connection)

    def default_profile(self) -> Profile:
        """Return the first profile; it is made if there is none, see :func:`first_name`."""
        known = self.profiles()
        if known:
            return known[0]
        try:
            return self.add_profile(first_name())
        except ProfileNameError:  # another program was quicker
            return self.profiles()[0]

    def find_profile(self, name: str) -> Profile:
        """Return the profile of this name, or the only one that differs by case alone.

        Raises
        ------
        ProfileNotFound
            The text names the profiles that there are.
        """
        known = self.profiles()
        wanted = tidy_name(name)
        same = [profile for profile in known if profile.name == wanted]
        if not same:
            same = [one for one in known if one.name.casefold() == wanted.casefold()]
        if len(same) != 1:
            raise ProfileNotFound(wanted, [profile.name for profile in known])
        return same[0]

    def find_or_add_profile(self, name: str | None) -> Profile:
        """Return the profile of this name, a new one where there is none; None: the first one.

        Raises
        ------
        ProfileNameError
            If no profile can have this name.
        """
        if name is None:
            return self.default_profile()
        try:
            return self.find_profile(name)
        except ProfileNotFound:
            return self.add_profile(name)

    def add_profile(self, name: str) -> Profile:
        """Add a profile; :class:`ProfileNameError` if its name is empty, too long or taken."""
        with self._database.writing(alone=True) as connection:
            return profiles.insert_profile(connection, name)

    def change_profile(self, wanted: Profile) -> Profile:
        """Give the profile of this number what the one given has, but for its times.

        Raises
        ------
        ProfileNameError
            As :meth:`add_profile`.
        ProfileDetailError
            For an ID or a year of birth that nobody can have.
        """
        with self._database.writing(alone=True) as connection:
            return profiles.change(connection, wanted)

    def clients(self) -> list[Client]:
        """Return all profiles with when they were last measured, in the order of their making."""
        with self._database.reading() as connection:
            known = profiles.read_profiles(connection)
            seen = profiles.last_seen_us(connection)
        return [
            Client(one, moment_of(seen[one.id], 0).astimezone() if one.id in seen else None)
            for one in known
        ]

    def delete_profile(self, profile_id: int) -> str:
        """Put a profile with all that was kept of it into the bin; see :meth:`delete`."""
        with self._database.writing() as connection:
            return trash.hide_profiles(connection, profile_id)

    # Checks.

    def save(self, new: NewCheck, encoded: EncodedPicture | None = None) -> Check:
        """Keep a check; when this returns it is on the disk, whatever happens next.

        Parameters
        ----------
        encoded
            The copies of its picture, where somebody has made them already.
        """
        record = record_of(new)
        if encoded is None and new.rgb is not None:
            encoded = encode_picture(new.rgb)
        file_name = f"{record.uuid}.jpg"
        try:
            with self._database.writing() as connection:
                profile = profiles.profile_by_id(connection, new.profile_id)
                (check_id,) = checks.insert_checks(connection, [(profile.id, record)])
                if encoded is not None:
                    checks.insert_picture(connection, check_id, file_name, encoded)
                    self._files.write(file_name, encoded)
        except BaseException:  # no row was kept, so no file may be, whatever ended it
            if encoded is not None:
                self._files.remove([file_name])
            raise
        return check_of(record, check_id, profile, self._files.kept(file_name) if encoded else None)

    def check(self, check_id: int) -> Check:
        """Return one check with everything that was kept; :class:`CheckNotFound` if gone."""
        with self._database.reading() as connection:
            owner_id, record = checks.read_record(connection, check_id)
            profile = profiles.profile_by_id(connection, owner_id)
            file_name = checks.picture_name(connection, check_id)
        picture = None if file_name is None else self._files.kept(file_name)
        return check_of(record, check_id, profile, picture)

    def count(self, query: RowQuery) -> int:
        """Return how many checks a list has."""
        with self._database.reading() as connection:
            return lists.count_rows(connection, query, self._searches)

    def rows(self, query: RowQuery, first: int, count: int) -> list[CheckRow]:
        """Return at most ``count`` checks of a list from number ``first`` (0 = top) on."""
        with self._database.reading() as connection:
            return lists.read_rows(connection, query, first, count, self._searches)

    def trend(self, query: RowQuery) -> Trend:
        """Return the checks of a list of one method, oldest first; read-only arrays."""
        return self._trends.trend(query)

    def outline(self, query: RowQuery) -> TrendOutline | None:
        """Return the trend's outline where it takes long to read; None where it takes no time."""
        return self._trends.outline(query)

    def day_sums(self, query: RowQuery) -> DaySums | None:
        """Return what each day's checks come to, of very many; None where they are to be read."""
        return self._trends.sums(query)

    def angles(self, query: RowQuery) -> DatedAngles:
        """Return the same with what their comparison needs, oldest first."""
        with self._database.reading() as connection:
            return read_angles(connection, query, self._searches)

    def methods(self, profile_id: int) -> list[Method]:
        """Return by which methods a person was measured, most used first."""
        with self._database.reading() as connection:
            names = lists.most_used(connection, profile_id, "method")
        # One of which nobody has heard is a fault of the disk, and told of by the lists.
        return [Method(name) for name in names if name in set(Method)]

    def garments(self, profile_id: int) -> list[str]:
        """Return what a person wore, most worn first."""
        with self._database.reading() as connection:
            return lists.most_used(connection, profile_id, "garment")

    def set_conditions(self, check_id: int, conditions: Conditions) -> None:
        """Change garment, arms and note of a check; :class:`CheckNotFound` if gone."""
        with self._database.writing() as connection:
            checks.update_conditions(connection, check_id, conditions)

    def set_taken_at(self, check_id: int, taken_at: datetime) -> None:
        """Change when a check was taken (aware); :class:`CheckNotFound` if it is gone."""
        with self._database.writing() as connection:
            checks.update_taken_at(connection, check_id, taken_at)

    # Squeeze tests.

    def save_squeeze(self, new: NewSqueeze) -> Squeeze:
        """Keep a squeeze test; when this returns it is on the disk."""
        record = record_of_squeeze(new)
        with self._database.writing() as connection:
            profiles.profile_by_id(connection, new.profile_id)
            squeeze_id = rows.insert(connection, schema.squeezes, new.profile_id, record)
        return squeeze_of(record, squeeze_id, new.profile_id)

    def squeezes(self, profile_id: int) -> list[Squeeze]:
        """Return a person's squeeze tests, oldest first."""
        with self._database.reading() as connection:
            found = rows.read_all(connection, schema.squeezes, SqueezeRecord, profile_id)
        return [squeeze_of(record, squeeze_id, owner_id) for squeeze_id, owner_id, record in found]

    def set_squeeze_answers(self, squeeze_id: int, answers: SqueezeAnswers) -> None:
        """Change what a person said; :class:`SqueezeNotFound` if the test is gone."""
        with self._database.writing() as connection:
            rows.update_answers(connection, squeeze_id, answers)

    # The diary.

    def note(self, profile_id: int, at: datetime, content: Content) -> Entry:
        """Keep an entry; when this returns it is on the disk.

        Parameters
        ----------
        at
            When it happened, with its offset from UTC.
        """
        return self.note_all(profile_id, [(at, content)])[0]

    def note_all(
        self,
        profile_id: int,
        noted: Sequence[tuple[datetime, Content]],
        pictures: Collection[EncodedPicture] = (),
    ) -> list[Entry]:
        """Keep several entries, all of them or none; see :meth:`note`.

        Parameters
        ----------
        pictures
            Those in lists of exercises that may not be there yet.
        """
        records = [record_of_entry(at, content) for at, content in noted]
        diary = schema.diary
        new: list[str] = []
        try:
            with self._database.writing() as connection:
                profiles.profile_by_id(connection, profile_id)
                ids = [rows.insert(connection, diary, profile_id, record) for record in records]
                for encoded in pictures:
                    name = plan_picture_file(encoded.sha256)
                    new += [] if exists(self._files.kept(name)) else [name]
                    self._files.write(name, encoded)
        except BaseException:  # no list was kept, so no picture that only it has may be
            self._files.remove(new)
            raise
        pairs = zip(records, ids, strict=True)
        return [entry_of(record, entry_id, profile_id) for record, entry_id in pairs]

    def entries(
        self, profile_id: int, *kinds: EntryKind, since: datetime | None = None
    ) -> list[Entry]:
        """Return a person's entries of these kinds (of all, for none given), oldest first."""
        with self._database.reading() as connection:
            return rows.read_entries(connection, profile_id, kinds, since)

    def plan_picture(self, sha256: str) -> KeptPicture:
        """Return where a picture in a list of exercises lies, or lay."""
        return self._files.kept(plan_picture_file(sha256))

    def plan_pictures(self) -> list[str]:
        """Return which pictures there are in lists of exercises that are not deleted."""
        with self._database.reading() as connection:
            return sorted(rows.plan_pictures(connection, schema.diary.c.hidden_by.is_(None)))

    def add_plan_picture(self, encoded: EncodedPicture) -> bool:
        """Give lists of exercises a picture that is missing; tell whether it was missed."""
        with self._database.writing() as connection:
            is_missed = encoded.sha256 in rows.plan_pictures(connection)
            if not is_missed or exists(self.plan_picture(encoded.sha256)):
                return False
            self._files.write(plan_picture_file(encoded.sha256), encoded)
        return True

    # Deletions.

    def delete(
        self, ids: Sequence[int], of: OwnedName = "checks", *, with_checks: Sequence[int] = ()
    ) -> str:
        """Put checks, or what else is meant, into the bin, out of sight.

        Numbers that are not there are passed over.

        Parameters
        ----------
        with_checks
            Checks that go, and come back, together with something else.

        Returns
        -------
        str
            The deletion's name, for :meth:`restore` and :meth:`purge`.
        """
        tables = schema.metadata.tables
        wanted = {tables["checks"]: with_checks} | {tables[of]: ids}
        with self._database.writing() as connection:
            return trash.hide(connection, wanted)

    def delete_for_good(self, ids: Sequence[int]) -> None:
        """Delete checks with their pictures at once, all in one step; see :meth:`purge`."""
        wanted = {schema.checks: ids}
        self._database.give_up_copy()
        hide = partial(trash.hide, wanted=wanted)
        purge_database(self._database, self._files, (), hide)
        if not self._database.is_server:
            remove_copies(self.place, and_set_aside=False)

    def delete_everything(self) -> str:
        """Put all profiles with all that belongs to them into the bin; see :meth:`delete`."""
        with self._database.writing() as connection:
            return trash.hide_profiles(connection)

    def deletions(self) -> list[Deletion]:
        """Return what lies in the bin, newest first; it goes after :data:`BIN_DAYS`."""
        with self._database.reading() as connection:
            return trash.deletions(connection)

    def find_deletion(self, name: str) -> Deletion:
        """Return what lies in the bin by a name, or by how its name begins.

        Raises
        ------
        DeletionNotFound
            If nothing goes by that name, or several things do.
        """
        found = [one for one in self.deletions() if name and one.name.startswith(name.lower())]
        if len(found) != 1:
            raise DeletionNotFound(name)
        return found[0]

    def restore(self, deletion: str) -> None:
        """Bring back all that a deletion took away; what is gone for good is passed over.

        Where another profile has taken a deleted one's name meanwhile, all of it goes to that
        one. What belongs to a profile that was deleted later brings the profile back, too.
        """
        with self._database.writing(alone=True) as connection:
            trash.show_deletion(connection, deletion)

    def purge(self, *deletions: str) -> None:
        """Make these deletions final, or all for none given: rows, pictures and thumbnails go.

        The copies of earlier days go with them, and with all of them those from before
        upgrades, too.
        """
        self._database.give_up_copy()  # which would hold what is to be gone
        purge_database(self._database, self._files, deletions or None)
        if not self._database.is_server:
            remove_copies(self.place, and_set_aside=not deletions)

    # Exports.

    def portable(self, profile_id: int | None = None) -> Generator[Portable[CheckRecord]]:
        """Give check after check as exports keep it, oldest first."""
        with self._database.reading() as connection:
            owners = owners_of(connection)
            with closing(checks.read_records(connection, profile_id)) as owned:
                for owner_id, record in owned:
                    if owner_id in owners:
                        yield Portable(owners[owner_id], record)

    def portable_squeezes(self, profile_id: int | None = None) -> list[Portable[SqueezeRecord]]:
        """Return squeeze tests as exports keep them, oldest first."""
        return self._portable(schema.squeezes, SqueezeRecord, profile_id)

    def portable_entries(self, profile_id: int | None = None) -> list[Portable[DiaryRecord]]:
        """Return the diary as exports keep it, oldest first."""
        return self._portable(schema.diary, DiaryRecord, profile_id)

    def add_portable(self, content: PortableHistory) -> Added:
        """Add what an export holds, all of it or nothing; what is known is passed over."""
        with self._database.writing(alone=True) as connection:
            return add_all(connection, content)

    def kept_pictures(self) -> list[tuple[int, str, KeptPicture]]:
        """Return number and identity of checks with a picture, and where that lies, or lay."""
        with self._database.reading() as connection:
            found = checks.pictures_by_check(connection)
        return [(check_id, uuid, self._files.kept(name)) for check_id, uuid, name in found]

    def add_picture(self, uuid: str, picture: bytes, thumbnail: bytes) -> bool:
        """Give a check that has none its picture; tell whether there was such a check.

        Parameters
        ----------
        uuid
            The check's identity.
        picture, thumbnail
            JPEG files as :meth:`save` keeps them.
        """
        name = f"{uuid}.jpg"
        encoded = EncodedPicture(picture, thumbnail, *size_of_jpeg(picture))
        with self._database.writing() as connection:
            check_id = checks.id_without_picture(connection, uuid)
            if check_id is None:
                return False
            checks.insert_picture(connection, check_id, name, encoded)
            self._files.write(name, encoded)
        return True

    def _portable(
        self, table: schema.OwnedTable, kind: type[_Noted], profile_id: int | None
    ) -> list[Portable[_Noted]]:
        with self._database.reading() as connection:
            owners = owners_of(connection)
            found = rows.read_all(connection, table, kind, profile_id)
        for row_id in [row_id for row_id, owner_id, _ in found if owner_id not in owners]:
            self._database.unreadable.add(rows.KINDS[table.name], row_id)
        return [Portable(owners[owner], record) for _, owner, record in found if owner in owners]


def first_name() -> str:
    """Return what the first person is called until somebody says otherwise."""
    return tr("Me")
