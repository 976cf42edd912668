"""What an earlier version wrote is taken in unchanged; see tests/data/earlier/README.md."""

from __future__ import annotations

import csv
import json
import math
import plistlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from app import settings
from app.breaks import journal, preferences, protocol, schedule
from app.gui.background import reminder
from app.history import diary, place, records, store
from app.history.errors import CheckNotFound
from app.history.exchange import files
from app.history.exchange.model import Added
from app.history.records import RowQuery
from app.system import ipc
from app.system.desktop import autostart
from app.tray import service
from tests.app.cli.runner import beltline
from tests.app.history.made_up import new_check, open_for_days
from vision.result import BonyPoints

if TYPE_CHECKING:
    from collections.abc import Iterator

CLONE = Path(__file__).parents[2]
EARLIER = CLONE / "tests" / "data" / "earlier"
linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="elsewhere no variable moves the data folder"
)
BERLIN, NEWFOUNDLAND = (timezone(timedelta(hours=hours)) for hours in (1, -3.5))
BEGIN = datetime(2026, 2, 20, 8, 0, 30, 250000, tzinfo=BERLIN)
ME, ANNA = 1, 2
SETTINGS = {
    "scheme": "dark",
    "window": "AdnQywADAAAAAAAyAAAAMgAABE0AAANxAAAAMgAAAFcAAARN",
    "page": "history",
    "photo_folder": "/media/stick/Größe & Bilder",
    "profile_id": 2,
    "keep_pictures": False,
    "hidden_layers": ["landmarks", "plumb"],
    "countdown_s": 12,
    "is_muted": True,
    "live_camera": "USB Camera: HD (2)",
    "live_address": "http://192.0.2.7:8080/video",
    "live_uses_address": True,
    "live_size": "1280x720",
    "live_mirror": False,
    "live_voice": False,
    "live_tones": False,
    "live_repeats": 5,
    "live_kind": "squeeze",
    "live_setup": False,
    "exercise_camera": True,
}
#: The usual values of the entries that make no sense in the damaged file.
INSTEAD: dict[str, object] = {
    "scheme": "system",
    "profile_id": None,
    "hidden_layers": [],
    "countdown_s": 5,
    "live_size": "1920x1080",
}
REMINDER = {
    "is_on": True,
    "interval_min": 30,
    "quiet_from": "21:45",
    "quiet_to": "06:15",
    "quiet_days": (5, 6),
    "has_sound": False,
    "starts_with_session": True,
    "profile_id": 2,
}
YES, PARTLY, NO = records.Ability.YES, records.Ability.PARTLY, records.Ability.NO
#: What the first person did, day by day.
DIARY = (
    diary.Screening(diary.ScreeningOutcome.CLEAR),
    diary.Screening(diary.ScreeningOutcome.ASK_FIRST, ("pregnancy", "of_a_newer_version"), True),
    diary.Screening(diary.ScreeningOutcome.DOCTOR_FIRST, ("night_pain",)),
    diary.Screening(diary.ScreeningOutcome.EMERGENCY, ("saddle_numbness",)),
    diary.Pain("glute_bridge", "left knee"),
    diary.Pain(),
    diary.SelfCheck(records.SqueezeAnswers(YES, PARTLY, NO)),
    diary.SelfCheck(records.SqueezeAnswers()),
    diary.ExerciseSet(
        exercise="glute_bridge",
        repetitions=12,
        hold_s=4.5,
        load="red band",
        counted_by=diary.CountedBy.CAMERA,
        faults={"over_arched": 2, "feet_too_near": 1},
    ),
    diary.ExerciseSet("glute_squeeze", 10, 5.0, counted_by=diary.CountedBy.TIMER),
    diary.ExerciseSet("Vierfüßler =1+1", 8, 0.0, "left", counted_by=diary.CountedBy.PERSON),
    diary.Break(diary.BreakKind.TAKEN, 0.0),
    diary.Break(diary.BreakKind.AWAY, 12.5),
    diary.Plan(
        (
            diary.PlannedExercise("glute_bridge", "", 3, 12, 5.0, False, "red band", "slowly"),
            diary.PlannedExercise("", "Vierfüßler =1+1", 1, 8, 0.0, True, "", ""),
        )
    ),
    diary.Plan(),
)
#: What the journal holds.
BREAKS = [
    journal.JournalBreak(BEGIN, diary.BreakKind.AWAY, 4.75, 2),
    journal.JournalBreak(
        BEGIN.astimezone(NEWFOUNDLAND) + timedelta(hours=1), diary.BreakKind.TAKEN, 0.0, None
    ),
    # Of the person who is deleted.
    journal.JournalBreak(BEGIN + timedelta(hours=2), diary.BreakKind.AWAY, 61.5, 3),
]
HELLO = protocol.wanted_line(protocol.Wanted(protocol.Order.HELLO))


