from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given, settings

from app.study import StudyError
from app.study.forms.fhir import ABSENT, BUNDLE_FILE, CODES, UCUM, fhir_files
from app.study.table import StudyRow
from app.text.research import forms as words
from tests.app.study.forms.studies import (
    MEASURED,
    OPEN,
    RATED,
    REJECTED,
    ROWS,
    SECRET,
    UNMARKABLE,
    UNREADABLE,
    WHEN,
    rows,
)

#: What HL7's JSON schema of 4.0.1 has for an Observation, of what is used here.
R4_ELEMENTS = {
    *("resourceType", "status", "code", "subject", "effectiveDateTime", "performer"),
    *("valueQuantity", "dataAbsentReason", "note", "method", "device", "component"),
}
#: The codes of :data:`ABSENT` that are used.
R4_ABSENT = {"asked-unknown", "not-performed", "error", "unknown"}


def bundle_of(found: list[StudyRow], identity: str = "trial") -> dict[str, Any]:
    data = fhir_files(identity, found)[BUNDLE_FILE]
    Bundle.model_validate_json(data)
    bundle = json.loads(data)
    assert isinstance(bundle, dict)
    return bundle


def observations(found: list[StudyRow]) -> list[dict[str, Any]]:
    resources = [entry["resource"] for entry in bundle_of(found)["entry"]]
    return [one for one in resources if one["resourceType"] == "Observation"]


def component(observation: dict[str, Any], code: str) -> dict[str, Any]:
    (found,) = [one for one in observation["component"] if one["code"]["coding"][0]["code"] == code]
    return dict(found)


def test_a_rating_is_an_observation_by_its_rater() -> None:
    (found,) = observations([RATED])
    assert found["status"] == "final"
    assert found["code"] == {
        "coding": [{"system": CODES, "code": "pelvic-tilt"}],
        "text": words.TILT,
    }
    assert found["valueQuantity"] == {"value": 3.12, "unit": "deg", "system": UCUM, "code": "deg"}
    assert found["subject"]["type"] == "Patient"
    assert found["subject"]["identifier"]["value"] == "S1"
    assert found["performer"][0]["identifier"]["value"] == "rater-1"
    assert found["effectiveDateTime"] == WHEN
    assert found["method"]["text"] == "Measured from the two bony points that were marked"
    assert found["note"] == [{"text": words.NOTE}]
    assert "device" not in found
    assert component(found, "asis-y")["valueQuantity"] == {"value": 405.5, "unit": "px"}
    assert component(found, "belt-line-seen")["valueCodeableConcept"]["text"] == (
        "The belt line is partly seen"
    )


def test_a_measurement_has_its_interval_in_components_and_names_the_device() -> None:
    (found,) = observations([MEASURED])
    assert found["valueQuantity"]["value"] == -3.12
    assert component(found, "interval-low")["valueQuantity"]["value"] == -11.5
    assert component(found, "interval-high")["valueQuantity"]["value"] == 5.25
    entries = bundle_of([MEASURED])["entry"]
    (device,) = [entry for entry in entries if entry["resource"]["resourceType"] == "Device"]
    assert found["device"] == {"reference": device["fullUrl"]}
    assert device["resource"]["version"] == [{"value": "0.1.0"}]
    assert device["resource"]["deviceName"][0]["name"] == "Beltline"
    assert "performer" not in found
    assert len(found["note"]) == 2  # what Beltline warned of


def test_a_belt_line_is_no_pelvic_tilt() -> None:
    (found,) = observations(
        [StudyRow("S1", "beltline", 1, method="belt", status="measured", tilt_deg=5.0)]
    )
    assert found["code"]["coding"][0]["code"] == "belt-line-slope"


