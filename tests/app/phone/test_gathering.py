"""What one phone may send, tried without a network."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.phone import words
from app.phone.gathering import Gathering, PhoneBounds, PhoneStage, Refused, taken_before
from tests.app.phone.scripted_phone import SIDE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


@pytest.fixture
def gathering() -> Iterator[Gathering]:
    made = Gathering(PhoneBounds(picture_bytes=600_000, total_bytes=700_000))
    made.open()
    yield made
    made.hand_over().discard()


def bring(gathering: Gathering, number: int, data: bytes) -> None:
    try:
        with gathering.expect(number, len(data)) as file:
            file.write(data)
        gathering.take(number, NOW)
    finally:
        gathering.drop(number)


def test_sizes_are_bounded_each_and_together(gathering: Gathering) -> None:
    photo = SIDE.read_bytes()
    bring(gathering, 1, photo)
    bring(gathering, 1, photo)
    with pytest.raises(Refused, match="too large: at most"):
        gathering.expect(2, 600_001)
    left = 700_000 - len(photo)
    gathering.allow(2, min(left, 600_000))
    with pytest.raises(Refused, match="together"):
        gathering.allow(2, left + 1)
    for number in (0, 13, -1):
        with pytest.raises(Refused, match="No more"):
            gathering.expect(number, 10)


def test_what_is_no_picture_leaves_nothing_behind(gathering: Gathering) -> None:
    with pytest.raises(Refused, match="not a picture"):
        bring(gathering, 1, b"GIF? no")
    with pytest.raises(Refused, match="empty"):
        bring(gathering, 1, b"")
    came = gathering.hand_over()
    assert came.pictures == ()
    assert list(came.folder.iterdir()) == []


def test_after_the_end_nothing_comes_in(gathering: Gathering) -> None:
    key = gathering.begin("")
    assert gathering.begin(key) == key
    bring(gathering, 3, SIDE.read_bytes())
    assert (gathering.came, gathering.last) == (1, 3)
    gathering.finish()
    with pytest.raises(Refused, match="nothing here"):
        bring(gathering, 4, SIDE.read_bytes())
    assert not gathering.knows(gathering.token), "a used token is none"
    gathering.close(PhoneStage.SILENT)
    assert gathering.stage is PhoneStage.FINISHED
    gathering.open()
    assert gathering.is_over
    (picture,) = gathering.hand_over().pictures
    assert picture.path.name == words.PICTURE_NAME.format(number=3)


def test_what_a_program_that_was_killed_left_behind_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old, new, other = (tmp_path / name for name in ("beltline-phone-1", "beltline-phone-2", "b"))
    kept = tmp_path / "kept"
    for folder in (old, new, other, kept):
        folder.mkdir()
        (folder / "Phone picture 1").write_bytes(b"x")
    link = tmp_path / "beltline-phone-3"
    link.symlink_to(kept)
    for folder in (old, other, kept):
        os.utime(folder, (0, 0))
    made = Gathering()
    assert not old.exists()
    assert all((folder / "Phone picture 1").exists() for folder in (new, other, kept))
    made.hand_over().discard()


def test_tokens_are_of_one_time_and_easy_to_type() -> None:
    made = [Gathering() for _ in range(50)]
    tokens = {one.token for one in made}
    assert len(tokens) == 50
    for one in made:
        assert set(one.token).isdisjoint("il1o0ABC/")
        one.hand_over().discard()


@given(st.text() | st.floats().map(str) | st.integers().map(str))
def test_a_moment_is_never_in_the_future_whatever_a_phone_says(said: str) -> None:
    moment = taken_before(NOW, said)
    assert NOW - timedelta(days=51 * 366) < moment <= NOW
    assert moment.utcoffset() is not None


@pytest.mark.parametrize("said", ["", "nan", "inf", "-5", "1e300", "now", "0"])
def test_nonsense_counts_as_now(said: str) -> None:
    assert taken_before(NOW, said) == NOW


def test_seconds_before_sending_count() -> None:
    assert taken_before(NOW, "90.5") == NOW - timedelta(seconds=90.5)
