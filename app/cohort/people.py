"""Who is in a study, as BIDS wants it: ``participants.tsv`` and what its columns mean."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PEOPLE = "participants.tsv"
ABOUT_PEOPLE = {
    "participant_id": {"Description": "sub- and the subject's letters and digits, as BIDS wants"},
    "subject": {
        "Description": "what the list and the column 'subject' of the rows call the person"
    },
}
#: BIDS takes these letters in a label.
_OTHERS = re.compile(r"[^0-9A-Za-z+]")


def people_in(tsv: bytes) -> dict[str, str]:
    """Return the id of each subject that a file names; none if it is another one."""
    head, *lines = tsv.decode("utf-8", "replace").split("\n")
    columns = head.split("\t")
    if not set(ABOUT_PEOPLE) <= set(columns):
        return {}
    of_id, of_subject = map(columns.index, ABOUT_PEOPLE)
    rows = (line.split("\t") for line in lines if line)
    return {row[of_subject]: row[of_id] for row in rows if len(row) == len(columns)}


def people_as_tsv(subjects: Iterable[str], known: Mapping[str, str] | None = None) -> bytes:
    """Return the file that names these subjects and the known ones, in the order of names.

    Parameters
    ----------
    known
        The ids that subjects have already: they keep them, whoever comes to be named.
    """
    ids = dict(known or {})
    # Ids are folders' names in BIDS, and some disks know no difference of case.
    taken = {name.casefold() for name in ids.values()}
    for subject in sorted({" ".join(subject.split()) for subject in subjects} - ids.keys()):
        name, number = f"sub-{_label(subject)}", 2
        while name.casefold() in taken:
            name, number = f"sub-{_label(subject)}x{number}", number + 1
        ids[subject] = name
        taken.add(name.casefold())
    lines = (f"{name}\t{subject}" for subject, name in sorted(ids.items()))
    return ("\n".join(("\t".join(ABOUT_PEOPLE), *lines)) + "\n").encode()


def _label(subject: str) -> str:
    plain = unicodedata.normalize("NFKD", subject.removeprefix("sub-"))
    return _OTHERS.sub("", plain) or "x"
