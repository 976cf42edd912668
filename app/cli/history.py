"""``beltline history``: the kept checks on the command line.

What reads the history is loaded when a command needs it, so that help is quick.
"""

import heapq
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import (
    complain,
    confirm,
    fail_for_damage,
    failing_in_a_sentence,
    pass_on,
    show,
)
from app.cli.lines import as_line
from app.history.clients import ClientOrder
from app.history.errors import (
    CheckNotFound,
    DeletionNotFound,
    ExportFailed,
    ImportRefused,
    ProfileDetailError,
    ProfileNameError,
    ProfileNotFound,
    UnreadableCheck,
)
from vision.result import Method

if TYPE_CHECKING:
    from app.history.ranges import RangeTaken
    from app.history.records import CheckRow, Profile, RowQuery
    from app.history.store import History

_ASKED_WRONGLY = (
    CheckNotFound,
    DeletionNotFound,
    ProfileNotFound,
    ProfileNameError,
    ProfileDetailError,
    ImportRefused,
    ExportFailed,
)
#: How many checks are read at a time.
_BLOCK = 1000
#: So many letters of a deletion's name are told.
_NAME_LETTERS = 8

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
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
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
        from app.history.records import RowOrder, RowQuery

        chosen = history.profiles() if profile is None else [history.find_profile(profile)]
        names = {known.id: known.name for known in history.profiles()}
        whose = chosen[0].id if profile is not None else None
        query = RowQuery(whose, method, order=RowOrder.OLDEST)
        ranges = [test for person in chosen for test in _ranges(history, person, method)]
        ranges.sort(key=lambda test: test.taken_at)  # of several people
        kept: list[Iterable[CheckRow | RangeTaken]] = [_all_rows(history, query), ranges]
        is_empty = True
        for one in heapq.merge(*kept, key=lambda one: one.taken_at):
            is_empty = False
            _print_kept(one, names.get(one.profile_id, ""), as_json, names_people=len(names) > 1)
        if is_empty and not as_json:
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
            tests = _ranges(history, person, method)
            for one in dict.fromkeys(test.result.method for test in tests):
                alike = [test for test in tests if test.result.method is one]
                _print_range_trend(alike, person, as_json, gap=shown > 0)
                shown += 1
        if not shown and not as_json:
            _print_nothing(history)


@history_app.command("show")
def show_check(check_id: IdArgument, as_json: JsonOption = False) -> None:
    """Show everything about one check."""
    with _opened() as history:
        from app.cli.json_output import check_object
        from app.history.place import exists
        from app.text.history import check_lines

        check = history.check(check_id)
        is_there = check.picture is not None and exists(check.picture)
        if as_json:
            _print_json(check_object(check, is_picture_there=is_there))
        else:
            show(*check_lines(check, is_picture_there=is_there))


@history_app.command("compare")
def compare_checks(first: IdArgument, second: IdArgument, as_json: JsonOption = False) -> None:
    """Compare two checks, and tell whether the change counts."""
    with _opened() as history:
        from app.cli.json_output import compare_object
        from app.history.comparison import change_between, why_unlike
        from app.text.history import compare_lines

        one, other = history.check(first), history.check(second)
        if as_json:
            change = change_between(one.row, other.row)
            _print_json(compare_object(one, other, change, why_unlike(one.row, other.row)))
        else:
            show(*compare_lines(one, other))


@history_app.command("delete")
def delete_checks(
    check_ids: Annotated[list[int], typer.Argument(metavar="ID...", help="Their numbers.")],
    as_json: JsonOption = False,
    yes: YesOption = False,
    for_good: Annotated[
        bool, typer.Option("--for-good", help="At once, instead of after 30 days in the bin.")
    ] = False,
) -> None:
    """Delete checks with their pictures; for 30 days they can be had back."""
    with _opened() as history:
        from app.history.values import BIN_DAYS
        from app.text import history as history_text

        wanted = list(dict.fromkeys(check_ids))
        for check_id in wanted:
            with suppress(UnreadableCheck):  # it may go, too
                history.check(check_id)  # all of them are there, or nothing is deleted
        count = history_text.count_checks(len(wanted))
        ask = not yes and sys.stdin.isatty()
        question = history_text.CONFIRM_FOR_GOOD if for_good else history_text.CONFIRM_DELETE
        if ask and not confirm(question.format(count=count, days=BIN_DAYS)):
            show(history_text.KEPT_ALL)
            return
        name = "" if for_good else history.delete(wanted)
        if for_good:
            history.delete_for_good(wanted)
        said = history_text.DELETED_FOR_GOOD if for_good else history_text.DELETED
        if as_json:
            _print_json({"deleted": wanted, "name": None if for_good else name})
        else:
            show(said.format(count=count, days=BIN_DAYS, name=name[:_NAME_LETTERS]))


