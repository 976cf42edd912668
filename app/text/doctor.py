"""What ``beltline doctor`` says about the parts of the program."""

from __future__ import annotations

MODELS = "All models are there and undamaged."
MEASURED = "The sample picture was measured: {tilt}."
NOT_MEASURED = "The sample picture could not be measured."
INSTALL_AGAIN = "Install Beltline again."
SCREEN = "A window can be opened."
CAMERAS = "Found: {names}."
NO_CAMERA = "No camera was found."
NO_CAMERA_FIX = "Photographs can be measured all the same; else connect a camera."
HISTORY = "Checks kept: {count}, in {where}."
SERVER = "the database that BELTLINE_DATABASE_URL names"
NO_HISTORY_YET = "Nothing is kept yet; it will be in {folder}."
NO_PLACE = "Nothing can be kept in {folder}: that place cannot be written to."
NO_PLACE_FIX = "Make the folder yours to write to."

WORKS = "in order"
ABSENT = "not there"
BROKEN = "not working"
