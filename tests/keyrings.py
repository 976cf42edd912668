"""A keyring for tests: it keeps things in memory, and can fail or be slow as real ones do."""

from __future__ import annotations

import time
from threading import Event

from keyring.backend import KeyringBackend


class MemoryKeyring(KeyringBackend):
    """Holds what it is given for as long as it lives.

    Attributes
    ----------
    kept
        By service and name.
    error
        Raised instead of an answer.
    wait_s
        Before each answer.
    was_asked
        Set once something was kept or looked up.
    """

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.error: Exception | None = None
        self.wait_s = 0.0
        self.was_asked = Event()

    def get_password(self, service: str, username: str) -> str | None:
        self._answer()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._answer()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._answer()
        del self.kept[service, username]

    def _answer(self) -> None:
        time.sleep(self.wait_s)
        self.was_asked.set()
        if self.error is not None:
            raise self.error
