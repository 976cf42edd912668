from __future__ import annotations

from app.cohort.people import ABOUT_PEOPLE, people_as_tsv, people_in


def _lines(*subjects: str) -> list[list[str]]:
    return [line.split("\t") for line in people_as_tsv(subjects).decode().splitlines()]


def test_the_file_is_as_bids_has_it() -> None:
    assert _lines("P2", "P1") == [
        ["participant_id", "subject"],
        ["sub-P1", "P1"],
        ["sub-P2", "P2"],
    ]
    assert list(ABOUT_PEOPLE) == _lines()[0]


def test_labels_have_letters_and_digits_alone() -> None:
    assert _lines("sub-07", "Ömer B. 7", "李")[1:] == [
        ["sub-07", "sub-07"],
        ["sub-OmerB7", "Ömer B. 7"],
        ["sub-x", "李"],
    ]


def test_two_people_never_share_a_label() -> None:
    assert [line[0] for line in _lines("A-1", "A1", "A 1")[1:]] == [
        "sub-A1",
        "sub-A1x2",
        "sub-A1x3",
    ]


def test_whoever_is_named_is_known_again() -> None:
    subjects = {"A-1", "A1", "Ömer B. 7"}
    assert people_in(people_as_tsv(subjects)) == subjects
    assert people_in(people_as_tsv({"a\tb\nc"})) == {"a b c"}


def test_another_file_names_nobody() -> None:
    assert people_in(b"participant_id\tage\nsub-1\t30\n") == set()
    assert people_in(b"") == set()
    assert people_in(b"\xff\xfe\x00") == set()
