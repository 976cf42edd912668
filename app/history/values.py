"""Times, texts and numbers as databases, files and searches can take them.

The types of fields say so to pydantic and to its schema. Numbers are strict: what stands
between quotation marks is none, and neither is true or false.
"""

from __future__ import annotations

import json
import math
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from pydantic import (
    AfterValidator,
    AllowInfNan,
    Field,
    PlainValidator,
    Strict,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import core_schema

from app.history.errors import ProfileDetailError, ProfileNameError
from vision.messages import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from enum import StrEnum

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)
#: No profile's name has more letters.
NAME_MAX = 100
CLIENT_ID_MAX = 40
#: Nobody alive was born earlier.
BIRTH_YEAR_MIN = 1900
#: As the database has whole numbers.
INT_MAX = 2**31 - 1
#: So long everything that was deleted can be had back.
BIN_DAYS = 30
#: As many marks on one letter as Unicode's stream-safe text has (UAX 15, section 13).
_PILE_MAX = 30
#: Letters of a place in a file; what is shown of it may come from the file.
_WHERE_MAX = 80
#: Nothing is farther from its picture, and no number that was ever measured is larger: what is
#: worked out from it stays a number.
_PX_MAX, _NUMBER_MAX = 1e6, 1e9


def now() -> datetime:
    """Return the time with this computer's offset from UTC."""
    return datetime.now().astimezone()


def utc_us(moment: datetime) -> int:
    """Return whole microseconds since 1970, UTC; ValueError for a time without an offset."""
    if moment.utcoffset() is None:
        raise ValueError(f"a time without its offset from UTC: {moment!r}")
    return (moment - _EPOCH) // _US


def moment_of(us: int, offset_seconds: int) -> datetime:
    """Return the time of whole microseconds since 1970 and an offset in seconds."""
    offset = timedelta(seconds=offset_seconds)
    # Added without a zone, so that no step leaves the years 1 to 9999.
    local = _EPOCH.replace(tzinfo=None) + (timedelta(microseconds=us) + offset)
    return local.replace(tzinfo=timezone(offset))


def finite(value: float) -> float:
    """Return a number that is neither infinite nor missing; ValueError if it is."""
    if not math.isfinite(value):
        raise ValueError(f"not a finite number: {value}")
    return float(value)


def clean_text(text: str) -> str:
    """Return text that every database and file can hold: no NUL, nothing but characters.

    Nor any letter under a pile of thousands of marks: putting those in order takes hours.
    """
    clean = text.replace("\0", "").encode("utf-8", "replace").decode()
    return clean if len(clean) <= _PILE_MAX else "".join(_without_piles(clean))


def _without_piles(text: str) -> Iterator[str]:
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= _PILE_MAX:
            yield letter


def tidy_name(name: str) -> str:
    """Return a name without needless spaces, in one way of writing its letters.

    Raises
    ------
    ProfileNameError
        If nothing is left, or too much.
    """
    tidy = " ".join(unicodedata.normalize("NFC", clean_text(name)).split())
    if not tidy:
        raise ProfileNameError(tr("The name is empty."), tr("Type a name."))
    if len(tidy) > NAME_MAX:
        raise ProfileNameError(
            tr("The name is longer than {count} letters.").format(count=NAME_MAX),
            tr("Choose a shorter one."),
        )
    return tidy


def tidy_client_id(client_id: str) -> str:
    """Return a client's ID without needless spaces; ProfileDetailError if it is too long."""
    tidy = " ".join(unicodedata.normalize("NFC", clean_text(client_id)).split())
    if len(tidy) > CLIENT_ID_MAX:
        raise ProfileDetailError(
            tr("The ID is longer than {count} letters.").format(count=CLIENT_ID_MAX),
            tr("Choose a shorter one."),
        )
    return tidy


def real_birth_year(year: int | None) -> int | None:
    """Return a year in which somebody can have been born; ProfileDetailError for another."""
    if year is not None and not BIRTH_YEAR_MIN <= year <= now().year:
        raise ProfileDetailError(
            tr("{year} cannot be a year of birth.").format(year=year),
            tr("Give a year from {first} to {last}, or leave it out.").format(
                first=BIRTH_YEAR_MIN, last=now().year
            ),
        )
    return year


