"""A study for other programs: a tidy table, REDCap, FHIR.

Subjects and raters are called as the study calls them; no path and no file's name goes along.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from app.study import StudyError
from app.study.table import rated_rows
from app.text.research import forms as words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.study.design import Study
    from app.study.table import StudyRow


class FormKind(StrEnum):
    """Which program an export is for."""

    TIDY = "tidy"
    REDCAP = "redcap"
    FHIR = "fhir"


def export(
    study: Study,
    out: Path,
    kind: str,
    automatic: Sequence[StudyRow] = (),
    *,
    replaces: bool = False,
) -> str:
    """Write a study for another program, and return the line that says what was written.

    Parameters
    ----------
    out
        Folder of the files; made if it is not there.
    kind
        One of :class:`FormKind`.
    automatic
        The rows that Beltline measured by itself.
    replaces
        Whether files of an earlier export there may be replaced.

    Raises
    ------
    StudyError
        If there is no such kind, a file is there already, a package is missing, or the files
        cannot be written; all of them are written or none.
    """
    from app.study.forms.files import write_together

    if kind not in tuple(FormKind):
        raise StudyError(words.UNKNOWN_KIND.format(kind=kind), words.choose(tuple(FormKind)))
    rows = [*rated_rows(study), *automatic]
    if kind == FormKind.FHIR:
        from app.study.forms.fhir import fhir_files, observed

        files = fhir_files(f"{study.key.study} {study.key.made_at}", rows)
        rows = observed(rows)
    elif kind == FormKind.REDCAP:
        from app.study.forms.redcap import redcap_files

        files = redcap_files(study.key.study, rows)
    else:
        from app.study.forms.tidy import tidy_files

        files = tidy_files(rows)
    write_together(out, files, replaces=replaces)
    subjects = len({row.subject for row in rows})
    return words.wrote(kind, len(rows), subjects, str(out), tuple(files))
