"""What the phone's page says, and what the window says of the phone: every sentence is here."""

from __future__ import annotations

from vision.messages import Plural, translatable

#: The same answer to whatever has no right token.
NOT_HERE = "There is nothing here. Look at the computer for a new address."
ANOTHER_PHONE = (
    "Another phone is taking the pictures. To use this one, press Cancel on the computer and "
    "begin again."
)
NONE_CAME = "No picture has come yet."
TOO_MANY = "No more pictures fit into one series."
TOO_LARGE = "This picture is too large: at most 40 MB."
TOO_MUCH = "These pictures are too large together."
NO_ROOM = "There is no room on the computer's disk."
TOO_SLOW = "It took too long. Try again."
BROKEN = "The picture did not come whole. Try again."
FAILED = "Something went wrong on the computer. Try again."
#: What a picture is called in the window.
PICTURE_NAME = "Phone picture {number}"

#: By the name that the page asks for.
PAGE = {
    "title": "Take pictures for Beltline",
    "privacy": (
        "This page comes from the computer beside you. The pictures go to that computer and "
        "nowhere else. This phone keeps none of those it takes here."
    ),
    "plain": (
        "This connection is not encrypted: others in the same network could see the pictures. "
        "Go on only in a network that you trust."
    ),
    "step_stand": "Stand the phone upright at the height of your hips, three metres away.",
    "step_press": "Press Start, then “Start the timer”, and walk into the frame.",
    "step_pose": (
        "Stand side-on, whole body in the frame, fists on your collar-bones. The phone takes "
        "{pictures} pictures by itself and tells you when."
    ),
    "start": "Start",
    "stills_instead": "Take single pictures instead",
    "timer": "First picture after",
    "seconds": "{seconds} seconds",
    "voice": "Count aloud",
    "other_camera": "Other camera",
    "begin": "Start the timer",
    "stop": "Stop",
    "frame": "Stand inside the frame, from head to feet",
    "level_good": "The phone is level.",
    "level_left": "Turn the phone a little to the left.",
    "level_right": "Turn the phone a little to the right.",
    "level_upright": "Stand the phone more upright.",
    "get_ready": "Walk into the frame and stand side-on.",
    "march": "March on the spot, then stand relaxed.",
    "still": "Stand still.",
    "picture_of": "Picture {number} of {pictures}",
    "counts": "ten,nine,eight,seven,six,five,four,three,two,one",
    "all_taken": "All pictures are taken. You can move.",
    "sent_of": "{number} of {pictures} have reached the computer.",
    "sending": "Sending the pictures…",
    "done": "All pictures have arrived. Look at the computer: it is measuring.",
    "no_camera": (
        "The browser gives this page no camera. Take single pictures with the phone's own camera "
        "instead: they are sent to the computer one by one."
    ),
    "refused_camera": (
        "The camera was not allowed. Allow it in the browser and load this page again, or take "
        "single pictures."
    ),
    "stills_steps": (
        "Have somebody take you from the side, from three metres away, at the height of your "
        "hips. Five pictures are best; march on the spot between them."
    ),
    "take_one": "Take a picture",
    "finish": "Done",
    "not_sent": "A picture did not reach the computer: {why}",
    "again": "Send it again",
    "lost": "The computer does not answer. Is the phone still in the same Wi-Fi?",
    "too_large": TOO_LARGE,
}
#: Where a page's script does not run.
NO_SCRIPT = "This page needs JavaScript. Switch it on in the browser, or use another browser."

BUTTON = "Use your phone"
BUTTON_SHORT = "Phone"
ABOUT_BUTTON = "Five pictures with your phone's camera, sent over your own network"
TITLE = "Use your phone as the camera"
STEPS = (
    "Have the phone in the same Wi-Fi or network as this computer.",
    "Point the phone's camera at the square, and open the address that it shows.",
    "The phone warns once that it does not know this computer. Choose “Advanced” or “Details”, "
    "then go on. After that, do what the page says.",
)
PLAIN_STEPS = (
    *STEPS[:2],
    "Take the pictures with the phone's own camera, as the page says. Without encryption, others "
    "in the same network could see them.",
)
BY_HAND = "Or type this address into the phone's browser:"
FINGERPRINT = "The certificate's fingerprint (SHA-256), if you want to compare it:"
STARTING = "Opening a page for the phone…"
WAITING = "Waiting for the phone. This ends by itself after ten minutes."
BEGUN = "A phone is connected. No picture has come yet."
CAME = Plural(("One picture has come.", "{count} pictures have come."))
SILENT = "The phone has said nothing for ten minutes, so the page is closed."
FINISHED = "All pictures have come."
NO_NETWORK = "This computer is in no network that a phone could share."
NO_NETWORK_FIX = (
    "Connect it to your Wi-Fi or network and try again, or open photographs from a file."
)
CANNOT_OPEN = "No page for the phone could be opened on this network."
CANNOT_OPEN_FIX = "Try again, or choose another network if there is one."
NETWORK = "Network"
ABOUT_NETWORK = "The one that the phone is in, too"
PLAIN = "The phone does not let me past its warning"
ABOUT_PLAIN = "A page without encryption, to which single pictures can be sent"
USE_THEM = "Measure what has come"
TRY_AGAIN = "Try again"
QR_NAME = "The page's address as a square code for the phone's camera"


def came(count: int) -> str:
    """Return how many pictures have come, in a sentence."""
    if count == 0:
        return BEGUN
    return CAME.of(count)


translatable(__name__)
