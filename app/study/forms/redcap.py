"""A study for REDCap: the data dictionary that makes the project's forms, and the data.

A record is a subject, with the form ``subject`` once, ``rating`` for each answer of a rater and
``measurement`` for each automatic one; both repeat. Rules: REDCap's own help on the data
dictionary and on the data import tool, as the tests hold them.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from app.history.exchange.csv_format import guarded
from app.study.forms.columns import (
    DICTIONARY,
    MISSING,
    ColumnType,
    StudyColumn,
    clean_text,
    moment_of,
    number_text,
    value_of,
)
from app.study.forms.files import csv_bytes
from app.study.table import AUTOMATIC

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.study.table import StudyRow

DICTIONARY_FILE, IMPORT_FILE = "redcap_dictionary.csv", "redcap_import.csv"
HEADINGS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
RECORD, SUBJECT, RATING, MEASUREMENT = "record_id", "subject", "rating", "measurement"
_LABEL, _STUDY, _OFFSET = "subject_label", "subject_study", "utc_offset"
_REPEATS = ("redcap_repeat_instrument", "redcap_repeat_instance")
_COMPLETE, _INCOMPLETE = "2", "0"
_VALIDATION = {
    ColumnType.STRING: "",
    ColumnType.INTEGER: "integer",
    ColumnType.NUMBER: "number",
    ColumnType.DATETIME: "datetime_seconds_ymd",
}
#: What each repeating form leaves out: it is the record, or has nothing to say there.
_WITHOUT = {
    RATING: {"subject", "method", "low_deg", "high_deg", "reasons", "version"},
    MEASUREMENT: {"subject", "rater", "repeat", "item", "seconds", "rated_at"},
}
_FIELDS = {
    form: tuple(column for column in DICTIONARY if column.name not in without)
    for form, without in _WITHOUT.items()
}
_DIGITS = 6
#: REDCap compares records without regard to case, trims them, and has room for 100 letters.
_PLAIN_RECORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def redcap_files(study: str, rows: Sequence[StudyRow]) -> dict[str, bytes]:
    """Return the dictionary and the data of a study of that name."""
    return {
        DICTIONARY_FILE: csv_bytes(HEADINGS, _dictionary()),
        IMPORT_FILE: csv_bytes(_columns(), _lines(study, rows)),
    }


def _dictionary() -> Iterator[list[str]]:
    yield _field(RECORD, SUBJECT, "Record ID")
    yield _field(_LABEL, SUBJECT, "What the study calls the person")
    yield _field(_STUDY, SUBJECT, "Study")
    for form, columns in _FIELDS.items():
        for column in columns:
            name, label = f"{form}_{column.name}", column.label
            choices = " | ".join(f"{one.value}, {one.meaning}" for one in column.allowed)
            validation = "" if choices else _VALIDATION[column.kind]
            if column.kind is ColumnType.DATETIME:
                label = "When it was rated, by the clock of that place"
            yield _field(name, form, label, choices, column.unit, validation)
            if column.kind is ColumnType.DATETIME:
                yield _field(f"{form}_{_OFFSET}", form, "That clock's offset to UTC")


def _field(
    name: str, form: str, label: str, choices: str = "", note: str = "", validation: str = ""
) -> list[str]:
    kind = "radio" if choices else "text"
    filled = [name, form, "", kind, label, choices, note, validation]
    return filled + [""] * (len(HEADINGS) - len(filled))


def _columns() -> list[str]:
    columns = [RECORD, *_REPEATS, _LABEL, _STUDY, f"{SUBJECT}_complete"]
    for form, fields in _FIELDS.items():
        for column in fields:
            columns.append(f"{form}_{column.name}")
            if column.kind is ColumnType.DATETIME:
                columns.append(f"{form}_{_OFFSET}")
        columns.append(f"{form}_complete")
    return columns


def _lines(study: str, rows: Sequence[StudyRow]) -> Iterator[list[str]]:
    columns = _columns()
    of_subjects: dict[str, list[StudyRow]] = {}
    for row in rows:
        of_subjects.setdefault(row.subject, []).append(row)
    for (label, own), record in zip(of_subjects.items(), _records(list(of_subjects)), strict=True):
        once = {
            RECORD: record,
            _LABEL: _text(label),
            _STUDY: _text(study),
            f"{SUBJECT}_complete": _COMPLETE,
        }
        yield [once.get(column, MISSING) for column in columns]
        counts = {RATING: 0, MEASUREMENT: 0}
        for row in own:
            form = MEASUREMENT if row.rater == AUTOMATIC else RATING
            counts[form] += 1
            repeat = dict(zip(_REPEATS, (form, str(counts[form])), strict=True))
            cells = {RECORD: record} | repeat | _cells(form, row)
            yield [cells.get(column, MISSING) for column in columns]


def _records(labels: list[str]) -> list[str]:
    """Return the names of the records: the subjects' own if REDCap keeps them all apart."""
    is_plain = all(map(_PLAIN_RECORD.fullmatch, labels))
    if is_plain and len({label.casefold() for label in labels}) == len(labels):
        return labels
    return [str(number) for number, _ in enumerate(labels, 1)]


def _cells(form: str, row: StudyRow) -> dict[str, str]:
    cells = {f"{form}_{column.name}": _cell(row, column) for column in _FIELDS[form]}
    return cells | {
        f"{form}_{_OFFSET}": _offset(row),
        f"{form}_complete": _INCOMPLETE if row.status == "open" else _COMPLETE,
    }


def _offset(row: StudyRow) -> str:
    """Return such as ``UTC+02:00``, which no spreadsheet takes for a sum."""
    moment = moment_of(row)
    return str(timezone(moment.utcoffset() or timedelta())) if moment and moment.tzinfo else MISSING


def _cell(row: StudyRow, column: StudyColumn) -> str:
    value = value_of(row, column)
    if value is None:
        return MISSING
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", timespec="seconds")
    if isinstance(value, str):
        return guarded(value)
    return number_text(value, _DIGITS)


def _text(text: str) -> str:
    return guarded(clean_text(text))
