"""The History page: earlier checks, trend, progress."""
