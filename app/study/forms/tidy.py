"""The long tidy table: a CSV of one answer a line, and what its columns mean, as CSV and JSON.

The JSON is a Table Schema as Frictionless Data has it, with the unit and the meaning of each
allowed value beside.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.study.forms.columns import DICTIONARY, MISSING, ColumnType, StudyColumn, cell_text
from app.study.forms.files import csv_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.study.table import StudyRow

TABLE = "study.csv"
DICTIONARY_CSV, DICTIONARY_JSON = "study_dictionary.csv", "study_dictionary.json"
_ABOUT = ("column", "type", "unit", "allowed_values", "meaning", "missing_code")
_EMPTY = "(empty)"


def tidy_files(rows: Sequence[StudyRow]) -> dict[str, bytes]:
    """Return the three files by name."""
    table = ([cell_text(row, column) for column in DICTIONARY] for row in rows)
    return {
        TABLE: csv_bytes([column.name for column in DICTIONARY], table),
        DICTIONARY_CSV: csv_bytes(_ABOUT, map(_line, DICTIONARY)),
        DICTIONARY_JSON: (json.dumps(_schema(), ensure_ascii=False, indent=1) + "\n").encode(),
    }


def _line(column: StudyColumn) -> tuple[str, ...]:
    allowed = "; ".join(f"{one.value} = {one.meaning}" for one in column.allowed)
    return (column.name, column.kind, column.unit, allowed, column.meaning, _EMPTY)


def _schema() -> dict[str, Any]:
    return {"fields": [_field(column) for column in DICTIONARY], "missingValues": [MISSING]}


def _field(column: StudyColumn) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.kind.value,
        "description": column.meaning,
        "missing": MISSING,
    }
    if column.kind is ColumnType.DATETIME:
        field["format"] = "any"  # the default knows no offset but UTC's
    if column.unit:
        field["unit"] = column.unit
    if column.allowed:
        values: list[str | int] = [one.value for one in column.allowed]
        if column.kind is ColumnType.INTEGER:
            values = [int(value) for value in values]
        meanings = [one.meaning for one in column.allowed]
        field["constraints"] = {"enum": values}
        field["allowed"] = [
            {"value": value, "meaning": meaning}
            for value, meaning in zip(values, meanings, strict=True)
        ]
    return field
