"""``beltline study``: how well raters agree, from photographs to the table in a paper."""

import sys
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import complain, failing_in_a_sentence, failure, show
from app.cli.lines import plain
from app.study import StudyError
from app.system.shell import Status
from app.text.research import study as words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.study.design import Design

study_app = typer.Typer(
    name="study",
    help="Find out how well raters agree with each other and with Beltline.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class ExportKind(StrEnum):
    """What ``--as`` takes."""

    TIDY = "tidy"
    REDCAP = "redcap"
    FHIR = "fhir"


FolderArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help="The study's folder.")]
DESIGN_HELP = "How many, such as raters=3,repeats=2,subjects=30."
PhotosOption = Annotated[
    str,
    typer.Option(
        metavar="DIR|LIST.csv",
        help="Photographs, one person each: a folder, or a list with the columns photo and "
        "subject.",
    ),
]
SeedOption = Annotated[
    int | None,
    typer.Option(min=0, metavar="N", help="Draws and shuffles as it did before; any by default."),
]
SkipOption = Annotated[
    bool,
    typer.Option("--skip-unsuitable", help="Leave out photographs that cannot be used."),
]
OutFolderOption = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="A folder for the files.")
]


@study_app.command()
def init(
    folder: FolderArgument,
    design: Annotated[str, typer.Option(metavar="DESIGN", help=DESIGN_HELP)],
    photos: PhotosOption,
    seed: SeedOption = None,
    skip_unsuitable: SkipOption = False,
) -> None:
    """Make the folder of a study, with a blinded worklist for each rater."""
    with failing_in_a_sentence():
        from app.study.design import RATERS
        from app.study.making import make_study

        asked = _design(design)
        with _bar(asked.subjects) as tell:
            study = make_study(
                folder,
                asked,
                photos,
                seed=seed,
                skips_unsuitable=skip_unsuitable,
                tell=tell,
                warn=complain,
            )
        show(
            words.MADE.format(
                folder=folder, items=asked.items, raters=asked.raters, seed=study.key.seed
            ),
            words.MADE_NEXT.format(raters=folder / RATERS),
        )


@study_app.command()
def rate(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A rater's own folder, or the study's.")
    ],
) -> None:
    """Open the window in which a rater marks one picture after the other."""
    with failing_in_a_sentence():
        from app.gui.rating import run

        raise typer.Exit(run(folder))


@study_app.command("import")
def import_answers(
    folder: FolderArgument,
    answers: Annotated[
        Path,
        typer.Argument(
            metavar="ANSWERS.csv|FOLDER",
            help="Points marked in another program, or a rater's folder that came back.",
        ),
    ],
    rater: Annotated[
        str, typer.Option(metavar="NAME", help="Who gave the answers in a CSV file.")
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Let the new answers count instead of earlier ones.")
    ] = False,
) -> None:
    """Take in answers that were given elsewhere: all of a file, or none."""
    with failing_in_a_sentence():
        from app.study.design import Study
        from app.study.taking_in import take_in

        taken = take_in(Study(folder), answers, rater, replaces=replace)
        of = taken.progress
        show(words.IMPORTED.format(new=taken.new, rater=of.rater, rated=of.rated, items=of.items))


@study_app.command()
def status(folder: FolderArgument) -> None:
    """Say how many pictures each rater has rated."""
    with failing_in_a_sentence():
        from app.study.design import Study
        from app.study.taking_in import progress_of

        show(*map(words.progress, progress_of(Study(folder))))


@study_app.command()
def report(
    folder: FolderArgument,
    out: OutFolderOption,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Do not wait for what is not rated yet.")
    ] = False,
) -> None:
    """Write how well all agree: a PDF, tables, and plots."""
    with failing_in_a_sentence():
        from app.study.design import Study
        from app.study.report import write_report

        study = Study(folder)
        with _line() as tell:
            write_report(study, out, tell, anyway=anyway)
        show(words.REPORT_WRITTEN.format(out=out))


@study_app.command()
def export(
    folder: FolderArgument,
    out: OutFolderOption,
    kind: Annotated[
        ExportKind,
        typer.Option(
            "--as",
            help="tidy: a long table with a dictionary; redcap: dictionary and import; fhir: "
            "Observations.",
        ),
    ] = ExportKind.TIDY,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the files of an earlier export.")
    ] = False,
) -> None:
    """Write all answers, and what Beltline measured, for other programs."""
    with failing_in_a_sentence():
        from app.study.automatic import automatic_rows
        from app.study.design import Study
        from app.study.forms import export as write_export

        study = Study(folder)
        with _line() as tell:
            automatic = automatic_rows(study, tell)
        show(write_export(study, out, kind.value, automatic, replaces=replace))


@study_app.command()
def protocol(
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE.pdf", help="Where the page is written.")
    ],
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="The study's folder, once it is made.")
    ] = None,
    design: Annotated[
        str | None,
        typer.Option(metavar="DESIGN", help=f"Of a study not made yet. {DESIGN_HELP}"),
    ] = None,
) -> None:
    """Write a page for an ethics committee: what is kept, where, and by which programs."""
    if (folder is None) == (design is None):
        raise failure(words.NOT_BOTH, Status.WRONG_USAGE)
    with failing_in_a_sentence():
        from app.study.design import Study
        from app.study.protocol import write_protocol

        study = None if folder is None else Study(folder)
        asked = _design(design or "") if study is None else study.key.design
        write_protocol(out, asked, study)
        show(str(out))


def _design(text: str) -> "Design":
    """Return the design that was asked for; one that cannot be read is wrong usage."""
    from app.study.design import Design

    try:
        return Design.parse(text)
    except StudyError as error:
        raise failure(str(error), Status.WRONG_USAGE) from None


@contextmanager
def _line() -> "Iterator[Callable[[str], object]]":
    """Show in one line what is being done, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status("") as shown:
        yield lambda sentence: shown.update(escape(plain(sentence)))


@contextmanager
def _bar(total: int) -> "Iterator[Callable[[], object]]":
    """Show how many photographs were looked at, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = TextColumn(words.LOOKING), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)
