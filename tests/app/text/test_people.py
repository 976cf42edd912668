"""What is said of people and of who is due for a check."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.history.clients import Client
from app.history.records import Profile
from app.text.people import client_line, due_reminder

AT = datetime(2026, 3, 1, tzinfo=UTC)
TODAY = date(2026, 5, 10)


def client(number: int, name: str, due: date | None = None) -> Client:
    return Client(Profile(number, name, AT, next_check_on=due), AT)


ME = client(1, "Me", date(2026, 5, 8))
ANNA = client(2, "Anna", date(2026, 5, 10))
HANS = client(3, "Hans", date(2026, 6, 1))


def test_one_line_on_each() -> None:
    assert client_line(HANS, TODAY) == "Hans, last seen 1 Mar 2026, next check 1 Jun 2026"
    assert client_line(ME, TODAY) == "Me, last seen 1 Mar 2026, due since 8 May 2026"
    profile = Profile(1, "Me", AT, "K-7", 1980)
    assert client_line(Client(profile), TODAY) == "Me, ID K-7, born 1980, not seen yet"


def test_who_is_due_is_told_in_a_sentence_or_two() -> None:
    everybody = (ME, ANNA, HANS)
    assert due_reminder(everybody, 1, TODAY) == (
        "Me: the next check was planned for 8 May 2026. "
        "One more person is due for a check. Settings lists them."
    )
    assert due_reminder((ME, HANS), 1, TODAY).endswith("8 May 2026.")
    assert due_reminder(everybody, 3, TODAY).startswith("2 people are due")
    assert due_reminder((ANNA, HANS), 3, TODAY).startswith("One person is due")
    assert due_reminder((HANS,), 3, TODAY) == ""
