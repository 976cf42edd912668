"""A PostgreSQL server of the tests' own, in a temporary folder, on a socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_INSTALLED = "PostgreSQL (initdb, pg_ctl) is not installed"
NO_USER = "PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody'"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server that lets everybody in."""

    socket_folder: Path

    @property
    def url(self) -> str:
        return f"postgresql://service@/beltline?host={self.socket_folder}"


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl: from the path, or where Debian puts them."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    known = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return known[-1].parent if known else None


def other_user() -> str | None:
    """Return whom to run it as; an empty text for the present user, None if there is nobody."""
    if os.geteuid() != 0:
        return ""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


def run_server(bin_folder: Path, user: str) -> Iterator[Server]:
    """Run a server until the generator is closed."""
    import psycopg

    # Not below pytest's folders, which only their owner may enter; a socket's path is short.
    home = Path(tempfile.mkdtemp(prefix="beltline-pg-", dir="/tmp"))
    as_user: dict[str, Any] = {}
    if user:
        entry = pwd.getpwnam(user)
        os.chown(home, entry.pw_uid, entry.pw_gid)
        as_user = {"user": user, "group": entry.pw_gid, "extra_groups": []}
    data = home / "data"

    def call(program: str, *arguments: str) -> None:
        subprocess.run(
            [bin_folder / program, *arguments],
            check=True,
            cwd=home,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            timeout=60,
            **as_user,
        )

    try:
        # No locale of this machine, which may never have been generated.
        own = "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"
        call("initdb", "-D", str(data), "-U", "service", *own)
        options = f"-c listen_addresses='' -k {home} -c fsync=off"
        call("pg_ctl", "-D", str(data), "-o", options, "-l", str(home / "log"), "-w", "start")
        try:
            with psycopg.connect(host=str(home), user="service", dbname="postgres") as connection:
                connection.autocommit = True
                connection.execute("CREATE DATABASE beltline")
            yield Server(home)
        finally:
            call("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
