"""The break reminder as a light process of its own, with a small icon near the clock."""
