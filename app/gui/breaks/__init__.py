"""The page about breaks from sitting."""
