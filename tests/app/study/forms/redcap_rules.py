"""What REDCap accepts, by its published rules: each fault in words, none for what it takes.

Of the data dictionary: the 18 columns and what each may hold ("Data Dictionary", Vanderbilt
University 2015; "Data Dictionary: Column Reference", looked through against REDCap 17.4). Of the
data: "Data Import Tool" and "Record Data CSV Import"; a row belongs to one form, and repeating
forms name their instance. The expressions are those of REDCap's own validation types.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADINGS = (
    "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
    '"Choices, Calculations, OR Slider Labels",Field Note,'
    "Text Validation Type OR Show Slider Number,Text Validation Min,Text Validation Max,"
    "Identifier?,Branching Logic (Show field only if...),Required Field?,Custom Alignment,"
    "Question Number (surveys only),Matrix Group Name,Matrix Ranking?,Field Annotation"
)
_NAME = re.compile(r"[a-z](?!\w*__)[a-z0-9_]*[a-z0-9]")
_NAME_LETTERS, _RECORD_LETTERS = 26, 100
_RESERVED = {"redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"}
_TYPES = {"text", "notes", "dropdown", "radio", "checkbox", "calc", "file", "slider", "yesno"}
_VALIDATIONS = {
    "": re.compile(r".*", re.DOTALL),
    "integer": re.compile(r"[-+]?\d+", re.ASCII),
    "number": re.compile(r"[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?"),
    "datetime_seconds_ymd": re.compile(
        r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d", re.ASCII
    ),
}
_CHOICE = re.compile(r"[A-Za-z0-9_.-]+, \S.*")


@dataclass(frozen=True, slots=True)
class RedcapField:
    """A line of a data dictionary: a field, its form, and what it takes."""

    name: str
    form: str
    kind: str
    choices: tuple[str, ...]
    validation: str


def read(data: bytes) -> list[dict[str, str]]:
    """Return the lines of a file, each by the headings."""
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))


def fields_of(dictionary: bytes) -> list[RedcapField]:
    """Return the fields that a data dictionary tells."""
    return [
        RedcapField(
            line["Variable / Field Name"],
            line["Form Name"],
            line["Field Type"],
            tuple(filter(None, line["Choices, Calculations, OR Slider Labels"].split(" | "))),
            line["Text Validation Type OR Show Slider Number"],
        )
        for line in read(dictionary)
    ]


def dictionary_faults(dictionary: bytes) -> Iterator[str]:
    """Give what REDCap refuses of a data dictionary."""
    if dictionary.decode().split("\r\n")[0] != HEADINGS:
        yield "the headings are others"
    fields = fields_of(dictionary)
    names = [field.name for field in fields]
    if len(set(names)) != len(names):
        yield "a name twice"
    forms = [form for form, _ in groupby(field.form for field in fields)]
    if len(set(forms)) != len(forms):
        yield "the fields of a form do not stand together"
    if fields[0].kind != "text" or fields[0].validation:
        yield "the first field is no plain text"
    for field in fields:
        for name in (field.name, field.form):
            if not _NAME.fullmatch(name) or len(name) > _NAME_LETTERS or name in _RESERVED:
                yield f"{name}: no such name"
        if field.kind not in _TYPES or field.validation not in _VALIDATIONS:
            yield f"{field.name}: no such type"
        if (field.kind == "radio") != bool(field.choices):
            yield f"{field.name}: choices that do not go with its type"
        if field.validation and field.kind != "text":
            yield f"{field.name}: a validation without text"
        if not all(map(_CHOICE.fullmatch, field.choices)):
            yield f"{field.name}: a choice without code or label"
    for line in read(dictionary):
        if not line["Field Label"].strip() or '"' in line["Field Label"]:
            yield f"{line['Variable / Field Name']}: no label"


def import_faults(dictionary: bytes, data: bytes, repeating: set[str]) -> Iterator[str]:
    """Give what REDCap refuses of data for a project with that dictionary."""
    fields = {field.name: field for field in fields_of(dictionary)}
    record, *_ = fields
    forms = {field.form for field in fields.values()}
    lines = read(data)
    known = {*fields, *(f"{form}_complete" for form in forms)} | _RESERVED
    if lines and (next(iter(lines[0])) != record or set(lines[0]) - known):
        yield "the columns are others"
    seen: set[tuple[str, ...]] = set()
    for number, line in enumerate(lines, 2):
        form = line["redcap_repeat_instrument"]
        instance = line["redcap_repeat_instance"]
        key = (line[record].casefold(), form, instance)
        if key in seen or not 0 < len(line[record].strip()) <= _RECORD_LETTERS:
            yield f"{number}: no record, or one twice"
        seen.add(key)
        if (form in repeating) != bool(re.fullmatch("[1-9][0-9]*", instance, re.ASCII)):
            yield f"{number}: no instance of a repeating form"
        for name, cell in line.items():
            if not cell or name == record or name in _RESERVED:
                continue
            field = fields.get(name)
            of = field.form if field else name.removesuffix("_complete")
            if (of != form) if form else (of in repeating):
                yield f"{number}: {name} is not of the form {form}"
            if field is None and cell not in ("0", "1", "2"):
                yield f"{number}: {name} is {cell}"
            if field and field.choices:
                if cell not in [choice.partition(",")[0] for choice in field.choices]:
                    yield f"{number}: {name} has no choice {cell}"
            elif field and not _VALIDATIONS[field.validation].fullmatch(cell):
                yield f"{number}: {name} is no {field.validation}: {cell}"
