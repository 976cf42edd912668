"""What is said of what has changed, as :mod:`app.history.change` finds it."""
