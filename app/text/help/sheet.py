"""The page to print about how to stand: for a wall beside the camera, or to take home.

What a number may mean is said as in docs/MEASUREMENT.md, "Reading the number".
"""

from __future__ import annotations

from vision.messages import translatable

TITLE = "How to stand for the picture"
ABOUT = "Beltline measures in a picture from the side how far your pelvis is tilted."
THREE_METRES = "3 m"
PICTURE_CAPTION = "The picture"
CAMERA = "The camera"
CAMERA_STEPS = (
    "At the height of your hips, on something that stands firmly.",
    "Level: not tipped forward or back, not turned to one side.",
    "Three metres away, so that you are in the picture from head to feet.",
    "Light from the side of the camera, no bright window behind you.",
    "Nobody else in the picture; a door frame or the edge of a wall in it helps.",
)
YOU = "You"
YOU_STEPS = (
    "Side-on: the shoulder, hip and foot near the camera hide those on the far side.",
    "Clothes that fit closely, the top tucked in, no coat, no bag. Bare feet or flat shoes.",
    "Fists on your collar-bones, so that your arms do not hide your hips.",
    "March five steps on the spot, stand relaxed, look ahead, breathe out.",
    "To see a change later: the same clothes, the same arms, the same place.",
)
MEASURED = "What is measured"
MEASURED_TEXT = (
    "The angle between level and the line from the dimple at the back of the hip to the bony bump "
    "at its front, seen from the side. Forward means that the front is lower. It comes with a "
    "likely range, meant to hold the true angle in 9 of 10 cases."
)
MEANING = "What it may mean"
MEANING_TEXTS = (
    "Most healthy young adults stand tilted forward: 85 % of men, 75 % of women. The shape of the "
    "bones alone makes 0 to 23°. Most people without pain stand between 3 and 20° forward; no line "
    "between healthy and unhealthy has been shown to hold.",
    "Two single pictures that differ by less than 9 or 10° show no real change.",
    "Some physiotherapists read a forward belt line as a sign that the muscles of the buttocks do "
    "not switch on reliably, usually after much sitting. That is an observation from practice: no "
    "study shows that the tilt proves weak muscles or explains pain.",
)
SOURCES = "Herrington 2011 (n = 120); Preece 2008; Laird 2014."
FOOT = "The picture stays on the computer that measures it."

BUTTON = "Print how to stand…"
BUTTON_TIP = "One page with drawings, for the wall beside the camera"
DIALOG_ABOUT = "One page with drawings: where the camera goes, how to stand, what is measured."
PAPER, A4, LETTER = "Paper", "A4", "US Letter"
SAVE, CANCEL, SAVE_TITLE, FILTER = "Save as PDF…", "Cancel", "Save the page", "PDF (*.pdf)"
FILE_NAME = "how to stand.pdf"
SAVED = "The page is saved in {path}."

translatable(__name__)
