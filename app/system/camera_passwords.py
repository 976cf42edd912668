"""Passwords of cameras: in the system's own keyring, or nowhere.

What the settings hold of an address is its public part; the whole of it, with name and
password, is an entry of the keyring under that. A system without a keyring keeps no password,
and the camera's own "no" is what tells that one is wanted.
"""

from __future__ import annotations

import logging
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from vision.camera.address import read_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.settings import SettingsFile
    from vision.camera.address import CameraAddress

_log = logging.getLogger(__name__)
SERVICE = "Beltline camera"
#: A keyring may ask the person to unlock it, and may find nobody to ask.
_AT_MOST_S = 30.0
#: By keyring's own scale; what is below writes passwords down for everybody to read, or keeps none.
_SAFE_PRIORITY = 1
_Answer = TypeVar("_Answer")


def keep_password(address: CameraAddress) -> bool:
    """Keep an address with its name and password; tell whether there is a safe place for it.

    May take as long as a person needs to unlock the keyring.
    """
    return _asked(lambda: _keep(address)) is True


def with_password(public: str) -> str:
    """Return the whole address whose public part this is, as far as it is known.

    May take as long as a person needs to unlock the keyring.
    """
    kept = _asked(lambda: _look_up(public))
    # A keyring is open to other programs: it is to hold this address and no other.
    return kept if kept is not None and read_address(kept).public == public else public


def has_safe_place() -> bool:
    """Tell whether a password would be kept; asks for none, and opens nothing."""
    return _asked(_is_safe) is True


def move_password_out(settings: SettingsFile) -> None:
    """Take a password that earlier versions wrote into the settings out of them, for good."""
    values = settings.values
    address = read_address(values.live_address)
    if not values.live_address or not address.has_secret:
        return
    values.live_address, values.live_address_has_password = address.public, True
    settings.save()
    Thread(target=keep_password, args=(address,), name="beltline-keyring", daemon=True).start()


def _is_safe() -> bool:
    import keyring

    return bool(keyring.get_keyring().priority >= _SAFE_PRIORITY)


def _keep(address: CameraAddress) -> bool:
    import keyring

    if not _is_safe():
        return False
    keyring.set_password(SERVICE, address.public, address.full)
    return True


def _look_up(public: str) -> str | None:
    import keyring

    if not _is_safe():
        return None
    return keyring.get_password(SERVICE, public)


def _asked(work: Callable[[], _Answer]) -> _Answer | None:
    """Return what a keyring answers; None when it fails, or lets nobody in for too long."""
    answers: list[_Answer] = []

    def ask() -> None:
        try:
            answers.append(work())
        except Exception as error:  # each system's keyring fails in ways of its own
            # Of what kind it is and no more: its words may hold what was to be kept.
            _log.info("The keyring keeps nothing: %s", type(error).__name__)

    thread = Thread(target=ask, name="beltline-keyring", daemon=True)
    thread.start()
    thread.join(_AT_MOST_S)
    return answers[0] if answers else None
