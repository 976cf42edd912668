"""Reading what goes into an export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.history.exchange.model import PortableProfile
from app.history.profiles__profile_table import all_profiles

if TYPE_CHECKING:
    import sqlalchemy as sa


def portable_profiles(connection: sa.Connection) -> dict[int, PortableProfile]:
    """Return all profiles as exports keep them, by their numbers."""
    return {
        profile.id: PortableProfile(profile.name, profile.created_at)
        for profile in all_profiles(connection)
    }
