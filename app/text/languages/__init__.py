"""Other languages: their files, how they are chosen, and how the files are kept complete."""
