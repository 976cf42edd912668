"""Synthetic people with a known pelvis: bodies, clothes, scenes, pictures and their truth.

Nothing in ``app`` or ``vision`` imports this package; it needs the ``synthetic`` extra.
"""
