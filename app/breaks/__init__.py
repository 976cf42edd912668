"""When to get up: how long somebody has sat, breaks, and what was chosen. No Qt here."""
