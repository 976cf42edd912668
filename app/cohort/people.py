"""Who is in a study, as BIDS wants it: ``participants.tsv`` and what its columns mean."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PEOPLE = "participants.tsv"
ABOUT_PEOPLE = {
    "participant_id": {"Description": "sub- and the subject's letters and digits, as BIDS wants"},
    "subject": {
        "Description": "what the list and the column 'subject' of the rows call the person"
    },
}
#: BIDS takes these letters in a label.
_OTHERS = re.compile(r"[^0-9A-Za-z+]")


def people_in(tsv: bytes) -> set[str]:
    """Return the subjects that a file names; none if it is another one."""
    head, *lines = tsv.decode("utf-8", "replace").split("\n")
    columns = head.split("\t")
    if "subject" not in columns:
        return set()
    at = columns.index("subject")
    rows = (line.split("\t") for line in lines if line)
    return {row[at] for row in rows if len(row) == len(columns)}


def people_as_tsv(subjects: Iterable[str]) -> bytes:
    """Return the file that names these subjects, in the order of their names."""
    taken: dict[str, str] = {}
    for subject in sorted({" ".join(subject.split()) for subject in subjects}):
        label, number = _label(subject), 2
        while label in taken:
            label, number = f"{_label(subject)}x{number}", number + 1
        taken[label] = subject
    lines = (f"sub-{label}\t{subject}" for label, subject in taken.items())
    return ("\n".join(("\t".join(ABOUT_PEOPLE), *lines)) + "\n").encode()


def _label(subject: str) -> str:
    plain = unicodedata.normalize("NFKD", subject.removeprefix("sub-"))
    return _OTHERS.sub("", plain) or "x"
