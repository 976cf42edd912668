"""The columns of the table of checks, and by what each is sorted."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from app.history.records__query import RowOrder

if TYPE_CHECKING:
    from app.history.records import CheckRow


class Column(IntEnum):
    """The columns, from left to right."""

    DATE = 0
    ANGLE = 1
    METHOD = 2
    GARMENT = 3
    ARMS = 4
    NOTE = 5
    PICTURE = 6


EDITABLE = (Column.GARMENT, Column.NOTE)
#: Each column's orders, rising and falling.
ORDERS = {
    Column.DATE: (RowOrder.OLDEST, RowOrder.NEWEST),
    Column.ANGLE: (RowOrder.LEAST_FORWARD, RowOrder.MOST_FORWARD),
    Column.METHOD: (RowOrder.METHOD, RowOrder.METHOD_REVERSED),
    Column.GARMENT: (RowOrder.GARMENT, RowOrder.GARMENT_REVERSED),
    Column.ARMS: (RowOrder.ARMS, RowOrder.ARMS_REVERSED),
    Column.NOTE: (RowOrder.NOTE, RowOrder.NOTE_REVERSED),
}


def sort_value(record: CheckRow, column: Column) -> float | str | bool:
    """Return what a column sorts a check by."""
    said = record.conditions
    return {
        Column.DATE: record.taken_at.timestamp(),
        Column.ANGLE: record.tilt.angle_deg,
        Column.METHOD: record.tilt.method.value,
        Column.GARMENT: said.garment.casefold(),
        Column.ARMS: said.arms.value if said.arms is not None else "",
        Column.NOTE: said.note.casefold(),
        Column.PICTURE: record.has_picture,
    }[column]
