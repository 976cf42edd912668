"""People in a list: when each was last measured, whose next check is due, who fits a search."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from app.history.records import Profile


@dataclass(frozen=True, slots=True)
class Client:
    """A person, and when there was last a check or a test of them.

    Attributes
    ----------
    last_seen_at
        With its offset from UTC; None where nothing was measured yet.
    """

    profile: Profile
    last_seen_at: datetime | None = None

    def is_due(self, today: date) -> bool:
        """Tell whether the day planned for the next check has come, and no check since."""
        planned = self.profile.next_check_on
        if planned is None or planned > today:
            return False
        return self.last_seen_at is None or self.last_seen_at.date() < planned


class ClientOrder(StrEnum):
    """How a list of people is sorted; those who are alike in it come by their names."""

    NAME = "name"
    SEEN = "seen"
    DUE = "due"


def find_clients(
    clients: Iterable[Client], text: str = "", order: ClientOrder = ClientOrder.NAME
) -> list[Client]:
    """Return whose name or ID holds a text, in any case of letters and without accents.

    Parameters
    ----------
    clients
        Whom to look through.
    text
        What is looked for: each of its words; none finds everybody.
    order
        By name; by when they were last measured, newest first; or by the day of the next check,
        earliest first. Those without such a day come last.
    """
    wanted = _letters(text).split()

    def fits(client: Client) -> bool:
        known = _letters(f"{client.profile.name} {client.profile.client_id}")
        return all(word in known for word in wanted)

    found = [client for client in clients if fits(client)]
    found.sort(key=lambda client: _letters(client.profile.name))
    if order is ClientOrder.SEEN:
        found.sort(key=lambda client: -_seconds(client.last_seen_at))
    elif order is ClientOrder.DUE:
        found.sort(key=lambda client: _day_number(client.profile.next_check_on))
    return found


def _seconds(at: datetime | None) -> float:
    return float("-inf") if at is None else at.timestamp()


def _day_number(day: date | None) -> float:
    return float("inf") if day is None else day.toordinal()


def _letters(text: str) -> str:
    """Return a text without case and accents, as people type when they search."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
