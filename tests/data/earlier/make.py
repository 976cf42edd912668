"""Makes the files beside it, as the program wrote them at the commit that README.md names.

Kept for the record: run with later code, it makes that code's files, not the earlier ones.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import tempfile
import uuid
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from PIL import Image

from app.breaks import journal
from app.breaks.journal import JournalBreak
from app.breaks.preferences import PreferencesFile, ReminderPreferences
from app.breaks.schedule import Memory
from app.history import values
from app.history.diary import (
    Break,
    BreakKind,
    Content,
    CountedBy,
    ExerciseSet,
    Pain,
    Plan,
    PlannedExercise,
    Screening,
    ScreeningOutcome,
    SelfCheck,
)
from app.history.exchange.files import export_file
from app.history.place import Place
from app.history.records import Ability, Arms, Conditions, NewCheck, SqueezeAnswers
from app.history.store import History
from app.settings import Settings, SettingsFile
from app.system.desktop import autostart
from app.system.ipc import reminder_command
from app.tray.service import save_memory
from tests.app.cli.runner import beltline
from tests.app.history.made_up import measured, new_check, new_squeeze, picture, repeats, sparse
from vision.pipeline import measure_photo
from vision.result import Measured, Method

HERE = Path(__file__).parent
CLONE = HERE.parents[2]
SAMPLE = "sample_images/man_slim_left_tilt11.jpg"
#: Winter in Berlin, and a zone whose offset is no whole hour.
BERLIN, NEWFOUNDLAND = (timezone(timedelta(hours=hours)) for hours in (1, -3.5))
BEGIN = datetime(2026, 2, 20, 8, 0, 30, 250000, tzinfo=BERLIN)
#: What is printed by the history's commands, about the numbers that the checks below get.
HISTORY_COMMANDS = (
    "list",
    "list --profile Me",
    "list --method marked",
    "trend",
    "trend --profile Me --method contour",
    *(f"show {number}" for number in range(1, 9)),
    "compare 1 2",
    "compare 2 6",
    "compare 1 3",
    "compare 1 7",
    "compare 5 5",
)
MEASURE_COMMANDS = (
    f"measure --json {SAMPLE} sample_images/woman_frontal.jpg sample_images/truth.csv",
    f"measure --json --asis 433.5 524.8 --psis 523.9 508.3 {SAMPLE}",
)


def main() -> None:
    """Make all files anew, with times and identities that are the same every time."""
    os.chdir(CLONE)
    numbers = random.Random(75)
    seconds = iter(range(0, 10**6, 61))
    uuid.uuid4 = lambda: uuid.UUID(int=numbers.getrandbits(128), version=4)
    values.now = lambda: BEGIN + timedelta(seconds=next(seconds))
    make_settings(HERE / "settings")
    make_reminder(HERE / "reminder")
    make_autostart(HERE / "autostart")
    make_history(HERE / "history")
    make_outputs(HERE / "history")


def make_settings(folder: Path) -> None:
    """Write settings of which none is the usual one, and such with damaged entries."""
    file = SettingsFile(anew(folder) / "settings.json")
    file.values = Settings(
        scheme="dark",
        window="AdnQywADAAAAAAAyAAAAMgAABE0AAANxAAAAMgAAAFcAAARN",
        page="history",
        photo_folder="/media/stick/Größe & Bilder",
        profile_id=2,
        keep_pictures=False,
        hidden_layers=["landmarks", "plumb"],
        countdown_s=12,
        is_muted=True,
        live_camera="USB Camera: HD (2)",
        live_address="http://192.0.2.7:8080/video",
        live_uses_address=True,
        live_size="1280x720",
        live_mirror=False,
        live_voice=False,
        live_tones=False,
        live_repeats=5,
        live_kind="squeeze",
        live_setup=False,
        exercise_camera=True,
    )
    file.save()
    damaged = json.loads(file.path.read_text("utf-8")) | {
        "scheme": "sepia",
        "profile_id": "two",
        "hidden_layers": "landmarks",
        "countdown_s": 900,
        "live_size": "640x480",
        "of_a_newer_version": [1, 2],
    }
    text = json.dumps(damaged, indent=2) + "\n"
    file.path.with_name("settings_damaged.json").write_text(text, "utf-8")


def make_reminder(folder: Path) -> None:
    """Write what the reminder keeps; the journal's last line was cut off by a power cut."""
    preferences = PreferencesFile(anew(folder) / "reminder.json")
    preferences.values = ReminderPreferences(
        is_on=True,
        interval_min=30,
        quiet_from="21:45",
        quiet_to="06:15",
        quiet_days=(5, 6),
        has_sound=False,
        starts_with_session=True,
        profile_id=2,
    )
    preferences.save()
    until = BEGIN.replace(hour=23, microsecond=0)
    save_memory(folder / "reminder_memory.json", Memory(BEGIN, 1830.5, 2, 600.0, until))
    breaks = folder / "breaks.jsonl"
    abroad = BEGIN.astimezone(NEWFOUNDLAND)
    for noted in (
        JournalBreak(BEGIN, BreakKind.AWAY, 4.75, 2),
        JournalBreak(abroad + timedelta(hours=1), BreakKind.TAKEN, 0.0, None),
        JournalBreak(BEGIN + timedelta(hours=2), BreakKind.AWAY, 61.5, 3),
    ):
        journal.append(breaks, noted)
    with breaks.open("a", encoding="utf-8") as file:
        file.write('\n{"at": "2026-02-20T11:0')
    for lock in folder.glob("*.lock"):
        lock.unlink()


