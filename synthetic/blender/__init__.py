"""Photographic pictures of scenes, with Blender."""