@history_app.command("bin")
def list_bin(as_json: JsonOption = False) -> None:
    """List what was deleted in the last 30 days, newest first."""
    with _opened() as history:
        from app.cli.json_output import deletion_object
        from app.history.values import BIN_DAYS
        from app.text import history as history_text

        found = history.deletions()
        for deletion in found:
            if as_json:
                _print_json(deletion_object(deletion))
            else:
                when = history_text.time_text(deletion.at)
                what = history_text.describe_deletion(deletion)
                name = deletion.name[:_NAME_LETTERS]
                show(history_text.BIN_LINE.format(name=name, when=when, what=what))
        if not found and not as_json:
            show(history_text.BIN_EMPTY.format(days=BIN_DAYS))


@history_app.command("restore")
def restore(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="As bin lists them.")],
) -> None:
    """Bring back what was deleted."""
    with _opened() as history:
        from app.text import history as history_text

        wanted = [history.find_deletion(name) for name in names]
        for deletion in wanted:
            history.restore(deletion.name)
        # Not before all are back: nobody may be there to read it.
        for deletion in wanted:
            what = history_text.describe_deletion(deletion)
            show(history_text.RESTORED.format(what=what))


@history_app.command("empty-bin")
def empty_bin(yes: YesOption = False) -> None:
    """Delete for good all that bin lists."""
    with _opened() as history:
        from app.text import history as history_text

        ask = not yes and sys.stdin.isatty()
        if ask and not confirm(history_text.EMPTY_BIN):
            show(history_text.KEPT_ALL)
            return
        history.purge()
        show(history_text.BIN_EMPTIED)


