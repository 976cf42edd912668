"""Puts the program into the desktop's menu, and takes it out again."""

from __future__ import annotations

import sys
from pathlib import Path  # noqa: TC003  typer reads it
from typing import Annotated

import typer

from app.cli.console import failing_in_a_sentence, failure, show

_ADDED = "Beltline is in your menu now, by {place}."
_WRITTEN = "All that a desktop and shells need is in {place}."
_REMOVED = "Beltline is no longer in your menu; {place} is gone."
_NOTHING = "There was no menu entry of Beltline's: {place} is not there."
_MACOS = (
    "On macOS only programs that come as an .app are shown among the applications, so nothing was "
    "added. Start Beltline in a terminal: write beltline."
)


def shortcut(
    context: typer.Context,
    takes_away: Annotated[
        bool, typer.Option("--remove", help="Take all of it away again.")
    ] = False,
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="DIR", hidden=True, help="For packages: such as /usr."),
    ] = None,
) -> None:
    """Put Beltline into your desktop's menu, for you alone.

    With it come the icon, "Open with" for photographs, a manual page, and what bash, zsh and
    fish complete. For whoever installed with pip, uv or pipx.
    """
    with failing_in_a_sentence():
        if into is None and sys.platform == "darwin":
            raise failure(_MACOS)
        if into is None and sys.platform == "win32":
            _change_start_menu(takes_away)
        else:
            _change_share(context, takes_away, into)


def _change_share(context: typer.Context, takes_away: bool, into: Path | None) -> None:
    from app.cli.desktop.manual import compressed, manual_page
    from app.system.desktop import shortcut as on_desktop
    from app.system.desktop.entries import data_home

    share = data_home() if into is None else into / "share"
    place = share / on_desktop.ENTRY if into is None else share
    if takes_away:
        said = _REMOVED if on_desktop.remove(share) else _NOTHING
    else:
        launch = on_desktop.usual_launch() if into is None else on_desktop.INSTALLED
        manual = compressed(manual_page(context.find_root()))
        on_desktop.install(share, on_desktop.desktop_files(launch, manual))
        said = _ADDED if into is None else _WRITTEN
    if into is None:
        on_desktop.tell_desktop(share)
    show(said.format(place=place))


def _change_start_menu(takes_away: bool) -> None:
    from app.system.desktop import shortcut as on_desktop

    link = on_desktop.start_menu_link()
    if takes_away:
        said = _REMOVED if link.exists() else _NOTHING
        link.unlink(missing_ok=True)
    else:
        on_desktop.link_in_start_menu(on_desktop.usual_launch())
        said = _ADDED
    show(said.format(place=link))
