"""The schema that is published is that of today's exports."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest

from app.history.exchange.json_format import LISTS, schema_text

CLONE = Path(__file__).parents[4]
EXPORT = CLONE / "tests" / "data" / "earlier" / "exports" / "history.json"


def test_the_published_schema_is_up_to_date() -> None:
    found = (CLONE / "docs" / "history_export.schema.json").read_text(encoding="utf-8")
    assert found == schema_text(), "see app/history/exchange/json_format.py for how to write it"


@pytest.mark.parametrize("name", LISTS)
def test_it_knows_just_what_an_export_holds(name: str) -> None:
    schema = json.loads(schema_text())
    definition = schema["$defs"][LISTS[name].__name__]
    names = [field.name for field in fields(LISTS[name])]
    assert list(definition["properties"]) == names
    # What came later is not in what an earlier version wrote.
    earlier = [field.name for field in fields(LISTS[name]) if field.default is MISSING]
    assert definition["required"] == earlier
    export = json.loads(EXPORT.read_text(encoding="utf-8"))
    owner = [] if name == "profiles" else ["profile"]
    assert export[name]
    for one in export[name]:
        assert list(one) == [*owner, *earlier]


def test_lists_are_described_to_the_bottom() -> None:
    definitions = json.loads(schema_text())["$defs"]
    check: dict[str, Any] = definitions["CheckRecord"]["properties"]
    assert check["outline_px"]["items"]["prefixItems"][0]["type"] == "number"
    assert [one["maxItems"] for one in check["repeats"]["items"]["anyOf"]] == [9, 6]
    assert check["method"]["enum"] == ["marked", "stickers", "contour", "calibrated", "belt"]
    kinds = {
        one["$ref"].rpartition("/")[2]
        for one in definitions["DiaryRecord"]["properties"]["content"]["anyOf"]
    }
    some = {"Screening", "Pain", "SelfCheck", "ExerciseSet", "Break", "Plan"}
    assert kinds == {*some, "KeptCalibration", "RangeKept", "Experiment"}