def make_autostart(folder: Path) -> None:
    """Write what starts the reminder with the session on the three kinds of system."""
    anew(folder)
    usual = reminder_command()[1:]
    vars(autostart)["FOLDER"] = Path("/opt/Belt line")
    ours = sys.platform
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(HOME=home, XDG_CONFIG_HOME=home)
        for sys.platform in ("linux", "darwin"):
            autostart.turn_on(("/opt/Belt line/bin/python", *usual))
            shutil.copy(autostart._file(), folder)
    written: dict[str, object] = {}
    sys.modules["winreg"] = SimpleNamespace(  # type: ignore[assignment]
        HKEY_CURRENT_USER="HKEY_CURRENT_USER",
        REG_SZ="REG_SZ",
        CreateKey=lambda *key: nullcontext(written.update(key=list(key))),
        SetValueEx=lambda _, name, __, kind, value: written.update(
            name=name, kind=kind, value=value
        ),
    )
    sys.platform = "win32"
    autostart.turn_on((r"C:\Belt line\pythonw.exe", *usual))
    sys.platform = ours
    del sys.modules["winreg"]
    text = json.dumps(written, indent=2) + "\n"
    (folder / "windows_registry.json").write_text(text, "utf-8")


def make_history(folder: Path) -> None:
    """Keep a bit of everything, and leave it as a program that was killed does."""
    history = History.open(Place(anew(folder)))
    me = history.default_profile().id
    anna = history.add_profile("Änne =1+1").id
    ben = history.add_profile("Ben").id
    spoken = Conditions("grey shorts", Arms.HANGING, "=1+1; no formula\nsecond line")
    late = values.now().replace(tzinfo=NEWFOUNDLAND)
    for new in (
        of_sample(me),
        replace(new_check(me, day=7, repeats=repeats(11.5, 12.3, 13.75)), conditions=spoken),
        new_check(me, measured(9.5, Method.MARKED), day=8, garment="grey shorts"),
        new_check(me, measured(-4.25, Method.STICKERS), day=9, note="„gesteckt“ 🙂"),
        new_check(me, measured(14.0, Method.BELT), day=10, garment="jeans"),
        replace(new_check(me, sparse(), day=11), conditions=Conditions(), suggested_points=None),
        replace(new_check(anna, measured(-3.25)), taken_at=late),
        replace(new_check(anna, measured(24.5), rgb=picture(30, 40)), taken_at=late),
        new_check(me, measured(50.0), day=12, note="deleted", rgb=picture(30, 40)),
        new_check(ben, measured(51.0), note="of somebody deleted"),
    ):
        kept = history.save(new)
    answers = SqueezeAnswers(Ability.NO, Ability.PARTLY, Ability.YES)
    faint = new_squeeze(anna, day=3, backward_deg=0.75, answers=SqueezeAnswers())
    faint = replace(faint, result=replace(faint.result, is_more_than_noise=False))
    history.save_squeeze(new_squeeze(me, day=2, answers=answers, note="after a walk"))
    history.save_squeeze(faint)
    gone = history.save_squeeze(new_squeeze(me, day=4, note="deleted"))
    for number, content in enumerate(diary()):
        history.note(me, BEGIN + timedelta(days=number), content)
    history.note(anna, late, Break(BreakKind.AWAY, 6.0))
    wrong = history.note(me, BEGIN, Pain("", "deleted"))
    history.delete([kept.row.id - 1])
    history.delete([gone.id], "squeezes")
    history.delete([wrong.id], "diary")
    history.delete_profile(ben)
    # Not history.close(), which makes the deletions final.
    history._database.close()


