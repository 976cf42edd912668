"""What a phone is answered, where something is missing, full or wrong."""

from __future__ import annotations

import errno
import logging
import time
from typing import TYPE_CHECKING

import pytest

from app.phone import words
from app.phone.gathering import Gathering, PhoneBounds
from tests.app.phone.scripted_phone import SIDE, opened

if TYPE_CHECKING:
    from datetime import datetime


def test_the_page_reaches_this_computer_alone_and_stays_in_no_cache() -> None:
    with opened() as (_, phone, _):
        for path in ("", "phone.js", "phone.css"):
            headers = phone.ask("GET", path).headers
            rule = headers["Content-Security-Policy"]
            assert "default-src 'none'" in rule
            assert "unsafe" not in rule
            assert "http" not in rule
            assert headers["Cache-Control"] == "no-store"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert "Python" not in headers["Server"], "nobody is told what to attack"
        assert phone.ask("HEAD").text == ""
        phone.url = phone.url.rstrip("/")
        assert words.PAGE["privacy"] in phone.ask("GET").text, "typed without the last stroke"


def test_what_the_page_does_not_have_is_not_there() -> None:
    with opened() as (_, phone, _):
        phone.begin()
        for method, path in (
            ("GET", "phone.html"),
            ("GET", "../answers.py"),
            ("POST", "pictures/1"),
            ("PUT", "pictures/0"),
            ("PUT", "done"),
            ("DELETE", "pictures/1"),
        ):
            heard = phone.ask(method, path, None if method == "GET" else b"x")
            assert (heard.status, heard.text.strip()) == (404, words.NOT_HERE), (method, path)


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 507, words.NO_ROOM),
        (RuntimeError("a bug"), 500, words.FAILED),
    ],
)
def test_a_full_disk_and_a_bug_are_told_apart_and_the_page_goes_on(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
    sentence: str,
) -> None:
    take = Gathering.take

    def fail_once(self: Gathering, number: int, taken_at: datetime) -> None:
        monkeypatch.setattr(Gathering, "take", take)
        raise error

    with opened() as (server, phone, _), caplog.at_level(logging.ERROR):
        phone.begin()
        monkeypatch.setattr(Gathering, "take", fail_once)
        heard = phone.send(1)
        assert (heard.status, heard.text.strip()) == (status, sentence)
        assert phone.send(1).status == 200
        came = server.finish()
        assert len(list(came.folder.iterdir())) == 1
        came.discard()
    assert [record.message for record in caplog.records] == (
        ["A phone could not be answered"] if status == 500 else []
    )
    caplog.clear()


def test_what_takes_too_long_is_told_and_can_be_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:

    take = Gathering.take

    def slowly(self: Gathering, number: int, taken_at: datetime) -> None:
        monkeypatch.setattr(Gathering, "take", take)
        time.sleep(2.0)

    with opened(bounds=PhoneBounds(request_s=1.0)) as (server, phone, _):
        phone.begin()
        monkeypatch.setattr(Gathering, "take", slowly)
        heard = phone.send(1)
        assert (heard.status, heard.text.strip()) == (408, words.TOO_SLOW)
        assert phone.send(2, SIDE.read_bytes()).status == 200
        came = server.finish()
        assert len(came.pictures) == 1
        came.discard()
