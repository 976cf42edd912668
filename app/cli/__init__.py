"""The command line.

The commands, and the library that reads their options, take longer to load than a plain request
for a photograph needs; such a one is measured without them.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.cli.options import Options


def run() -> None:
    """Do what this process's arguments say, and leave with its status."""
    # Windows leaves patterns such as *.jpg to the program, and the library knows how.
    if sys.argv[1:2] == ["measure"] and sys.platform != "win32":
        from app.cli.options import plain_request

        request = plain_request(sys.argv[2:])
        if request is not None:
            sys.exit(_measure(*request))
    from app.cli.commands import run_command

    run_command()


def _measure(options: Options, as_json: bool) -> int:
    from app.cli.console import failing_in_a_sentence

    with failing_in_a_sentence():
        if len(options.photos) == 1:
            from vision.loading import load_ahead

            load_ahead(careful=not options.quick)
        from app.cli.batch import measure_all
        from app.cli.options import plan_overlays

        return measure_all(options, plan_overlays(options.photos, None), as_json=as_json)
