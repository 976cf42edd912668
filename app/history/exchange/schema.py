"""What an export is to other programs: its JSON Schema.

``docs/history_export.schema.json`` is written by
``python -m app.history.exchange.schema > docs/history_export.schema.json``.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from app.history.check_record import CheckRecord
from app.history.diary_record import DiaryRecord, SqueezeRecord
from app.history.exchange.model import ADAPTERS, FORMAT, FORMAT_KEY, PortableProfile

#: What each list of an export holds.
LISTS: dict[str, type] = {
    "profiles": PortableProfile,
    "checks": CheckRecord,
    "squeezes": SqueezeRecord,
    "diary": DiaryRecord,
}


class _WithoutTitles(GenerateJsonSchema):
    """Leaves out titles, which would repeat the names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Tell that none is wanted."""
        del schema
        return False


def schema_text() -> str:
    """Return the JSON Schema (draft 2020-12) of what an export into JSON holds."""
    found, shared = TypeAdapter.json_schemas(
        [(name, "validation", ADAPTERS[kind]) for name, kind in LISTS.items()],
        schema_generator=_WithoutTitles,
        title="Beltline's history",
        description="What 'beltline history export' writes into a .json file.",
    )
    owner = {"type": "string", "description": "The name of one of the profiles."}
    owned = {"properties": {"profile": owner}, "required": ["profile"]}
    lists = {
        name: {
            "type": "array",
            "items": found[name, "validation"]
            if kind is PortableProfile
            else {"allOf": [found[name, "validation"], owned]},
        }
        for name, kind in LISTS.items()
    }
    whole = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "type": "object",
        "properties": {FORMAT_KEY: {"const": FORMAT}, **lists},
        "required": [FORMAT_KEY, *lists],
        **shared,
    }
    return json.dumps(whole, indent=2) + "\n"


if __name__ == "__main__":
    print(schema_text(), end="")
