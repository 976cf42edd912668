"""Figures on the terminal and, in the same order, on a page of Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from rich.console import Console

    from synthetic.evaluate.figures import Agreement

_AGREEMENT_COLUMNS = (*("", "n", "MAE deg", "bias deg", "slope", "r", "covered", "half width deg"),)


class Report:
    """Prints what it is told and keeps it for the page."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._parts: list[str] = []

    def heading(self, text: str) -> None:
        """Begin a section."""
        self.console.print(f"\n[bold]{text}")
        self._parts.append(f"## {text}")

    def text(self, text: str) -> None:
        """Say something."""
        self.console.print(text)
        self._parts.append(text)

    def picture(self, path: Path, page: Path, about: str) -> None:
        """Show a picture that lies beside the page."""
        self._parts.append(f"![{about}]({path.relative_to(page.parent).as_posix()})")

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Show a table whose first column is text and the others numbers."""
        table = Table(title=title)
        for number, name in enumerate(columns):
            table.add_column(name, justify="right" if number else "left")
        lines = [f"**{title}**", "", _line(columns), _line(["---", *["---:"] * (len(columns) - 1)])]
        for row in rows:
            table.add_row(*row)
            lines.append(_line(row))
        self.console.print(table)
        self._parts.append("\n".join(lines))

    def agreements(self, title: str, rows: dict[str, Agreement]) -> None:
        """Show how well answers agree with truths, one row for each group."""
        self.table(title, _AGREEMENT_COLUMNS, ([name, *_cells(row)] for name, row in rows.items()))

    def write(self, path: Path, title: str, introduction: str) -> None:
        """Write the page."""
        text = "\n\n".join([f"# {title}", introduction, *self._parts])
        path.write_text(text + "\n", encoding="utf-8")


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cells(row: Agreement) -> list[str]:
    numbers = (row.mae_deg, row.bias_deg, row.slope, row.correlation)
    found = ["" if number != number else f"{number:.2f}" for number in numbers]
    covered = "" if row.coverage != row.coverage else f"{row.coverage:.1%}"
    width = "" if row.half_width_deg != row.half_width_deg else f"{row.half_width_deg:.1f}"
    return [str(row.count), *found, covered, width]
