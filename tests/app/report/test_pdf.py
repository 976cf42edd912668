"""What a report shows: words, pictures, table, and what it never says."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from app.history.practice import Practice, small_logo
from app.history.records import (
    Ability,
    Arms,
    Conditions,
    KeptPicture,
    Profile,
    Repeat,
    Squeeze,
    SqueezeAnswers,
)
from app.report.contents import arrange
from app.report.document import render
from app.text import report
from app.text import squeeze as squeeze_words
from app.text.measurement import INTENDED_USE
from tests.app.history.made_up import png_of
from tests.app.report.checks import (
    PROFILE,
    START,
    Sample,
    make_check,
    pages_of,
    text_of,
    tilt,
    trend_of,
)
from vision.live.events import SqueezeResult, SqueezeRound
from vision.overlay.shapes import PLATE_OPACITY, WEDGE_OPACITY
from vision.reasons import warning
from vision.result import BonyPoints, Method, ReasonCode, VerticalSource

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.history.records import Check

VERDICTS = (
    *("diagnos", "abnormal", "weak", "corrected", "better", "worse", "good", "bad"),
    *("normal", "healthy posture", "wrong"),
)


def printed(
    checks: Sequence[Check],
    *,
    name: str = PROFILE.name,
    method: Method = Method.CONTOUR,
    total_count: int | None = None,
    squeeze: Squeeze | None = None,
) -> bytes:
    profile = Profile(1, name, START)
    return render(arrange(profile, checks, trend_of(checks, method), total_count, squeeze))


def pictures_of(data: bytes) -> list[Image.Image]:
    found = []
    for page in PdfReader(io.BytesIO(data)).pages:
        for file in page.images:
            assert file.image is not None
            found.append(file.image)
    return found


def strokes_of(data: bytes) -> str:
    contents = PdfReader(io.BytesIO(data)).pages[0].get_contents()
    assert contents is not None
    return contents.get_data().decode("latin-1")


@pytest.fixture
def first(woman: Sample, kept: Path) -> Check:
    worn = Conditions("schwarze Leggings", Arms.COLLAR_BONES, "Nach dem Büro müde")
    return make_check(1, woman, conditions=worn, picture=kept / "woman.jpg")


@pytest.fixture
def last(strong_woman: Sample, kept: Path) -> Check:
    worn = Conditions("schwarze Leggings", Arms.COLLAR_BONES)
    picture = kept / "strong_woman.jpg"
    return make_check(2, strong_woman, days=30, conditions=worn, picture=picture)


def test_one_check_fills_one_page(first: Check) -> None:
    data = printed([first])
    (page,) = pages_of(data)
    for part in (
        report.TITLE,
        "Anna Größe",
        "One check, of 3 Jan 2026",
        "Newest check, 3 Jan 2026, 08:05",
        "Estimated forward tilt 12° (likely 9 to 16)",
        "Measured from the outline of the body.",
        "computer-made bodies",
        "3 to 20° (middle 11°, dashed), the range in which most people without pain stand",
        "schwarze Leggings",
        "fists on the collar-bones",
        "Nach dem Büro müde",
        "ahead of the ankles, by 6 % of the leg's length",
        "level, by upright lines in the room",
        first.result.provenance.pose_model_sha256[:12],
        first.result.provenance.contour_model_sha256[:12],
        "Page 1 of 1",
    ):
        assert part in page, part
    assert len(pictures_of(data)) == 1


def test_a_check_of_repeats_says_so(first: Check, last: Check) -> None:
    turned = last.row.tilt.angle_deg
    taken = tuple(
        Repeat(last.row.taken_at, tilt(turned + off), 80, 0.4) for off in (-1.0, 0.0, 1.2)
    )
    row = replace(last.row, repeat_count=3, repeat_spread_deg=1.1)
    page, second = pages_of(printed([first, replace(last, row=row, repeats=taken)]))
    assert "Middle (median) of 3 repeats, spread 1°. One by one: 24°, 25°, 27° forward." in page
    assert "from the outline of the body, middle of 3 repeats" in page
    assert "body outline, 3 repeats" in page + second
    assert "repeats" not in pages_of(printed([first]))[0].replace("their own repeats", "")


def test_the_newest_squeeze_test_is_one_line(first: Check) -> None:
    rounds = (SqueezeRound(12.0, 6.0, 12.0),)
    squeeze = Squeeze(
        PROFILE.id,
        START,
        SqueezeResult(6.0, 4.2, 7.9, True, rounds),
        SqueezeAnswers(Ability.YES, Ability.PARTLY, None),
        id=1,
        saved_at=START,
    )
    text = text_of(printed([first], squeeze=squeeze))
    assert (
        "Newest squeeze test, 3 Jan 2026: turned back 6° on squeezing (likely 4 to 8), more than "
        "standing still varies. Could squeeze both sides: yes; the left alone: partly; the right "
        "alone: not said."
    ) in text
    assert not any(verdict in squeeze_words.SELF_CHECK.lower() for verdict in VERDICTS)
    assert "queeze" not in pages_of(printed([first]))[0]


def test_limits_and_sources_are_told(first: Check) -> None:
    text = text_of(printed([first]))
    for part in (
        "not a verdict",
        INTENDED_USE,
        "9 of 10 cases",
        "leaves that out",
        "clinical validity is not claimed",
    ):
        assert part in text, part
    for source in ("Herrington 2011", "Hagins", "Preece 2008", "Laird 2014"):
        assert source in text, source


def test_the_first_picture_stands_beside_the_newest(first: Check, last: Check) -> None:
    data = printed([first, last])
    page, _ = pages_of(data)
    assert len(pictures_of(data)) == 2
    earlier = page.index("3 Jan 2026, 08:05: 12° forward (9 to 16)")
    assert earlier < page.index("2 Feb 2026, 08:05: 25° forward (22 to 29)")
    assert "From 3 Jan 2026 to 2 Feb 2026: 13° further forward, a real change." in page
    assert "Belt line lower in front by 24°" in page


def test_a_small_difference_is_no_real_change(first: Check, woman: Sample) -> None:
    second = make_check(2, woman, days=9, answer=tilt(18.0))
    page = pages_of(printed([second, first]))[0]
    assert "From 3 Jan 2026 to 12 Jan 2026: no real change." in page
    # 1.96 * sqrt(2 * (2.7 ** 2 + 1.6 ** 2)) = 8.7, in whole degrees.
    assert "less than 9° is no real change" in page
    assert "The clothes differ (schwarze Leggings; not said)" in page


def test_methods_are_never_compared(first: Check, woman: Sample, kept: Path) -> None:
    marked = tilt(31.0, Method.MARKED)
    second = make_check(2, woman, days=9, answer=marked, picture=kept / "woman.jpg")
    data = printed([first, second], method=Method.MARKED)
    assert len(pictures_of(data)) == 1
    text = text_of(data)
    assert "real change:" not in text
    assert "further forward" not in text
    assert "Measured from the two bony points that were marked." in text
    # Told apart, both are in the table.
    assert re.search(r"31° forward \(27 to 35\) marked points", text)
    assert re.search(r"12° forward \(9 to 16\) body outline", text)


def test_an_earlier_picture_that_is_there_is_taken(
    first: Check, last: Check, woman: Sample, kept: Path
) -> None:
    gone = replace(first, picture=KeptPicture(kept / "gone.jpg", kept / "gone.jpg"))
    second = make_check(7, woman, days=4, picture=kept / "woman.jpg")
    data = printed([last, gone, second])
    assert len(pictures_of(data)) == 2
    assert "From 7 Jan 2026 to 2 Feb 2026" in pages_of(data)[0]


@pytest.mark.parametrize("problem", ["numbers only", "vanished", "damaged"])
def test_a_picture_that_is_not_there_gets_a_plain_word(
    first: Check, last: Check, tmp_path: Path, problem: str
) -> None:
    damaged = tmp_path / "damaged.jpg"
    damaged.write_bytes(b"\xff\xd8\xff\xe0 no picture")
    where, said = {
        "numbers only": (None, report.NO_PICTURE),
        "vanished": (tmp_path / "gone.jpg", report.PICTURE_GONE),
        "damaged": (damaged, report.PICTURE_UNREADABLE),
    }[problem]
    kept = None if where is None else KeptPicture(where, where)
    data = printed([first, replace(last, picture=kept)])
    assert pictures_of(data) == []
    page = pages_of(data)[0]
    assert said in page
    assert "13° further forward" in page


def test_a_truncated_picture_counts_as_damaged(first: Check, kept: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.jpg"
    cut.write_bytes((kept / "woman.jpg").read_bytes()[:9000])
    data = printed([replace(first, picture=KeptPicture(cut, cut))])
    assert report.PICTURE_UNREADABLE in text_of(data)


def test_sixty_checks_on_two_pages(woman: Sample, kept: Path) -> None:
    note = "Nach langem Sitzen am Schreibtisch; größere Pause gemacht. "
    checks = [
        make_check(
            number,
            woman,
            days=number,
            answer=tilt(12.0 + number % 3),
            conditions=Conditions("Leggings", Arms.HANGING, note * (number % 5)),
            picture=kept / "woman.jpg",
        )
        for number in range(60)
    ]
    pages = pages_of(printed(checks))
    assert len(pages) == 2
    text = " ".join(pages)
    found = re.search(r"The newest (\d+) of 60 checks", text)
    assert found
    shown = int(found[1])
    assert 10 <= shown < 60
    assert f"{60 - shown} older checks are not listed here." in text
    days = re.findall(r"(\d+ \w{3} 2026), 08:05 \d+° forward \(\d+ to \d+\) body outline", text)
    listed = [datetime.strptime(day, "%d %b %Y").replace(tzinfo=UTC) for day in days]
    assert len(listed) == shown
    assert listed == sorted(listed, reverse=True)


def test_checks_that_were_not_given_are_counted(first: Check, last: Check) -> None:
    text = text_of(printed([first, last], total_count=3000))
    assert "3000 checks, up to 2 Feb 2026" in text
    assert "2998 older checks are not listed here." in text
    text = text_of(printed([first, last], total_count=3))
    assert "One older check is not listed here." in text


@pytest.mark.parametrize(
    "name",
    ["Jürgen Weiß", "Françoise Œuvrard-Noël", "Łukasz Żółć", "Ελένη Παπαδοπούλου", "Юлия Щукина"],
)
def test_names_can_be_read_and_copied(first: Check, name: str) -> None:
    data = printed([replace(first, picture=None)], name=name)
    text = text_of(data)
    assert name in text
    assert "stands for a letter" not in text
    properties = PdfReader(io.BytesIO(data)).metadata
    assert properties is not None
    assert properties.title == f"{report.TITLE}: {name}"


def test_a_letter_that_is_missing_is_owned_up_to(first: Check) -> None:
    # No letter has this number.
    text = text_of(printed([replace(first, picture=None)], name="\u0378 Anna"))
    assert "□ Anna" in text
    assert "□ stands for a letter that no font of this computer holds." in text


def test_the_file_holds_its_fonts(first: Check, last: Check) -> None:
    for page in PdfReader(io.BytesIO(printed([first, last]))).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            assert "/FontFile2" in font["/FontDescriptor"], font["/BaseFont"]


def test_the_same_input_gives_the_same_file(first: Check, last: Check) -> None:
    assert printed([first, last]) == printed([last, first])


def test_properties_tell_no_author_no_path_and_no_other_time(first: Check, kept: Path) -> None:
    data = printed([first])
    properties = PdfReader(io.BytesIO(data)).metadata
    assert properties is not None
    assert not properties.author
    assert properties.creation_date == START
    assert str(properties.creator).startswith("Beltline ")
    everything = data + b"".join(
        page.get_contents().get_data()  # type: ignore[union-attr]
        for page in PdfReader(io.BytesIO(data)).pages
    )
    for secret in (str(kept), "woman.jpg", "woman_slim", "sample_images"):
        assert secret.encode() not in everything, secret


def test_a_picture_keeps_no_metadata_and_nothing_that_was_cut_away(
    first: Check, woman: Sample, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Home address"
    tagged = tmp_path / "tagged.jpg"
    tall, near = woman.rgb.shape[:2]
    wide = Image.new("RGB", (4 * near, tall), "red")
    wide.paste("grey", (0, 0, 2 * near, tall))
    wide.paste(Image.fromarray(woman.rgb), (0, 0))
    wide.save(tagged, exif=exif, comment=b"Home address")
    seen = replace(first, size_px=(wide.width, wide.height), picture=KeptPicture(tagged, tagged))
    data = printed([seen])
    (shown,) = pictures_of(data)
    assert not shown.getexif()
    assert b"Home address" not in data
    assert shown.width < 2 * near
    red, green, _ = np.asarray(shown.convert("RGB"), dtype=np.int16).transpose(2, 0, 1)
    assert (red - green).max() < 200


def test_the_overlay_is_strokes_and_letters(first: Check) -> None:
    data = printed([first])
    strokes = strokes_of(data)
    states = str(PdfReader(io.BytesIO(data)).pages[0]["/Resources"])
    for opacity in (WEDGE_OPACITY, PLATE_OPACITY):
        assert f"'/ca': {opacity}" in states
    # Yellow of the tilt, blue of the outline, dark of the halo.
    for colour in (".941176 .894118 .258824 RG", ".337255 .705882 .913725 RG", ".039216 .047059"):
        assert colour in strokes, colour
    assert "12° forward (9 to 16) from the body outline" in text_of(data)


def test_marked_points_tell_who_placed_them(woman: Sample, kept: Path) -> None:
    points = BonyPoints((433.8, 534.9), (526.0, 516.5))
    result = replace(woman.result, tilt=tilt(11.3, Method.MARKED), points=points)
    bare = make_check(1, woman, answer=result.tilt, picture=kept / "woman.jpg")
    by_hand = replace(bare, result=result)
    moved = BonyPoints((433.8, 530.0), (526.0, 516.5))
    for suggested, said in (
        (None, report.POINTS_BY_HAND),
        (moved, report.POINTS_MOVED),
        (points, report.POINTS_KEPT),
    ):
        check = replace(by_hand, suggested_points=suggested)
        text = text_of(printed([check], method=Method.MARKED))
        assert said in text
        assert "front point" in text


def test_warnings_and_a_turned_camera_are_told(first: Check) -> None:
    capture = replace(first.result.capture, vertical=VerticalSource.GIVEN, roll_deg=-2.4)
    reasons = (warning(ReasonCode.LOOSE_CLOTHING), warning(ReasonCode.VERTICAL_ASSUMED))
    result = replace(first.result, capture=capture, reasons=reasons)
    text = text_of(printed([replace(first, result=result)]))
    assert "turned by 2°, by a plumb line that a person marked; taken out" in text
    assert "The clothing seems loose, which hides the outline of the body." in text
    assert "assumed to be level" not in text


def test_a_belt_line_is_no_tilt_and_has_no_usual_range(strong_woman: Sample) -> None:
    assert strong_woman.result.belt_line is not None
    belt = strong_woman.result.belt_line.tilt
    jeans, skirt = Conditions("Jeans"), Conditions("Rock")
    checks = [
        make_check(number, strong_woman, days=number, answer=belt, conditions=worn)
        for number, worn in enumerate((skirt, jeans, jeans))
    ]
    text = text_of(printed(checks, method=Method.BELT))
    assert report.TITLE_BELT in text
    assert "Estimated forward tilt" not in text.partition("Also,")[0]
    assert report.NO_RANGE_FOR_BELT in text
    assert "middle 11°" not in text
    # The same clothes only.
    assert "From 4 Jan 2026 to 5 Jan 2026: no real change." in text


def test_no_verdict_anywhere(first: Check, last: Check) -> None:
    both = text_of(printed([replace(first, row=replace(first.row, conditions=Conditions())), last]))
    both = both.replace(INTENDED_USE, "")
    for word in VERDICTS:
        assert not re.search(rf"\b{word}", both, re.IGNORECASE), word


def test_a_trend_of_another_method_says_so(first: Check) -> None:
    text = text_of(printed([first], method=Method.STICKERS))
    assert "None of the checks was measured from the two stickers" in text


def test_practice_and_client_stand_at_the_head(first: Check) -> None:
    profile = Profile(1, "Anna", START, "K-7", 1980)
    plain = arrange(profile, [first], trend_of([first]))
    logo = small_logo(png_of("navy"), "logo")
    text = text_of(render(replace(plain, practice=Practice("Praxis Größe", logo))))
    assert text.startswith("Praxis Größe Forward tilt of the pelvis")
    assert "Anna ID K-7, born 1980" in text
    assert len(pictures_of(render(replace(plain, practice=Practice("", logo))))) == 2
    damaged = replace(plain, practice=Practice("Praxis", b"no picture"))
    assert text_of(render(damaged)).startswith("Praxis Forward tilt")
    assert "ID" not in text_of(render(arrange(PROFILE, [first], trend_of([first]))))[:80]


def test_a_face_is_hidden_on_request(first: Check, last: Check) -> None:
    plain = arrange(PROFILE, [first, last], trend_of([first, last]))
    shown, hidden = (
        pictures_of(render(replace(plain, hides_face=hides))) for hides in (False, True)
    )
    assert len(shown) == len(hidden) == 2
    for before, after in zip(shown, hidden, strict=True):
        apart = np.abs(np.asarray(before, np.int16) - np.asarray(after, np.int16)).max(axis=2)
        rows = np.flatnonzero((apart > 40).any(axis=1))
        assert len(rows) > 20
        assert rows.max() < 0.35 * len(apart)  # the head alone


def test_without_a_head_to_hide_there_is_no_picture(first: Check) -> None:
    landmarks = {"left_hip": first.result.landmarks["left_hip"]}
    unknown = replace(first, result=replace(first.result, landmarks=landmarks))
    contents = replace(arrange(PROFILE, [unknown], trend_of([unknown])), hides_face=True)
    data = render(contents)
    assert pictures_of(data) == []
    assert report.HEAD_UNKNOWN in text_of(data)
