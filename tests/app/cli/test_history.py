"""``beltline history`` in this process, on a real database."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner, Result

from app.cli.history import history_app
from app.history.from_measurement import save_measured
from app.history.place import URL_VARIABLE, Place
from app.history.records import RowQuery
from app.history.store import History
from app.system.shell import Status
from app.text.languages.wording import day_text
from tests import made_up_results
from tests.app.history.made_up import measured, new_check, new_squeeze, picture, repeats
from tests.app.history.protected import write_protected
from vision.image.frame import frame_from_array
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vision.result import Measured

CLONE = Path(__file__).parents[3]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The user's own history, in a folder of the test's."""
    found = Place(tmp_path / "data")
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    monkeypatch.setattr("app.history.store.usual_place", lambda: found)
    return found


@pytest.fixture
def history(place: Place) -> Iterator[History]:
    with History.open(place) as opened:
        yield opened


def call(*arguments: object, text: str | None = None) -> Result:
    words = [str(argument) for argument in arguments]
    result = CliRunner().invoke(history_app, words, input=text)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def answer(*arguments: object) -> str:
    result = call(*arguments)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return result.stdout


def lines(*arguments: object) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer(*arguments, "--json").splitlines()]


def complaint(*arguments: object, status: int = 2) -> str:
    result = call(*arguments)
    assert result.exit_code == status
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("beltline: ")
    return line


def by(measured: Measured, angle_deg: float, method: Method = Method.CONTOUR) -> Measured:
    return replace(measured, tilt=made_up_results.tilt(angle_deg, 4, method))


@pytest.fixture
def filled(history: History, measured: Measured) -> History:
    """Two people; Me has three checks by contour and one by belt line, newest saved first."""
    me, anna = history.default_profile().id, history.add_profile("Anna")
    history.save(new_check(me, by(measured, 24.4), day=40, note="after\nholiday", rgb=picture()))
    history.save(new_check(me, by(measured, 12.345), day=0, garment="jeans"))
    history.save(new_check(me, by(measured, 9.0), day=20))
    history.save(new_check(me, by(measured, 5.0, Method.BELT), day=1, garment="jeans"))
    history.save(new_check(anna.id, by(measured, -3.0), day=2))
    return history


def test_without_checks_it_says_how_to_keep_one(place: Place) -> None:
    for command in ("list", "trend"):
        assert "beltline measure --save PHOTO" in answer(command)
        assert lines(command) == []
    assert place.database.exists()


def test_list_is_oldest_first(filled: History) -> None:
    found = lines("list")
    assert [check["id"] for check in found] == [2, 4, 5, 3, 1]
    assert found[0] == {
        "id": 2,
        "taken_at": "2026-03-01T09:30:15.123456+02:00",
        "profile": "Me",
        "tilt": {
            "method": "contour",
            "angle_deg": 12.35,
            "interval_deg": [8.35, 16.34],
            "level": 0.9,
            "sd_deg": {"reading": 2.43, "roll": 0.0, "bones": 0.0},
        },
        "calibrated_at": None,
        "garment": "jeans",
        "arms": "collar_bones",
        "note": "",
        "has_picture": False,
        "repeat_count": 0,
        "repeat_spread_deg": None,
    }
    text = answer("list").splitlines()
    assert text[0].startswith("    2  2026-03-01 09:30  Me  Estimated forward tilt 12° (likely 8")
    assert text[0].endswith("from the outline of the body  jeans; fists on the collar-bones")
    assert text[2].startswith("    5  2026-03-03 09:30  Anna  Estimated backward tilt 3°")
    assert text[4].endswith("after holiday")
    assert len(text) == 5


def test_list_of_one_person_or_method(filled: History) -> None:
    assert [check["id"] for check in lines("list", "--profile", "anna")] == [5]
    assert [check["id"] for check in lines("list", "--method", "belt")] == [4]
    assert "Belt line lower in front by 5°" in answer("list", "--method", "belt")
    assert "No check matches." in answer("list", "--method", "stickers")
    said = complaint("list", "--profile", "Nobody")
    assert "no person named 'Nobody'" in said
    assert "'Me', 'Anna'" in said
    assert call("list", "--method", "magic").exit_code == 2


def test_long_lists_come_whole(history: History, measured: Measured, monkeypatch: Any) -> None:
    monkeypatch.setattr("app.cli.history._BLOCK", 2)
    me = history.default_profile().id
    for day in range(5):
        history.save(new_check(me, measured, day=day))
    assert [check["id"] for check in lines("list")] == [1, 2, 3, 4, 5]


