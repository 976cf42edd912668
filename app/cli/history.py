"""``beltline history``: the kept checks on the command line.

What reads the history is loaded when a command needs it, so that help is quick.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.errors import missing_library
from vision.result import Method

if TYPE_CHECKING:
    from app.history.records import CheckRow, Profile, RowQuery
    from app.history.store import History

_FAILED, _WRONG_USAGE, _PIPE_CLOSED = 1, 2, 141
#: How many checks are read at a time.
_BLOCK = 1000

history_app = typer.Typer(
    name="history",
    help="Look at the checks that were kept, and take them out or in.",
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)

ProfileOption = Annotated[
    str | None,
    typer.Option("--profile", metavar="NAME", help="Only this person's; else everybody's."),
]
MethodOption = Annotated[
    Method | None, typer.Option("--method", help="Only checks measured in this way.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
IdArgument = Annotated[int, typer.Argument(metavar="ID", help="The number that list shows.")]
OutOption = Annotated[
    Path, typer.Option("--out", metavar="FILE", help="A .csv or .json file; it is replaced.")
]


@history_app.command("list")
def list_checks(
    profile: ProfileOption = None, method: MethodOption = None, as_json: JsonOption = False
) -> None:
    """List the checks, oldest first."""
    with _opened() as history:
        from app.cli.history__history_lines import row_line, row_object
        from app.history.records import RowOrder, RowQuery

        wanted = history.find_profile(profile).id if profile is not None else None
        names = {known.id: known.name for known in history.profiles()}
        query = RowQuery(wanted, method, order=RowOrder.OLDEST)
        count = 0
        for row in _all_rows(history, query):
            count += 1
            name = names.get(row.profile_id, "")
            if as_json:
                _print_json(row_object(row, name))
            else:
                _print(row_line(row, name if len(names) > 1 else ""))
        if not count and not as_json:
            _print_nothing(history)


@history_app.command("trend")
def show_trend(
    profile: ProfileOption = None, method: MethodOption = None, as_json: JsonOption = False
) -> None:
    """Show how the angle changed, by person and method."""
    with _opened() as history:
        chosen = history.profiles() if profile is None else [history.find_profile(profile)]
        shown = 0
        for person in chosen:
            for one in history.methods(person.id):
                if method in (None, one):
                    _print_trend(history, person, one, as_json, gap=shown > 0)
                    shown += 1
        if not shown and not as_json:
            _print_nothing(history)


@history_app.command("show")
def show_check(check_id: IdArgument, as_json: JsonOption = False) -> None:
    """Show everything about one check."""
    with _opened() as history:
        from app.cli.history__history_lines import check_lines, check_object

        check = history.check(check_id)
        if as_json:
            _print_json(check_object(check))
        else:
            _print(*check_lines(check))


@history_app.command("compare")
def compare_checks(first: IdArgument, second: IdArgument, as_json: JsonOption = False) -> None:
    """Compare two checks, and tell whether the change counts."""
    with _opened() as history:
        from app.cli.history__history_lines import compare_lines, compare_object

        one, other = history.check(first), history.check(second)
        if as_json:
            _print_json(compare_object(one, other))
        else:
            _print(*compare_lines(one, other))


@history_app.command("delete")
def delete_checks(
    check_ids: Annotated[list[int], typer.Argument(metavar="ID...", help="Their numbers.")],
    as_json: JsonOption = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete checks with their pictures, for good."""
    with _opened() as history:
        from app.text import history__history_command_words as said

        wanted = list(dict.fromkeys(check_ids))
        for check_id in wanted:
            history.check(check_id)  # all of them are there, or nothing is deleted
        count = said.count_checks(len(wanted))
        ask = not yes and sys.stdin.isatty()
        if ask and not typer.confirm(said.CONFIRM_DELETE.format(count=count), err=True):
            _print(said.KEPT_ALL)
            return
        history.delete(wanted)
        history.purge()
        if as_json:
            _print_json({"deleted": wanted})
        else:
            _print(said.DELETED.format(count=count))


