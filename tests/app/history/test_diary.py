"""The diary: kept, read, deleted with a way back, exported and imported."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.history.db.schema import diary
from app.history.diary import (
    KINDS,
    Break,
    BreakKind,
    Content,
    CountedBy,
    EntryKind,
    ExerciseSet,
    Pain,
    Plan,
    PlannedExercise,
    RangeKept,
    RangeSource,
    Screening,
    ScreeningOutcome,
    SelfCheck,
)
from app.history.diary_record import content_of, record_of_entry
from app.history.errors import ImportRefused, ProfileNotFound
from app.history.exchange.files import export_file, import_file
from app.history.records import Ability, SqueezeAnswers
from tests.app.history.made_up import WHEN, new_check
from tests.made_up_results import range_result

if TYPE_CHECKING:
    from pathlib import Path

    from app.history.records import Profile
    from app.history.store import History

SOME: tuple[Content, ...] = (
    Screening(ScreeningOutcome.ASK_FIRST, ("pregnancy", "recent_surgery"), has_asked=True),
    Pain("glute_bridge", "Im Kreuz, links 🙂"),
    SelfCheck(SqueezeAnswers(Ability.YES, Ability.PARTLY, None)),
    ExerciseSet(
        "leg_lift", 9, 2.5, "left", "blue band", CountedBy.CAMERA, {"too_high": 2, "too_fast": 1}
    ),
    Break(BreakKind.AWAY, 4.5),
    Plan((PlannedExercise("glute_bridge"), PlannedExercise(name="Bird dog", each_side=True))),
    Plan(),
    RangeKept(range_result(), RangeSource.PHOTOGRAPHS, "nach dem Laufen"),
)


def ids(history: History, profile: Profile) -> list[int]:
    return [entry.id for entry in history.entries(profile.id)]


def kept(history: History) -> int:
    with history._database.reading() as connection:
        statement = sa.select(sa.func.count()).select_from(diary)
        found: int = connection.execute(statement).scalar_one()
        return found


@pytest.mark.parametrize("content", SOME, ids=lambda content: type(content).__name__)
def test_an_entry_comes_back_as_it_was(history: History, me: Profile, content: Content) -> None:
    saved = history.note(me.id, WHEN, content)
    assert (saved.content, saved.at, saved.profile_id) == (content, WHEN, me.id)
    assert history.entries(me.id) == [saved]
    assert history.entries(me.id)[0].at.utcoffset() == timedelta(hours=2)
    assert saved.kind is KINDS[type(content)]
    assert history.entries(me.id, saved.kind) == [saved]


def test_entries_are_told_apart_by_person_kind_and_time(history: History, me: Profile) -> None:
    anna = history.add_profile("Anna")
    for hours in (5, 1, 3):
        history.note(me.id, WHEN + timedelta(hours=hours), Break(BreakKind.TAKEN, hours))
    history.note(me.id, WHEN, SOME[2])
    history.note(anna.id, WHEN, SOME[3])
    breaks = history.entries(me.id, EntryKind.BREAK)
    assert [entry.content for entry in breaks] == [Break(BreakKind.TAKEN, h) for h in (1, 3, 5)]
    late = history.entries(me.id, EntryKind.BREAK, since=WHEN + timedelta(hours=3))
    assert [entry.id for entry in late] == [3, 1]
    assert len(history.entries(me.id, EntryKind.BREAK, EntryKind.SELF_CHECK)) == 4
    assert breaks[-1].content == Break(BreakKind.TAKEN, 5)
    assert history.entries(anna.id, EntryKind.BREAK) == []


def test_the_same_moment_keeps_its_order_across_offsets(history: History, me: Profile) -> None:
    summer = datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=2)))
    winter = datetime(2026, 10, 25, 2, 10, tzinfo=timezone(timedelta(hours=1)))
    history.note(me.id, winter, Break(BreakKind.TAKEN, 2))
    history.note(me.id, summer, Break(BreakKind.TAKEN, 1))
    assert [entry.at for entry in history.entries(me.id)] == [summer, winter]


def test_several_are_kept_or_none(history: History, me: Profile) -> None:
    noted = [(WHEN, SOME[0]), (WHEN, SOME[4])]
    assert [entry.content for entry in history.note_all(me.id, noted)] == [SOME[0], SOME[4]]
    with pytest.raises(ValueError, match="below 0"):
        history.note_all(me.id, [(WHEN, SOME[1]), (WHEN, Break(BreakKind.TAKEN, -1))])
    assert kept(history) == 2


@pytest.mark.parametrize(
    "content",
    [
        Break(BreakKind.TAKEN, float("nan")),
        ExerciseSet("glute_bridge", -1),
        ExerciseSet("glute_bridge", 3, faults={"too_fast": -2}),
        Plan((PlannedExercise(sets=-1),)),
    ],
)
def test_what_makes_no_sense_is_refused(history: History, me: Profile, content: Content) -> None:
    with pytest.raises(ValueError, match=r"below 0|JSON"):
        history.note(me.id, WHEN, content)
    with pytest.raises(ValueError, match="offset"):
        history.note(me.id, datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None), SOME[4])
    assert kept(history) == 0


def test_nobody_has_no_diary(history: History) -> None:
    with pytest.raises(ProfileNotFound):
        history.note(7, WHEN, SOME[1])
    assert history.entries(7) == []


def test_deleting_hides_undo_shows_and_the_purge_is_final(history: History, me: Profile) -> None:
    for hours in range(3):
        history.note(me.id, WHEN + timedelta(hours=hours), SOME[4])
    first, last = history.delete([1, 99], "diary"), history.delete([3], "diary")
    assert ids(history, me) == [2]
    history.restore(last)
    assert ids(history, me) == [2, 3]
    history.purge(first)
    history.restore(first)
    assert ids(history, me) == [2, 3]
    assert kept(history) == 2


def test_a_profile_takes_its_diary_along_and_brings_it_back(history: History) -> None:
    anna = history.add_profile("Anna")
    history.note(anna.id, WHEN, SOME[0])
    deletion = history.delete_profile(anna.id)
    assert ids(history, anna) == []
    second = history.add_profile("Anna")
    history.restore(deletion)
    assert second in history.profiles()
    assert ids(history, second) == [1]
    history.delete_profile(second.id)
    history.purge()
    assert kept(history) == 0


def test_deleting_everything_and_taking_it_back(history: History, me: Profile) -> None:
    history.note(me.id, WHEN, SOME[5])
    deletion = history.delete_everything()
    assert ids(history, me) == []
    history.restore(deletion)
    assert ids(history, me) == [1]
    history.delete_everything()
    history.purge()
    assert kept(history) == 0


def test_an_export_brings_all_of_it_to_another_history(
    history: History, me: Profile, tmp_path: Path
) -> None:
    history.save(new_check(me.id))
    for content in SOME:
        history.note(me.id, WHEN, content)
    anna = history.add_profile("Anna")
    history.note(anna.id, WHEN, SOME[1])
    file = tmp_path / "all.json"
    assert export_file(history, file) == 1
    again = import_file(history, file)
    assert (again.entries, again.checks, again.duplicates) == (0, 0, 1)
    history.delete_everything()
    history.purge()
    added = import_file(history, file)
    assert (added.entries, added.profiles) == (len(SOME) + 1, 2)
    me_again, anna_again = history.profiles()
    assert [entry.content for entry in history.entries(me_again.id)] == list(SOME)
    assert [entry.content for entry in history.entries(anna_again.id)] == [SOME[1]]


def test_one_persons_export_leaves_the_others_out(
    history: History, me: Profile, tmp_path: Path
) -> None:
    anna = history.add_profile("Anna")
    history.note(me.id, WHEN, SOME[1])
    history.note(anna.id, WHEN, SOME[2])
    export_file(history, tmp_path / "anna.json", anna.id)
    document = json.loads((tmp_path / "anna.json").read_text("utf-8"))
    assert [(one["profile"], one["kind"]) for one in document["diary"]] == [("Anna", "self_check")]


def test_an_export_without_a_diary_is_damaged(history: History, tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    export_file(history, file)
    document = json.loads(file.read_text("utf-8"))
    del document["diary"]
    file.write_text(json.dumps(document), "utf-8")
    with pytest.raises(ImportRefused, match="diary: no list"):
        import_file(history, file)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "sermon"),
        ("content", {"how": "asleep", "minutes": 3}),
        ("content", {"how": "taken", "minutes": -3}),
        ("content", ["taken"]),
        ("taken_at", "yesterday"),
        ("uuid", "1"),
        ("profile", "Nobody"),
    ],
)
def test_a_damaged_entry_is_refused_and_named(
    history: History, me: Profile, tmp_path: Path, field: str, value: object
) -> None:
    history.note(me.id, WHEN, SOME[1])
    history.note(me.id, WHEN, SOME[4])
    file = tmp_path / "all.json"
    export_file(history, file)
    document = json.loads(file.read_text("utf-8"))
    document["diary"][1][field] = value
    file.write_text(json.dumps(document), "utf-8")
    with pytest.raises(ImportRefused, match="entry of the diary 2"):
        import_file(history, file)
    assert kept(history) == 2


def test_a_newer_versions_field_is_passed_over() -> None:
    text = '{"how": "taken", "minutes": 3, "weather": "rain"}'
    assert content_of("break", text) == Break(BreakKind.TAKEN, 3)
    assert content_of("exercise", '{"exercise": "leg_lift", "repetitions": 4}') == ExerciseSet(
        "leg_lift", 4
    )


def test_what_is_passed_over_can_be_kept(history: History, me: Profile, tmp_path: Path) -> None:
    history.note(me.id, WHEN, SOME[4])
    file = tmp_path / "all.json"
    export_file(history, file)
    document = json.loads(file.read_text("utf-8"))
    document["diary"][0]["content"]["weather"] = "\ud800 rain\0"
    file.write_text(json.dumps(document), "utf-8")
    history.delete_everything()
    history.purge()
    assert import_file(history, file).entries == 1
    (entry,) = history.entries(history.default_profile().id)
    assert entry.content == SOME[4]


_names = st.text(max_size=20)
_sizes = st.floats(0, 1e6)
_planned = st.builds(
    PlannedExercise,
    exercise=_names,
    name=_names,
    sets=st.integers(0, 99),
    repetitions=st.integers(0, 999),
    hold_s=_sizes,
    each_side=st.booleans(),
    load=_names,
    note=_names,
)
_contents = st.one_of(
    st.builds(
        Screening,
        outcome=st.sampled_from(ScreeningOutcome),
        yes=st.lists(_names).map(tuple),
        has_asked=st.booleans(),
    ),
    st.builds(
        ExerciseSet,
        exercise=_names,
        repetitions=st.integers(0, 999),
        hold_s=_sizes,
        side=_names,
        load=_names,
        counted_by=st.sampled_from(CountedBy),
        faults=st.dictionaries(_names, st.integers(0, 99)),
    ),
    st.builds(Plan, exercises=st.lists(_planned, max_size=3).map(tuple)),
)


@given(_contents)
def test_whatever_is_kept_is_the_same_when_kept_again(content: Content) -> None:
    record = record_of_entry(WHEN, content)
    found = content_of(record.kind, record.content)
    assert type(found) is type(content)
    once_more = record_of_entry(WHEN, found)
    assert once_more.content == record.content
    if not any(mark in record.content for mark in ("\\u0000", "?")):
        assert found == content
