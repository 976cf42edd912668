"""Whether somebody may be disturbed now: calls, presentations and films."""