def search_text(garment: str, note: str) -> str:
    """Return what a search looks through; what is searched for goes through it too."""
    return unicodedata.normalize("NFKC", f"{garment}\n{note}").casefold()


def json_text(value: object) -> str:
    """Return the shortest JSON of a list or mapping."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _identity(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise ValueError("not a UUID") from None


def _time(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError("not a time")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("not a time") from None
    offset = moment.utcoffset()
    if offset is None or offset.microseconds:
        raise ValueError("a time without its offset from UTC")
    return moment


def _day(value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value) if isinstance(value, str) else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise ValueError("not a day")


#: ISO 8601, without a time; or none.
Day = Annotated[
    date | None,
    PlainValidator(_day),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}),
]
#: ISO 8601 with its offset from UTC.
Time = Annotated[
    datetime, PlainValidator(_time), WithJsonSchema({"type": "string", "format": "date-time"})
]
Identity = Annotated[
    str, Strict(), AfterValidator(_identity), Field(json_schema_extra={"format": "uuid"})
]
Text = Annotated[str, Strict(), AfterValidator(clean_text)]
Truth = Annotated[bool, Strict()]
Number = Annotated[float, Strict(), AllowInfNan(False), Field(ge=-_NUMBER_MAX, le=_NUMBER_MAX)]
Pixels = Annotated[Number, Field(ge=-_PX_MAX, le=_PX_MAX)]
Degrees = Annotated[Number, Field(ge=-360, le=360)]
Whole = Annotated[int, Strict(), Field(ge=0, le=INT_MAX)]


@dataclass(frozen=True, slots=True)
class OneOf:
    """A field that holds the value of an enumeration."""

    kind: type[StrEnum]

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Let pydantic take these values only."""
        del source, handler
        codes = [one.value for one in self.kind]

        def check(value: object) -> object:
            if value not in codes:
                raise ValueError(f"none of {', '.join(codes)}")
            return value

        return core_schema.no_info_plain_validator_function(check)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Tell which they are."""
        del schema, handler
        return {"type": "string", "enum": [one.value for one in self.kind]}


@dataclass(frozen=True, slots=True)
class AsJson:
    """A field that holds JSON text, of what exports hold as it is.

    Attributes
    ----------
    kind
        What the text holds.
    """

    kind: Any

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Let pydantic check what is given, and keep the text of it."""
        del source

        def text_of(value: object, check: Callable[[object], object]) -> str:
            check(value)
            # What is passed over, such as a newer version's field, may hold anything.
            return clean_text(json_text(value))

        return core_schema.no_info_wrap_validator_function(
            text_of, handler.generate_schema(self.kind)
        )


def json_fields(record: type) -> frozenset[str]:
    """Return which fields of a record hold JSON text."""
    hints = get_type_hints(record, include_extras=True)
    return frozenset(
        name
        for name, hint in hints.items()
        if any(isinstance(one, AsJson) for one in getattr(hint, "__metadata__", ()))
    )


def sensible_json(text: str) -> Any:
    """Return what JSON holds; ValueError for a number that nothing was ever measured as."""
    found = json.loads(text, parse_float=_sensible, parse_int=_sensible, parse_constant=_sensible)
    return found


def _sensible(digits: str) -> float:
    number = float(digits)
    if not abs(number) <= _NUMBER_MAX:
        raise ValueError("a number that makes no sense")
    return int(digits) if digits.lstrip("-").isdecimal() else number


def why_refused(error: ValidationError) -> str:
    """Return the first thing that pydantic found wrong, in a few words of ours."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])[:_WHERE_MAX] or tr("it")
    if first["type"] == "missing":
        return tr("{where} is missing").format(where=where)
    said = str(first.get("ctx", {}).get("error", "")) if first["type"] == "value_error" else ""
    if said:
        return f"{where}: {said}"
    return tr("{where} holds something else than it should").format(where=where)
