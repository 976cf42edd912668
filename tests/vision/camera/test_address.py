"""What of a camera's address may be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.camera.address import public_name, read_address


@pytest.mark.parametrize(
    ("full", "public"),
    [
        ("http://192.168.0.20:8080/video", "http://192.168.0.20:8080/video"),
        ("http://me:secret@cam.local/video", "http://cam.local/video"),
        ("rtsp://me:s%40cret@10.0.0.2:554/live#t", "rtsp://10.0.0.2:554/live"),
        ("http://cam/v.cgi?user=me&pwd=secret&size=2", "http://cam/v.cgi?size=2"),
        ("http://cam/v.cgi?loginuse=me&loginpas=secret", "http://cam/v.cgi"),
        ("http://cam/v.cgi?token123secret", "http://cam/v.cgi"),
        ("http://cam/axis.cgi?resolution=640x480", "http://cam/axis.cgi?resolution=640x480"),
        ("rtsp://cam/user=me_password=secret_channel=1/0", "rtsp://cam/0"),
        ("http://me:se/cret@cam/video", "http://…"),
        ("http://me:secret@cam:x/video", "http://…"),
        ("http://me:secret@[::1", "http://…"),
    ],
)
def test_a_secret_is_left_out_and_nothing_else(full: str, public: str) -> None:
    address = read_address(full)
    assert "cret" not in address.public
    assert address.public == public
    assert address.full == full
    assert address.has_secret == (full != public)


def test_name_and_password_are_decoded() -> None:
    address = read_address("HTTPS://m%40e:s%3Acret@Cam.Local:8443/video")
    assert (address.user, address.password) == ("m@e", "s:cret")
    assert (address.scheme, address.host, address.port) == ("https", "cam.local", 8443)


def test_a_film_keeps_its_name() -> None:
    assert public_name("/films/user=me.mp4") == "/films/user=me.mp4"
    assert public_name("http://me:secret@cam/") == "http://cam/"
    assert public_name(0) == "0"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_no_address_is_too_odd(text: str) -> None:
    password = "hunter2hunter2"
    for whole in (text, f"http://{text}", f"http://me:{password}@{text}"):
        assert password not in read_address(whole).public