def test_trend_is_one_method_at_a_time(filled: History) -> None:
    found = lines("trend", "--profile", "Me", "--method", "contour")
    assert [check["id"] for check in found] == [2, 3, 1]
    assert found[0]["change_since_first"] is None
    assert found[1]["change_since_first"] == {
        "difference_deg": -3.35,
        "smallest_deg": 9.0,
        "smallest_from": "single_pictures",
        "is_real": False,
    }
    assert found[2]["change_since_first"]["is_real"] is True
    text = answer("trend", "--profile", "Me", "--method", "contour")
    assert text.startswith("Me, measured from the outline of the body: 3 checks\n")
    assert "12° further forward, a real change." in text
    every = answer("trend")
    assert "Me, measured from the line of the belt: 1 check\n" in every
    assert "Anna, measured from the outline of the body: 1 check\n" in every
    assert every.count("shows whether it changes") == 2


def test_a_small_difference_is_no_real_change(history: History, measured: Measured) -> None:
    me = history.default_profile().id
    for day, angle_deg in enumerate((12.0, 18.4)):
        history.save(new_check(me, by(measured, angle_deg), day=day))
    for text in (answer("trend"), answer("compare", 1, 2)):
        assert "no real change" in text.lower()
        # 1.96 * sqrt(2 * (2.7 ** 2 + 0.5 ** 2 + 1.6 ** 2)) = 8.8, in whole degrees.
        assert "less than 9° is no real change" in text
        assert "10° further" not in text
        assert "better" not in text
        assert "worse" not in text


def test_show(filled: History) -> None:
    (found,) = lines("show", 1)
    assert found["id"] == 1
    assert found["profile"] == "Me"
    assert found["note"] == "after\nholiday"
    assert found["size_px"] == [1200, 1600]
    assert found["posture"]["knee_angle_deg"] == 178.0
    assert found["status"] == "measured"
    assert found["schema"] == 1
    assert Path(found["picture"]).is_file()
    text = answer("show", 1)
    assert text.startswith("Check 1 of Me, 2026-04-10 09:30\n  Estimated forward tilt 24°")
    assert "Note: after" in text
    assert "Picture: " in text
    Path(found["picture"]).unlink()
    assert "no longer where it was kept" in answer("show", 1)
    assert lines("show", 1)[0]["picture"] is None
    assert "Only the numbers were kept" in answer("show", 2)
    assert "Worn: jeans" in answer("show", 2)


def test_compare(filled: History) -> None:
    (found,) = lines("compare", 2, 1)
    assert found["change"]["is_real"] is True
    assert found["not_compared"] is None
    assert (found["first"]["id"], found["second"]["id"]) == (2, 1)
    assert answer("compare", 2, 1).splitlines()[-1].startswith("12° further forward, a real change")
    for other, why, said in (
        (4, "methods", "measured in different ways"),
        (5, "profiles", "different people"),
    ):
        (found,) = lines("compare", 2, other)
        assert found["change"] is None
        assert found["not_compared"] == why
        assert said in answer("compare", 2, other)


def test_repeats_are_listed_shown_and_compared(history: History, measured: Measured) -> None:
    me, taken = history.default_profile().id, repeats(11.0, 12.0, 13.0, 12.5, 12.0)
    for day, angle_deg in enumerate((12.0, 18.0)):
        history.save(new_check(me, by(measured, angle_deg), day=day, repeats=taken))
    history.save(new_check(me, by(measured, 18.0), day=2))
    found = lines("list")
    assert [check["repeat_count"] for check in found] == [5, 5, 0]
    assert [check["repeat_spread_deg"] for check in found] == [0.74, 0.74, None]
    assert "middle of 5 repeats" in answer("list").splitlines()[0]
    assert "repeats" not in answer("list").splitlines()[2]
    (shown,) = lines("show", 1)
    assert [repeat["tilt"]["angle_deg"] for repeat in shown["repeats"]] == [11, 12, 13, 12.5, 12]
    assert shown["repeats"][1]["taken_at"] == "2026-03-01T09:31:15.123456+02:00"
    assert (shown["repeats"][1]["frames"], shown["repeats"][1]["spread_deg"]) == (81, 0.12)
    text = answer("show", 1)
    assert "  Middle (median) of 5 repeats, spread 1°.\n" in text
    assert "  One by one: 11°, 12°, 13°, 13°, 12° forward.\n" in text
    assert lines("show", 3)[0]["repeats"] == []
    (change,) = lines("compare", 1, 2)
    assert change["change"] == {
        "difference_deg": 6.0,
        "smallest_deg": 5.0,
        "smallest_from": "repeats",
        "is_real": True,
    }
    assert "6° further forward, a real change." in answer("compare", 1, 2)
    assert lines("compare", 1, 3)[0]["change"]["smallest_from"] == "mixed"
    assert "no real change" in answer("compare", 1, 3).lower()


