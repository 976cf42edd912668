"""A study as a FHIR bundle: an Observation for each answer and each automatic measurement.

For FHIR R4 (4.0.1). The package has the models of R4B (4.3.0), which left Bundle, CodeSystem,
Device and Observation as they were in all that is used here. LOINC and SNOMED CT have no codes
for these measurements, so they have codes of their own, which the bundle tells itself.
"""

from __future__ import annotations

import json
import re
import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias

from app.study import StudyError
from app.study.forms.columns import (
    DICTIONARY,
    StudyColumn,
    clean_text,
    moment_of,
    number_text,
    reason_codes,
    value_of,
)
from app.study.table import AUTOMATIC
from app.text.research import forms as words
from vision.reasons import REFUSALS, WARNINGS
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.study.table import StudyRow
    from vision.result import ReasonCode

BUNDLE_FILE = "study.fhir.json"
#: The system of our codes, from which all identities in bundles are derived; it never changes.
CODES = "urn:uuid:202b03de-9343-4e3d-8544-a27a5d000817"
UCUM = "http://unitsofmeasure.org"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
#: What UCUM calls our units; it has none for pixels.
_UCUM_CODES = {"deg": "deg", "s": "s"}
_TILT, _BELT_LINE = "pelvic-tilt", "belt-line-slope"
#: The columns that become components, each with its code.
_COMPONENTS: Mapping[str, str] = {
    "low_deg": "interval-low",
    "high_deg": "interval-high",
    "repeat": "repeat",
    "asis_x_px": "asis-x",
    "asis_y_px": "asis-y",
    "psis_x_px": "psis-x",
    "psis_y_px": "psis-y",
    "belt": "belt-line-seen",
    "seconds": "looked-at",
}
_BELT_SEEN = {0: "belt-line-not-seen", 1: "belt-line-partly-seen", 2: "belt-line-clearly-seen"}
#: Status -> (code of HL7's for why a value is not there, the same in words).
_WHY_ABSENT = {
    "unmarkable": ("asked-unknown", words.UNMARKABLE),
    "rejected": ("not-performed", words.REFUSED),
    "error": ("error", words.UNREADABLE),
}
_COLUMNS = {column.name: column for column in DICTIONARY}
_DIGITS = 2
#: White space that FHIR's strings may not hold.
_OTHER_SPACE = re.compile(r"[^\S \t\r\n]")

_Json: TypeAlias = dict[str, Any]


def _displays() -> dict[str, str]:
    """Return what each of our codes means."""
    return {
        _TILT: words.TILT,
        _BELT_LINE: words.BELT_LINE,
        **words.methods(),
        **{code: _COLUMNS[name].label for name, code in _COMPONENTS.items()},
        **{code: words.BELT_LINE_SEEN[number] for number, code in _BELT_SEEN.items()},
    }


_DISPLAYS = _displays()


def observed(rows: Sequence[StudyRow]) -> list[StudyRow]:
    """Return the rows that are observations: a picture that is not yet rated is none."""
    return [row for row in rows if row.status != "open"]


def fhir_files(identity: str, rows: Sequence[StudyRow]) -> dict[str, bytes]:
    """Return the bundle by its file's name.

    Parameters
    ----------
    identity
        Text that no other study has: subjects of the same name are told apart by it.

    Raises
    ------
    StudyError
        If the package that makes it is not installed.
    """
    try:
        from fhir.resources.R4B import get_fhir_model_class
    except ImportError:
        raise StudyError(words.EXTRA_MISSING, words.EXTRA_FIX) from None
    lines = []
    for entry in _entries(identity, rows):  # one by one: models of a whole bundle take gigabytes
        resource = entry["resource"]
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
        lines.append(json.dumps(entry, ensure_ascii=False, allow_nan=False))
    text = ",\n".join(lines)
    head = '{"resourceType": "Bundle", "type": "collection", "entry": ['
    return {BUNDLE_FILE: f"{head}\n{text}\n]}}\n".encode()}


def _entries(identity: str, rows: Sequence[StudyRow]) -> Iterator[_Json]:
    yield {"fullUrl": CODES, "resource": _code_system()}
    automatic = [row for row in rows if row.rater == AUTOMATIC]
    for version in dict.fromkeys(row.version for row in automatic):
        yield {"fullUrl": _device_urn(version), "resource": _device(version)}
    times: Counter[tuple[str, ...]] = Counter()
    for row in observed(rows):
        name = (row.subject, row.rater, str(row.repeat), row.item, row.method)
        times[name] += 1  # no address may be in a bundle twice
        url = _urn(identity, *name, str(times[name]))
        yield {"fullUrl": url, "resource": _observation(identity, row)}


