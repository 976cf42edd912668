"""What a person does in the window, one thing after the other, to time each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from benchmarks.shared import SAMPLES, after

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.gui.main_window import MainWindow

_PHOTO = "woman_slim_left_tilt11.jpg"
#: After which nothing is left to do of what a person has just done.
_QUIET_S = 0.4


def steps(window: MainWindow) -> list[tuple[str, Callable[[], Callable[[], bool]]]]:
    """Return what is done, in order; each begins something and returns what tells its end."""
    from app import Page
    from app.gui.check.page import CheckState
    from app.gui.style.theme import Scheme

    def then(act: Callable[[], object]) -> Callable[[], Callable[[], bool]]:
        def begin() -> Callable[[], bool]:
            act()
            is_quiet = after(_QUIET_S)
            return lambda: is_quiet() and not window.jobs.awaited

        return begin

    def open_photo() -> Callable[[], bool]:
        window.open_photo(str(SAMPLES / _PHOTO))
        return lambda: window.pages.check().state is CheckState.MEASURED

    def select() -> None:
        window.pages.history().browser.list.select_row(0)

    def delete() -> None:
        window.pages.history().browser.list.delete_action.trigger()

    def search() -> None:
        window.pages.history().filter.focus_search()

    pages = list(Page)
    undo = window.service.changes.stack.undo
    return [
        *((f"{page}, first time", then(partial(window.show_page, page))) for page in pages),
        *((f"{page}, again", then(partial(window.show_page, page))) for page in pages),
        ("photograph opened and measured", open_photo),
        ("check saved", then(lambda: window.pages.check().save())),
        ("history with the check", then(lambda: window.show_page(Page.HISTORY))),
        ("check selected and shown", then(select)),
        ("search", then(search)),
        ("check deleted", then(delete)),
        ("check brought back", then(undo)),
        ("dark", then(lambda: window.pages.scheme_chosen.emit(Scheme.DARK))),
        ("text size", then(lambda: window.pages.text_size_chosen.emit(120))),
    ]
