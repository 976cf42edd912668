"""One page, for one phone, once; and nothing listens afterwards."""

from __future__ import annotations

import hashlib
import socket
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.phone import words
from app.phone.gathering import PhoneBounds, PhoneStage
from app.phone.server import PhoneServer
from tests.app.phone.scripted_phone import (
    LOOPBACK,
    SIDE,
    ScriptedPhone,
    Told,
    listening_ports,
    opened,
    port_of,
)

pytestmark = pytest.mark.skipif(
    not Path("/proc/net/tcp").exists(), reason="asks the system who listens, as Linux tells it"
)
_SOON_S = 10.0


@pytest.mark.parametrize("is_encrypted", [True, False])
def test_five_pictures_come(is_encrypted: bool) -> None:
    with opened(is_encrypted=is_encrypted) as (server, phone, told):
        assert phone.url.startswith("https://" if is_encrypted else "http://")
        page = phone.ask("GET")
        assert page.status == 200
        assert words.PAGE["privacy"] in page.text
        assert phone.begin().status == 200
        before = datetime.now(UTC)
        for number in range(1, 6):
            heard = phone.send(number, ago="3600")
            assert heard.text.strip() == words.came(number)
        assert phone.done().status == 200
        state = told.wait_for(PhoneStage.FINISHED)
        assert state.came == 5
        came = server.finish()
    assert [picture.path.read_bytes() for picture in came.pictures] == [SIDE.read_bytes()] * 5
    for picture in came.pictures:
        # The phone's own clock is asked for nothing but how long ago.
        assert abs(picture.taken_at - (before - timedelta(hours=1))) < timedelta(minutes=1)
        assert picture.taken_at.tzinfo is not None
    assert sorted(came.folder.iterdir()) == [picture.path for picture in came.pictures]
    assert came.folder.stat().st_mode & 0o077 == 0
    came.discard()
    assert not came.folder.exists()


def test_nothing_listens_before_or_afterwards() -> None:
    before = listening_ports()
    with opened() as (server, phone, told):
        port = port_of(phone.url)
        assert port in listening_ports()
        began_s = time.monotonic()
        server.stop()
        assert time.monotonic() - began_s < 2.0
        assert port not in listening_ports()
        with pytest.raises(OSError, match=r"refused|reset"):
            phone.ask("GET")
        told.wait_for(PhoneStage.CLOSED)
    assert port not in before


def test_only_the_one_address_is_listened_on() -> None:
    with opened() as (_, phone, _):
        port = port_of(phone.url)
        # Every address in 127.0.0.0/8 is this computer's.
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), timeout=5)


def test_a_page_that_was_stopped_before_it_opened_never_does() -> None:
    told = Told()
    server = PhoneServer(LOOPBACK, told)
    before = listening_ports()
    server.start()
    server.stop()
    assert listening_ports() <= before
    never_begun = PhoneServer(LOOPBACK, told)
    never_begun.stop()


def test_an_address_that_is_not_here_is_told() -> None:
    told = Told()
    server = PhoneServer("192.0.2.77", told)
    server.start()
    told.wait_for(PhoneStage.FAILED)
    server.stop()


def test_the_fingerprint_is_that_of_the_certificate() -> None:
    with opened() as (server, phone, _):
        got = ssl.get_server_certificate((LOOPBACK, port_of(phone.url)))
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(got)).hexdigest().upper()
        assert server.state.fingerprint.replace(":", "") == digest
    with opened() as (other, _, _):
        assert other.state.fingerprint != server.state.fingerprint


