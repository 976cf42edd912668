"""What the tour of the window says, one thing after the other."""

from __future__ import annotations

from vision.messages import translatable

#: A title and some words for each stop; where it points is told by :mod:`app.gui.help.tour`.
STEPS = (
    (
        "The pages",
        "A button for each page of Beltline; Ctrl with its number does the same. At the foot you "
        "see whose turn it is.",
    ),
    (
        "How to stand",
        "Side-on to the camera, three metres away, the camera as high as your hips, fists on your "
        "collar-bones. Everything else follows from a good picture.",
    ),
    (
        "Measure",
        "Open a photograph, take one here, or let your phone send it. You get an angle, how sure "
        "it is, and what to do next. Without a picture of your own, try the sample.",
    ),
    (
        "Live",
        "Here the camera watches while you turn and stand, tells you aloud what to change, and "
        "measures by itself once you stand well.",
    ),
    (
        "Exercises",
        "A short list for today, with pictures. A few questions come first, so that nothing is "
        "done that could hurt.",
    ),
    (
        "Sit less",
        "A reminder to get up now and then. It waits while you are in a call or show something, "
        "and is off until you switch it on.",
    ),
    (
        "History",
        "What you saved, and how it changes. It tells a real change from chance, and makes a "
        "report to bring to a physiotherapist.",
    ),
    (
        "Help",
        "This tour, the first questions, a look at what works here and a page to print are all "
        "here, and under F1.",
    ),
)
PROGRESS = "{n} of {count}"
NAME = "Tour"
LEAVE, BACK, NEXT, DONE = "Leave", "Back", "Next", "Done"
LEAVE_TIP = "Leave the tour (Esc); it can be taken again from Settings"
BUTTON, BUTTON_TIP = "Tour…", "Two minutes through the window; leave it whenever you like"

translatable(__name__)
