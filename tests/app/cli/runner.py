"""Calls the command line in this process."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner, Result

from app.cli.commands import app

#: What reached the pipeline: the frame's source and the keyword arguments.
Request = dict[str, object]


def beltline(*arguments: object) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def json_lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def complaint(result: Result) -> str:
    """Return the one sentence of a wrong use, which prints nothing else."""
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("beltline: ")
    return line
