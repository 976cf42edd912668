"""What is said of people: their IDs, when they were last seen, when the next check is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.text.languages.wording import day_text
from vision.messages import Plural, translatable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from app.history.clients import Client

ID, BORN = "ID {number}", "born {year}"
LAST_SEEN, NEVER_SEEN = "last seen {day}", "not seen yet"
NEXT_CHECK, DUE = "next check {day}", "due since {day}"
NOBODY = "Nobody fits."

DUE_SELF = "{name}: the next check was planned for {day}."
DUE_OTHERS = Plural(
    (
        "One more person is due for a check. Settings lists them.",
        "{count} more people are due for a check. Settings lists them.",
    )
)
DUE_ONLY = Plural(
    (
        "One person is due for a check. Settings lists them.",
        "{count} people are due for a check. Settings lists them.",
    )
)

IN_WEEKS = Plural(("In 1 week", "In {count} weeks"))
#: So many weeks ahead a next check can be planned by one choice.
WEEKS_AHEAD = (2, 4, 6, 12)


def client_line(client: Client, today: date) -> str:
    """Return one line on a person."""
    profile = client.profile
    said = [profile.name]
    if profile.client_id:
        said.append(ID.format(number=profile.client_id))
    if profile.birth_year is not None:
        said.append(BORN.format(year=profile.birth_year))
    seen = client.last_seen_at
    said.append(NEVER_SEEN if seen is None else LAST_SEEN.format(day=day_text(seen)))
    if profile.next_check_on is not None:
        template = DUE if client.is_due(today) else NEXT_CHECK
        said.append(template.format(day=day_text(profile.next_check_on)))
    return ", ".join(said)


def due_reminder(clients: Sequence[Client], current_id: int | None, today: date) -> str:
    """Return who is due for a check, the person in use first; nothing where nobody is."""
    due = [client.profile for client in clients if client.is_due(today)]
    current = next((one for one in due if one.id == current_id), None)
    others = len(due) - (current is not None)
    said = []
    if current is not None and current.next_check_on is not None:
        said.append(DUE_SELF.format(name=current.name, day=day_text(current.next_check_on)))
    if others and said:
        said.append(DUE_OTHERS.of(others))
    elif others:
        said.append(DUE_ONLY.of(others))
    return " ".join(said)


translatable(__name__)
