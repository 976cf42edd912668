"""The addresses that a phone can reach, and no others."""

from __future__ import annotations

import socket

import pytest

from app.phone.address import OwnAddress, best_first, default_address, is_of_a_home_network


@pytest.mark.parametrize(
    ("address", "is_home"),
    [
        ("192.168.1.20", True),
        ("10.0.0.7", True),
        ("172.16.5.5", True),
        ("169.254.3.4", True),
        ("127.0.0.1", True),
        ("8.8.8.8", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("fe80::1", False),
        ("beltline.example", False),
        ("", False),
    ],
)
def test_only_addresses_of_ones_own_network_will_do(address: str, is_home: bool) -> None:
    assert is_of_a_home_network(address) is is_home


def test_the_way_to_others_comes_first_and_a_self_given_address_last() -> None:
    found = [
        OwnAddress("127.0.0.1", "lo"),
        OwnAddress("169.254.9.9", "usb0"),
        OwnAddress("172.17.0.1", "docker0"),
        OwnAddress("192.168.1.20", "wlan0"),
        OwnAddress("93.184.216.34", "ppp0"),
    ]
    names = [one.name for one in best_first(found, "192.168.1.20")]
    assert names == ["wlan0", "docker0", "usb0"]
    assert [one.address for one in best_first([], "10.1.2.3")] == ["10.1.2.3"]
    assert best_first([], None) == best_first([], "127.0.0.1") == best_first([], "8.8.8.8") == ()


def test_the_default_is_asked_of_the_system_without_a_packet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Asked(socket.socket):
        def send(self, *_: object) -> int:
            raise AssertionError("nothing is sent")

        def connect(self, address: object) -> None:
            assert self.type == socket.SOCK_DGRAM
            raise OSError("no network")

    monkeypatch.setattr(socket, "socket", Asked)
    assert default_address() is None


def test_the_default_is_an_address() -> None:
    found = default_address()
    assert found is None or socket.inet_aton(found)
