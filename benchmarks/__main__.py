"""The list of all benchmarks, and the way to each: ``python -m benchmarks [GROUP FIGURE ...]``."""

from __future__ import annotations

import sys
from importlib import import_module

#: Only the module of the group that is asked for is loaded, so that no figure counts another's.
GROUPS = ("measure", "live", "window", "store", "cohort", "study")


def main() -> None:
    """Run a figure, or print which there are."""
    if len(sys.argv) > 1 and sys.argv[1] in GROUPS:
        group = sys.argv.pop(1)
        import_module(f"benchmarks.{group}").app(prog_name=f"python -m benchmarks {group}")
        return
    for group in GROUPS:
        for command in import_module(f"benchmarks.{group}").app.registered_commands:
            print(f"{group:8} {command.name:16} {(command.callback.__doc__ or '').splitlines()[0]}")


if __name__ == "__main__":
    main()
