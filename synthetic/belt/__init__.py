"""The belt line's network: its pictures and its training."""
