"""What the page for an ethics committee says of a study; it has to be true of the code."""

from __future__ import annotations

TITLE = "Study protocol: data, people and programs"
PLANNED = "A planned study of agreement between raters, by Beltline {version}"
MADE = "Study {study} of agreement between raters, made on {day} by Beltline {version}"
FOOT = "Beltline estimates, with a likely range."
FILLED_IN_BY = "To be filled in by whoever leads the study"
BLANKS = (
    "Leader of the study and how to reach them: ____________________________________________",
    "Kept until (date), and who deletes it: __________________________________________________",
)

PURPOSE = "Purpose and intended use"
PURPOSE_TEXT = (
    "The study finds out how well raters agree with one another, with themselves and with the "
    "program on the forward tilt of the pelvis in side-on photographs. The tilt is an estimate "
    "and no verdict: no limit between healthy and unhealthy has been validated, most people "
    "without pain tilt forward, and no result is meant to change anybody's treatment."
)
DESIGN = "Design"
DESIGN_TEXT = (
    "Raters: {raters}. Subjects: {subjects}, one photograph of each. Looks of each rater at each "
    "photograph: {repeats}. That makes {items} pictures a rater, {pictures} in all. Each rater has "
    "an order of their own, shuffled by the program."
)
REPEATS_TEXT = (
    "Each repeat is a block in which every subject comes once; the number of other pictures "
    "between two looks at the same one is {others} or more."
)
BLIND_TEXT = (
    "Raters are not told who is in a picture, which pictures are the same, what was answered "
    "before, or what the program measured."
)
SEED = "Subjects were drawn and orders shuffled by the seed {seed}, which is kept with the study."
SEED_LATER = "Subjects are drawn and orders shuffled by a seed that is kept with the study."
LEFT_OUT = "{count} photographs that were drawn could not be used; study.json says why."
KEPT = "What is kept, and where"
FOLDER = "The study is one folder ({folder}); nothing of it is kept anywhere else."
FOLDER_LATER = "The study is one folder on the leader's computer; nothing is kept anywhere else."
KEPT_TEXT = (
    "It holds: study.json, the key (labels of the subjects, place and checksum of each "
    "photograph, seed, which picture is whose); for each rater copies of the photographs under "
    "random names, without the data that cameras add (place, time, device), and the answers: two "
    "points, a plumb line, how well the belt line is seen, when and for how long; and Beltline's "
    "own measurements of the same photographs. The photographs themselves stay where they are and "
    "are not changed. Faces are not hidden in the copies."
)
SEEN = "Who sees it"
SEEN_TEXT = (
    "The leader of the study sees all of it. A rater sees the pictures in their own folder and "
    "their own answers; the key and other raters' answers are not in it. The folder is closed to "
    "other users of the computer. Tables and reports name subjects by label only."
)
LEAVES = "What leaves the computer"
LEAVES_TEXT = (
    "Nothing. Measuring, rating and reporting run on the computer itself: no account, no server, "
    "no statistics of use. Whoever hands a rater's folder to another computer, or sends a report "
    "or an export, does so by hand."
)
DELETED = "How long it is kept, and how it is deleted"
DELETED_TEXT = (
    "Beltline deletes nothing of a study by itself. Deleting the study's folder deletes all of it; "
    "copies handed to raters, backups, reports and exports are deleted separately. To take one "
    "person out, find their pictures in study.json, delete these in every rater's folder and leave "
    "the person out of the analysis."
)
VERSIONS = "Versions and checksums (SHA-256)"
PROGRAM = "Program"
PHOTOGRAPHS = "Photographs"
PHOTOGRAPHS_TEXT = (
    "{count} files; of the sorted list of their checksums, one a line: {sha256}. Each is in "
    "study.json."
)
PHOTOGRAPHS_LATER = "Listed with their checksums once the study is made."
