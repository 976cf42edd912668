"""The repeats of which a check is the median."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from statistics import stdev
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.history.db.schema import repeats as repeats_table
from app.history.records import RowQuery
from tests.app.history.made_up import measured, new_check, repeats
from vision.result import Method

if TYPE_CHECKING:
    from app.history.records import Profile
    from app.history.store import History

ANGLES_DEG = (11.5, 12.25, 13.1, 12.3, 12.0)


def kept(history: History) -> int:
    with history._database.reading() as connection:
        statement = sa.select(sa.func.count()).select_from(repeats_table)
        found: int = connection.execute(statement).scalar_one()
        return found


def test_a_check_comes_back_with_its_repeats_in_their_order(history: History, me: Profile) -> None:
    taken = repeats(*ANGLES_DEG)
    saved = history.save(new_check(me.id, repeats=taken))
    again = history.check(saved.row.id)
    assert saved.repeats == again.repeats == taken
    assert [repeat.taken_at.utcoffset() for repeat in again.repeats] == [
        repeat.taken_at.utcoffset() for repeat in taken
    ]
    assert again.row == saved.row
    assert again.row.repeat_count == 5
    assert again.row.repeat_spread_deg == stdev(ANGLES_DEG)


def test_lists_say_how_many_repeats_there_are(history: History, me: Profile) -> None:
    for day, angles_deg in enumerate(((), (12.0,), ANGLES_DEG)):
        history.save(new_check(me.id, day=day, repeats=repeats(*angles_deg)))
    rows = history.rows(RowQuery(me.id), 0, 9)
    assert [row.repeat_count for row in rows] == [5, 1, 0]
    assert [row.repeat_spread_deg for row in rows] == [stdev(ANGLES_DEG), None, None]


def test_a_single_picture_has_none(history: History, me: Profile) -> None:
    saved = history.save(new_check(me.id))
    assert history.check(saved.row.id).repeats == ()
    assert kept(history) == 0


def test_repeats_go_with_their_check(history: History, me: Profile) -> None:
    for day in range(2):
        history.save(new_check(me.id, day=day, repeats=repeats(*ANGLES_DEG)))
    assert kept(history) == 10
    deletion = history.delete([1])
    assert kept(history) == 10
    history.restore(deletion)
    assert history.check(1).repeats == repeats(*ANGLES_DEG)
    history.delete([1])
    history.purge()
    assert kept(history) == 5
    history.delete_profile(me.id)
    history.purge()
    assert kept(history) == 0


def test_methods_are_never_mixed_within_a_check(history: History, me: Profile) -> None:
    new = new_check(me.id, measured(), repeats=repeats(*ANGLES_DEG, method=Method.BELT))
    with pytest.raises(ValueError, match="another method"):
        history.save(new)
    assert history.count(RowQuery(None)) == 0


@pytest.mark.parametrize("wrong", ["time", "angle", "spread"])
def test_a_repeat_that_cannot_be_kept_keeps_nothing(
    history: History, me: Profile, wrong: str
) -> None:
    (fine,) = repeats(12.0)
    odd = {
        "time": replace(fine, taken_at=datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)),
        "angle": replace(fine, tilt=replace(fine.tilt, angle_deg=float("nan"))),
        "spread": replace(fine, spread_deg=float("inf")),
    }[wrong]
    with pytest.raises(ValueError, match=r"offset|JSON|finite"):
        history.save(new_check(me.id, repeats=(fine, odd)))
    assert history.count(RowQuery(None)) == 0
    assert kept(history) == 0
