"""How much of this computer is ours: the cores and the memory that this process may use.

In a container that is less than the machine has, and only the control groups tell.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

#: What each takes at most: 700 with a photograph of 48 megapixels, and some room.
WORKER_BYTES = 800 * 2**20
#: So many photographs each make up for loading the models elsewhere: half a second later. Careful
#: looks keep two cores busy from one process, so with two cores others gain no time, and with
#: fewer than eight photographs they lose some; what ends one of them does not end the rest.
_LEAST_CAREFUL, _LEAST_QUICK = 4, 12
_GROUPS, _OWN_GROUPS = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
_MEMORY = Path("/proc/meminfo")
#: A limit above this is none (the first kind of control groups writes nearly 2**63 for it).
_NO_LIMIT = 2**60


def worker_count(photographs: int, *, is_quick: bool) -> int:
    """Return with how many processes so many photographs are measured soonest; 1 for this one."""
    worth = photographs // (_LEAST_QUICK if is_quick else _LEAST_CAREFUL)
    if worth < 2:
        return 1
    fitting = free_bytes() // WORKER_BYTES
    return max(1, min(worth, core_count(), fitting))


def core_count(groups: Path = _GROUPS, own_groups: Path = _OWN_GROUPS) -> int:
    """Return how many cores this process may keep busy, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    for folder in _folders("cpu", groups, own_groups):
        quota, period = _quota(folder)
        if quota > 0 and period > 0:
            cores = min(cores, max(1, round(quota / period)))
    return cores


def free_bytes(
    memory: Path = _MEMORY, groups: Path = _GROUPS, own_groups: Path = _OWN_GROUPS
) -> int:
    """Return how much memory may be taken without anybody's harm, bytes; much where none tells."""
    free = _NO_LIMIT
    with suppress(OSError, ValueError, AttributeError):  # AttributeError: on Windows
        # No more than half of it may be taken for free where nothing better is known.
        free = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    with suppress(OSError, ValueError, IndexError):
        free = int(memory.read_text().partition("MemAvailable:")[2].split()[0]) * 1024
    for folder in _folders("memory", groups, own_groups):
        for limit, used, idle in (
            ("memory.max", "memory.current", "inactive_file"),
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        ):
            most = _number(folder / limit)
            if 0 < most < _NO_LIMIT:
                # Files that were read and lie in memory make room.
                held = _number(folder / used) - _number_in(folder / "memory.stat", idle)
                free = min(free, max(0, most - held))
    return free


def _folders(controller: str, groups: Path, own_groups: Path) -> list[Path]:
    """Return where the limits stand that hold for this process: its groups' and all above."""
    try:
        lines = own_groups.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        _, controllers, inside = [*line.split(":", 2), "", ""][:3]
        if controllers and controller not in controllers.split(","):
            continue
        top = groups / controllers if controllers else groups
        # What this process sees of its group may be only the lower end of its name.
        below = Path(inside.strip("/"))
        found += [top / below, *(top / above for above in below.parents)]
    return found


def _quota(folder: Path) -> tuple[int, int]:
    """Return how much of the processor's time there is in how much time; -1 without limit."""
    try:
        quota, period = (folder / "cpu.max").read_text().split()
        return (-1 if quota == "max" else int(quota)), int(period)
    except (OSError, ValueError):
        return _number(folder / "cpu.cfs_quota_us"), _number(folder / "cpu.cfs_period_us")


def _number(path: Path) -> int:
    try:
        return int(path.read_text())
    except (OSError, ValueError):  # not there, or "max"
        return -1


def _number_in(path: Path, name: str) -> int:
    with suppress(OSError, ValueError):
        for line in path.read_text().splitlines():
            key, _, value = line.partition(" ")
            if key == name:
                return int(value)
    return 0