@history_app.command("profiles")
def list_profiles(
    search: Annotated[
        str, typer.Option("--search", metavar="TEXT", help="Only whose name or ID holds this.")
    ] = "",
    order: Annotated[
        ClientOrder, typer.Option("--sort", help="By name, last check, or next check.")
    ] = ClientOrder.NAME,
    due: Annotated[bool, typer.Option("--due", help="Only who is due for a check.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the people, with their IDs, last and next checks."""
    with _opened() as history:
        from app.cli.json_output import client_object
        from app.history.clients import find_clients
        from app.text import people

        today = date.today()
        found = find_clients(history.clients(), search, order)
        found = [client for client in found if client.is_due(today) or not due]
        for client in found:
            if as_json:
                _print_json(client_object(client, today))
            else:
                show(people.client_line(client, today))
        if not found and not as_json:
            show(people.NOBODY)


@history_app.command("profile")
def change_profile(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose.")],
    new_name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Another name.")
    ] = None,
    client_id: Annotated[
        str | None, typer.Option("--id", metavar="TEXT", help="The ID; '' for none.")
    ] = None,
    birth_year: Annotated[
        int | None, typer.Option("--born", metavar="YEAR", help="The year of birth; 0 for none.")
    ] = None,
    next_check: Annotated[
        str | None,
        typer.Option("--next-check", metavar="DAY", help="Like 2026-05-31; '' for none."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what is known of a person, or change it."""
    with _opened() as history:
        from app.cli.json_output import client_object
        from app.text import people

        known = history.find_profile(name)
        wanted = replace(
            known,
            name=known.name if new_name is None else new_name,
            client_id=known.client_id if client_id is None else client_id,
            birth_year=known.birth_year if birth_year is None else birth_year or None,
            next_check_on=known.next_check_on if next_check is None else _day_of(next_check),
        )
        if wanted != known:
            history.change_profile(wanted)
        (client,) = (one for one in history.clients() if one.profile.id == known.id)
        if as_json:
            _print_json(client_object(client, date.today()))
        else:
            show(people.client_line(client, date.today()))


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no day like 2026-05-31.") from None


@history_app.command("export")
def export_checks(
    out: OutOption,
    profile: ProfileOption = None,
    ranges: Annotated[
        bool, typer.Option("--ranges", help="The range tests instead, as a .csv table.")
    ] = False,
) -> None:
    """Write all checks to a file, without their pictures.

    A .csv file holds the checks; a .json file holds the squeeze and range tests, exercises,
    breaks and calibrations, too.
    """
    with _opened() as history:
        from app.history.exchange.files import export_file, export_ranges
        from app.text import history as history_text
        from app.text import range_test

        wanted = history.find_profile(profile).id if profile is not None else None
        if ranges:
            said = range_test.count_tests(export_ranges(history, out, wanted))
        else:
            said = history_text.count_checks(export_file(history, out, wanted))
        show(history_text.EXPORTED.format(count=said, path=out))


@history_app.command("backup")
def back_up(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="A .zip file; replaced.")],
    blur_faces: Annotated[
        bool,
        typer.Option(
            "--blur-faces", help="Blur the heads in all pictures, for a copy that others see."
        ),
    ] = False,
) -> None:
    """Write everything, with the pictures, into one file to keep elsewhere."""
    with _opened() as history:
        from app.history.exchange.backup import write_backup
        from app.text import history as history_text

        made = write_backup(history, out, hides_faces=blur_faces)
        checks = history_text.count_checks(made.checks)
        pictures = history_text.count_pictures(made.pictures)
        show(history_text.BACKED_UP.format(checks=checks, pictures=pictures, path=out))
        if made.left_out:
            complain(history_text.HEADS_UNKNOWN.format(count=made.left_out))


@history_app.command("import")
def import_checks(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What export or backup has written.")
    ],
) -> None:
    """Add what is in a file that export or backup has written."""
    with _opened() as history:
        if file.suffix.lower() == ".zip":
            _restore_backup(history, file)
            return
        from app.history.exchange.files import import_file
        from app.text import history as history_text
        from app.text.squeeze import count_tests

        added = import_file(history, file)
        template = history_text.IMPORTED_TESTS if added.squeezes else history_text.IMPORTED
        show(
            template.format(
                added=history_text.count_checks(added.checks),
                duplicates=added.duplicates,
                profiles=history_text.count_profiles(added.profiles),
                tests=count_tests(added.squeezes),
            )
        )
        if added.entries:
            show(history_text.IMPORTED_ENTRIES.format(count=added.entries))


def _restore_backup(history: "History", file: Path) -> None:
    from app.history.exchange.backup import restore_backup
    from app.text import history as history_text

    found = restore_backup(history, file)
    show(
        history_text.BROUGHT_BACK.format(
            added=history_text.count_checks(found.added.checks),
            pictures=history_text.count_pictures(found.pictures),
            duplicates=found.added.duplicates,
        )
    )


@contextmanager
def _opened() -> Iterator["History"]:
    """Give the history, and leave with one sentence and the right status when it fails."""
    with failing_in_a_sentence(*_ASKED_WRONGLY):
        from app.history.store import History

        with History.open() as history:
            yield pass_on(history)
            fail_for_damage(history)


def _print_trend(
    history: "History", person: "Profile", method: Method, as_json: bool, *, gap: bool
) -> None:
    from app.cli.json_output import trend_object
    from app.history.change.trend_line import read_line
    from app.history.comparison import change_between
    from app.history.records import RowOrder, RowQuery
    from app.text.history import row_line, trend_end, trend_title

    query = RowQuery(person.id, method, order=RowOrder.OLDEST)
    line, count = read_line(history, query), history.count(query)
    first: CheckRow | None = None
    latest: CheckRow | None = None
    if not as_json:
        title = trend_title(person.name, method, count)
        show(*([""] if gap else []), title)
    for number, row in enumerate(_all_rows(history, query), 1):
        first, latest = first or row, row
        if as_json:
            change = change_between(first, row) if row is not first else None
            all_together = line if number == count else None
            _print_json(trend_object(row, person.name, change, all_together))
        else:
            show(row_line(row))
    if first and latest and not as_json:
        show(trend_end(first, latest, line, count))


def _print_range_trend(
    tests: Sequence["RangeTaken"], person: "Profile", as_json: bool, *, gap: bool
) -> None:
    from app.cli.json_output import range_trend_object
    from app.history.ranges import range_change
    from app.text import range_test
    from app.text.history import SINGLE_TEST, range_line, time_text
    from app.text.measurement import METHOD_WORDS

    first, latest = tests[0], tests[-1]
    if as_json:
        for test in tests:
            change = None if test is first else range_change(first.result, test.result)
            _print_json(range_trend_object(test, person.name, change))
        return
    title = range_test.TREND_TITLE.format(
        profile=person.name,
        method=METHOD_WORDS[first.result.method],
        count=range_test.count_tests(len(tests)),
    )
    show(*([""] if gap else []), title, *map(range_line, tests))
    change = None if latest is first else range_change(first.result, latest.result)
    when = time_text(first.taken_at)
    show(SINGLE_TEST if change is None else range_test.describe_change(change, when))


def _print_kept(
    one: "CheckRow | RangeTaken", name: str, as_json: bool, *, names_people: bool
) -> None:
    from app.cli.json_output import range_row_object, row_object
    from app.history.ranges import RangeTaken
    from app.text.history import range_line, row_line

    shown = name if names_people else ""
    if isinstance(one, RangeTaken):
        if as_json:
            _print_json(range_row_object(one, name))
        else:
            show(range_line(one, shown))
    elif as_json:
        _print_json(row_object(one, name))
    else:
        show(row_line(one, shown))


def _ranges(history: "History", person: "Profile", method: Method | None) -> list["RangeTaken"]:
    from app.history.ranges import read_ranges

    tests = read_ranges(history, person.id)
    return [test for test in tests if method in (None, test.result.method)]


def _print_nothing(history: "History") -> None:
    from app.history.records import RowQuery
    from app.text.history import NONE_CHOSEN, NOTHING_KEPT

    show(NONE_CHOSEN if history.count(RowQuery(None)) else NOTHING_KEPT)


def _all_rows(history: "History", query: "RowQuery") -> Iterable["CheckRow"]:
    done = 0
    while rows := history.rows(query, done, _BLOCK):
        yield from rows
        done += len(rows)


def _print_json(value: dict[str, object]) -> None:
    sys.stdout.buffer.write(as_line(value))
