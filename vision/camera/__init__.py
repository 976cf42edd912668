"""Webcams, films and streams as frames."""
