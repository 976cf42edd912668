"""What the checks of each day come to, kept beside them in the transactions that change them.

A million checks take a second to read. To count them, to paint their outline and to lay a line
through them, it is enough to know of each day what those that were taken alike have in common:
how many there are, their sums, and where they begin and end. Whoever changes checks tells here
which days that touches; they are worked out anew, from the checks themselves, before the
transaction ends. So the days can be behind at no moment, and one save renews one day.

Angles are degrees, positive = front of the pelvis lower; days begin at UTC's midnight.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa

from app.history.db.damage.sound import UNFIT, hidden_checks, unfit_checks
from app.history.db.rows import plain_rows
from app.history.db.schema import about, checks, days, profiles
from app.history.records import Conditions, DaySums, TrendOutline
from vision.result import Z_90, Method
from vision.series import change_sds_deg, within_body_sds_deg

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from app.history.records import RowQuery

#: In the options of every connection that writes.
OPTION = "beltline_stale_days"
#: Fewer checks than these, in the whole database, are read themselves: that takes no time.
MANY = 20_000
#: With more days of one person than these to be renewed, all of them are.
_DAYS_MOST = 500
DAY_US, _DAY_S = 86_400_000_000, 86_400.0
#: A day that stands for all days of a person: they were worked out anew.
_EVERY_DAY = -(2**31)
#: More checks than these are not looked at one by one to learn of which days they are.
_TOUCHED_MOST = 20_000
#: By how much sums may differ for the order in which they were added up.
_ROUNDED = 1e-9
#: So many checks are worked out at a time.
_BLOCK = 50_000
_READ = (
    *("profile_id", "method", "taken_us", "taken_offset_s", "angle_deg", "sd_reading_deg"),
    *("sd_roll_deg", "repeat_count", "repeat_spread_deg", "garment", "arms", "calibrated_us"),
)
_NUMBERS = np.dtype(
    [
        *(("profile", "i8"), ("method", "i8"), ("taken_us", "i8"), ("offset_s", "i8")),
        *(("angle", "f8"), ("reading", "f8"), ("roll", "f8"), ("repeats", "i8")),
        *(("spread", "f8"), ("said", "i8")),
    ]
)
_METHODS = tuple(Method)
_SAID = "garment", "arms", "calibrated_us"


@dataclass(slots=True)
class StaleDays:
    """Which days a transaction has touched so far.

    Attributes
    ----------
    days
        Numbers of profiles, and of days since 1970.
    people
        Profiles all of whose days are to be worked out anew.
    """

    days: set[tuple[int, int]] = field(default_factory=set)
    people: set[int] = field(default_factory=set)

    def add(self, profile_id: object, taken_us: object) -> None:
        """Note a check; what makes no sense of it, as after a fault of the disk, is in no day."""
        if not isinstance(profile_id, int):
            return
        if isinstance(taken_us, int):
            self.days.add((profile_id, taken_us // DAY_US))
        else:
            self.people.add(profile_id)


def stale_in(connection: sa.Connection) -> StaleDays:
    """Return what a connection that writes has touched."""
    found: StaleDays = connection.get_execution_options()[OPTION]
    return found


def touch(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> None:
    """Note that checks are about to come, go or change; all that meet a condition."""
    stale = stale_in(connection)
    wanted = sa.select(checks.c.profile_id, checks.c.taken_us).where(condition)
    found = connection.execute(wanted.limit(_TOUCHED_MOST + 1)).all()
    if len(found) <= _TOUCHED_MOST:
        for profile_id, taken_us in found:
            stale.add(profile_id, taken_us)
        return
    people = connection.execute(sa.select(checks.c.profile_id).where(condition).distinct())
    stale.people.update(one for one in people.scalars() if isinstance(one, int))


def renew(connection: sa.Connection) -> None:
    """Work out anew what was touched; to be called last in a transaction.

    Days that another version has worked out by another rule are not mixed with those of this
    one: nobody uses any of them until the next opening has worked out all.
    """
    stale = stale_in(connection)
    if not stale.days and not stale.people:
        return
    # Also keeps out others on a server until this is done: two that saved at once would each
    # work a day out without the other's check.
    renewal = _next_renewal(connection)
    if not are_kept(connection):
        forget(connection)
        return
    of_person: dict[int, set[int]] = {}
    for profile_id, day in stale.days:
        of_person.setdefault(profile_id, set()).add(day)
    whole = {one for one, touched in of_person.items() if len(touched) > _DAYS_MOST}
    whole |= stale.people
    # Some may be gone: all that one has goes to another who has taken the name meanwhile.
    for profile_id in _known(connection, sorted(whole | of_person.keys())):
        if profile_id in whole:
            _renew_all_of(connection, profile_id, renewal)
            continue
        for day in sorted(of_person[profile_id]):
            _renew_day(connection, profile_id, day, renewal)
    stale.days.clear()
    stale.people.clear()


def renew_all(connection: sa.Connection) -> None:
    """Work out all days of everybody."""
    renewal = _next_renewal(connection)
    connection.execute(days.delete())
    for profile_id in connection.execute(sa.select(profiles.c.id)).scalars().all():
        _renew_all_of(connection, profile_id, renewal)
    connection.execute(about.update().values(days_rule=rule()))


def forget(connection: sa.Connection) -> None:
    """Let nobody use the days until the next opening has worked them out anew."""
    connection.execute(about.update().values(days_rule=""))


def agree(connection: sa.Connection, *, is_thorough: bool = False) -> bool:
    """Tell whether the days say what the checks do, as far as both make sense.

    Nothing but a fault, or another program that writes to the file, makes them differ.

    Parameters
    ----------
    is_thorough
        Whether to add up all checks anew, which takes six seconds of a million; else they are
        only counted.
    """
    number = sa.select(sa.func.count()).select_from(checks).where(_SHOWN).scalar_subquery()
    kept = sa.select(sa.func.coalesce(sa.func.sum(days.c.number), 0)).scalar_subquery()
    is_alike = bool(connection.execute(sa.select(number == kept)).scalar())
    if is_alike and is_thorough:
        is_alike = _sums_agree(connection)
    # Checks that make no sense are in no day.
    return is_alike or connection.execute(unfit_checks(connection)).first() is not None


def _sums_agree(connection: sa.Connection) -> bool:
    second_us = sa.literal_column("CAST(1000000 AS BIGINT)", sa.BigInteger)
    local_us = checks.c.taken_us + checks.c.taken_offset_s * second_us
    names = [*("profile_id", "method", *_SAID), "day", "local_day"]
    keys: list[sa.ColumnElement[Any]] = [checks.c[name] for name in names[:-2]]
    keys += [_day_of(checks.c.taken_us, "day"), _day_of(local_us, "local_day")]
    angle, roll = checks.c.angle_deg, checks.c.sd_roll_deg
    found = {
        "number": sa.func.count(),
        "angle_deg": sa.func.sum(angle),
        "roll_deg2": sa.func.sum(roll * roll),
        "least_deg": sa.func.min(angle),
        "most_deg": sa.func.max(angle),
    }
    columns = (number.label(name) for name, number in found.items())
    wanted = sa.select(*keys, *columns).where(_SHOWN).group_by(*keys).subquery()
    same = [days.c[name].is_not_distinct_from(wanted.c[name]) for name in names]
    # They were added up in another order.
    same += [
        sa.func.abs(days.c[name] - wanted.c[name]) <= _ROUNDED * (sa.func.abs(wanted.c[name]) + 1)
        for name in found
    ]
    unlike = sa.select(sa.literal(1)).select_from(wanted).where(~sa.exists().where(*same)).limit(1)
    if connection.execute(unlike).first() is not None:
        return False
    groups = sa.select(sa.func.count()).select_from(wanted).scalar_subquery()
    kept = sa.select(sa.func.count()).select_from(days).where(days.c.number != 0).scalar_subquery()
    return bool(connection.execute(sa.select(groups == kept)).scalar())


def _day_of(at_us: sa.ColumnElement[int], name: str) -> sa.Label[int]:
    """Return the day of a time; rounded down, where databases round towards zero."""
    # In words, for PostgreSQL knows no two values that are handed over as the same.
    day_us = sa.literal_column(str(DAY_US), sa.BigInteger)
    into_us = ((at_us % day_us) + day_us) % day_us
    return sa.cast((at_us - into_us) // day_us, sa.Integer).label(name)


@cache
def rule() -> str:
    """Return what tells whether days were worked out as they are now.

    The sums hold what measuring differs by, which another version may know better.
    """
    reading_deg, roll_deg = np.array([0.5, 2.0, 9.0]), np.array([0.1, 1.0, 3.0])
    counts, spread_deg = np.array([0, 3, 5]), np.array([0.0, 0.4, 6.0])
    found = ["1"]
    for method in _METHODS:
        half_deg = Z_90 * change_sds_deg(method, reading_deg, roll_deg)
        within_deg = within_body_sds_deg(method, reading_deg, counts, spread_deg)
        found += [f"{number:.9g}" for number in (*half_deg, *within_deg)]
    return " ".join(found)


def are_kept(connection: sa.Connection) -> bool:
    """Tell whether the days of a database are worked out by the rule of this version."""
    return connection.execute(sa.select(about.c.days_rule)).scalar() == rule()


def renewals(connection: sa.Connection) -> int:
    """Return how often days were renewed: it grows whenever checks come, go or change."""
    found = connection.execute(sa.select(about.c.renewals)).scalar()
    return found if isinstance(found, int) else 0


def are_used(connection: sa.Connection) -> bool:
    """Tell whether days stand for checks: for many, all of which make sense."""
    newest = connection.execute(sa.select(sa.func.max(checks.c.id))).scalar()
    if not isinstance(newest, int) or newest <= MANY:
        return False
    return not hidden_checks(connection) and are_kept(connection)


def answer(query: RowQuery) -> bool:
    """Tell whether days know which checks a list has: notes and hours are not in them."""
    return not query.text.strip() and query.since is None and query.until is None


def count(connection: sa.Connection, query: RowQuery) -> int:
    """Return how many checks a list has that days know."""
    statement = sa.select(sa.func.coalesce(sa.func.sum(days.c.number), 0))
    return int(connection.execute(statement.where(*_wanted(query))).scalar_one())


def most_used(
    connection: sa.Connection, profile_id: int, name: str
) -> list[tuple[str | None, int]]:
    """Return what a person's checks hold in a column, and how many hold it; most used first."""
    column, number = days.c[name], sa.func.sum(days.c.number)
    statement = (
        sa.select(column, number)
        .where(days.c.profile_id == profile_id, days.c.number > 0)
        .group_by(column)
        .order_by(number.desc(), column)
    )
    return [(value, int(found)) for value, found in connection.execute(statement)]