def test_squeeze_tests_go_out_and_in_with_the_checks(
    history: History, measured: Measured, tmp_path: Path
) -> None:
    me = history.default_profile().id
    history.save(new_check(me, measured))
    history.save_squeeze(new_squeeze(me))
    out = tmp_path / "all.json"
    assert answer("export", "--out", out).startswith("1 check written to ")
    history.delete_everything()
    history.purge()
    said = "1 check added, 0 there already, 1 new person, 1 squeeze test.\n"
    assert answer("import", out) == said


def test_belt_lines_in_other_clothes(history: History, measured: Measured) -> None:
    me = history.default_profile().id
    for garment in ("jeans", "skirt"):
        history.save(new_check(me, by(measured, 5.0, Method.BELT), garment=garment))
    assert "in the same clothes only" in answer("compare", 1, 2)
    assert "in the same clothes only" in answer("trend")


@pytest.mark.parametrize("command", [("show", 99), ("compare", 1, 99), ("delete", 1, 99)])
def test_a_number_that_is_not_there(filled: History, command: tuple[object, ...]) -> None:
    assert "no check number 99" in complaint(*command)
    assert filled.count(RowQuery(None)) == 5


@pytest.mark.parametrize("command", [("show",), ("show", "x"), ("compare", 1), ("delete",)])
def test_wrong_usage(place: Place, command: tuple[object, ...]) -> None:
    assert call(*command).exit_code == 2


def test_what_is_deleted_can_be_had_back(filled: History, place: Place) -> None:
    assert answer("bin") == "Nothing was deleted in the last 30 days.\n"
    said = answer("delete", 1, 3, 3)
    assert said.startswith("2 checks deleted. For 30 days it can be had back: beltline history res")
    assert len(list(place.pictures.rglob("*.jpg"))) == 2
    (deleted,) = lines("delete", 2)
    assert deleted["deleted"] == [2]
    assert filled.count(RowQuery(None)) == 2
    newest, oldest = lines("bin")
    assert (newest["name"], newest["checks"], newest["people"]) == (deleted["name"], 1, [])
    assert (oldest["checks"], oldest["owners"]) == (2, ["Me"])
    listed = answer("bin").splitlines()
    assert listed[1].endswith("  2 checks of Me")
    assert answer("restore", listed[1].split()[0]) == ("Back in the history: 2 checks of Me.\n")
    assert filled.count(RowQuery(None)) == 4
    assert "goes by the name 'zz'" in complaint("restore", "zz")
    assert answer("empty-bin", "--yes") == "The bin is empty now.\n"
    assert lines("bin") == []
    assert filled.count(RowQuery(None)) == 4


def test_a_person_s_line_in_the_bin(filled: History) -> None:
    anna = filled.find_profile("Anna")
    filled.save_squeeze(new_squeeze(anna.id))
    filled.delete_profile(anna.id)
    filled.delete_profile(filled.add_profile("Ben").id)
    ben, person = answer("bin").splitlines()
    assert person.endswith("  Anna with 1 check and 1 squeeze test")
    assert ben.endswith("  Ben with no checks")


def test_delete_for_good(filled: History, place: Place) -> None:
    assert answer("delete", 1, 3, "--for-good") == "2 checks deleted for good.\n"
    assert list(place.pictures.rglob("*.jpg")) == []
    assert lines("bin") == []
    assert lines("delete", 2, "--for-good") == [{"deleted": [2], "name": None}]


def test_a_backup_goes_out_and_comes_back(filled: History, tmp_path: Path) -> None:
    out = tmp_path / "all.zip"
    assert answer("backup", "--out", out) == f"5 checks and 1 picture written to {out}\n"
    filled.purge(filled.delete_everything())
    assert answer("import", out) == "5 checks and 1 picture brought back; 0 there already.\n"
    assert answer("import", out) == "0 checks and 0 pictures brought back; 5 there already.\n"
    out.write_bytes(out.read_bytes()[:-30])
    assert "damaged, so nothing was brought back" in complaint("import", out)
    assert "cannot be written" in complaint("backup", "--out", tmp_path / "no" / "a.zip")


