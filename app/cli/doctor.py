"""Looks what works on this machine, and says what to do about what does not."""

from __future__ import annotations

import json
import os
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import complain, show
from app.errors import BrokenInstallation, missing_library
from app.history.errors import HistoryError, OnlyReadable
from app.system.shell import Status
from app.text import doctor as doctor_text
from app.text.doctor import Finding, Health, describe_finding
from vision.model_files import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.history.place import Place


#: As for ``measure``: the number that changes when a key does.
_SCHEMA = 1
SAMPLE = Path(__file__).parents[1] / "assets" / "sample.jpg"


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Look what works here: models, measuring, screen, camera, history."""
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
        show(*chain.from_iterable(map(describe_finding, findings)))
    if any(finding.health is Health.BROKEN for finding in findings):
        raise typer.Exit(Status.FAILED)


def examine() -> tuple[Finding, ...]:
    """Look at every part, one after the other; nothing is changed."""
    parts: tuple[tuple[str, Callable[[], Finding]], ...] = (
        ("models", _models),
        ("measuring", _measuring),
        ("screen", _screen),
        ("camera", _camera),
        ("history", _history),
    )
    return tuple(_careful(part, look) for part, look in parts)


def _careful(part: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except (ImportError, OSError) as error:
        return Finding(part, Health.BROKEN, str(missing_library(error)))
    except (ModelError, HistoryError) as error:
        return Finding(part, Health.BROKEN, error.message, error.fix)


def _models() -> Finding:
    from vision.model_files import BELT_MODEL, CONTOUR_MODEL, POSE_BUNDLE, read_model

    for name in (POSE_BUNDLE, CONTOUR_MODEL, BELT_MODEL):
        read_model(name)
    return Finding("models", Health.WORKS, doctor_text.MODELS)


def _measuring() -> Finding:
    from vision.pipeline import measure_photo
    from vision.result import Measured, tilt_text

    result = measure_photo(SAMPLE)
    if not isinstance(result, Measured):
        return Finding(
            "measuring", Health.BROKEN, doctor_text.NOT_MEASURED, doctor_text.INSTALL_AGAIN
        )
    said = doctor_text.MEASURED.format(tilt=tilt_text(result.tilt))
    return Finding("measuring", Health.WORKS, said)


def _screen() -> Finding:
    from app.system.qt import check_screen

    try:
        check_screen()
    except BrokenInstallation as error:
        return Finding("screen", Health.ABSENT, str(error))
    return Finding("screen", Health.WORKS, doctor_text.SCREEN)


def _camera() -> Finding:
    from vision.camera.capture import list_cameras

    names = [camera.name for camera in list_cameras()]
    if not names:
        return Finding("camera", Health.ABSENT, doctor_text.NO_CAMERA, doctor_text.NO_CAMERA_FIX)
    return Finding("camera", Health.WORKS, doctor_text.CAMERAS.format(names=", ".join(names)))


def _history() -> Finding:
    from app.history.place import usual_place

    place = usual_place()
    if place.server_url is None and not place.database.exists():
        return _no_history_yet(place)
    return _open_history(place)


def _no_history_yet(place: Place) -> Finding:
    folder = place.folder
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if os.access(nearest, os.W_OK | os.X_OK):
        return Finding("history", Health.WORKS, doctor_text.NO_HISTORY_YET.format(folder=folder))
    message = doctor_text.NO_PLACE.format(folder=folder)
    return Finding("history", Health.BROKEN, message, doctor_text.NO_PLACE_FIX)


def _open_history(place: Place) -> Finding:
    from app.history.store import History

    with History.open(place) as history:
        for one in history.take_told():
            if isinstance(one, OnlyReadable):
                return Finding("history", Health.BROKEN, one.message, one.fix)
            complain(str(one))
        count = history.try_out()
    where = doctor_text.SERVER if place.server_url else str(place.database)
    return Finding("history", Health.WORKS, doctor_text.HISTORY.format(count=count, where=where))
