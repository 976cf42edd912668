"""Where the history lies."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.history.errors import ServerError

if TYPE_CHECKING:
    from pathlib import Path

#: Names the database of a practice with several desks.
URL_VARIABLE = "BELTLINE_DATABASE_URL"
_DRIVER = "postgresql+psycopg"
_SCHEMES = ("postgresql", "postgres", _DRIVER)


@dataclass(frozen=True, slots=True)
class Place:
    """A folder, and a server beside it where there is one.

    Attributes
    ----------
    folder
        Holds the database file, its copies from before upgrades, and the pictures. The
        pictures of a database on a server lie here too, in this user's folder: at every
        other desk their checks show numbers only. A practice that wants them everywhere
        lets the desks share this folder.
    server_url
        ``postgresql+psycopg://...``, or None for a file in the folder. It may hold a
        password, so no message shows it.
    """

    folder: Path
    server_url: str | None = None

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "history.sqlite3"

    @property
    def backups(self) -> Path:
        """Where copies of the file from before upgrades lie."""
        return self.folder / "backups"

    @property
    def pictures(self) -> Path:
        """Where each database has a folder of pictures."""
        return self.folder / "pictures"


def usual_place() -> Place:
    """Return the user's data folder, with the server that the environment names.

    Raises
    ------
    ServerError
        If the environment names something other than a PostgreSQL database.
    """
    url = os.environ.get(URL_VARIABLE, "").strip()
    return Place(usual_folder(), server_url(url) if url else None)


def usual_folder() -> Path:
    """Return the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("beltline", appauthor=False)


def server_url(url: str) -> str:
    """Return a database's address with the driver that is used.

    Raises
    ------
    ServerError
        If it is none of a PostgreSQL database.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in _SCHEMES or not rest:
        raise ServerError(
            f"{URL_VARIABLE} is not the address of a PostgreSQL database.",
            "Write it as postgresql://user:password@host/database, or leave it out.",
        )
    return f"{_DRIVER}://{rest}"
