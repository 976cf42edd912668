"""People who exercise."""
