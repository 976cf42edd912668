"""Commands for researchers: folders of photographs, and agreement studies."""
