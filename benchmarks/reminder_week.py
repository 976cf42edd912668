"""The break reminder over simulated weeks: ``python -m benchmarks.reminder_week``.

The program is looked at every few seconds while the computer is awake, and sees only what a
computer sees of the lives in :mod:`benchmarks.reminder_life`. When reminders ought to have come
is worked out apart from it, from the true times, and both are compared.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from app.breaks.schedule import (
    AGAIN_S,
    APART_S,
    LONGEST_BREAK_S,
    SAT_S,
    BreakEnded,
    Due,
    Schedule,
)
from app.system.clock import Instant
from benchmarks.reminder_life import (
    Doing,
    Stretch,
    Week,
    asked_at,
    is_blocked,
    is_locked,
    random_week,
    sittings,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A reminder may come so much later than it ought to: looks are up to a minute apart, and it
#: waits for somebody who has not touched anything for a while.
LATE_S = 240.0
_LONGEST_LOOK_S = 60.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a week went; times in seconds.

    Attributes
    ----------
    wanted
        When reminders ought to have come.
    given
        When they came.
    lost
        Those that ought to have come, and did not.
    extra
        Those that came, and ought not to.
    too_close
        How often two were less than five minutes apart.
    breaks
        How many breaks were noticed, and how many there were.
    """

    wanted: tuple[float, ...]
    given: tuple[float, ...]
    lost: tuple[float, ...]
    extra: tuple[float, ...]
    too_close: int
    breaks: tuple[int, int]


def judge(week: Week, seed: int = 0) -> Verdict:
    """Run the reminder through a week, and compare."""
    given, breaks = run(week, seed)
    wanted = reminders_wanted(week, given)
    lost, extra = compare(wanted, given, week)
    near = sum(b - a < APART_S for a, b in pairwise(given))
    return Verdict(tuple(wanted), tuple(given), lost, extra, near, (breaks, breaks_true(week)))


def run(week: Week, seed: int = 0) -> tuple[list[float], int]:
    """Return when the reminder reminds, and how many breaks it noticed."""
    draw = random.Random(seed)
    schedule = Schedule(week.preferences)
    pauses = sorted(week.pauses)
    given: list[float] = []
    breaks = 0
    touched_s = 0.0
    for stretch in week.stretches:
        if stretch.doing is Doing.ASLEEP:
            continue
        now_s = stretch.begin_s
        while now_s < stretch.end_s:
            if stretch.doing is Doing.WORK:
                touched_s = now_s - draw.uniform(0, 40) * (now_s - stretch.begin_s > 40)
            now = Instant(now_s, week.wall(now_s))
            if draw.random() < week.restarts / 1000 and _may_restart(week, stretch, schedule, now):
                schedule = Schedule(week.preferences, schedule.memory(now))
            _ask_for_pauses(week, schedule, pauses, now_s)
            idle_s = now_s - touched_s if week.knows_idle else None
            for event in schedule.tick(now, idle_s, is_locked=is_locked(week, stretch)):
                if isinstance(event, Due):
                    given.append(now_s)
                elif isinstance(event, BreakEnded):
                    breaks += 1
            now_s += draw.uniform(1, _LONGEST_LOOK_S)
        _ask_for_pauses(week, schedule, pauses, stretch.end_s)
    return given, breaks


def _ask_for_pauses(
    week: Week, schedule: Schedule, pauses: list[tuple[float, float]], until_s: float
) -> None:
    """Pause as somebody has asked for up to a time; what is asked for is taken away."""
    while pauses and asked_at(week, pauses[0])[0] <= until_s:
        at_s, minutes = asked_at(week, pauses.pop(0))
        schedule.pause(Instant(at_s, week.wall(at_s)), minutes)