def test_whoever_lacks_the_token_gets_one_answer() -> None:
    with opened() as (_, phone, _):
        phone.begin()
        root = phone.url[: -len("abcdefghjk/")]
        right = phone.url[len(root) :].strip("/")
        wrong = right[:-1] + ("a" if right[-1] != "a" else "b")
        paths: list[str] = [
            "",
            wrong,
            f"{wrong}/",
            f"{wrong}/phone.js",
            f"{wrong}/pictures/1",
            "favicon.ico",
        ]
        paths += [f"{right}x/", right.upper() + "/", "%FF%FE/", f"//{right}/", "..%2f" + right]
        stranger = ScriptedPhone(root)
        stranger.cookie = phone.cookie
        for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
            for path in paths:
                heard = stranger.ask(method, path, None if method == "GET" else b"x")
                assert (heard.status, heard.text.strip()) == (403, words.NOT_HERE), (method, path)
        elsewhere = phone.ask("GET", "", Host="evil.example:80")
        assert (elsewhere.status, elsewhere.text.strip()) == (403, words.NOT_HERE)


def test_a_second_phone_is_told_in_one_sentence() -> None:
    with opened() as (server, phone, _):
        second = ScriptedPhone(phone.url)
        assert second.ask("GET").status == 200, "nobody has begun"
        phone.begin()
        for heard in (second.begin(), second.ask("GET"), second.send(1), second.done()):
            assert (heard.status, heard.text.strip()) == (409, words.ANOTHER_PHONE)
        second.cookie = phone.cookie[:-1] + "!"
        assert second.send(1).status == 409
        assert phone.send(1).status == 200
        assert phone.begin().status == 200, "the page was loaded again"
        assert '"came": 1' in phone.ask("GET").text
        assert server.state.came == 1


def test_a_phone_that_leaves_in_the_middle_loses_nothing_that_has_come() -> None:
    with opened(bounds=PhoneBounds(stalled_s=0.5)) as (server, phone, told):
        phone.begin()
        phone.send(1)
        phone.send(2)
        with socket.create_connection((LOOPBACK, port_of(phone.url))) as plain:
            line = ssl._create_unverified_context().wrap_socket(plain)
            path = "/" + phone.url.split("/", 3)[3]
            host = phone.url.split("/")[2]
            head = f"PUT {path}pictures/3 HTTP/1.1\r\nHost: {host}\r\nCookie: {phone.cookie}\r\n"
            line.sendall(f"{head}Content-Length: 500000\r\n\r\n".encode() + bytes(1000))
            plain.close()
            line.close()
        assert phone.send(4).status == 200
        came = server.finish()
        assert [picture.path.name[-1] for picture in came.pictures] == ["1", "2", "4"]
        assert len(list(came.folder.iterdir())) == 3
        came.discard()
        del told


def test_a_page_left_open_for_an_hour_ends_by_itself_and_keeps_what_came() -> None:
    now_s = [0.0]
    with opened(clock=lambda: now_s[0]) as (server, phone, told):
        phone.begin()
        now_s[0] = 500.0
        phone.send(1)
        now_s[0] = 1000.0
        time.sleep(0.6)
        assert server.state.stage is PhoneStage.BEGUN, "each picture is a word"
        now_s[0] = 3600.0
        state = told.wait_for(PhoneStage.SILENT)
        assert state.came == 1
        until_s = time.monotonic() + _SOON_S
        while port_of(phone.url) in listening_ports():
            assert time.monotonic() < until_s
            time.sleep(0.05)
        came = server.finish()
        assert len(came.pictures) == 1
        came.discard()


def test_the_same_number_again_takes_its_place() -> None:
    with opened() as (server, phone, _):
        phone.begin()
        phone.send(1, (SIDE.parent / "woman_slim_left_tilt11.jpg").read_bytes())
        phone.send(1)
        came = server.finish()
        assert [picture.path.read_bytes() for picture in came.pictures] == [SIDE.read_bytes()]
        came.discard()


def test_done_without_a_picture_is_not_done() -> None:
    with opened() as (server, phone, _):
        phone.begin()
        heard = phone.done()
        assert (heard.status, heard.text.strip()) == (409, words.NONE_CAME)
        assert server.state.stage is PhoneStage.BEGUN


def test_importing_it_loads_neither_aiohttp_nor_the_certificate() -> None:
    code = (
        "import sys, app.cli, app.phone.server, app.gui.main_window\n"
        "heavy = {'aiohttp', 'segno', 'cryptography'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=60, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