@history_app.command("export")
def export_checks(out: OutOption, profile: ProfileOption = None) -> None:
    """Write all checks to a file, without their pictures.

    A .csv file holds the checks; a .json file holds the squeeze tests, exercises and breaks, too.
    """
    with _opened() as history:
        from app.history.exchange.files import export_file
        from app.text import history__history_command_words as said

        wanted = history.find_profile(profile).id if profile is not None else None
        count = export_file(history, out, wanted)
        _print(said.EXPORTED.format(count=said.count_checks(count), path=out))


@history_app.command("import")
def import_checks(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What export has written.")],
) -> None:
    """Add what is in a file that export has written."""
    with _opened() as history:
        from app.history.exchange.files import import_file
        from app.text import history__history_command_words as said
        from app.text.squeeze import count_tests

        added = import_file(history, file)
        template = said.IMPORTED_TESTS if added.squeezes else said.IMPORTED
        _print(
            template.format(
                added=said.count_checks(added.checks),
                duplicates=added.duplicates,
                profiles=said.count_profiles(added.profiles),
                tests=count_tests(added.squeezes),
            )
        )
        if added.entries:
            _print(said.IMPORTED_ENTRIES.format(count=added.entries))


@contextmanager
def _opened() -> Iterator["History"]:
    """Give the history, and leave with one sentence and the right status when it fails."""
    try:
        from app.history import errors
        from app.history.store import History
    except ImportError as error:
        raise typer.Exit(_fail(str(missing_library(error)), _FAILED)) from None
    asked_wrongly = (
        errors.CheckNotFound,
        errors.ProfileNotFound,
        errors.ProfileNameError,
        errors.ImportRefused,
        errors.ExportFailed,
    )
    try:
        with History.open() as history:
            yield history
            sys.stdout.flush()
    except asked_wrongly as error:
        raise typer.Exit(_fail(str(error), _WRONG_USAGE)) from None
    except errors.HistoryError as error:
        raise typer.Exit(_fail(str(error), _FAILED)) from None
    except BrokenPipeError:
        # Python's own last flush of standard output would fail once more.
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, sys.stdout.fileno())
        os.close(sink)
        raise typer.Exit(_PIPE_CLOSED) from None


def _print_trend(
    history: "History", person: "Profile", method: Method, as_json: bool, *, gap: bool
) -> None:
    from app.cli.history__history_lines import row_line, trend_end, trend_object, trend_title
    from app.history.records import RowOrder, RowQuery

    query = RowQuery(person.id, method, order=RowOrder.OLDEST)
    first: CheckRow | None = None
    latest: CheckRow | None = None
    if not as_json:
        title = trend_title(person.name, method, history.count(query))
        _print(*([""] if gap else []), title)
    for row in _all_rows(history, query):
        first, latest = first or row, row
        if as_json:
            _print_json(trend_object(row, person.name, first))
        else:
            _print(row_line(row))
    if first and latest and not as_json:
        _print(trend_end(first, latest))


def _print_nothing(history: "History") -> None:
    from app.history.records import RowQuery
    from app.text.history__history_command_words import NOTHING_KEPT, NOTHING_LIKE_IT

    _print(NOTHING_LIKE_IT if history.count(RowQuery(None)) else NOTHING_KEPT)


def _all_rows(history: "History", query: "RowQuery") -> Iterable["CheckRow"]:
    done = 0
    while rows := history.rows(query, done, _BLOCK):
        yield from rows
        done += len(rows)


def _print_json(value: dict[str, object]) -> None:
    """Print one line of JSON, UTF-8 whatever the locale says."""
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")


def _print(*lines: str) -> None:
    """Print text as far as the screen's encoding can show it."""
    encoding = sys.stdout.encoding or "utf-8"
    for line in lines:
        shown = line
        try:
            line.encode(encoding)
        except UnicodeEncodeError:
            shown = line.replace("°", " deg").encode(encoding, "backslashreplace").decode(encoding)
        typer.echo(shown)


def _fail(sentence: str, status: int) -> int:
    typer.echo(f"beltline: {sentence}", err=True)
    return status
