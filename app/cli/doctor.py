"""Looks what works on this machine, and says what to do about what does not."""

from __future__ import annotations

import json
from itertools import chain
from typing import Annotated

import typer

from app.cli.console import complain, show
from app.system.shell import Status
from app.text.doctor import Health, describe_finding

#: As for ``measure``: the number that changes when a key does.
_SCHEMA = 1


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Look what works here: models, measuring, screen, camera, history."""
    from app.gui.help.examining import examine

    findings = examine()
    for finding in findings:
        for told in finding.told:
            complain(told)
    if as_json:
        parts = [
            {
                "part": finding.part,
                "status": finding.health.value,
                "message": finding.message,
                "fix": finding.fix,
            }
            for finding in findings
        ]
        typer.echo(json.dumps({"schema": _SCHEMA, "parts": parts}))
    else:
        show(*chain.from_iterable(map(describe_finding, findings)))
    if any(finding.health is Health.BROKEN for finding in findings):
        raise typer.Exit(Status.FAILED)
