"""Runs the program under strace, and tells whom it tried to reach."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CLONE = Path(__file__).parents[2]
_CALLS = "socket,connect,bind,sendto,sendmsg,sendmmsg"
#: Services of this computer that look names up in the network.
_LOOK_UPS = re.compile(
    r'sun_path=@?"(/run/systemd/resolve/[^"]*)"'
    # The cache of names (nscd) knows users as well, which everybody may look up.
    r'|"[^"]*(hosts)\\0"'
)
#: What the system refuses is no socket: mediapipe is refused every one.
_FAMILY = re.compile(r"\bsocket\((\w+)(?!.*= -1 EACCES)")
_ADDRESS = re.compile(
    r"sa_family=AF_INET6?, sin6?_port=htons\((\d+)\).*?"
    r'(?:inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)")'
)
_PLAIN_FAMILIES = {"AF_UNIX", "AF_LOCAL"}


@dataclass(frozen=True, slots=True)
class Watched:
    """What a program did.

    Attributes
    ----------
    status
        Its exit status.
    said
        Its standard output.
    complained
        Its standard error.
    families
        Of its sockets, without the ones that stay on this computer (``AF_UNIX``).
    addresses
        ``HOST:PORT`` of each connection or packet.
    look_ups
        Services it asked for a name's address; those on the network count as addresses.
    """

    status: int
    said: str
    complained: str
    families: frozenset[str]
    addresses: frozenset[str]
    look_ups: frozenset[str]

    @property
    def reached(self) -> frozenset[str]:
        """Everything that is no socket on this computer."""
        return self.families | self.addresses | self.look_ups


def why_not() -> str | None:
    """Return why no program can be watched here, or None."""
    if shutil.which("strace") is None:
        return "needs strace (apt-get install strace)"
    watch = ["strace", "-f", "--seccomp-bpf", "-o", os.devnull, "true"]
    try:
        subprocess.run(watch, check=True, capture_output=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return "this system does not let a program be watched (ptrace)"
    return None


def watch(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], wait_s: float = 300.0
) -> Watched:
    """Run a command from the clone's folder, with all that it starts, and tell what it reached.

    Parameters
    ----------
    folder
        Takes the record of its calls.
    wait_s
        How long it may take.
    """
    record = folder / "calls"
    # Only the calls that are looked at stop the program; the others run at full speed.
    strace = ["strace", "-f", "--seccomp-bpf", "-qq", "-s", "200", "-e", f"trace={_CALLS}"]
    with subprocess.Popen(
        [*strace, "-o", str(record), *command],
        cwd=CLONE,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as watched:
        try:
            said, complained = watched.communicate(timeout=wait_s)
        except BaseException:
            # What is watched outlives the one who watches.
            os.killpg(watched.pid, signal.SIGKILL)
            raise
    calls = record.read_text("utf-8", "replace")
    found = (match.groups() for match in _LOOK_UPS.finditer(calls))
    return Watched(
        watched.returncode,
        said,
        complained,
        frozenset(_FAMILY.findall(calls)) - _PLAIN_FAMILIES,
        frozenset(f"{ip4 or ip6}:{port}" for port, ip4, ip6 in _ADDRESS.findall(calls)),
        frozenset(part for parts in found for part in parts if part),
    )


def beltline(*arguments: str, for_s: float | None = None) -> list[str]:
    """Return the command that runs the program; one that ends by no means gets a signal."""
    command = [sys.executable, "-m", "app", *arguments]
    return command if for_s is None else ["timeout", "--signal=TERM", str(for_s), *command]


def own_home(folder: Path) -> dict[str, str]:
    """Return an environment in which a program meets nothing of this user's, and no proxy."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and not name.startswith(("DBUS_", "BELTLINE_"))
    }
    for name in ("DATA", "CONFIG", "CACHE", "STATE", "RUNTIME"):
        place = folder / name.lower()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept[f"XDG_{name}_{'DIR' if name == 'RUNTIME' else 'HOME'}"] = str(place)
    return kept | {"HOME": str(folder), "QT_QPA_PLATFORM": "offscreen"}
