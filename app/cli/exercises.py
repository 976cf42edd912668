"""``beltline exercises``: a person's list of exercises to a file, and from one.

What reads the history is loaded when a command needs it, so that help is quick.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import confirm, failing_in_a_sentence, failure, pass_on, show
from app.history.errors import (
    ExportFailed,
    ImportRefused,
    ProfileNameError,
    ProfileNotFound,
)
from app.system.shell import Status

if TYPE_CHECKING:
    from app.exercises.shared_list import SharedList
    from app.history.diary import Entry
    from app.history.records import Profile
    from app.history.store import History

exercises_app = typer.Typer(
    name="exercises",
    help="Write a person's list of exercises into one file, or take one over from a file.",
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)

ProfileOption = Annotated[
    str | None,
    typer.Option("--profile", metavar="NAME", help="Whose list; else that of the first person."),
]
FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="A .beltline-exercises file that export has written.")
]


@exercises_app.command("export")
def export_list(
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="A .beltline-exercises file; it is replaced."),
    ],
    profile: ProfileOption = None,
) -> None:
    """Write the list of exercises, with its pictures, into one file to give to somebody.

    The name of the practice and the day are in it, the person's name is not.
    """
    with _opened() as history:
        from app.exercises import sharing_text as words
        from app.exercises.shared_list import list_of, write_list
        from app.history.diary import Plan
        from app.history.values import now

        whose = _person(history, profile)
        newest = _newest(history, whose)
        plan = newest.content if newest is not None else Plan()
        if not isinstance(plan, Plan) or not plan.exercises:
            sentence = f"{words.NO_LIST.format(name=whose.name)} {words.TYPE_IN}"
            raise failure(sentence, Status.WRONG_USAGE)
        shared = list_of(history, plan, now().date())
        write_list(out, shared)
        show(words.WRITTEN.format(contents=shared.contents, path=out))


@exercises_app.command("import")
def import_list(
    file: FileArgument,
    profile: ProfileOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Show what is in a file, and use it in place of the list that there is."""
    with _opened() as history:
        from app.exercises import sharing_text as words
        from app.exercises.shared_list import read_list
        from app.history.values import now

        whose, shared = _person(history, profile), read_list(file)
        is_asking = not yes and sys.stdin.isatty()
        if is_asking:
            show(*_lines(shared))
            if not confirm(words.CONFIRM.format(name=whose.name)):
                show(words.LEFT)
                return
        history.note_all(whose.id, [(now(), shared.plan)], tuple(shared.pictures.values()))
        show(*([] if is_asking else _lines(shared)))
        show(words.TAKEN.format(name=whose.name, contents=shared.contents), words.TAKE_BACK)


@exercises_app.command("undo")
def take_back(profile: ProfileOption = None) -> None:
    """Put a person's newest list into the bin, so that the one before it is used again."""
    with _opened() as history:
        from app.exercises import sharing_text as words

        whose = _person(history, profile)
        newest = _newest(history, whose)
        if newest is None:
            show(words.NOTHING_TO_TAKE_BACK.format(name=whose.name))
            return
        history.delete([newest.id], "diary")
        show(words.TAKEN_BACK.format(name=whose.name))


@contextmanager
def _opened() -> Iterator["History"]:
    """Give the history, and leave with one sentence and the right status when it fails."""
    asked_wrongly = ProfileNotFound, ProfileNameError, ImportRefused, ExportFailed
    with failing_in_a_sentence(*asked_wrongly):
        from app.history.store import History

        with History.open() as history:
            yield pass_on(history)


def _person(history: "History", name: str | None) -> "Profile":
    return history.default_profile() if name is None else history.find_profile(name)


def _newest(history: "History", whose: "Profile") -> "Entry | None":
    from app.exercises.today import DiaryNews
    from app.history.diary import EntryKind
    from app.history.values import now

    entries = tuple(history.entries(whose.id, EntryKind.PLAN))
    return DiaryNews(entries).newest(EntryKind.PLAN, now())


def _lines(shared: "SharedList") -> list[str]:
    """Say what is in a file, line by line."""
    from app.exercises import sharing_text as words
    from app.exercises.routine import dose_of, name_of

    lines = [shared.whose]
    for number, planned in enumerate(shared.plan.exercises, 1):
        said = words.LINE.format(number=number, name=name_of(planned), dose=dose_of(planned))
        lines.append(words.WITH_PICTURE.format(line=said) if planned.picture else said)
    return lines