def of_sample(profile_id: int) -> NewCheck:
    """Return a measured picture of nobody, a rendering, with a small copy of it."""
    result = measure_photo(SAMPLE)
    assert isinstance(result, Measured)
    with Image.open(SAMPLE) as image:
        size_px = image.size
        image.thumbnail((200, 200))
        rgb = np.asarray(image.convert("RGB"))
    return replace(
        new_check(profile_id, result, garment="jeans", rgb=rgb),
        size_px=size_px,
        suggested_points=None,
    )


def diary() -> tuple[Content, ...]:
    """Return an entry of every kind."""
    faults = {"over_arched": 2, "feet_too_near": 1}
    known = PlannedExercise("glute_bridge", "", 3, 12, 5.0, False, "red band", "slowly")
    own = PlannedExercise("", "Vierfüßler =1+1", 1, 8, 0.0, True, "", "")
    return (
        Screening(ScreeningOutcome.CLEAR),
        Screening(ScreeningOutcome.ASK_FIRST, ("pregnancy", "of_a_newer_version"), True),
        Screening(ScreeningOutcome.DOCTOR_FIRST, ("night_pain",)),
        Screening(ScreeningOutcome.EMERGENCY, ("saddle_numbness",)),
        Pain("glute_bridge", "left knee"),
        Pain(),
        SelfCheck(SqueezeAnswers(Ability.YES, Ability.PARTLY, Ability.NO)),
        SelfCheck(SqueezeAnswers()),
        ExerciseSet("glute_bridge", 12, 4.5, "", "red band", CountedBy.CAMERA, faults),
        ExerciseSet("glute_squeeze", 10, 5.0, "", "", CountedBy.TIMER),
        ExerciseSet("Vierfüßler =1+1", 8, 0.0, "left"),
        Break(BreakKind.TAKEN),
        Break(BreakKind.AWAY, 12.5),
        Plan((known, own)),
        Plan(),
    )


def make_outputs(history_folder: Path) -> None:
    """Write exports and printed lines, from a copy of the history."""
    exports, printed = anew(HERE / "exports"), anew(HERE / "printed")
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_DATA_HOME"] = home
        folder = shutil.copytree(history_folder, Path(home) / "beltline")
        with History.open(Place(folder)) as history:
            for suffix in (".csv", ".json"):
                export_file(history, exports / f"history{suffix}")
        commands = [f"history {words} --json" for words in HISTORY_COMMANDS]
        text = "".join(map(with_answer, commands)).replace(f"{folder}/", "FOLDER/")
        (printed / "history.txt").write_text(text, "utf-8")
        text = "".join(map(with_answer, MEASURE_COMMANDS))
        (printed / "measure.txt").write_text(text, "utf-8")


def with_answer(command: str) -> str:
    """Return a command line and below it what it prints."""
    return f"$ beltline {command}\n{beltline(*command.split()).stdout}"


def anew(folder: Path) -> Path:
    """Return a folder with nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


if __name__ == "__main__":
    main()
