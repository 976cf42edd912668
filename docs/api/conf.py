"""Sphinx settings for the pages on ``vision``; `sphinx-build -W docs/api build/api` makes them."""

from __future__ import annotations

from vision import __version__

project = "Beltline"
author = "The Beltline contributors"
copyright = "The Beltline contributors, GPL-3.0-or-later"
release = __version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = f"Measuring with Beltline {release}"

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_google_docstring = False
napoleon_use_ivar = True