def in_order(
    connection: sa.Connection, query: RowQuery, name: str, rises: bool
) -> list[tuple[str | None, int]]:
    """Return the same of a list that days know, in order; what nobody said is last if it rises."""
    column, number = days.c[name], sa.func.sum(days.c.number)
    order = (column.is_(None), column) if rises else (column.isnot(None), column.desc())
    statement = sa.select(column, number).where(*_wanted(query)).group_by(column)
    found = connection.execute(statement.order_by(*order))
    return [(value, int(many)) for value, many in found]


def outline(connection: sa.Connection, query: RowQuery) -> TrendOutline | None:
    """Return the outline of the checks of a list of one method, day by day; None without any.

    Of days that the list has in part all is in it.
    """
    assert query.method is not None
    wanted = _wanted(query)
    if query.since is not None:
        wanted.append(days.c.day >= int(query.since.timestamp() // _DAY_S))
    if query.until is not None:
        wanted.append(days.c.day <= int(query.until.timestamp() // _DAY_S))
    lowest = (sa.func.min(days.c[one]) for one in ("low_deg", "least_deg"))
    highest = (sa.func.max(days.c[one]) for one in ("high_deg", "most_deg"))
    statement = (
        sa.select(days.c.day, *lowest, *highest)
        .where(*wanted)
        .group_by(days.c.day)
        .order_by(days.c.day)
    )
    rows = plain_rows(connection, statement)
    found = np.fromiter(chain.from_iterable(rows), np.float64).reshape(-1, 5)
    if not len(found) or not np.isfinite(found).all():
        return None
    day, low, least, high, most = found.T
    return TrendOutline(query.method, (day + 0.5) * _DAY_S, low, high, least, most)


def sums(connection: sa.Connection, query: RowQuery) -> DaySums:
    """Return what checks of a list of one method come to that were taken alike on one day."""
    assert query.method is not None
    names = ("day", "local_day", "number", "into_day_s", "angle_deg", "within_deg2", "roll_deg2")
    statement = (
        sa.select(*(days.c[name] for name in (*names, *_SAID)))
        .where(*_wanted(query))
        .order_by(days.c.day, days.c.id)
    )
    levels = Levels()

    def numbers() -> Iterator[float]:
        for row in plain_rows(connection, statement):
            yield from row[: len(names)]
            yield from levels.of(row[len(names) :])

    found = np.fromiter(numbers(), np.float64).reshape(-1, len(names) + 2)
    if not np.isfinite(found).all():
        raise ValueError("no number")
    utc, local_day, number, into_day_s, angle, within, roll, level, has_clothes = found.T
    return DaySums(
        query.method,
        local_day.astype(np.int64),
        level.astype(np.int64),
        has_clothes.astype(np.bool_),
        number.astype(np.int64),
        utc * _DAY_S * number + into_day_s,
        angle,
        within,
        roll,
    )


class Levels:
    """Numbers what was worn, how the arms were held and by which calibration."""

    def __init__(self) -> None:
        self._levels: dict[tuple[Any, ...], int] = {}
        self._known: dict[tuple[Any, ...], tuple[int, bool]] = {}

    def of(self, said: tuple[Any, ...]) -> tuple[int, bool]:
        """Return the number, and whether somebody said what was worn.

        Parameters
        ----------
        said
            Garment, arms and calibration, as a check has them.
        """
        if said not in self._known:
            worn = Conditions(said[0]).clothes
            level = self._levels.setdefault((worn, *said[1:]), len(self._levels))
            self._known[said] = level, bool(worn)
        return self._known[said]


def touched_since(connection: sa.Connection, profile_id: int, renewal: int) -> list[int] | None:
    """Return which days were renewed after some renewal; None where all of them were."""
    statement = sa.select(days.c.day).where(
        days.c.profile_id == profile_id, days.c.renewal > renewal
    )
    found = sorted(set(connection.execute(statement).scalars()))
    return None if _EVERY_DAY in found else found


def span_us(day: int) -> tuple[int, int]:
    """Return when a day begins and when the next does, microseconds since 1970."""
    return day * DAY_US, (day + 1) * DAY_US


_SHOWN = checks.c.hidden_by.is_(None)


def _wanted(query: RowQuery) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [days.c.number > 0]
    if query.profile_id is not None:
        found.append(days.c.profile_id == query.profile_id)
    if query.method is not None:
        found.append(days.c.method == query.method.value)
    if query.garment is not None:
        found.append(days.c.garment == query.garment)
    return found


def _known(connection: sa.Connection, wanted: Sequence[int]) -> Iterator[int]:
    """Give those profiles that there are."""
    for start in range(0, len(wanted), _DAYS_MOST):
        some = wanted[start : start + _DAYS_MOST]
        found = connection.execute(sa.select(profiles.c.id).where(profiles.c.id.in_(some)))
        yield from found.scalars().all()


def _next_renewal(connection: sa.Connection) -> int:
    connection.execute(about.update().values(renewals=about.c.renewals + 1))
    return renewals(connection)


def _renew_day(connection: sa.Connection, profile_id: int, day: int, renewal: int) -> None:
    connection.execute(days.delete().where(days.c.profile_id == profile_id, days.c.day == day))
    first_us, next_us = span_us(day)
    found = _rows_of(connection, profile_id, first_us, next_us)
    rows = _summed(found.fetchall(), renewal)
    # A day without checks tells those who have read it before that it has lost them.
    connection.execute(days.insert(), rows or [_lost(profile_id, day, renewal)])


def _renew_all_of(connection: sa.Connection, profile_id: int, renewal: int) -> None:
    connection.execute(days.delete().where(days.c.profile_id == profile_id))
    connection.execute(days.insert(), [_lost(profile_id, _EVERY_DAY, renewal)])
    for block in _whole_days(_rows_of(connection, profile_id)):
        rows = _summed(block, renewal)
        if rows:
            connection.execute(days.insert(), rows)


def _rows_of(
    connection: sa.Connection,
    profile_id: int,
    first_us: int | None = None,
    next_us: int | None = None,
) -> sa.CursorResult[Any]:
    wanted = [_SHOWN, checks.c.profile_id == profile_id]
    if first_us is not None and next_us is not None:
        wanted += [checks.c.taken_us >= first_us, checks.c.taken_us < next_us]
    columns = [checks.c[name] for name in _READ]
    return connection.execute(sa.select(*columns).where(*wanted).order_by(checks.c.taken_us))


def _lost(profile_id: int, day: int, renewal: int) -> dict[str, Any]:
    nothing = dict.fromkeys(("into_day_s", "angle_deg", "within_deg2", "roll_deg2"), 0.0)
    nothing |= dict.fromkeys(("low_deg", "high_deg", "least_deg", "most_deg"), 0.0)
    whose = {"profile_id": profile_id, "day": day, "local_day": day, "renewal": renewal}
    said = {"method": "", "garment": "", "arms": None, "calibrated_us": None, "number": 0}
    return {**whose, **said, **nothing}


def _whole_days(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    """Give rows in blocks that end with a day; those whose time makes no sense are left out."""
    block: list[Sequence[Any]] = []
    timed = (row for row in rows if isinstance(row[2], int))
    for _, some in groupby(timed, key=lambda row: row[2] // DAY_US):
        block += some
        if len(block) >= _BLOCK:
            yield block
            block = []
    if block:
        yield block


def _summed(rows: Collection[Sequence[Any]], renewal: int) -> list[dict[str, Any]]:
    """Return what rows come to; those that make no sense are in none, as in no list."""
    said: dict[tuple[Any, ...], int] = {}
    try:
        found = _numbered(rows, said)
    except UNFIT:
        said.clear()
        found = _numbered([row for row in rows if _is_fit(row)], said)
    if not len(found):
        return []
    day = found["taken_us"] // DAY_US
    local_day = (found["taken_us"] + found["offset_s"] * 1_000_000) // DAY_US
    keys = found["said"], local_day, day, found["method"], found["profile"]
    order = np.lexsort(keys)
    found, day, local_day = found[order], day[order], local_day[order]
    is_new = np.zeros(len(found), np.bool_)
    is_new[0] = True
    for key in keys:
        sorted_key = key[order]
        is_new[1:] |= sorted_key[1:] != sorted_key[:-1]
    starts = np.flatnonzero(is_new)
    within_deg2, half_deg = _spreads(found)
    angle = found["angle"]
    columns: dict[str, list[Any]] = {
        "profile_id": found["profile"][starts].tolist(),
        "day": day[starts].tolist(),
        "local_day": local_day[starts].tolist(),
        "number": np.diff(starts, append=len(found)).tolist(),
        "into_day_s": np.add.reduceat((found["taken_us"] - day * DAY_US) / 1e6, starts).tolist(),
        "angle_deg": np.add.reduceat(angle, starts).tolist(),
        "within_deg2": np.add.reduceat(within_deg2, starts).tolist(),
        "roll_deg2": np.add.reduceat(found["roll"] ** 2, starts).tolist(),
        "low_deg": np.minimum.reduceat(angle - half_deg, starts).tolist(),
        "high_deg": np.maximum.reduceat(angle + half_deg, starts).tolist(),
        "least_deg": np.minimum.reduceat(angle, starts).tolist(),
        "most_deg": np.maximum.reduceat(angle, starts).tolist(),
        "method": [_METHODS[one].value for one in found["method"][starts].tolist()],
    }
    known = list(said)
    worn = [known[one] for one in found["said"][starts].tolist()]
    for name, values in zip(_SAID, zip(*worn, strict=True), strict=True):
        columns[name] = list(values)
    columns["renewal"] = [renewal] * len(starts)
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]


def _numbered(rows: Iterable[Sequence[Any]], said: dict[tuple[Any, ...], int]) -> NDArray[Any]:
    """Return rows as numbers; one of ``UNFIT`` is raised where one makes no sense.

    Parameters
    ----------
    said
        Gets the number of each garment with arms and calibration.
    """
    places = {method.value: number for number, method in enumerate(_METHODS)}

    def numbers() -> Iterator[tuple[Any, ...]]:
        for profile, method, *middle, spread, garment, arms, calibrated_us in rows:
            if not isinstance(garment, str):
                raise TypeError("no text")
            place = said.setdefault((garment, arms, calibrated_us), len(said))
            yield profile, places[method], *middle, spread or 0.0, place

    found = np.fromiter(numbers(), _NUMBERS)
    if not all(np.isfinite(found[name]).all() for name in ("angle", "reading", "roll", "spread")):
        raise ValueError("no number")
    return found


def _is_fit(row: Sequence[Any]) -> bool:
    try:
        return len(_numbered([row], {})) == 1
    except UNFIT:
        return False


def _spreads(found: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return of each check the square of what measuring one body differs by, and half its bar."""
    within_deg2, half_deg = np.empty(len(found)), np.empty(len(found))
    for place in np.unique(found["method"]).tolist():
        mine = found["method"] == place
        method, some = _METHODS[place], found[mine]
        within = within_body_sds_deg(method, some["reading"], some["repeats"], some["spread"])
        within_deg2[mine] = within**2
        half_deg[mine] = Z_90 * change_sds_deg(method, some["reading"], some["roll"])
    return within_deg2, half_deg