def test_delete_asks_at_a_terminal(filled: History, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("app.cli.history.sys", FakeSys(Terminal()))
    asked: list[str] = []

    def confirm(question: str, **_: object) -> bool:
        asked.append(question)
        return False

    monkeypatch.setattr("typer.confirm", confirm)
    assert answer("delete", 1) == "Nothing was deleted.\n"
    assert answer("delete", 1, "--for-good") == "Nothing was deleted.\n"
    assert answer("empty-bin") == "Nothing was deleted.\n"
    assert asked == [
        "Delete 1 check with picture? It can be had back for 30 days",
        "Delete 1 check with picture for good? This cannot be undone",
        "Delete all that is in the bin for good? This cannot be undone",
    ]
    assert filled.count(RowQuery(None)) == 5
    assert answer("delete", 1, "--yes").startswith("1 check deleted.")
    assert len(asked) == 3


class FakeSys:
    """The interpreter's streams, with another standard input."""

    def __init__(self, stdin: object) -> None:
        self.stdin = stdin

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_export_and_import(filled: History, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"all{suffix}"
    assert answer("export", "--out", out) == f"5 checks written to {out}\n"
    again = "0 checks added, 5 there already, 0 new people.\n"
    assert answer("import", out) == again
    filled.delete_everything()
    filled.purge()
    assert answer("import", out) == "5 checks added, 0 there already, 2 new people.\n"
    assert [check["profile"] for check in lines("list")] == ["Me", "Me", "Anna", "Me", "Me"]


def test_export_of_one_person(filled: History, tmp_path: Path) -> None:
    out = tmp_path / "anna.csv"
    answer("export", "--out", out, "--profile", "Anna")
    with out.open(encoding="utf-8-sig", newline="") as stream:
        assert [line["profile"] for line in csv.DictReader(stream)] == ["Anna"]


def test_files_that_will_not_do(filled: History, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "no export of Beltline's history" in complaint("import", other)
    assert "cannot be read" in complaint("import", tmp_path / "gone.csv")
    assert ".csv or .json" in complaint("export", "--out", tmp_path / "a.txt")
    assert "cannot be written" in complaint("export", "--out", tmp_path / "no" / "a.csv")


def test_a_database_that_is_none(place: Place) -> None:
    place.folder.mkdir()
    place.database.write_bytes(b"rubbish" * 100)
    assert "is damaged, so nothing is written" in complaint("list", status=Status.FAILED)


def test_save_measured(history: History, measured: Measured, photo: Path) -> None:
    frame = frame_from_array(picture(900, 1200))
    first = save_measured(history, photo, frame, measured)
    assert first.profile.name == "Me"
    assert first.picture is not None
    assert first.size_px == (900, 1200)
    assert abs(first.row.taken_at.timestamp() - photo.stat().st_mtime) < 1e-3
    second = save_measured(history, photo, frame, measured, profile_name=" Anna ", note="=hello\0")
    assert second.profile.name == "Anna"
    assert second.row.conditions.note == "=hello"
    assert save_measured(history, photo, frame, measured, profile_name="anna").profile.id == 2


def test_help_loads_no_database() -> None:
    code = (
        "import sys\nfrom app.cli.history import history_app\n"
        "sys.argv = ['history', '--help']\n"
        "try: history_app()\n"
        "except SystemExit as left: assert left.code == 0\n"
        "heavy = {'numpy', 'sqlalchemy', 'alembic', 'PIL', 'cv2'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CLONE, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_every_screen_can_show_it(
    filled: History, place: Place, tmp_path: Path, encoding: str
) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nimport app.history.store as store\n"
        "from app.history.place import Place\nfrom app.cli.history import history_app\n"
        "place = Place(Path(sys.argv.pop(1)))\nstore.usual_place = lambda: place\n"
        "history_app()"
    )
    environment = {"PYTHONIOENCODING": encoding, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    for extra in ([], ["--json"]):
        done = subprocess.run(
            [sys.executable, "-c", code, str(place.folder), "list", *extra],
            cwd=CLONE, env=environment, capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert len(done.stdout.splitlines()) == 5
        if not extra and encoding == "ascii":
            assert b"12 deg (likely" in done.stdout


def test_many_checks_are_judged_together(history: History) -> None:
    me = history.default_profile()
    for week in range(12):
        history.save(new_check(me.id, measured(20.0 - week), day=7 * week))
    text = answer("trend")
    assert "The forward tilt fell by about 11° from 2026-03-01 to 2026-05-17" in text
    *before, last = lines("trend")
    assert "all_together" not in before[-1]
    said = last["all_together"]
    assert said["is_real"]
    assert said["checks"] == 12
    low, high = said["interval_deg"]
    assert low < said["change_deg"] < high < 0


def test_people_are_listed_searched_and_sorted(filled: History) -> None:
    today = date.today()
    overdue, later = today - timedelta(days=3), today + timedelta(days=9)
    answer("profile", "Anna", "--id", "K-17", "--born", 1980, "--next-check", later)
    answer("profile", "Me", "--next-check", overdue)
    filled.add_profile("Zoë")
    assert answer("profiles").splitlines() == [
        f"Anna, ID K-17, born 1980, last seen 3 Mar 2026, next check {day_text(later)}",
        f"Me, last seen 10 Apr 2026, due since {day_text(overdue)}",
        "Zoë, not seen yet",
    ]
    assert [one["profile"] for one in lines("profiles", "--sort", "seen")] == ["Me", "Anna", "Zoë"]
    assert [one["profile"] for one in lines("profiles", "--sort", "due")] == ["Me", "Anna", "Zoë"]
    assert [one["profile"] for one in lines("profiles", "--search", "k-1")] == ["Anna"]
    assert [one["profile"] for one in lines("profiles", "--search", "zoe")] == ["Zoë"]
    (due,) = lines("profiles", "--due")
    assert due == {
        "profile": "Me",
        "client_id": "",
        "birth_year": None,
        "last_seen_at": due["last_seen_at"],
        "next_check_on": overdue.isoformat(),
        "is_due": True,
    }
    assert "Nobody fits" in answer("profiles", "--search", "nobody")


def test_a_person_is_changed_and_changed_back(filled: History) -> None:
    before = filled.find_profile("Anna")
    answer("profile", "anna", "--name", "Anna B.", "--id", "7", "--born", 1999)
    (found,) = lines("profile", "Anna B.")
    assert (found["client_id"], found["birth_year"]) == ("7", 1999)
    answer("profile", "Anna B.", "--name", "Anna", "--id", "", "--born", 0, "--next-check", "")
    assert filled.find_profile("Anna") == before
    assert "cannot be a year of birth" in complaint("profile", "Anna", "--born", 1800)
    assert "'Me' already" in complaint("profile", "Anna", "--name", "Me")
    assert call("profile", "Anna", "--next-check", "soon").exit_code == 2
    assert filled.find_profile("Anna") == before


def test_a_backup_for_others_hides_faces_or_leaves_pictures_out(
    filled: History, tmp_path: Path
) -> None:
    result = call("backup", "--out", tmp_path / "all.zip", "--blur-faces")
    assert result.exit_code == 0
    assert "0 pictures" in result.stdout  # no head is known in what was made up
    assert "left out" in result.stderr


def test_for_good_where_pictures_cannot_be_deleted(filled: History, place: Place) -> None:
    (folder,) = place.pictures.iterdir()
    with write_protected(folder):
        said = complaint("delete", 1, 2, 3, 4, 5, "--for-good", status=Status.FAILED)
    assert said.startswith(f"beltline: Nothing may be written to '{folder}'. ")
    assert lines("bin") == []
    assert filled.count(RowQuery(None)) == 5
    assert len(list(place.pictures.rglob("*.jpg"))) == 2


def test_a_protected_history_is_shown_with_a_word(
    filled: History, place: Place, tmp_path: Path
) -> None:
    filled.close()
    out = tmp_path / "all.csv"
    with write_protected(place.folder):
        shown, exported = call("list", "--json"), call("export", "--out", out)
        refused = call("delete", 1)
    for result in (shown, exported):
        assert result.exit_code == 0
        assert result.stderr.startswith(f"beltline: The history in '{place.database}' can be read,")
    assert len(shown.stdout.splitlines()) == 5
    assert out.is_file()
    assert refused.exit_code == Status.FAILED
    assert f"beltline: Nothing may be written to '{place.database}'." in refused.stderr


def test_pictures_without_a_check_are_told_once(filled: History, place: Place) -> None:
    (folder,) = place.pictures.iterdir()
    (folder / "stray.jpg").touch()
    filled.close()
    assert "1 picture belongs to no check" in call("list").stderr
    assert call("list").stderr == ""
