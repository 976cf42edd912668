from __future__ import annotations

import pytest

from app.cohort import CohortUsageError
from app.cohort.lists import LIST_COLUMNS, Listed, ListedLine, ListFault, faulty, read_list

WHOLE = (
    "photo,subject,session,rater,side,asis_x_px,asis_y_px,psis_x_px,psis_y_px,"
    "vertical_x1_px,vertical_y1_px,vertical_x2_px,vertical_y2_px\n"
    "a.jpg,P1,before,Ana,left,243,396.5,346,390,10,5,12,900\n"
)
LISTED = Listed(
    *("P1", "before", "Ana", "left"), (243.0, 396.5), (346.0, 390.0), (10.0, 5.0, 12.0, 900.0)
)


def _read(text: str | bytes) -> list[ListedLine]:
    faults: list[ListFault] = []
    lines = read_list(text.encode() if isinstance(text, str) else text, "list.csv", faults)
    assert faults == []
    return lines


def _faults(text: str) -> list[str]:
    faults: list[ListFault] = []
    read_list(text.encode(), "list.csv", faults)
    return [f"{fault.number}: {fault.told}" for fault in sorted(faults)]


def test_every_column_is_taken() -> None:
    assert WHOLE.split("\n")[0].split(",") == list(LIST_COLUMNS)
    assert _read(WHOLE) == [ListedLine(2, "a.jpg", LISTED)]


@pytest.mark.parametrize("between", [";", "\t"])
def test_spreadsheets_of_other_countries(between: str) -> None:
    text = WHOLE.replace(",", between).replace("396.5", "396,5")
    assert _read(text)[0].listed == LISTED


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_spreadsheets_put_in_front(encoding: str) -> None:
    (line,) = _read("photo;subject\r\nGröße.jpg;Žofie\r\n".encode(encoding))
    assert (line.photo, line.listed.subject) == ("Größe.jpg", "Žofie")


def test_empty_lines_and_columns_count_for_nothing() -> None:
    text = "Photo, Subject ,,\n\n a.jpg ,P1\n,\n\nb.jpg,\n"
    assert [(line.number, line.photo) for line in _read(text)] == [(3, "a.jpg"), (6, "b.jpg")]


def test_a_quoted_name_may_hold_anything() -> None:
    assert _read('photo,subject\n"a, ""b"".jpg",P1\n')[0].photo == 'a, "b".jpg'


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (",P1,,,", "photo is empty"),
        ("a.jpg,P1,up,,", "side is neither left nor right"),
        ("a.jpg,P1,,1,2", "the marked points need all four numbers, or none"),
        ("a.jpg,P1,,-1,2", "asis_x_px is less than 0, which lies outside the picture"),
        ("a.jpg,P1,,nan,2", "asis_x_px is no number"),
        ("a.jpg,P1,,inf,2", "asis_x_px is no number"),
        ("a.jpg,P1,,ten,2", "asis_x_px is no number"),
        (f"a.jpg,{'P' * 201},,,", "subject is longer than 200 letters"),
        ("a.jpg,P1", "it has fewer values than there are columns"),
        ("a.jpg,P1,,,,,7", "it has more values than there are columns"),
    ],
)
def test_a_fault_is_told_with_its_line(line: str, told: str) -> None:
    first = _faults(f"photo,subject,side,asis_x_px,asis_y_px\nok.jpg,,,,\n{line}\n")[0]
    assert first == f"3: {told}"


def test_two_points_that_are_one() -> None:
    text = "photo,asis_x_px,asis_y_px,psis_x_px,psis_y_px\na.jpg,1,2,1,2.5\n"
    assert _faults(text) == ["2: both ends of the marked points are the same"]


def test_the_first_twenty_faults_in_one_message() -> None:
    faults = [ListFault(number, "photo is empty") for number in range(40, 1, -1)]
    told = str(faulty("list.csv", faults))
    assert told.count("photo is empty") == 20
    assert "\n" not in told
    assert "line 2: photo is empty; line 3: " in told
    assert "; and 19 more. Put them right, then start again." in told


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("photo,subject\na.jpg,M\xfcller\n".encode("latin-1"), "not written in UTF-8 (line 2)"),
        (b"photo,age\na.jpg,7\n", "needs other columns: it has 'age'"),
        (b"photo,photo\na.jpg,b.jpg\n", "needs other columns: 'photo' is there twice"),
        (b"subject\nP1\n", "needs other columns: 'photo' is missing"),
        (b'photo\n"a.jpg\n', "is no CSV file (line 2"),
        (b"\xff\xfep", "not written in UTF-8 (line 1)"),
    ],
)
def test_what_is_no_list(data: bytes, told: str) -> None:
    with pytest.raises(CohortUsageError, match="list 'list") as raised:
        read_list(data, "list.csv", [])
    assert told in str(raised.value)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"photo,subject\n"])
def test_a_list_of_nothing(data: bytes) -> None:
    assert read_list(data, "list.csv", []) == []