def _may_restart(week: Week, stretch: Stretch, schedule: Schedule, now: Instant) -> bool:
    """Tell whether a restart loses nothing.

    Who is away at that moment may be counted twice, and where the clock has just been set
    nobody can know how long ago the process before this one stopped.
    """
    before_s = now.elapsed_s - _LONGEST_LOOK_S
    is_set = abs((now.local - week.wall(before_s)).total_seconds() - _LONGEST_LOOK_S) > 1
    is_working = stretch.doing is Doing.WORK
    return is_working and not is_set and schedule.describe(now).paused_until is None


def breaks_true(week: Week) -> int:
    """Return how many breaks there were after sitting, a night being none."""
    pairs = pairwise(sittings(week))
    return sum(
        end_s - begin_s >= SAT_S and next_s - end_s <= LONGEST_BREAK_S
        for (begin_s, end_s), (next_s, _) in pairs
    )


def reminders_wanted(week: Week, given: Sequence[float]) -> list[float]:
    """Return when reminders ought to come, from the true times.

    The next one is reckoned from when the last one did come, where that was late by no more
    than it may be; else lateness would add up.
    """
    interval_s = 60.0 * week.preferences.interval_min
    wanted: list[float] = []
    last_s = float("-inf")
    for begin_s, end_s in sittings(week):
        due_s, wait_s = begin_s + interval_s, AGAIN_S
        while due_s < end_s:
            at_s = max(due_s, last_s + APART_S)
            while at_s < end_s and is_blocked(week, at_s):
                at_s += 10.0
            if at_s >= end_s:
                break
            came_s = next((one for one in given if abs(one - at_s) <= LATE_S), None)
            if came_s is None and is_blocked(week, at_s + LATE_S):
                # Wanted only just before quiet hours or a pause, it may come after them.
                due_s = at_s + LATE_S
                continue
            wanted.append(at_s)
            last_s = at_s if came_s is None else came_s
            due_s, wait_s = last_s + wait_s, interval_s
    return wanted


def compare(
    wanted: Sequence[float], given: Sequence[float], week: Week
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return what was wanted and not given, and what was given and not wanted.

    One that was wanted only just before somebody got up, or before quiet hours or a pause,
    need not have come.
    """
    left = list(given)
    lost = []
    ends_s = [end_s for _, end_s in sittings(week)]
    for at_s in wanted:
        match = next((one for one in left if -LATE_S <= one - at_s <= LATE_S), None)
        if match is not None:
            left.remove(match)
        elif min(end_s for end_s in ends_s if end_s >= at_s) - at_s > LATE_S and not _is_at_an_edge(
            week, at_s
        ):
            lost.append(at_s)
    extra = [one for one in left if not _is_at_an_edge(week, one)]
    return tuple(lost), tuple(extra)


def _is_at_an_edge(week: Week, at_s: float) -> bool:
    """Tell whether what is wanted turns over within the time that a reminder may be late.

    That somebody has just got up for good, nobody knows at first.
    """
    if any(0 <= at_s - end_s <= LATE_S for _, end_s in sittings(week)):
        return True
    near = {is_blocked(week, at_s + off_s) for off_s in (-LATE_S, 0.0, LATE_S)}
    return len(near) > 1


def main() -> None:
    """Print what came of many weeks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weeks", type=int, default=52)
    arguments = parser.parse_args()
    verdicts = [judge(random_week(seed), seed) for seed in range(arguments.weeks)]
    print(f"{len(verdicts)} simulated weeks")
    for name, count in (
        ("reminders that ought to come", sum(len(one.wanted) for one in verdicts)),
        ("reminders given", sum(len(one.given) for one in verdicts)),
        ("lost", sum(len(one.lost) for one in verdicts)),
        ("given without reason", sum(len(one.extra) for one in verdicts)),
        ("within five minutes of another", sum(one.too_close for one in verdicts)),
        ("breaks, true", sum(one.breaks[1] for one in verdicts)),
        ("breaks noticed", sum(one.breaks[0] for one in verdicts)),
    ):
        print(f"{name:<34}{count:>8}")


if __name__ == "__main__":
    main()
