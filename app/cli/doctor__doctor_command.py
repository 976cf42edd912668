"""``beltline doctor``: what works here, and what to do about what does not."""

import json
from typing import Annotated

import typer

#: As for ``measure``: the number that changes when a key does.
_SCHEMA = 1


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Look what works here: models, measuring, screen, camera, history."""
    from app.cli.doctor import Health, examine
    from app.text import doctor as said

    findings = examine()
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
        names = {Health.WORKS: said.WORKS, Health.ABSENT: said.ABSENT, Health.BROKEN: said.BROKEN}
        for finding in findings:
            typer.echo(f"{finding.part.capitalize()}: {names[finding.health]}.")
            typer.echo(f"  {finding.message} {finding.fix}".rstrip().replace("°", " deg"))
    if any(finding.health is Health.BROKEN for finding in findings):
        raise typer.Exit(1)