@pytest.mark.parametrize(
    ("row", "code", "text"),
    [
        (UNMARKABLE, "asked-unknown", words.UNMARKABLE),
        (
            REJECTED,
            "not-performed",
            f"{words.REFUSED} Nobody could be found in the picture. (not side on)",
        ),
        (UNREADABLE, "error", f"{words.UNREADABLE} (changed)"),
    ],
)
def test_where_there_is_no_number_the_reason_is_told(row: StudyRow, code: str, text: str) -> None:
    (found,) = observations([row])
    assert "valueQuantity" not in found
    assert found["dataAbsentReason"] == {"coding": [{"system": ABSENT, "code": code}], "text": text}


def test_what_is_not_rated_yet_is_no_observation() -> None:
    assert observations([OPEN]) == []


def test_a_time_without_an_offset_tells_its_day_alone() -> None:
    row = replace(RATED, rated_at="2026-05-31T23:59:00")
    assert observations([row])[0]["effectiveDateTime"] == "2026-05-31"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("2026-05-31T10:00:00+00:53:28", "2026-05-31T09:06:32+00:00"),
        ("2026-05-31T10:00:00+15:00", "2026-05-30T19:00:00+00:00"),
        ("2026-05-31T10:00:00.5-09:30", "2026-05-31T10:00:00.500000-09:30"),
    ],
)
def test_an_offset_that_fhir_does_not_know_becomes_utc(told: str, kept: str) -> None:
    assert observations([replace(RATED, rated_at=told)])[0]["effectiveDateTime"] == kept


@pytest.mark.parametrize("told", ["", "yesterday", "0001-01-01T00:00:00+15:00"])
def test_what_is_no_time_is_left_out(told: str) -> None:
    assert "effectiveDateTime" not in observations([replace(RATED, rated_at=told)])[0]


def test_the_bundle_tells_all_its_codes_itself() -> None:
    bundle = bundle_of(ROWS)
    assert bundle["type"] == "collection"
    system = bundle["entry"][0]["resource"]
    assert system["resourceType"] == "CodeSystem"
    assert system["url"] == CODES
    told = {concept["code"] for concept in system["concept"]}
    text = json.dumps(bundle["entry"][1:])
    used = {part.split('"')[0] for part in text.split(f'"{CODES}", "code": "')[1:]}
    assert used
    assert used <= told


def test_no_code_is_claimed_from_loinc_or_snomed() -> None:
    text = json.dumps(bundle_of(ROWS)).lower()
    assert "loinc" not in text
    assert "snomed" not in text
    assert SECRET.lower() not in text


def test_subjects_of_the_same_name_in_two_studies_are_two() -> None:
    one, other = (bundle_of([RATED], identity)["entry"][1] for identity in ("a", "b"))
    assert one["fullUrl"] != other["fullUrl"]
    systems = [each["resource"]["subject"]["identifier"]["system"] for each in (one, other)]
    assert len(set(systems)) == 2


def test_no_address_is_there_twice() -> None:
    urls = [entry["fullUrl"] for entry in bundle_of([RATED, RATED, MEASURED])["entry"]]
    assert len(set(urls)) == len(urls)


def test_the_same_study_gives_the_same_bundle() -> None:
    assert fhir_files("trial", ROWS) == fhir_files("trial", ROWS)


def test_without_the_package_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fhir.resources.R4B", None)
    with pytest.raises(StudyError, match=r"pip install 'beltline\[study\]'"):
        fhir_files("trial", [])


@given(rows())
@settings(max_examples=25)
def test_any_rows_make_a_valid_bundle_of_what_r4_has(found: list[StudyRow]) -> None:
    def no_number(text: str) -> float:
        raise AssertionError(text)

    bundle = bundle_of(found)
    json.loads(json.dumps(bundle), parse_constant=no_number)
    made = observations(found)
    assert len(made) == sum(row.status != "open" for row in found)
    for observation in made:
        assert set(observation) <= R4_ELEMENTS
        assert ("valueQuantity" in observation) != ("dataAbsentReason" in observation)
        if "valueQuantity" in observation:
            assert math.isfinite(observation["valueQuantity"]["value"])
        else:
            assert observation["dataAbsentReason"]["coding"][0]["code"] in R4_ABSENT