def _urn(*names: str) -> str:
    return uuid.uuid5(uuid.UUID(CODES.removeprefix("urn:uuid:")), json.dumps(names)).urn


def _device_urn(version: str) -> str:
    return _urn("device", version)


def _code_system() -> _Json:
    return {
        "resourceType": "CodeSystem",
        "url": CODES,
        "version": "1",
        "name": "BeltlineCodes",
        "title": words.CODES_TITLE,
        "status": "active",
        "content": "complete",
        "caseSensitive": True,
        "concept": [{"code": code, "display": text} for code, text in _DISPLAYS.items()],
    }


def _device(version: str) -> _Json:
    device: _Json = {
        "resourceType": "Device",
        "deviceName": [{"name": "Beltline", "type": "user-friendly-name"}],
        "type": {"text": words.DEVICE},
    }
    if _string(version):
        device["version"] = [{"value": _string(version)}]
    return device


def _observation(identity: str, row: StudyRow) -> _Json:
    notes = [words.NOTE]
    what = _BELT_LINE if row.method == Method.BELT else _TILT
    found: _Json = {"resourceType": "Observation", "status": "final", "code": _concept(what)}
    if row.subject:
        found["subject"] = _somebody("Patient", _urn(identity), row.subject)
    when = moment_of(row)
    if when is not None:  # a time of day that no offset goes with may not be told
        found["effectiveDateTime"] = (
            when.isoformat() if when.tzinfo is not None else when.date().isoformat()
        )
    if row.rater == AUTOMATIC:
        found["device"] = {"reference": _device_urn(row.version)}
    elif row.rater:
        found["performer"] = [_somebody("Practitioner", _urn(identity), row.rater)]
    if value_of(row, _COLUMNS["tilt_deg"]) is not None and row.status not in _WHY_ABSENT:
        found["valueQuantity"] = _quantity(row.tilt_deg, "deg")
        notes += _in_words(row, WARNINGS)
    else:
        found["dataAbsentReason"] = _why_absent(row)
    if value_of(row, _COLUMNS["method"]) is not None:
        found["method"] = _concept(row.method)
    found["note"] = [{"text": text} for text in notes]
    return found | {"component": list(_components(row))}


def _somebody(kind: str, system: str, label: str) -> _Json:
    """Return who it is by the study's own word for the person, and nothing more."""
    return {"type": kind, "identifier": {"system": system, "value": _string(label)}}


def _why_absent(row: StudyRow) -> _Json:
    code, why = _WHY_ABSENT.get(row.status, ("unknown", words.UNKNOWN))
    return {
        "coding": [{"system": ABSENT, "code": code}],
        "text": " ".join([why, *_in_words(row, REFUSALS)]),
    }


def _in_words(row: StudyRow, texts: Mapping[ReasonCode, tuple[str, str]]) -> list[str]:
    """Return a row's reasons in sentences; a code where a sentence would need its number."""
    known = {code.value: message for code, (message, _) in texts.items() if "{}" not in message}
    return [known.get(code, f"({code.replace('_', ' ')})") for code in reason_codes(row)]


def _components(row: StudyRow) -> Iterator[_Json]:
    for name, code in _COMPONENTS.items():
        column = _COLUMNS[name]
        value = value_of(row, column)
        if value is not None:
            yield {"code": _concept(code)} | _component_value(column, value)


def _component_value(column: StudyColumn, value: Any) -> _Json:
    if column.name == "belt":
        return {"valueCodeableConcept": _concept(_BELT_SEEN[value])}
    if column.unit:
        return {"valueQuantity": _quantity(value, column.unit)}
    return {"valueInteger": value}


def _quantity(value: Any, unit: str) -> _Json:
    quantity: _Json = {"value": float(number_text(value, _DIGITS)), "unit": unit}
    if unit in _UCUM_CODES:
        quantity |= {"system": UCUM, "code": _UCUM_CODES[unit]}
    return quantity


def _concept(code: str) -> _Json:
    return {"coding": [{"system": CODES, "code": code}], "text": _DISPLAYS[code]}


def _string(text: str) -> str:
    """Return text that FHIR takes; other spaces are spelt out, so that labels stay apart."""
    return _OTHER_SPACE.sub(lambda found: f"\\u{ord(found[0]):04x}", clean_text(text))