def answers(name: str) -> list[Any]:
    """Return each recorded command with the lines that it printed."""
    text = (EARLIER / "printed" / name).read_text("utf-8")
    found = []
    for block in text.split("$ beltline ")[1:]:
        # Not splitlines(): a note may hold other ends of lines as they are.
        command, *lines = block.removesuffix("\n").split("\n")
        found.append(pytest.param(command.split(), lines, id=command.replace(" ", "_")))
    return found


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user of their own; the names of the variables and files are the earlier ones."""
    monkeypatch.setenv("BELTLINE_CONFIG_DIR", str(tmp_path / "config" / "beltline"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("BELTLINE_DATABASE_URL", raising=False)
    return tmp_path


@pytest.fixture
def config(home: Path) -> Path:
    """The folder of the settings, with those of the earlier version."""
    folder = home / "config" / "beltline"
    shutil.copytree(EARLIER / "settings", folder)
    shutil.copy(EARLIER / "reminder" / "reminder.json", folder)
    return folder


@pytest.fixture
def data(home: Path) -> Path:
    """The data folder, with what the earlier version kept there."""
    folder = home / "data" / "beltline"
    shutil.copytree(EARLIER / "history", folder)
    for name in ("breaks.jsonl", "reminder_memory.json"):
        shutil.copy(EARLIER / "reminder" / name, folder)
    return folder


@pytest.fixture
def history(data: Path) -> Iterator[store.History]:
    with store.History.open(place.Place(data)) as opened:
        yield opened


@linux
def test_files_lie_where_they_lay(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config, data = home / "config" / "beltline", home / "data" / "beltline"
    assert settings.default_path() == config / "settings.json"
    assert preferences.default_path() == config / "reminder.json"
    assert journal.default_path() == data / "breaks.jsonl"
    assert place.usual_place() == place.Place(data)
    assert place.usual_place().database == data / "history.sqlite3"
    monkeypatch.delenv("BELTLINE_CONFIG_DIR")
    assert settings.default_path() == config / "settings.json"


def test_settings_are_read_as_they_were(config: Path) -> None:
    file = settings.SettingsFile()
    assert file.path == config / "settings.json"
    assert file.complaint == ""
    assert {name: getattr(file.values, name) for name in SETTINGS} == SETTINGS
    assert file.save()
    saved = json.loads(file.path.read_text("utf-8"))
    assert {name: saved[name] for name in SETTINGS} == SETTINGS


def test_of_damaged_settings_the_sound_ones_are_read(config: Path) -> None:
    file = settings.SettingsFile(config / "settings_damaged.json")
    assert file.complaint
    wanted = SETTINGS | INSTEAD
    assert {name: getattr(file.values, name) for name in wanted} == wanted


def test_the_choices_about_reminders_are_read_as_they_were(config: Path) -> None:
    file = preferences.PreferencesFile()
    assert file.path == config / "reminder.json"
    assert file.complaint == ""
    assert {name: getattr(file.values, name) for name in REMINDER} == REMINDER
    # Nobody had the choice then: calls are spared, as for whoever is new.
    assert file.values.is_calm
    assert file.save()
    again = preferences.PreferencesFile().values
    assert {name: getattr(again, name) for name in REMINDER} == REMINDER


def test_the_reminder_remembers(data: Path) -> None:
    path = data / "reminder_memory.json"
    found = service.load_memory(path)
    until = datetime(2026, 2, 20, 23, 0, 30, tzinfo=BERLIN)
    assert found == schedule.Memory(BEGIN, 1830.5, 2, 600.0, until)
    assert found.paused_until is not None
    assert found.left_at.utcoffset() == until.utcoffset() == found.paused_until.utcoffset()
    before = path.read_bytes()
    assert service.save_memory(path, found)
    assert path.read_bytes() == before


def test_breaks_that_were_noted_are_read(data: Path) -> None:
    path = data / "breaks.jsonl"
    with journal.taken(path) as found:
        assert found == BREAKS
        assert [one.at.utcoffset() for one in found] == [one.at.utcoffset() for one in BREAKS]
    assert not path.exists()
    aside = path.with_name("breaks.jsonl.damaged")
    assert aside.read_text("utf-8") == '{"at": "2026-02-20T11:0\n'


def test_breaks_that_were_noted_go_into_the_history(data: Path, history: store.History) -> None:
    assert reminder.take_into(history, ME, data / "breaks.jsonl") == 3
    found = {
        person: [entry.at for entry in history.entries(person, diary.EntryKind.BREAK)]
        for person in (ME, ANNA)
    }
    assert BREAKS[0].at in found[ANNA]
    # Nobody was named, or somebody who is deleted.
    assert {BREAKS[1].at, BREAKS[2].at} <= set(found[ME])


def desktop_entry(text: str) -> dict[str, str]:
    lines = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name: value for name, _, value in lines}


def entry_commands() -> dict[str, list[str]]:
    """Return what each system starts with the session."""
    folder = EARLIER / "autostart"
    entry = desktop_entry((folder / "beltline-tray.desktop").read_text("utf-8"))
    agent = plistlib.loads((folder / "org.beltline.tray.plist").read_bytes())
    registry = json.loads((folder / "windows_registry.json").read_text("utf-8"))
    return {
        "linux": shlex.split(entry["Exec"]),
        "macos": agent["ProgramArguments"],
        "windows": shlex.split(registry["value"].replace("\\", "/")),
    }


@pytest.mark.parametrize(
    ("system", "name", "folder"),
    [
        ("linux", "beltline-tray.desktop", "config/autostart"),
        ("darwin", "org.beltline.tray.plist", "Library/LaunchAgents"),
    ],
)
def test_the_entry_that_starts_it_with_the_session_is_known(
    home: Path, monkeypatch: pytest.MonkeyPatch, system: str, name: str, folder: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    (home / folder).mkdir(parents=True)
    entry = home / folder / name
    shutil.copy(EARLIER / "autostart" / name, entry)
    assert autostart.is_on()
    # One that is written today takes its place, and does not come beside it.
    autostart.turn_on()
    assert list(entry.parent.iterdir()) == [entry]
    shutil.copy(EARLIER / "autostart" / name, entry)
    autostart.turn_off()
    assert not autostart.is_on()
    assert not entry.exists()


def test_the_entry_in_the_registry_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = json.loads((EARLIER / "autostart" / "windows_registry.json").read_text("utf-8"))
    values = {(*entry["key"], entry["name"]): entry["value"]}

    def query(key: tuple[str, ...], name: str) -> tuple[str, str]:
        if (*key, name) not in values:
            raise FileNotFoundError(name)
        return values[*key, name], "REG_SZ"

    # No other system has this module.
    registry = SimpleNamespace(
        HKEY_CURRENT_USER="HKEY_CURRENT_USER",
        KEY_SET_VALUE=2,
        OpenKey=lambda root, path, *_: nullcontext((root, path)),
        QueryValueEx=query,
        DeleteValue=lambda key, name: values.pop((*key, name)),
    )
    monkeypatch.setitem(sys.modules, "winreg", registry)
    monkeypatch.setattr(sys, "platform", "win32")
    assert autostart.is_on()
    autostart.turn_off()
    assert not autostart.is_on()
    assert values == {}


def test_all_systems_start_the_same() -> None:
    commands = entry_commands()
    started = commands["linux"][1:]
    assert started[0] == "-m"
    assert started[2:] == ["--quiet"]
    assert all(words[1:] == started for words in commands.values())


@linux
def test_the_entry_still_starts_the_reminder(
    config: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It finds its files; only the program's place and Python are those of this machine."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "")
    (data / "reminder_memory.json").unlink()
    _, *words = entry_commands()["linux"]
    process = subprocess.Popen(
        [sys.executable, *words], cwd=CLONE, stderr=subprocess.PIPE, text=True
    )
    try:
        line = None
        for _ in range(400):
            line = ipc.ask(ipc.Endpoint.REMINDER, HELLO, 2000)
            if line is not None or process.poll() is not None:
                break
            time.sleep(0.05)
        assert line is not None, process.communicate()
        news = protocol.read_news(line)
        assert news is not None
        assert news.state is not None
        assert news.state.is_on
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=20)
        # Qt remarks there on a locale that is not UTF-8.
        assert process.returncode == 0, said
        assert "Traceback" not in said
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
    assert service.load_memory(data / "reminder_memory.json") is not None
    assert (config / "reminder.json").read_bytes() == (
        EARLIER / "reminder" / "reminder.json"
    ).read_bytes()


def test_the_people_and_their_checks_are_there(history: store.History) -> None:
    profiles = [(one.id, one.name) for one in history.profiles()]
    assert profiles == [(ME, "Me"), (ANNA, "Änne =1+1")]
    assert history.profiles()[0].created_at == datetime(
        2026, 2, 20, 8, 0, 30, 250000, tzinfo=BERLIN
    )
    assert history.count(RowQuery(None)) == 8
    assert [history.count(RowQuery(person)) for person in (ME, ANNA)] == [6, 2]


def test_what_was_deleted_long_ago_goes_for_good(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = place.Place(data).database
    assert b"of somebody deleted" in file.read_bytes()
    before = {path.name: path.read_bytes() for path in data.rglob("*.jpg")}
    # Earlier versions did not count the days, and a clock alone is no reason to delete.
    open_for_days(place.Place(data), monkeypatch, 31)
    with store.History.open(place.Place(data)) as history:
        for number in (9, 10):
            with pytest.raises(CheckNotFound):
                history.check(number)
        kept = [history.check(number).picture for number in (1, 8)]
        # A number is never given twice.
        assert history.save(new_check(ME)).row.id == 11
    assert b"deleted" not in file.read_bytes()
    wanted = {path.name for one in kept if one is not None for path in (one.picture, one.thumbnail)}
    after = {path.name: path.read_bytes() for path in data.rglob("*.jpg")}
    assert len(before) == 6
    assert after == {name: before[name] for name in wanted}
    assert len(after) == 4


def test_a_check_is_as_it_was(history: store.History) -> None:
    """What ``history show`` prints of it is held below; this is the rest."""
    marked = history.check(3)
    assert marked.result.points == BonyPoints((243.25, 396.5), (346.0, 390.125))
    assert marked.suggested_points == BonyPoints((240.0, 400.0), (350.5, 380.0))
    assert marked.size_px == (1200, 1600)
    assert marked.result.plumb_px.tolist() == [[10.5, 0.25, 11.0, 700.0], [900, 3, 905, 800]]
    outline_px = marked.result.outline_px
    assert outline_px.shape[1] == 2
    assert [*outline_px.min(0), *outline_px.max(0)] == pytest.approx([450, 200, 750, 1400], abs=2)
    sparse = history.check(6)
    assert (sparse.result.points, sparse.suggested_points) == (None, None)
    assert sparse.result.outline_px.shape == (0, 2)
    assert sparse.row.conditions == records.Conditions("", None, "")


def test_repeats_are_as_they_were(history: store.History) -> None:
    check = history.check(2)
    note = "=1+1; no formula\nsecond line"
    assert check.row.conditions == records.Conditions("grey shorts", records.Arms.HANGING, note)
    first = datetime(2026, 3, 1, 9, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2)))
    assert [repeat.taken_at for repeat in check.repeats] == [
        first + timedelta(minutes=number) for number in range(3)
    ]
    assert [repeat.tilt.angle_deg for repeat in check.repeats] == [11.5, 12.3, 13.75]
    assert [(repeat.frames, repeat.spread_deg) for repeat in check.repeats] == [
        (80, 0.0),
        (81, 0.125),
        (82, 0.25),
    ]


def test_a_kept_picture_is_found(history: store.History) -> None:
    kept = history.check(1).picture
    assert kept is not None
    for path in (kept.picture, kept.thumbnail):
        with Image.open(path) as image:
            assert (image.format, image.size) == ("JPEG", (150, 200))


def test_squeeze_tests_are_as_they_were(history: store.History) -> None:
    (mine,), (annas,) = history.squeezes(ME), history.squeezes(ANNA)
    assert mine.note == "after a walk"
    assert mine.answers == records.SqueezeAnswers(NO, PARTLY, YES)
    result = mine.result
    assert (result.backward_deg, result.low_deg, result.high_deg) == (6.0, 4.1, 7.9)
    assert result.is_more_than_noise
    assert [(one.before_deg, one.after_deg) for one in result.rounds] == 3 * [(12.25, 12.75)]
    assert [one.squeezed_deg for one in result.rounds] == pytest.approx([7.6, 6.5, 5.4])
    assert annas.answers == records.SqueezeAnswers()
    assert not annas.result.is_more_than_noise
    assert annas.result.backward_deg == 0.75


def test_the_diary_is_as_it_was(history: store.History) -> None:
    found = history.entries(ME)
    assert [entry.content for entry in found] == list(DIARY)
    assert [entry.at for entry in found] == [BEGIN + timedelta(days=n) for n in range(len(DIARY))]
    (annas,) = history.entries(ANNA)
    assert annas.content == diary.Break(diary.BreakKind.AWAY, 6.0)
    assert annas.at.utcoffset() == timedelta(hours=-3.5)
    # Nobody was calibrated then, there was no range test, and no planned weeks.
    later = {diary.EntryKind.CALIBRATION, diary.EntryKind.RANGE, diary.EntryKind.EXPERIMENT}
    assert {entry.kind for entry in found} == {*diary.EntryKind} - later


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_an_export_is_the_earlier_one(history: store.History, home: Path, suffix: str) -> None:
    out = home / f"out{suffix}"
    assert files.export_file(history, out) == 8
    assert_the_earlier_one(out)


def assert_the_earlier_one(path: Path) -> None:
    """An export holds what the earlier one did; of each tilt it tells more about its doubt."""
    earlier = EARLIER / "exports" / f"history{path.suffix}"
    if path.suffix == ".csv":
        found, wanted = map(rows_of, (path, earlier))
    else:
        whole, wanted_whole = (json.loads(one.read_text("utf-8")) for one in (path, earlier))
        found, wanted = whole.pop("checks"), wanted_whole.pop("checks")
        assert whole == wanted_whole
    for other in wanted:
        # Exports told the folders of pictures then.
        other["source"] = Path(other["source"]).name
    assert [sure_of(check) for check in found] == [sure_of(check) for check in wanted]
    for check, other in zip(found, wanted, strict=True):
        assert list(check)[: len(other)] == list(other)
        assert_intervals_hold(check, other)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


#: What a doubt was, or is, made of.
DOUBTED = re.compile(r".*_?(low|high|sd_reading|sd_roll|sd_bones)_deg")
#: What nobody knew of a check: on which calibration it rests, where the lens was, and more of
#: the person than a name.
UNKNOWN = re.compile(r"calibrated_at|lens_.*|profile_(client_id|birth_year|next_check_on)")


def sure_of(check: dict[str, Any]) -> dict[str, Any]:
    """Return what an export says of a check, but for the doubts of its tilts."""
    assert not any(value for name, value in check.items() if UNKNOWN.fullmatch(name))
    found = {
        name: value
        for name, value in check.items()
        if not DOUBTED.fullmatch(name) and not UNKNOWN.fullmatch(name)
    }
    repeats = check["repeats"]
    taken = json.loads(repeats) if isinstance(repeats, str) else repeats
    found["repeats"] = [[*one[:2], *one[4:6]] for one in taken]
    return found


def assert_intervals_hold(check: dict[str, Any], earlier: dict[str, Any]) -> None:
    """They are as wide as they were; of a contour, what no picture shows of the bones is added."""
    for prefix in ("", "contour_", "marked_", "stickers_", "belt_"):
        low, high = (earlier[f"{prefix}{end}_deg"] for end in ("low", "high"))
        if low in (None, ""):
            assert check[f"{prefix}sd_bones_deg"] == low
            continue
        half_deg = (float(high) - float(low)) / 2
        is_contour = (prefix.removesuffix("_") or earlier["method"]) == "contour"
        bones_deg = 1.645 * 4.5 if is_contour else 0.0
        wanted_deg = pytest.approx(math.hypot(half_deg, bones_deg))
        for end, sign in (("low", -1), ("high", 1)):
            off_deg = float(check[f"{prefix}{end}_deg"]) - float(check[f"{prefix}angle_deg"])
            assert sign * off_deg == wanted_deg


@pytest.mark.parametrize(
    ("suffix", "added"), [(".csv", Added(8, 0, 2)), (".json", Added(8, 0, 2, 2, 16))]
)
def test_an_export_is_imported_whole(home: Path, suffix: str, added: Added) -> None:
    source = home / f"history{suffix}"
    shutil.copy(EARLIER / "exports" / source.name, source)
    with store.History.open(place.Place(home / "empty")) as history:
        assert files.import_file(history, source) == added
        assert files.import_file(history, source) == Added(0, 8, 0)
        for wanted in (".csv", ".json"):
            files.export_file(history, home / f"again{wanted}")
    for wanted in (".csv", ".json"):
        again = home / f"again{wanted}"
        if suffix == ".csv" and wanted == ".json":
            # A table holds checks and whose they are, no more.
            whole = json.loads((EARLIER / "exports" / "history.json").read_text("utf-8"))
            whole["checks"] = json.loads(again.read_text("utf-8"))["checks"]
            again.write_text(json.dumps(whole), encoding="utf-8")
        assert_the_earlier_one(again)


def test_an_earlier_export_says_the_same_as_an_earlier_history(
    history: store.History, home: Path
) -> None:
    """Both ways into this version fill in the same doubts."""
    files.export_file(history, home / "upgraded.json")
    with store.History.open(place.Place(home / "empty")) as other:
        files.import_file(other, EARLIER / "exports" / "history.json")
        files.export_file(other, home / "imported.json")
    assert (home / "imported.json").read_bytes() == (home / "upgraded.json").read_bytes()


@linux
@pytest.mark.parametrize(("words", "wanted"), answers("history.txt"))
def test_the_history_is_printed_as_it_was(data: Path, words: list[str], wanted: list[str]) -> None:
    result = beltline(*words)
    assert (result.exit_code, result.stderr) == (0, "")
    text = result.stdout.removesuffix("\n").replace(f"{data}/", "FOLDER/")
    assert [lasting(json.loads(line)) for line in text.split("\n")] == [
        lasting(json.loads(line)) for line in wanted
    ]


#: What is always today's: sentences about a reason, doubts since there are the bones in them,
#: on which calibration a number rests, and where the lens was.
TODAYS = frozenset(
    {"message", "fix", "interval_deg", "sd_deg", "smallest_deg", "calibrated_at", "lens"}
)


def lasting(found: Any) -> Any:
    """Return what a line says, but for what is always today's."""
    if isinstance(found, dict):
        return {name: lasting(value) for name, value in found.items() if name not in TODAYS}
    return [lasting(one) for one in found] if isinstance(found, list) else found


