"""Which of this computer's addresses a phone on the same network can reach.

Nothing is sent and no name is looked up.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: An address that belongs to nobody (RFC 5737). Connecting a UDP socket sends nothing; the system
#: only chooses which way a packet would go.
_NOBODY = ("192.0.2.1", 9)


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """One of this computer's addresses.

    Attributes
    ----------
    address
        IPv4, in digits and dots.
    name
        What the system calls the way to it, such as "wlan0".
    """

    address: str
    name: str = ""


def default_address() -> str | None:
    """Return the address that this computer reaches others from; None without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(_NOBODY)
        except OSError:
            return None
        return str(asking.getsockname()[0])


def is_of_a_home_network(address: str) -> bool:
    """Tell whether an address is one that only a network's own machines reach.

    An address of the open internet is none: a page there would be everybody's to try.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return ip.version == 4 and ip.is_private and not ip.is_unspecified and not ip.is_multicast


def best_first(found: Iterable[OwnAddress], default: str | None) -> tuple[OwnAddress, ...]:
    """Return the addresses that a phone can be on one network with, the likeliest first.

    Parameters
    ----------
    found
        Those of all interfaces that are up.
    default
        As of :func:`default_address`; a system that lists no interfaces still has this one.
    """
    usable = {
        one.address: one
        for one in found
        if is_of_a_home_network(one.address) and not one.address.startswith("127.")
    }
    if default is not None and is_of_a_home_network(default) and not default.startswith("127."):
        usable.setdefault(default, OwnAddress(default))
    # An address that a computer gave itself (169.254) serves where there is no other.
    return tuple(
        sorted(
            usable.values(),
            key=lambda one: (one.address != default, one.address.startswith("169.254.")),
        )
    )
