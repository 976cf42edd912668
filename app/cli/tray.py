"""``beltline tray``: the break reminder without its window."""

from __future__ import annotations

from typing import Annotated

import typer

QuietOption = Annotated[
    bool, typer.Option("--quiet", help="Say nothing, for starting it with the session.")
]


def tray(quiet: QuietOption = False) -> None:
    """Be reminded to get up, from a small icon near the clock.

    What it does is chosen in the window, under "Sit less".
    """
    from app.tray.__main__ import start

    def tell(sentence: str) -> None:
        if not quiet:
            typer.echo(f"beltline: {sentence}", err=True)

    raise typer.Exit(start(quiet, tell))
