"""A person in front of a camera: guided, awaited, measured."""
