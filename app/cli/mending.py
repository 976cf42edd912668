"""``beltline history salvage|copies|use-copy``: what to do about a damaged history."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import confirm, failing_in_a_sentence, show
from app.cli.history import YesOption, history_app
from app.history.errors import CopyNotFound, FileIsThere, NothingToSave, UnusableCopy

if TYPE_CHECKING:
    from app.history.place import Place

__all__ = ["history_app"]

_ASKED_WRONGLY = CopyNotFound, FileIsThere, NothingToSave, UnusableCopy


@history_app.command("salvage")
def save_what_can_be_read(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Where to; else beside the damaged one."),
    ] = None,
) -> None:
    """Save what can be read of a damaged history into a fresh one; nothing else is changed."""
    with failing_in_a_sentence(*_ASKED_WRONGLY):
        from app.history.db.damage.salvage import salvage
        from app.text import doctor as words

        saved = salvage(_place(), out)
        show(*words.salvaged_lines(saved), words.USE_IT.format(path=saved.path))


@history_app.command("copies")
def list_copies() -> None:
    """List the copies of earlier days, newest first."""
    with failing_in_a_sentence(*_ASKED_WRONGLY):
        from app.history.exchange.daily import daily_copies
        from app.text import doctor as words

        found = daily_copies(_place())
        show(*(map(words.copy_line, found) if found else [words.NO_COPIES]))


@history_app.command("use-copy")
def use_copy(
    which: Annotated[
        str, typer.Argument(metavar="DAY|FILE", help="A day that copies lists, or a file.")
    ],
    yes: YesOption = False,
) -> None:
    """Go back to the copy of a day, or go on with what was saved; nothing is deleted."""
    with failing_in_a_sentence(*_ASKED_WRONGLY):
        from app.history.db.damage.copies import use_file
        from app.history.exchange.daily import find_copy
        from app.text import doctor as words

        place = _place()
        path = Path(which) if Path(which).is_file() else find_copy(place, which).path
        if not yes and sys.stdin.isatty() and not confirm(words.CONFIRM_USE):
            show(words.LEFT)
            return
        aside = use_file(place, path)
        show(*words.used_lines(path, aside))


def _place() -> "Place":
    """Return where the history lies; what is on a server is its keeper's to look after."""
    from app.history.errors import ServerError
    from app.history.place import usual_place

    place = usual_place()
    if place.server_url is not None:
        raise ServerError(
            "The history is in a database on a server, of which Beltline keeps no copies.",
            "Ask whoever looks after the server for a copy of it.",
        )
    return place
