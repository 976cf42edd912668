"""What the fields of kept records may hold, as pydantic checks it and as its schema tells.

Numbers are strict: what stands between quotation marks is none, and neither is true or false.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
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

from app.history.values import clean_text, json_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

#: As the database has whole numbers.
INT_MAX = 2**31 - 1
#: No outline is farther from its picture.
_PX_MAX = 1e9


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


#: ISO 8601 with its offset from UTC.
Time = Annotated[
    datetime, PlainValidator(_time), WithJsonSchema({"type": "string", "format": "date-time"})
]
Identity = Annotated[
    str, Strict(), AfterValidator(_identity), Field(json_schema_extra={"format": "uuid"})
]
Text = Annotated[str, Strict(), AfterValidator(clean_text)]
Truth = Annotated[bool, Strict()]
Number = Annotated[float, Strict(), AllowInfNan(False)]
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


def why_refused(error: ValidationError) -> str:
    """Return the first thing that pydantic found wrong, in a few words."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    what = first["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{where}: {what}" if where else what
