"""Holds a reminder back while a call, a presentation or a film runs. No Qt here.

The desktop is asked only when a reminder is due, and again every half minute while it waits.
What is due stays due in the schedule, so that nothing is lost here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.system.calm.occupied import Occupied
    from app.system.clock import Instant

#: How long lies between two questions. Looks are a quarter of a minute apart, give or take.
ASK_AGAIN_S = 28.0
#: A desktop that does not answer for so long silences nobody.
NO_ANSWER_S = 60.0


class Courtesy:
    """Decides whether a reminder that is due may be given.

    Parameters
    ----------
    ask
        Asks why somebody is not to be disturbed, and gives the answer back, now or later: None
        where they may be. Without it nobody is spared.
    look_again
        Has the schedule looked at: they may be disturbed now.

    Attributes
    ----------
    is_wanted
        Whether the person wants reminders to wait.
    """

    def __init__(
        self,
        ask: Callable[[Callable[[Occupied | None], None]], None] | None,
        look_again: Callable[[], None],
    ) -> None:
        self.is_wanted = True
        self._ask, self._look_again = ask, look_again
        #: Whether what is due may be given at this very look.
        self._is_open = False
        #: The question's number, when it was asked, and whether there is no answer yet.
        self._number = 0
        self._asked_s = float("-inf")
        self._is_waiting = False
        self._reason: Occupied | None = None
        self._last_reason: Occupied | None = None
        self._was_given = False

    @property
    def holds(self) -> bool:
        """Whether the schedule is to hold back what is due."""
        return self._ask is not None and self.is_wanted and not self._is_open

    @property
    def reason(self) -> Occupied | None:
        """Why what is due waits now."""
        return self._reason

    @property
    def last_reason(self) -> Occupied | None:
        """Why what was given last had to wait; None if it came in time."""
        return self._last_reason

    def hold(self, now: Instant) -> None:
        """Ask whether what is due may be given, unless that was asked just now."""
        if self._was_given:
            self.forget()
        passed_s = now.elapsed_s - self._asked_s
        if self._is_waiting and passed_s >= NO_ANSWER_S:
            self._take(self._number, None)
        elif self._ask is not None and not self._is_waiting and passed_s >= ASK_AGAIN_S:
            self._number += 1
            self._asked_s, self._is_waiting = now.elapsed_s, True
            number = self._number
            self._ask(lambda reason: self._take(number, reason))

    def give(self) -> None:
        """Note that what was due was given; why it had to wait is known until the next one."""
        self._was_given, self._is_waiting, self._reason = True, False, None

    def forget(self) -> None:
        """Begin anew: nothing is due any more, or something else is."""
        self._was_given = self._is_waiting = False
        self._asked_s = float("-inf")
        self._reason = self._last_reason = None

    def _take(self, number: int, reason: Occupied | None) -> None:
        """Take an answer; one that comes too late was about another moment."""
        if number != self._number or not self._is_waiting:
            return
        self._is_waiting = False
        self._reason = reason
        self._last_reason = reason or self._last_reason
        self._is_open = reason is None
        try:
            self._look_again()
        finally:
            self._is_open = False
