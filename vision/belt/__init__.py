"""The belt line in a picture."""
