from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import fields
from datetime import datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings

from app.history.exchange.csv_format import unguarded
from app.study.forms.columns import DICTIONARY, ColumnType, clean_text, number_text
from app.study.forms.tidy import DICTIONARY_CSV, DICTIONARY_JSON, TABLE, tidy_files
from app.study.table import COLUMNS, StudyRow
from tests.app.study.forms.studies import LABELS, RATED, ROWS, SECRET, WHEN, rows

#: As docs/EXPORTS.md has it.
GUARD = r"((?:^|[;\t\r\n])\s*)'(?='*[=+\-@\uff1d\uff0b\uff0d\uff20])"


def read_back(found: list[StudyRow]) -> Any:
    """As the page on exports tells how to read the table in Python."""
    kinds = {"string": "str", "number": "float64", "integer": "Int64", "datetime": "str"}
    files = tidy_files(found)
    schema = json.loads(files[DICTIONARY_JSON])
    types = {field["name"]: kinds[field["type"]] for field in schema["fields"]}
    table = pd.read_csv(
        io.BytesIO(files[TABLE]), dtype=types, keep_default_na=False, na_values=[""]
    )
    for name in [name for name, kind in types.items() if kind == "str"]:
        table[name] = table[name].str.replace(GUARD, r"\1", regex=True)
    return table


def test_every_column_of_the_table_is_in_the_dictionary_in_order() -> None:
    assert tuple(column.name for column in DICTIONARY) == COLUMNS


def test_a_columns_type_is_that_of_the_row() -> None:
    kinds = {
        "str": {ColumnType.STRING, ColumnType.DATETIME},
        "int": {ColumnType.INTEGER},
        "float": {ColumnType.NUMBER},
    }
    for column, field in zip(DICTIONARY, fields(StudyRow), strict=True):
        assert column.kind in kinds[str(field.type).removesuffix(" | None")]


def test_the_dictionary_tells_type_unit_allowed_values_meaning_and_missing_code() -> None:
    table = csv.DictReader(io.StringIO(tidy_files([])[DICTIONARY_CSV].decode(), newline=""))
    told = {line["column"]: line for line in table}
    assert list(told) == list(COLUMNS)
    assert told["tilt_deg"] == {
        "column": "tilt_deg",
        "type": "number",
        "unit": "deg",
        "allowed_values": "",
        "meaning": "tilt of the pelvis, front lower is positive",
        "missing_code": "(empty)",
    }
    assert told["belt"]["allowed_values"] == "0 = No; 1 = Partly; 2 = Clearly"
    assert all(line["meaning"] for line in told.values())


def test_the_dictionary_as_json_is_a_table_schema() -> None:
    schema = json.loads(tidy_files([])[DICTIONARY_JSON])
    assert schema["missingValues"] == [""]
    belt = next(field for field in schema["fields"] if field["name"] == "belt")
    assert belt["type"] == "integer"
    assert belt["constraints"] == {"enum": [0, 1, 2]}
    assert {field["type"] for field in schema["fields"]} <= {*ColumnType}


def test_rows_read_back_as_they_were() -> None:
    table = read_back(ROWS)
    assert list(table.subject) == [row.subject for row in ROWS]
    assert list(table.status) == [row.status for row in ROWS]
    numbers = [None if pd.isna(tilt) else tilt for tilt in table.tilt_deg]
    assert numbers == [row.tilt_deg for row in ROWS]
    assert [None if pd.isna(one) else one for one in table.belt] == [row.belt for row in ROWS]


def test_a_time_keeps_its_offset() -> None:
    assert read_back([RATED]).rated_at[0] == WHEN
    assert datetime.fromisoformat(WHEN).utcoffset() is not None


def test_nothing_but_known_codes_of_the_reasons_gets_out() -> None:
    table = tidy_files(ROWS)[TABLE].decode()
    assert "no_person not_side_on" in table
    assert "changed" in table
    assert SECRET not in table


@given(rows())
@settings(max_examples=25)
def test_any_row_makes_a_table_that_pandas_reads(found: list[StudyRow]) -> None:
    text = tidy_files(found)[TABLE].decode()
    assert text.count("\r\n") >= len(found) + 1
    lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert {len(line) for line in lines} == {len(COLUMNS)}
    table = read_back(found)
    assert list(table.subject) == [clean_text(row.subject) for row in found]
    assert not any(
        cell.lower() in ("nan", "inf", "-inf") for line in lines[1:] for cell in line[6:13]
    )


@given(LABELS)
def test_no_spreadsheet_takes_a_label_for_a_formula(label: str) -> None:
    data = tidy_files([StudyRow(label, "rater-1", 1)])[TABLE].decode()
    cell = list(csv.reader(io.StringIO(data, newline="")))[1][0]
    assert not re.search(r"(^|[;\t\r\n])\s*[=+\-@\uff1d\uff0b\uff0d\uff20]", cell)
    assert unguarded(cell) == clean_text(label) == re.sub(GUARD, r"\1", cell)


@pytest.mark.parametrize(
    ("value", "text"),
    [(12.3456, "12.35"), (-0.001, "0"), (1e20, "100000000000000000000"), (100.0, "100"), (7, "7")],
)
def test_a_number_is_written_without_exponent(value: float, text: str) -> None:
    assert number_text(value, 2) == text
