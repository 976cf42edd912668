"""When to get up: how long somebody has sat, breaks, and what was chosen about reminders.

No Qt, no database and nothing of the measuring is loaded here: the light process of
:mod:`app.tray` runs all day.
"""
