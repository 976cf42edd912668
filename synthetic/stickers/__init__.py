"""Scenes with stickers."""