@pytest.mark.parametrize(("words", "wanted"), answers("measure.txt"))
def test_a_measurement_is_printed_in_the_same_form(
    monkeypatch: pytest.MonkeyPatch, words: list[str], wanted: list[str]
) -> None:
    """The models may change, and with them the numbers, but not what scripts rely on."""
    monkeypatch.chdir(CLONE)
    lines = beltline(*words).stdout.splitlines()
    assert len(lines) == len(wanted)
    for line, earlier in zip(lines, wanted, strict=True):
        assert_same_form(json.loads(line), json.loads(earlier), "")


#: Values that scripts compare.
CODES = frozenset({"schema", "source", "status", "facing", "method", "level", "code", "severity"})


#: What a line has gained.
LATER = frozenset({"sd_deg", "calibrated_at", "lens"})


def assert_same_form(found: Any, wanted: Any, where: str) -> None:
    if where.rpartition(".")[2] in CODES:
        assert found == wanted, where
    if found is None or wanted is None:
        return  # what is not known; whether it is, is the models' affair
    assert type(found) is type(wanted), where
    if isinstance(wanted, dict):
        assert [name for name in found if name not in LATER] == list(wanted), where
        for name in wanted:
            assert_same_form(found[name], wanted[name], f"{where}.{name}")
    elif isinstance(wanted, list):
        assert len(found) == len(wanted), where
        for one, other in zip(found, wanted, strict=True):
            assert_same_form(one, other, where)
